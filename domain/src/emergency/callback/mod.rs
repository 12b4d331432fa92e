//! Callers whom somebody should ring back, and how that went.

mod attempt;
mod awaited;
mod outcome;
mod reason;
mod ring;

pub use attempt::{Callback, CallbackRepository};
pub use awaited::{Awaited, awaited};
pub use outcome::{CallbackOutcome, UnknownCallbackOutcome};
pub use reason::CallbackReason;
pub use ring::{CallbackError, call_back, callbacks};
