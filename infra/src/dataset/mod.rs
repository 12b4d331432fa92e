//! The open data the server works on: read from files, checked row by row, kept in versions.

mod import;
mod kind;
mod reading;
mod shipped;
mod source;
mod store;
mod table;

pub use import::{ImportError, Report, import, sweep};
pub use kind::{Dataset, UnknownDataset};
pub use reading::{Doubt, Reading};
pub use shipped::load_shipped;
pub use source::{Source, Subject, UnknownSubject};
pub use store::{Version, active_versions};
pub use table::{Row, read_remarked_table, read_table};
