//! An SMS gateway that takes messages by HTTP.

use std::{sync::Arc, time::Duration};

use backon::{ExponentialBuilder, Retryable as _};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::notification::Sms;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap},
};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use uuid::Uuid;

use super::{
    Sending, SmsError, SmsGateway,
    template::{InvalidTemplate, Template},
};
use crate::{clock::Clock, outbound};

/// How long to wait before the second try.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// How to reach a gateway.
#[derive(Clone, Debug)]
pub struct HttpGatewayOptions {
    /// Where it takes messages, by POST.
    pub url: String,
    /// Headers that it asks for: `Name: value`.
    pub headers: Vec<SecretString>,
    /// What is sent, with places for the message.
    pub body: String,
    /// The key of the signature, base64.
    pub key: Option<SecretString>,
    /// What its answer has to hold.
    pub accepted: Option<String>,
}

/// Sends text messages to a gateway of the operator's choice. It follows no redirects, and signs
/// what it sends by the scheme of Standard Webhooks.
pub struct HttpGateway {
    client: Client,
    url: Url,
    body: Template,
    signing: Option<Hmac<Sha256>>,
    accepted: Option<String>,
    clock: Arc<dyn Clock>,
}

impl HttpGateway {
    /// A gateway as `options` describe it.
    ///
    /// # Errors
    /// [`InvalidGateway`] says what to correct.
    pub fn new(
        options: &HttpGatewayOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidGateway> {
        let headers: Option<HeaderMap> = options.headers.iter().map(outbound::header).collect();
        let headers = headers.ok_or(InvalidGateway::Header)?;
        Ok(Self {
            client: outbound::client(headers).map_err(InvalidGateway::Client)?,
            url: outbound::safe_url(&options.url).ok_or(InvalidGateway::Url)?,
            body: Template::read(&options.body)?,
            signing: options.key.as_ref().map(signing).transpose()?,
            accepted: options.accepted.clone(),
            clock,
        })
    }

    /// Tries once.
    async fn try_once(&self, id: Uuid, body: &str) -> Result<(), Refused> {
        let mut request = self.client.post(self.url.clone()).body(body.to_owned());
        request = request
            .header(CONTENT_TYPE, self.body.content_type())
            .header("Idempotency-Key", id.to_string());
        if let Some(key) = &self.signing {
            let at = self.clock.now().timestamp();
            request = request
                .header("webhook-id", id.to_string())
                .header("webhook-timestamp", at)
                .header("webhook-signature", signature(key, id, at, body));
        }
        let answer = request.send().await.map_err(|error| Refused::away(&error))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(Refused::Status(status));
        }
        match &self.accepted {
            Some(accepted) if !read(answer).await?.contains(accepted) => Err(Refused::Answer),
            _ => Ok(()),
        }
    }
}

impl SmsGateway for HttpGateway {
    fn send<'s>(&'s self, id: Uuid, sms: &'s Sms) -> Sending<'s> {
        Box::pin(async move {
            let body = self.body.fill(id, sms);
            let again = ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_max_times(2);
            let sent = (|| self.try_once(id, &body)).retry(again).when(Refused::may_pass).await;
            sent.map_err(|refused| SmsError(refused.to_string()))
        })
    }
}

/// Why a message was not taken. Holds nothing of the message: it goes into the log.
#[derive(Debug, thiserror::Error)]
enum Refused {
    /// There was no whole answer.
    #[error("no answer ({0})")]
    Away(&'static str),
    /// The answer was not one of success.
    #[error("status {0}")]
    Status(StatusCode),
    /// The answer did not hold what it has to.
    #[error("the answer says that it was not accepted")]
    Answer,
}

impl Refused {
    fn away(error: &reqwest::Error) -> Self {
        Self::Away(outbound::why(error))
    }

    /// Whether the next moment may be better.
    fn may_pass(&self) -> bool {
        match self {
            Self::Away(_) => true,
            Self::Status(status) => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::Answer => false,
        }
    }
}

/// The beginning of an answer, as text.
async fn read(answer: Response) -> Result<String, Refused> {
    let body = outbound::body(answer).await.map_err(|error| Refused::away(&error))?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}

fn signing(key: &SecretString) -> Result<Hmac<Sha256>, InvalidGateway> {
    let key = key.expose_secret().trim();
    let key = STANDARD.decode(key.strip_prefix("whsec_").unwrap_or(key));
    let key = key.map_err(|_| InvalidGateway::Key)?;
    Hmac::new_from_slice(&key).map_err(|_| InvalidGateway::Key)
}

fn signature(key: &Hmac<Sha256>, id: Uuid, at: i64, body: &str) -> String {
    let mut mac = key.clone();
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Why there is no such gateway, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum InvalidGateway {
    /// It cannot be reached safely.
    #[error("sms_http_url: an address with https, or with http on this machine itself")]
    Url,
    /// A header is none.
    #[error("sms_http_headers: each is a name, a colon and a value")]
    Header,
    /// The body cannot be sent.
    #[error("sms_http_body: {0}")]
    Body(#[from] InvalidTemplate),
    /// The key is none.
    #[error("sms_http_key: a key in base64, as `openssl rand -base64 32` writes it")]
    Key,
    /// The system does not allow it.
    #[error("nothing can be sent by HTTP: {0}")]
    Client(reqwest::Error),
}
