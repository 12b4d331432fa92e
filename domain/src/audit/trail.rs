//! Writing the audit log, reading it, and forgetting what is too old.

use std::{fmt::Display, net::IpAddr};

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Actor, AuditChain, AuditEntry, AuditFilter, AuditId, AuditLog, AuditTrail, Personal, chain,
};
use crate::{
    Moment, StoreError,
    identity::{Auditor, Staff},
    page::Page,
    secret::Hasher,
};

/// Writes down that `staff` did `action` to `subject`, in the transaction in which they did it.
///
/// # Errors
/// [`StoreError`] when the store cannot take it: then the deed must not happen either.
pub fn record(
    tx: &mut impl AuditLog,
    now: &Moment,
    staff: &Staff,
    action: &str,
    subject: &dyn Display,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    tx.add_entry(&entry(now, staff, now.new_id(), action, subject.to_string(), reason))
}

/// Writes down that `staff` opened the personal data of `subject`: once per person who opens,
/// subject, reason and hour, however often they look.
///
/// # Errors
/// [`StoreError`] when the store cannot take it: then nothing must be shown.
pub fn record_opening(
    tx: &mut impl AuditLog,
    now: &Moment,
    staff: &Staff,
    action: &str,
    subject: &dyn Display,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let subject = subject.to_string();
    let hour = now.at.duration_trunc(TimeDelta::hours(1)).unwrap_or(now.at);
    let opening =
        format!("{} {action} {subject} {} {}", staff.id, hour, reason.unwrap_or_default());
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, opening.as_bytes());
    tx.add_entry(&entry(now, staff, id.into(), action, subject, reason))
}

/// Writes down what was done by whoever is not staff: an operator, or the service by itself; and
/// what exactly, where there is more to say.
///
/// # Errors
/// [`StoreError`] when the store cannot take it: then the deed must not happen either.
pub fn record_of(
    tx: &mut impl AuditLog,
    now: &Moment,
    actor: Actor,
    action: &str,
    subject: &dyn Display,
    what: Option<&str>,
) -> Result<(), StoreError> {
    let personal = what.map(|what| Personal {
        salt: now.random(),
        name: actor.kind.to_string(),
        address: None,
        reason: Some(what.to_owned()),
    });
    tx.add_entry(&AuditEntry {
        id: now.new_id(),
        at: now.at,
        actor,
        action: action.to_owned(),
        subject: subject.to_string(),
        personal,
    })
}

/// Writes down what the service did because of somebody at `address` whom it does not know.
///
/// # Errors
/// [`StoreError`] when the store cannot take it: then the deed must not happen either.
pub fn record_stranger(
    tx: &mut impl AuditLog,
    now: &Moment,
    action: &str,
    subject: &dyn Display,
    address: IpAddr,
) -> Result<(), StoreError> {
    let actor = Actor::SERVICE;
    tx.add_entry(&AuditEntry {
        id: now.new_id(),
        at: now.at,
        action: action.to_owned(),
        subject: subject.to_string(),
        personal: Some(Personal {
            salt: now.random(),
            name: actor.kind.to_string(),
            address: Some(address),
            reason: None,
        }),
        actor,
    })
}

fn entry(
    now: &Moment,
    staff: &Staff,
    id: AuditId,
    action: &str,
    subject: String,
    reason: Option<&str>,
) -> AuditEntry {
    let address: Option<IpAddr> = staff.address;
    AuditEntry {
        id,
        at: now.at,
        actor: staff.into(),
        action: action.to_owned(),
        subject,
        personal: Some(Personal {
            salt: now.random(),
            name: staff.username.clone(),
            address,
            reason: reason.map(str::to_owned),
        }),
    }
}

/// A place in the trail.
type Place = (DateTime<Utc>, AuditId);

/// A page of what `auditor` may see, latest first: what was done by the people of the agencies that
/// they reach, each where they were then.
/// That they looked is itself written down.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn trail(
    tx: &mut (impl AuditTrail + AuditLog),
    now: &Moment,
    auditor: &Auditor,
    filter: AuditFilter,
    before: Option<Place>,
    limit: usize,
) -> Result<Page<AuditEntry, Place>, StoreError> {
    let staff = auditor.staff();
    record_opening(tx, now, staff, "audit.read", &staff.agency, None)?;
    let agencies = staff.scope().and(filter.agencies);
    let found = tx.entries(&AuditFilter { agencies, ..filter }, before, limit.saturating_add(1))?;
    Ok(Page::cut(found, limit, |entry| (entry.at, entry.id)))
}

/// Forgets sealed entries from before `at`, the oldest first, at most `limit`, and says how many.
/// The chain then starts after them.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn forget_before(
    tx: &mut impl AuditChain,
    hasher: &impl Hasher,
    at: DateTime<Utc>,
    limit: usize,
) -> Result<usize, StoreError> {
    let Some(before) = tx.chain()? else { return Ok(0) };
    let oldest = tx.sealed_after(before.start.position, limit)?;
    let old: Vec<_> = oldest.iter().take_while(|sealed| sealed.entry.at < at).collect();
    let Some(last) = old.last() else { return Ok(0) };
    tx.forget_up_to(last.position)?;
    tx.put_chain(&chain::starting_after(hasher, &before, last), Some(&before))?;
    Ok(old.len())
}
