//! Reading requests strictly: what is wrong is named with a pointer, nothing is guessed.

mod checked;
mod idempotency;
mod if_match;
mod json;
mod parameters;
mod patch;
mod pointer;

pub use checked::{filled_in, position, typed};
pub use idempotency::{Repeatable, made};
pub use if_match::{IfMatch, stale, version_tag};
pub use json::{Json, MAX_BODY, read_body, read_value};
pub use parameters::{Nothing, Path, Query};
pub use patch::Change;
