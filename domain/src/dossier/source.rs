//! The systems that tell of dossiers, by their keys.
//!
//! What they tell is shown to citizens as the word of the province, so no account of a citizen or
//! business can make such a key: whoever runs the service does, on its machine.

use chrono::{DateTime, TimeDelta, Utc};

use super::SourceRepository;
use crate::{
    Id, Moment, StoreError,
    audit::{self, Actor, AuditLog},
    identity::key_secret,
    secret::{Digest, Hasher},
};

/// The id of a source.
pub type SourceId = Id<Source>;

/// A system that tells of dossiers. What proves it is kept as a digest only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// What whoever runs the service calls it.
    pub name: String,
    /// The part of its key by which people recognise it.
    pub prefix: String,
    /// The digest of the whole.
    pub secret: Digest,
    /// When it was admitted.
    pub admitted_at: DateTime<Utc>,
    /// When its key ends.
    pub expires_at: DateTime<Utc>,
    /// When the key was last used, to ten minutes.
    pub used_at: Option<DateTime<Utc>>,
}

/// Admits a system called `name` for so long, and answers its key, which is shown once.
///
/// # Errors
/// [`StoreError::Duplicate`] when there is one of this name.
pub fn admit_source(
    tx: &mut (impl SourceRepository + AuditLog),
    hasher: &impl Hasher,
    now: &Moment,
    (name, life): (String, TimeDelta),
) -> Result<String, StoreError> {
    let (prefix, secret) = key_secret::draw(now);
    let source = Source {
        id: now.new_id(),
        name,
        prefix,
        secret: key_secret::digest(hasher, &secret),
        admitted_at: now.at,
        expires_at: now.at + life,
        used_at: None,
    };
    tx.add_source(&source)?;
    audit::record_of(tx, now, Actor::OPERATOR, "dossier_source.admitted", &source.id, None)?;
    Ok(secret)
}

/// Ends the key of the system called `name`, at once, and answers whether there was one.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn dismiss_source(
    tx: &mut (impl SourceRepository + AuditLog),
    now: &Moment,
    name: &str,
) -> Result<bool, StoreError> {
    let Some(id) = tx.remove_source(name)? else { return Ok(false) };
    audit::record_of(tx, now, Actor::OPERATOR, "dossier_source.dismissed", &id, None)?;
    Ok(true)
}

/// Whose key `secret` is, if it is one and has not ended; and whether its use has to be noted.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn authenticate_source(
    tx: &mut impl SourceRepository,
    hasher: &impl Hasher,
    now: &Moment,
    secret: &str,
) -> Result<Option<(SourceId, bool)>, StoreError> {
    let Some(prefix) = key_secret::prefix(secret) else { return Ok(None) };
    let shown = key_secret::digest(hasher, secret);
    let source = tx.source_with(prefix)?;
    let proven = source.filter(|it| it.secret == shown && it.expires_at > now.at);
    Ok(proven.map(|it| (it.id, key_secret::is_use_to_be_noted(it.used_at, now.at))))
}
