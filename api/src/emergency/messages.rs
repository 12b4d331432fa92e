//! What a caller and those who help them write to each other: the caller's side.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{HeaderValue, VARY},
    post,
    web::Data,
};
use chrono::{DateTime, Utc};
use domain::{
    Moment,
    emergency::{self, Deferred, Message, Wish},
};
use infra::{database::Transaction, emergency::questions};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    follow::OfCaller,
    guidance::GuidanceView,
    intake::Incoming,
    keeping::{self, Kept, store_or_keep},
    question::{QuestionView, worded},
    view::CallView,
};
use crate::{
    App,
    extract::{Json, Query},
    lookup::{Freshness, send_new},
    page,
    problem::{ApiError, Language},
};

/// The name of the list in its cursors.
const LIST: &str = "messages";

/// From where on to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MessageParameters {
    /// The `next_cursor` of an earlier answer; from the beginning where it is absent or empty.
    after: Option<String>,
    /// How many messages at most: 20 when absent, at most 100.
    limit: Option<usize>,
}

/// Up to where somebody has read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadUpTo {
    /// The number of the last message that was read.
    #[schema(minimum = 1)]
    pub(super) up_to: u32,
}

/// A part of a conversation, as its caller reads it.
#[derive(Debug, Serialize, ToSchema)]
struct ConversationView {
    #[serde(flatten)]
    messages: MessagesView,
    #[serde(flatten)]
    guidance: GuidanceView,
}

/// A part of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MessagesView {
    /// The messages, the first ones first.
    items: Vec<MessageView>,
    /// Where the next messages start; never `null`.
    next_cursor: String,
}

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MessageView {
    /// Under which id it was sent.
    id: Uuid,
    /// Its place in the conversation, from 1.
    number: i64,
    /// `caller` or `dispatcher`.
    from: &'static str,
    /// When the server had it.
    at: DateTime<Utc>,
    /// The words.
    text: String,
    /// `sent`, `delivered` (the other side fetched it), `read` (the other side said so).
    status: &'static str,
    /// What can be chosen, where the message is a question that is asked of everybody who waits. To
    /// answer, write one of them with `in_reply_to`, the `id` of this message.
    question: Option<QuestionView>,
}

/// The answer to a message of a caller.
#[derive(Debug, Serialize, ToSchema)]
struct ToldView {
    #[serde(flatten)]
    call: CallView,
    /// The message; `null` for whoever could not be shown to be the caller.
    message: Option<MessageView>,
}

/// Short answers that need no typing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QuickRepliesView {
    /// In the language of the one who asks.
    items: Vec<&'static str>,
}

impl MessageParameters {
    /// After which number, and how many.
    pub(super) fn place(&self) -> Result<(i64, usize), ApiError> {
        let after = match self.after.as_deref() {
            None | Some("") => 0,
            Some(cursor) => page::key(LIST, cursor)?,
        };
        Ok((after, page::limit(self.limit)?))
    }
}

impl MessagesView {
    /// `messages`, found after the number `after`.
    pub(super) fn of(messages: Vec<Message>, after: i64, language: Language) -> Self {
        let last = messages.last().map_or(after, |message| message.number);
        let items = messages.into_iter().map(|message| MessageView::of(message, language));
        Self { items: items.collect(), next_cursor: page::cursor(LIST, &last) }
    }
}

impl MessageView {
    /// `message` as a person reads it who reads `language`.
    pub(super) fn of(message: Message, language: Language) -> Self {
        let question = questions().asked_in(&message);
        Self {
            question: question.map(|question| QuestionView::of(question, language)),
            id: message.client_id,
            number: message.number,
            from: message.side.as_str(),
            at: message.at,
            status: message.status(),
            text: question.map_or(message.text, |asked| worded(&asked.text, language)),
        }
    }
}

/// Write to those who help
///
/// Never refused, as every call for help. With an `id` of its own a message can be sent again.
#[utoipa::path(
    tag = "emergency",
    params(
        ("id" = String, Path, description = "The emergency"),
        ("Idempotency-Key" = Option<String>, Header, description = "Finds the message again, where it has no `id`"),
    ),
    request_body(content = Object, description = "`{text, id?, in_reply_to?, secret?}`"),
    responses(
        (status = 201, description = "The message is stored", body = ToldView),
        (status = 202, description = "The store is away; the message is kept and will be stored. Dial", body = CallView),
        (status = 413, description = "Problem `payload_too_large`"),
        (status = 503, description = "Problem `call_not_stored`: dial"),
    )
)]
#[post("/v1/emergencies/{id}/messages")]
pub(super) async fn tell_message(
    app: Data<App>,
    incoming: Incoming,
) -> Result<HttpResponse, ApiError> {
    let (now, language) = (app.now(), incoming.language);
    let id = incoming.message_id(&now);
    let (call, _) = incoming.understood(&app, &now);
    let asked = Deferred { at: now.at, call, wish: Wish::Write(id) };
    let write = move |tx: &mut Transaction<'_>, now: &Moment, asked: &Deferred| {
        emergency::tell_message(tx, now, &asked.call, id, questions())
    };
    let (hearing, message) = match store_or_keep(&app, &now, asked, write).await? {
        Kept::Stored(told) => told,
        Kept::Deferred(asked) => return Ok(keeping::answer(&asked, &app, &now, language)),
    };
    let call = CallView::of(&hearing, &app, &now, language);
    let message = message.map(|message| MessageView::of(message, language));
    Ok(HttpResponse::Created().json(ToldView { call, message }))
}

/// What was written
///
/// Whatever those who help wrote counts as delivered when it is fetched.
#[utoipa::path(
    tag = "emergency",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The emergency"), MessageParameters),
    responses(
        (status = 200, description = "The conversation", body = ConversationView),
        (status = 404, description = "Problem `not_found`: none, or another's"),
    )
)]
#[get("/v1/emergencies/{id}/messages")]
pub(super) async fn list_messages(
    app: Data<App>,
    caller: OfCaller,
    Query(parameters): Query<MessageParameters>,
) -> Result<HttpResponse, ApiError> {
    let (now, place, whose) = (app.now(), parameters.place()?, caller.proof());
    let language = caller.language();
    let fetching =
        app.database.write(move |tx| emergency::messages_of_caller(tx, &now, whose, place));
    let messages = MessagesView::of(fetching.await?, place.0, language);
    let guidance = GuidanceView::of_caller(&app, whose, language).await?;
    Ok(HttpResponse::Ok().json(ConversationView { messages, guidance }))
}

/// Say up to where one has read
#[utoipa::path(
    tag = "emergency",
    security(("bearer" = [])),
    params(("id" = String, Path, description = "The emergency")),
    request_body = ReadUpTo,
    responses(
        (status = 204, description = "It is noted"),
        (status = 404, description = "Problem `not_found`: none, or another's"),
    )
)]
#[post("/v1/emergencies/{id}/messages/read")]
pub(super) async fn read_messages(
    app: Data<App>,
    caller: OfCaller,
    Json(ReadUpTo { up_to }): Json<ReadUpTo>,
) -> Result<HttpResponse, ApiError> {
    let (now, whose) = (app.now(), caller.proof());
    let reading =
        app.database.write(move |tx| emergency::read_by_caller(tx, &now, whose, up_to.into()));
    reading.await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Short answers that need no typing
///
/// In the language of `Accept-Language`; sent as any other message.
#[utoipa::path(
    tag = "emergency",
    responses(
        (status = 200, description = "The answers", body = QuickRepliesView),
        (status = 304, description = "As the client has them"),
    )
)]
#[get("/v1/emergency-quick-replies")]
pub(super) async fn list_quick_replies(request: HttpRequest) -> HttpResponse {
    let language = Language::of(request.headers());
    let items = [
        language.pick("Có", "Yes"),
        language.pick("Không", "No"),
        language.pick("Tôi không nói được", "I cannot speak"),
        language.pick("Tôi đang ở nơi an toàn", "I am in a safe place"),
        language.pick("Tình hình xấu đi", "It is getting worse"),
        language.pick("Có người bị thương", "Somebody is injured"),
        language.pick("Điện thoại sắp hết pin", "My battery is running out"),
    ];
    let view = QuickRepliesView { items: items.to_vec() };
    let mut response = send_new(&request, &view, Freshness::Data);
    let depends = HeaderValue::from_static("Accept-Encoding, Accept-Language");
    response.headers_mut().insert(VARY, depends);
    response
}
