//! Telling somebody: the inbox, and the outbox with its worker.

mod http_gateway;
mod inbound;
mod inbox;
mod outbox;
mod sms;
mod template;
mod worker;

pub use http_gateway::{HttpGateway, HttpGatewayOptions, InvalidGateway};
pub use inbound::{InboundKey, InvalidInboundKey, Signed};
pub use sms::{LogGateway, NoGateway, Sending, SmsError, SmsGateway};
pub use template::InvalidTemplate;
pub use worker::OutboxWorker;
