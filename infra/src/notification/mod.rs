//! Telling somebody: the inbox, and the outbox with its worker.

mod http_gateway;
mod inbox;
mod outbox;
mod sms;
mod template;
mod worker;

pub use http_gateway::{HttpGateway, HttpGatewayOptions, InvalidGateway};
pub use sms::{LogGateway, NoGateway, Sending, SmsError, SmsGateway};
pub use template::InvalidTemplate;
pub use worker::OutboxWorker;
