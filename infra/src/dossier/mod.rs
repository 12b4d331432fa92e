//! Dossiers: in the store, in files, and in the systems that tell of them.

mod import;
mod reading;
mod row;
mod sources;
mod store;

pub use import::{Imported, import};
pub use reading::read_dossiers;
