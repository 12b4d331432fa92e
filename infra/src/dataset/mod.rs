//! The open data the server works on: read from files, checked row by row, kept in versions.

mod reading;
mod table;

pub use reading::{Doubt, Reading};
pub use table::{Row, read_table};
