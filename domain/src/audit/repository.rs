//! Where the audit log is kept.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{AuditEntry, AuditId, Chain};
use crate::{StoreError, identity::policy::Scope, secret::Digest};

/// Where entries are written, in the transaction of the deed.
pub trait AuditLog {
    /// Adds an entry, unless one with its id is there already.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it: then the deed is undone too.
    fn add_entry(&mut self, entry: &AuditEntry) -> Result<(), StoreError>;
}

/// An entry in its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its place, counted from 1.
    pub position: i64,
    /// The digest over it and everything before it.
    pub link: Digest,
    /// The salted digest of what is personal in it: it stays when that is erased.
    pub personal: Digest,
    /// The entry.
    pub entry: AuditEntry,
}

/// Where the chain stood at the end of a day: to be kept elsewhere too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The day, UTC.
    pub day: NaiveDate,
    /// The last position of that day or before.
    pub position: i64,
    /// The link there.
    pub link: Digest,
}

/// The chain of what was sealed.
pub trait AuditChain {
    /// Where the chain begins and ends; absent while nothing was ever sealed.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn chain(&mut self) -> Result<Option<Chain>, StoreError>;

    /// Puts `chain` in the place of `before`.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it is not `before` any more: somebody else sealed meanwhile.
    fn put_chain(&mut self, chain: &Chain, before: Option<&Chain>) -> Result<(), StoreError>;

    /// What was committed and not sealed yet, oldest first, at most `limit` entries.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn unsealed(&mut self, limit: usize) -> Result<Vec<AuditEntry>, StoreError>;

    /// How many entries are not sealed yet, and since when the oldest waits.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn waiting(&mut self) -> Result<(usize, Option<DateTime<Utc>>), StoreError>;

    /// Puts an entry in its place.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it has one already.
    fn place(&mut self, sealed: &Sealed) -> Result<(), StoreError>;

    /// What was sealed after `position`, in order, at most `limit` entries.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn sealed_after(&mut self, position: i64, limit: usize) -> Result<Vec<Sealed>, StoreError>;

    /// Keeps an anchor.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_anchor(&mut self, anchor: &Anchor) -> Result<(), StoreError>;

    /// All anchors, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn anchors(&mut self) -> Result<Vec<Anchor>, StoreError>;

    /// Removes everything that was sealed up to `position`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_up_to(&mut self, position: i64) -> Result<(), StoreError>;
}

/// Which entries to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this actor.
    pub actor: Option<Uuid>,
    /// Of actors of these agencies.
    pub agencies: Scope,
    /// This was done.
    pub action: Option<String>,
    /// To this.
    pub subject: Option<String>,
    /// Then or later.
    pub from: Option<DateTime<Utc>>,
    /// Before then.
    pub until: Option<DateTime<Utc>>,
}

/// The audit log, to read.
pub trait AuditTrail {
    /// The entries that fit, latest first, those before `before` in this order.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn entries(
        &mut self,
        filter: &AuditFilter,
        before: Option<(DateTime<Utc>, AuditId)>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError>;
}
