//! The adapters: stores, search index, tokens, clock and randomness.

pub mod dataset;
