//! What is kept of each emergency beside itself: when it reached which stage, and what was taken
//! from it since.
//!
//! Records are made from the event log, by readers who share one bookmark: handling a call writes
//! nothing for them, and whoever lost the race for the bookmark lost nothing else.

mod entity;
mod export;
mod figures;
mod keeping;
mod repository;
mod retention;
mod stage;

pub use entity::Record;
pub use export::{Export, export};
pub use figures::{Figures, Group, Statistics, statistics};
pub use keeping::keep_records;
pub use repository::{Part, RecordRepository};
pub use retention::{Retention, forget_old};
pub use stage::{Goal, Stage};
