//! Reading requests strictly: what is wrong is named with a pointer, nothing is guessed.

mod json;
mod parameters;
mod patch;
mod pointer;

pub use json::{Json, MAX_BODY, read_body};
pub use parameters::{Path, Query};
pub use patch::Change;
