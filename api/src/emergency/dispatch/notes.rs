//! What dispatchers write for each other.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    emergency::{self, EmergencyId, HandlingError, Note},
    idempotency::once,
    text,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::handling::words;
use crate::{
    App,
    extract::{Json, Path, Repeatable, made},
    identity::Dispatcher,
    problem::ApiError,
};

/// A note to write.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WriteNote {
    /// 1 to 4000 characters.
    text: String,
}

/// A note. The caller of the emergency never sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoteView {
    /// Its id.
    id: Uuid,
    /// When it was written.
    at: DateTime<Utc>,
    /// By whom.
    staff_id: Uuid,
    /// Their name.
    username: String,
    /// What it gives the reason for: `emergency.prioritised`.
    about: Option<String>,
    /// The words.
    text: String,
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        Self {
            id: note.id.uuid(),
            at: note.at,
            staff_id: note.staff.uuid(),
            username: note.username,
            about: note.about,
            text: note.text,
        }
    }
}

/// Write a note about an emergency
///
/// For colleagues alone, in whatever state it is. A note is never changed.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(
        ("id" = Uuid, Path, description = "The emergency"),
        ("Idempotency-Key" = Option<String>, Header, description = "Repeats the request"),
    ),
    request_body = WriteNote,
    responses(
        (status = 201, description = "The note", body = NoteView),
        (status = 404, description = "Problem `not_found`: none, or another agency's"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/notes")]
pub(super) async fn write_note(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<EmergencyId>,
    key: Repeatable,
    Json(body): Json<WriteNote>,
) -> Result<HttpResponse, ApiError> {
    let who = dispatcher.staff().id.uuid();
    let key = key.bind(&*app.keys, &format!("emergency.note {id}"), Some(who), &body);
    let text = words("/text", &text::paragraphs(&body.text), 4_000)?;
    let now = app.now();
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let writing = app.database.write(move |tx| {
        let written = once(tx, &now, key.as_ref(), |tx| {
            emergency::note(tx, &now, &dispatcher, id, &text).map(|note| note.id)
        })?;
        let notes = emergency::notes(tx, &dispatcher, id);
        made(notes, |note| note.id == written, HandlingError::NotFound)
    });
    let note = writing.await?;
    Ok(HttpResponse::Created().json(NoteView::from(note)))
}
