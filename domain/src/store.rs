//! What a store can answer instead of what was asked.

/// Why a storage port could not do its work.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the row since it was read (compare-and-set lost).
    #[error("the row was changed by somebody else meanwhile")]
    Stale,
    /// A row with this key stands already (a unique index said so).
    #[error("a row with this key exists already")]
    Duplicate,
    /// The store cannot take the work now: busy, away, full. Trying again later may succeed.
    #[error("the store is not available: {0}")]
    Unavailable(String),
    /// The store holds something this version cannot read, or refused the query: a defect.
    #[error("the store failed: {0}")]
    Failed(String),
}
