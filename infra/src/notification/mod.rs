//! Telling somebody: the inbox, and the outbox with its worker.

mod inbox;
mod outbox;
mod sms;
mod worker;

pub use sms::{LogGateway, NoGateway, Sending, SmsError, SmsGateway};
pub use worker::OutboxWorker;
