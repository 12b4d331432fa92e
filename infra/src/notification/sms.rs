//! Gateways that send text messages.

use std::{future::Future, pin::Pin};

use domain::notification::Sms;
use uuid::Uuid;

/// A message on its way out.
pub type Sending<'s> = Pin<Box<dyn Future<Output = Result<(), SmsError>> + Send + 's>>;

/// Why a gateway did not take a message. It will be tried again.
#[derive(Debug, thiserror::Error)]
#[error("the SMS gateway did not take the message: {0}")]
pub struct SmsError(pub String);

/// Sends text messages, at least once each.
pub trait SmsGateway: Send + Sync {
    /// Sends `sms`; `id` is the same when a message is sent again.
    fn send<'s>(&'s self, id: Uuid, sms: &'s Sms) -> Sending<'s>;
}

/// Writes messages into the log instead of sending them: for development and for demos.
pub struct LogGateway;

impl SmsGateway for LogGateway {
    fn send<'s>(&'s self, _id: Uuid, sms: &'s Sms) -> Sending<'s> {
        Box::pin(async move {
            tracing::info!(sms_to = %sms.to, sms_text = %sms.text, "text message");
            Ok(())
        })
    }
}

/// Sends nothing: messages wait in the outbox until a gateway is configured.
pub struct NoGateway;

impl SmsGateway for NoGateway {
    fn send<'s>(&'s self, _id: Uuid, _sms: &'s Sms) -> Sending<'s> {
        Box::pin(async { Err(SmsError("no SMS gateway is configured".to_owned())) })
    }
}
