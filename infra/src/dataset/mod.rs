//! The open data the server works on: read from files, checked row by row, kept in versions.

mod chunks;
mod coarse;
mod coded;
mod import;
mod kind;
mod reading;
mod shipped;
mod source;
mod store;
mod table;

pub(crate) use chunks::Chunks;
pub use import::{ImportError, Report, import, sweep};
pub use kind::{Dataset, UnknownDataset};
pub use reading::{Doubt, Reading};
pub use shipped::load_shipped;
pub use source::{Source, Subject, UnknownSubject};
pub(crate) use store::{ABANDONED, ACTIVE, LOADING, RETIRED, SWEPT_AT_ONCE};
pub use store::{Version, active_versions};
pub use table::{Row, read_remarked_table, read_table};
