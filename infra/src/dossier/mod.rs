//! Dossiers: in the store, in files, and in the systems that tell of them.

mod breaker;
mod import;
mod reading;
mod row;
mod sources;
mod store;
mod upstream;

pub use import::{Imported, import};
pub use reading::read_dossiers;
pub use upstream::{Asking, Away, DossierSystem, InvalidUpstream, Upstream, UpstreamOptions};
