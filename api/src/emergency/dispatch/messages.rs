//! What a caller and those who help them write to each other: the dispatcher's side.

use actix_web::{HttpRequest, HttpResponse, get, post, web::Data};
use domain::{
    emergency::{self, EmergencyId},
    idempotency::{OnceError, once},
    text,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::handling::words;
use crate::{
    App,
    emergency::messages::{MessageParameters, MessageView, MessagesView, ReadUpTo},
    extract::{Json, Path, Query, Repeatable},
    identity::Dispatcher,
    problem::{ApiError, Language},
};

/// A message to a caller.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SendMessage {
    /// An id of one's own: the same one again is the same message.
    id: Option<Uuid>,
    /// 1 to 2000 characters.
    text: String,
}

/// Write to the caller of an emergency
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(
        ("id" = Uuid, Path, description = "The emergency"),
        ("Idempotency-Key" = Option<String>, Header, description = "Repeats the request"),
    ),
    request_body = SendMessage,
    responses(
        (status = 201, description = "The message; with an `id` of its own it can be sent again", body = MessageView),
        (status = 404, description = "Problem `not_found`: none, or another agency's"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/messages")]
pub(super) async fn send_message(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<EmergencyId>,
    key: Repeatable,
    Json(body): Json<SendMessage>,
) -> Result<HttpResponse, ApiError> {
    let who = dispatcher.staff().id.uuid();
    let key = key.bind(&*app.keys, &format!("emergency.message {id}"), Some(who), &body);
    let (now, text) = (app.now(), words("/text", &text::paragraphs(&body.text), 2_000)?);
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let sending = app.database.write(move |tx| {
        let sent = once(tx, &now, key.as_ref(), |tx| {
            emergency::send_message(tx, &now, &dispatcher, id, (body.id, &text))
                .map(|message| message.number)
        })?;
        emergency::message(tx, &dispatcher, id, sent).map_err(OnceError::Work)
    });
    Ok(HttpResponse::Created().json(MessageView::of(sending.await?, Language::Vietnamese)))
}

/// What was written under an emergency
///
/// Whatever the caller wrote counts as delivered when it is fetched.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency"), MessageParameters),
    responses(
        (status = 200, description = "The conversation", body = MessagesView),
        (status = 404, description = "Problem `not_found`: none, or another agency's"),
    )
)]
#[get("/v1/dispatch/emergencies/{id}/messages")]
pub(super) async fn list_messages(
    app: Data<App>,
    request: HttpRequest,
    dispatcher: Dispatcher,
    Path(id): Path<EmergencyId>,
    Query(parameters): Query<MessageParameters>,
) -> Result<HttpResponse, ApiError> {
    let (now, place) = (app.now(), parameters.place()?);
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let fetching = app
        .database
        .write(move |tx| emergency::messages_of_dispatcher(tx, &now, &dispatcher, id, place));
    let language = Language::of(request.headers());
    Ok(HttpResponse::Ok().json(MessagesView::of(fetching.await?, place.0, language)))
}

/// Say up to where one has read what a caller wrote
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(("id" = Uuid, Path, description = "The emergency")),
    request_body = ReadUpTo,
    responses(
        (status = 204, description = "It is noted"),
        (status = 404, description = "Problem `not_found`: none, or another agency's"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/messages/read")]
pub(super) async fn read_messages(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<EmergencyId>,
    Json(ReadUpTo { up_to }): Json<ReadUpTo>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let reading = app
        .database
        .write(move |tx| emergency::read_by_dispatcher(tx, &now, &dispatcher, id, up_to.into()));
    reading.await?;
    Ok(HttpResponse::NoContent().finish())
}
