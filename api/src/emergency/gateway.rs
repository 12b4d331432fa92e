//! Calls for help by text message, from an SMS gateway.

use std::time::Duration;

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, post, web::Data};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Moment,
    emergency::{Call, CallName, Deferred, Evidence, Wish, sms::Texted},
    identity::{CitizenRepository as _, Phone},
    secret::{Hasher as _, Purpose},
    text,
};
use futures_util::future::LocalBoxFuture;
use infra::notification::Signed;
use serde::Deserialize;
use serde_json::Value;

use super::{
    call::raise,
    intake::{self, Body},
    keeping::{Kept, store_or_keep},
    receipts::{Receipts, Texter},
    view::CallView,
};
use crate::{
    App,
    problem::{ApiError, Code, Language},
};

/// How long a call may wait for the store to say whose number it came from.
const PATIENCE: Duration = Duration::from_secs(1);

/// A message as a gateway hands it in. Nothing is required, but its signature.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Message {
    /// The number it came from.
    from: String,
    /// Its text.
    text: String,
    /// Whether the network vouches for the number.
    sender_verified: bool,
}

/// A message whose signature is good.
pub(super) struct SignedMessage {
    id: String,
    message: Message,
}

impl FromRequest for SignedMessage {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let app =
                request.app_data::<Data<App>>().ok_or_else(|| ApiError::new(Code::Internal))?;
            let body = Body::read(payload, request.headers()).await?.bytes;
            let header = |name: &str| {
                request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
            };
            let signed = Signed {
                id: header("webhook-id"),
                timestamp: header("webhook-timestamp"),
                signatures: header("webhook-signature"),
            };
            let key = app.sms_inbound.as_ref();
            if key.is_some_and(|key| key.has_signed(signed, &body, app.now().at)) {
                Ok(Self { id: signed.id.to_owned(), message: Message::read(&body) })
            } else {
                Err(ApiError::new(Code::Unauthorized))
            }
        })
    }
}

impl Message {
    /// What `body` says. A body that is no message is the text of one.
    fn read(body: &[u8]) -> Self {
        let text = || String::from_utf8_lossy(body).into_owned();
        let Ok(value) = serde_json::from_slice::<Value>(body) else {
            return Self { text: text(), ..Self::default() };
        };
        serde_json::from_value(value).unwrap_or_else(|_| Self { text: text(), ..Self::default() })
    }

    /// The number it came from, where it is one that can be answered.
    fn phone(&self) -> Option<Phone> {
        self.from.parse().ok()
    }
}

impl SignedMessage {
    /// The call that this message is.
    async fn understood(&self, app: &App, now: &Moment) -> Call {
        let Message { from, text, sender_verified } = &self.message;
        let said = Texted::read(text);
        let sender = from.as_bytes();
        let whose = if *sender_verified { sender } else { self.id.as_bytes() };
        let key = app.keys.digest(Purpose::IdempotencyKey, &[b"sms", whose]);
        let secret = said.secret.map(|secret| URL_SAFE_NO_PAD.encode(secret));
        let evidence = Evidence {
            citizen: None,
            secret: secret
                .map(|secret| app.keys.digest(Purpose::EmergencySecret, &[secret.as_bytes()])),
            key: Some(key),
            token: false,
        };
        let source = app.keys.digest(Purpose::Source, &[b"phone", sender]);
        let empty = said.report.is_empty() && said.reading.is_none();
        let name = said.id.map_or(CallName::Keyed { key, generation: 0 }, CallName::Given);
        let call = Call {
            name,
            report: said.report,
            reading: said.reading,
            commune: said.reading.and_then(|reading| intake::commune_at(app, reading.position)),
            evidence,
            // The same words in another message are said again: help may be needed again.
            body: app.keys.digest(Purpose::Body, &[sender, self.id.as_bytes(), text.as_bytes()]),
            source: app.call_sources.count(source, name.id(), empty, now.at),
        };
        self.of_sender(call, app).await
    }

    /// `call` with the number it came from, and with the account of that number where the network
    /// vouches for it.
    async fn of_sender(&self, mut call: Call, app: &App) -> Call {
        let phone = text::line(&self.message.from);
        call.report.phone = Some(phone).filter(|phone| !phone.is_empty());
        if let (true, Some(phone)) = (self.message.sender_verified, self.message.phone()) {
            let account = app.database.read(move |tx| tx.citizen_by_phone(&phone));
            let account = tokio::time::timeout(PATIENCE, account).await;
            call.evidence.citizen = account.ok().and_then(Result::ok).flatten().map(|who| who.id);
        }
        call
    }
}

/// A text message for help
///
/// From an SMS gateway, signed by the scheme of Standard Webhooks (`webhook-id`,
/// `webhook-timestamp`, `webhook-signature`): the app's own line, a message of Advanced Mobile
/// Location, or plain words. `docs/SMS.md` describes them. Only a bad signature is refused.
#[utoipa::path(
    tag = "emergency",
    request_body(content = Object, description = "`{from, text, sender_verified?}`"),
    params(
        ("webhook-id" = String, Header, description = "Names the message: sent again, it is the same call"),
        ("webhook-timestamp" = String, Header, description = "When it was signed, in seconds"),
        ("webhook-signature" = String, Header, description = "`v1,` and the signature in base64"),
        ("Idempotency-Key" = Option<String>, Header, description = "Not looked at: `webhook-id` does its work"),
    ),
    responses(
        (status = 200, description = "The call is stored", body = CallView),
        (status = 202, description = "The store is away; the call is kept and will be stored", body = CallView),
        (status = 401, description = "Problem `unauthorized`: the signature is not the gateway's, or old"),
        (status = 503, description = "Problem `call_not_stored`"),
    )
)]
#[post("/v1/gateways/sms")]
pub(super) async fn take_sms(
    app: Data<App>,
    message: SignedMessage,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    let call = message.understood(&app, &now).await;
    let verified = message.message.sender_verified;
    let asked = Deferred { at: now.at, call, wish: Wish::Text { verified } };
    let texter = Texter::of(&asked);
    Ok(match store_or_keep(&app, &now, asked, raise).await? {
        Kept::Stored(raised) => {
            let view = CallView::of(&raised.hearing, &app, &now, Language::Vietnamese);
            let receipts = Receipts::new(&app.database, &app.keys, &app.settings);
            receipts.send(now, texter, raised.hearing).await;
            HttpResponse::Ok().json(view.without_token())
        }
        Kept::Deferred(asked) => {
            let view = CallView::of_deferred(&asked, &app, &now, Language::Vietnamese);
            HttpResponse::Accepted().json(view.without_token())
        }
    })
}
