//! The caller follows their emergency.

use std::{
    future::{Ready, ready},
    sync::{Arc, Mutex, PoisonError},
};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, get, web::Data};
use domain::emergency::{self, CallerProof, Case, EmergencyId, FollowError};
use infra::event::FeedEvent;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    following::{Beside, Following, Wait, cursor},
    guidance::GuidanceView,
    intake::named_in_path,
    token,
    view::{EmergencyView, told_status},
};
use crate::{
    App,
    extract::Query,
    identity::{Bearer, Caller},
    problem::{ApiError, Code, Language},
};

/// The caller of the emergency in the path, as far as the request proves it.
pub(super) struct OfCaller {
    id: EmergencyId,
    proof: CallerProof,
    language: Language,
}

impl FromRequest for OfCaller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Self::proven(request, payload))
    }
}

impl OfCaller {
    /// The language to answer in.
    pub(super) const fn language(&self) -> Language {
        self.language
    }

    /// Which emergency, and the proof that it is theirs.
    pub(super) const fn proof(&self) -> (EmergencyId, CallerProof) {
        (self.id, self.proof)
    }

    /// By the token of this emergency, or a citizen's access token.
    fn proven(request: &HttpRequest, payload: &mut Payload) -> Result<Self, ApiError> {
        let app = request.app_data::<Data<App>>().ok_or_else(|| ApiError::new(Code::Internal))?;
        let id = named_in_path(request.match_info().get("id").unwrap_or_default());
        let language = Language::of(request.headers());
        let capability = Bearer::from_request(request, payload).into_inner()?.0;
        let caller = Caller::from_request(request, payload).into_inner()?;
        let proof = match (capability, caller) {
            (Some(token), _) if token::is_of(&*app.keys, id, &token) => CallerProof::Token(id),
            (Some(_), _) => return Err(ApiError::new(Code::NotFound)),
            (None, Caller::Citizen(citizen)) => CallerProof::Citizen(citizen.id),
            (None, Caller::Staff(_)) => return Err(ApiError::new(Code::Forbidden)),
            (None, Caller::Anonymous | Caller::Invalid) => {
                return Err(ApiError::new(Code::Unauthorized));
            }
        };
        Ok(Self { id, proof, language })
    }
}

impl From<FollowError> for ApiError {
    fn from(error: FollowError) -> Self {
        match error {
            FollowError::NotFound => Self::new(Code::NotFound),
            FollowError::Store(error) => error.into(),
        }
    }
}

/// How my emergency stands
#[utoipa::path(
    tag = "emergency",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The emergency")),
    responses(
        (status = 200, description = "How it stands", body = EmergencyView),
        (status = 404, description = "Problem `not_found`: none, or another's"),
    )
)]
#[get("/v1/emergencies/{id}")]
pub(super) async fn follow_emergency(
    app: Data<App>,
    caller: OfCaller,
) -> Result<HttpResponse, ApiError> {
    let OfCaller { id, proof, language } = caller;
    let followed = app.database.read(move |tx| emergency::follow(tx, id, proof)).await?;
    let view = EmergencyView::of(followed, &app, &app.now(), language);
    Ok(HttpResponse::Ok().json(view))
}

/// From where on to follow, and how long to wait.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FollowParameters {
    /// The cursor to go on after; empty starts at the oldest event kept.
    after: Option<String>,
    /// How long to wait for the first event, in seconds.
    #[param(minimum = 0, maximum = 30)]
    wait_s: Option<u64>,
}

/// What happens to my emergency
///
/// A long poll, or with `Accept: text/event-stream` a stream that goes on after `Last-Event-ID`. What
/// to do stands beside the events; in a stream it comes as `advice`, first and whenever it changes.
#[utoipa::path(
    tag = "emergency",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The emergency"), FollowParameters),
    responses(
        (status = 200, description = "`{items: [{cursor, type, emergency_id, at, status}], next_cursor, more, staffed, advice}`"),
        (status = 404, description = "Problem `not_found`: none, or another's"),
        (status = 410, description = "Problem `cursor_expired`"),
    )
)]
#[get("/v1/emergencies/{id}/events")]
pub(super) async fn follow_events(
    app: Data<App>,
    request: HttpRequest,
    caller: OfCaller,
    Query(parameters): Query<FollowParameters>,
) -> Result<HttpResponse, ApiError> {
    let OfCaller { id, proof, language } = caller;
    let wait = Wait::of(&request, parameters.after.as_deref(), parameters.wait_s, None)?;
    let case = app.cases.find(&app.database, (id, proof)).await?;
    let leading = Mutex::new(case.leading().id.uuid());
    let following = Following {
        feed: Arc::clone(app.feed()),
        accept: Box::new(move |event: &FeedEvent| is_followed(event, id, &leading)),
        write: Box::new(move |event: &FeedEvent| wire(event, id).into()),
        alive: Box::new(|| true),
        present: Box::new(|| ()),
        beside: Some(guided(app, (id, proof), case, language)),
    };
    following.answer(wait).await
}

/// What its caller is told beside the events: how it stands, or stood where the store cannot say.
fn guided(
    app: Data<App>,
    whose: (EmergencyId, CallerProof),
    case: Arc<Case>,
    language: Language,
) -> Box<Beside> {
    Box::new(move || {
        let (app, case) = (app.clone(), Arc::clone(&case));
        Box::pin(async move {
            let case = app.cases.find(&app.database, whose).await.unwrap_or(case);
            let guidance = GuidanceView::now(case.leading(), &app, language);
            serde_json::to_string(&guidance).unwrap_or_default()
        })
    })
}

/// Whether `event` is about the emergency `own`, or about the one that it is followed under by
/// then: dispatchers may merge it while its caller listens.
fn is_followed(event: &FeedEvent, own: EmergencyId, leading: &Mutex<Uuid>) -> bool {
    let mut leading = leading.lock().unwrap_or_else(PoisonError::into_inner);
    if event.subject != own.uuid() {
        return event.subject == *leading;
    }
    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
    let merged_into = data.get("merged_into").and_then(Value::as_str);
    *leading = merged_into.and_then(|id| id.parse().ok()).unwrap_or_else(|| own.uuid());
    true
}

/// What a caller is told of an event: what happened, and how the emergency stands since.
fn wire(event: &FeedEvent, own: EmergencyId) -> String {
    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
    json!({
        "cursor": cursor(event.position),
        "type": event.kind,
        "emergency_id": own,
        "at": event.at,
        "status": data.get("status").and_then(Value::as_str).map(told_status),
    })
    .to_string()
}
