//! The open data the server works on: read from files, checked row by row, kept in versions.

mod reading;

pub use reading::{Doubt, Reading};
