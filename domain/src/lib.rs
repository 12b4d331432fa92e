//! The rules of the citizen app: types, state machines, policies, use cases and ports.
//!
//! Nothing in here does input or output. Time and chance come in as a [`Moment`], storage as small
//! synchronous traits that the adapters implement on their transaction.

pub mod allowance;
pub mod audit;
pub mod catalogue;
pub mod directory;
pub mod dossier;
pub mod emergency;
pub mod event;
pub mod feedback;
mod id;
pub mod idempotency;
pub mod identity;
mod moment;
pub mod notification;
pub mod page;
pub mod personal;
pub mod quantile;
pub mod secret;
mod store;
pub mod territory;
pub mod text;
pub mod wall_clock;

pub use id::Id;
pub use moment::{Entropy, Moment};
pub use store::StoreError;
