//! The audit log in the store.

mod chain;
mod entries;
mod row;
