//! The adapters: stores, search index, tokens, clock and randomness.

mod allowance;
mod audit;
pub mod catalogue;
pub mod clock;
pub mod collation;
pub mod columns;
pub mod connection;
pub mod database;
pub mod dataset;
pub mod directory;
pub mod dossier;
pub mod emergency;
pub mod entropy;
pub mod event;
pub mod feedback;
mod idempotency;
pub mod identity;
pub mod media;
pub mod notification;
mod outbound;
mod personal;
pub mod reserve;
mod schema;
pub mod shipped;
pub mod snapshot;
pub mod territory;
pub mod vault;
