//! Callers whom somebody should ring back.

use actix_web::{HttpResponse, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    emergency::{
        self, Awaited, Callback, CallbackError, CallbackOutcome, EmergencyId, HandlingError,
        QueuePlace,
    },
    idempotency::once,
    page::Page,
    text,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{handling::words, view::QueuedView};
use crate::{
    App,
    extract::{Json, Path, Query, Repeatable, made},
    identity::Dispatcher,
    page::{self, PageQuery},
    problem::{ApiError, Code, FieldCode},
};

/// The name of the list in its cursors.
const LIST: &str = "callbacks";

/// A caller whom somebody should ring back.
#[derive(Debug, Serialize, ToSchema)]
struct AwaitedView {
    /// The call. Open it for the whole number.
    emergency: QueuedView,
    /// `missed` (nobody took the call within 60 s), `abandoned` (its caller gave up before),
    /// `silent` (nothing is heard of the phone), `cancelled_while_claimed`.
    reason: &'static str,
    /// Since when.
    since: DateTime<Utc>,
    /// `silent_call`: a ringing phone can give the caller away.
    warning: Option<&'static str>,
    /// What was tried since, oldest first.
    attempts: Vec<CallbackView>,
}

/// Callers whom somebody should ring back. A page may hold fewer than asked for and still go on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallbacksView {
    /// The callers, the latest first.
    items: Vec<AwaitedView>,
    /// Where the next page starts; `null` on the last one.
    next_cursor: Option<String>,
}

/// An attempt to ring a caller back.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallbackView {
    /// Its id.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// By whom.
    staff_id: Uuid,
    /// Their name.
    username: String,
    /// `reached`, `no_answer`, `busy`, `unreachable`, `wrong_number`.
    outcome: &'static str,
    /// In their words.
    note: Option<String>,
}

/// What came of ringing a caller back.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallBack {
    /// `reached`, `no_answer`, `busy`, `unreachable`, `wrong_number`.
    outcome: String,
    /// 1 to 2000 characters, for colleagues.
    note: Option<String>,
    /// Needed after a silent call: that it is known that a ringing phone can give the caller away.
    #[serde(default)]
    despite_silence: bool,
}

impl From<Callback> for CallbackView {
    fn from(callback: Callback) -> Self {
        Self {
            id: callback.id.uuid(),
            at: callback.at,
            staff_id: callback.staff.uuid(),
            username: callback.username,
            outcome: callback.outcome.as_str(),
            note: callback.note,
        }
    }
}

impl CallbacksView {
    fn of(page: Page<Awaited, QueuePlace>, by: &Dispatcher, at: DateTime<Utc>) -> Self {
        let next = page.next.map(|place| (place.urgency, place.queued_at, place.id));
        let items = page.items.into_iter().map(|awaited| AwaitedView {
            emergency: QueuedView::of(&awaited.queued, by, at),
            reason: awaited.reason.as_str(),
            since: awaited.since,
            warning: awaited.queued.emergency.said.is_silent().then_some("silent_call"),
            attempts: awaited.attempts.into_iter().map(CallbackView::from).collect(),
        });
        let next_cursor = next.map(|next| page::cursor(LIST, &next));
        Self { items: items.collect(), next_cursor }
    }
}

impl From<CallbackError> for ApiError {
    fn from(error: CallbackError) -> Self {
        match error {
            CallbackError::Silent => Self::new(Code::SilentCall),
            CallbackError::Handling(error) => error.into(),
        }
    }
}

/// Callers whom somebody should ring back
///
/// Of the last three days, until somebody has reached them. After a silent call with a `warning`.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(PageQuery),
    responses((status = 200, description = "The callers", body = CallbacksView))
)]
#[get("/v1/dispatch/callbacks")]
pub(super) async fn list_callbacks(
    app: Data<App>,
    dispatcher: Dispatcher,
    Query(PageQuery { limit, cursor }): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let (now, limit) = (app.now(), page::limit(limit)?);
    let place = |cursor: &str| page::key::<(i32, DateTime<Utc>, Uuid)>(LIST, cursor);
    let after = cursor.as_deref().map(place).transpose()?;
    let after =
        after.map(|(urgency, queued_at, id)| QueuePlace { urgency, queued_at, id: id.into() });
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let (moment, by) = (now.clone(), dispatcher.clone());
    let looking = app.database.read(move |tx| emergency::awaited(tx, &moment, &by, after, limit));
    Ok(HttpResponse::Ok().json(CallbacksView::of(looking.await?, &dispatcher, now.at)))
}

/// Write down what came of ringing a caller back
///
/// After a silent call only with `despite_silence`.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(
        ("id" = Uuid, Path, description = "The emergency"),
        ("Idempotency-Key" = Option<String>, Header, description = "Repeats the request"),
    ),
    request_body = CallBack,
    responses(
        (status = 201, description = "It is written down", body = CallbackView),
        (status = 404, description = "Problem `not_found`: none, or another agency's"),
        (status = 409, description = "Problem `silent_call`: say that you know"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/callbacks")]
pub(super) async fn call_back(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<EmergencyId>,
    key: Repeatable,
    Json(body): Json<CallBack>,
) -> Result<HttpResponse, ApiError> {
    let who = dispatcher.staff().id.uuid();
    let key = key.bind(&*app.keys, &format!("emergency.callback {id}"), Some(who), &body);
    let unknown = |_| ApiError::field("/outcome", FieldCode::Unknown);
    let outcome: CallbackOutcome = body.outcome.parse().map_err(unknown)?;
    let note = body.note.as_deref().map(|note| words("/note", &text::paragraphs(note), 2_000));
    let (now, note, knowing) = (app.now(), note.transpose()?, body.despite_silence);
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let writing = app.database.write(move |tx| {
        let rung = once(tx, &now, key.as_ref(), |tx| {
            let what = (outcome, note.as_deref(), knowing);
            emergency::call_back(tx, &now, &dispatcher, id, what).map(|rung| rung.id)
        })?;
        let all = emergency::callbacks(tx, &dispatcher, id).map_err(CallbackError::from);
        made(all, |one| one.id == rung, HandlingError::NotFound.into())
    });
    Ok(HttpResponse::Created().json(CallbackView::from(writing.await?)))
}
