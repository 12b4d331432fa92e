//! Reading requests strictly: what is wrong is named with a pointer, nothing is guessed.

mod checked;
mod json;
mod parameters;
mod patch;
mod pointer;

pub use checked::{position, typed};
pub use json::{Json, MAX_BODY, read_body};
pub use parameters::{Nothing, Path, Query};
pub use patch::nullable;
