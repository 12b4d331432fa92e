//! How ringing a caller back went.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    emergency::{self, Callback, CallbackError, CallbackOutcome, EmergencyId, HandlingError},
    idempotency::once,
    text,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    emergency::dispatch::handling::words,
    extract::{Json, Path, Repeatable, made},
    identity::Dispatcher,
    problem::{ApiError, Code, FieldCode},
};

/// An attempt to ring a caller back.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::emergency::dispatch) struct CallbackView {
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
pub(in crate::emergency::dispatch) struct CallBack {
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

impl From<CallbackError> for ApiError {
    fn from(error: CallbackError) -> Self {
        match error {
            CallbackError::Silent => Self::new(Code::SilentCall),
            CallbackError::Handling(error) => error.into(),
        }
    }
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
pub(in crate::emergency::dispatch) async fn call_back(
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
