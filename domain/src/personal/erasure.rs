//! Being forgotten: hidden at once, erased by a job, a tombstone left (Law 91/2025/QH15, article
//! 14).
//!
//! An emergency that is open is never touched: its caller stays known until it has ended. What a
//! legal hold names is kept, hidden, until the hold is lifted.

use chrono::{DateTime, TimeDelta, Utc};

use super::{PersonalError, RequestKind, RequestRegister, SubjectRequest, owner};
use crate::{
    Moment, StoreError,
    audit::{self, Actor, AuditLog},
    event::{Event, EventLog, Topic},
    feedback::WorkingCalendar,
    identity::{
        Access, CitizenId, CitizenRepository, Holder, JustSignedIn, SessionRepository,
        business::{self, ApiKeyRepository, BusinessRepository, MembershipRepository},
        ending,
    },
    notification::Inbox,
};

/// What is left to erase is looked at again after so long, where something keeps it.
const LOOK_AGAIN: TimeDelta = TimeDelta::hours(1);
/// An access token can outlive the sessions of a citizen where a replica has not heard of their end:
/// what was written by it is erased too.
const LAST_WRITES: TimeDelta = TimeDelta::minutes(15);

/// A citizen who asked to be erased; the tombstone, once that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Who it was.
    pub citizen: CitizenId,
    /// When they asked, and were hidden.
    pub asked_at: DateTime<Utc>,
    /// When the job looks at it next; absent once it is done.
    pub look_again_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
}

/// Something that is kept for the time being, or for good, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// An emergency that is still open, with number and name, until it has ended.
    OpenEmergency,
    /// What a legal hold names, until it is lifted.
    LegalHold,
    /// A business that others act for or that was verified, without an owner.
    Businesses,
    /// Published reports, without any trace of who reported.
    PublishedReports,
    /// That and when consent was given, under an id that names nobody any more: as proof.
    ConsentLedger,
}

impl Kept {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenEmergency => "open_emergency",
            Self::LegalHold => "legal_hold",
            Self::Businesses => "businesses",
            Self::PublishedReports => "published_reports",
            Self::ConsentLedger => "consent_ledger",
        }
    }
}

/// Where people are hidden and erased.
pub trait ErasureRepository {
    /// Hides `citizen` from every look-up. Their number is free for a new account.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when they were hidden before.
    fn hide_citizen(&mut self, citizen: CitizenId, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Keeps `erasure` in place of what was known of it.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn put_erasure(&mut self, erasure: &Erasure) -> Result<(), StoreError>;

    /// The erasure that has waited longest among those due at `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn due_erasure(&mut self, at: DateTime<Utc>) -> Result<Option<Erasure>, StoreError>;

    /// Erases something of `citizen` that nothing keeps, at most `limit` rows, and says how many.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn erase_some(
        &mut self,
        now: &Moment,
        citizen: CitizenId,
        limit: usize,
    ) -> Result<usize, StoreError>;

    /// Whether an emergency of `citizen` is open.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn has_open_emergency(&mut self, citizen: CitizenId) -> Result<bool, StoreError>;

    /// Whether a hold names `citizen` or something of theirs.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn is_held(&mut self, citizen: CitizenId) -> Result<bool, StoreError>;

    /// Removes the account of `citizen` and all that hangs on it. Their requests stay, done at
    /// `at` and without words.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_citizen(&mut self, citizen: CitizenId, at: DateTime<Utc>) -> Result<(), StoreError>;
}

/// Hides `who` asks at once and has them erased, which the register shows. Answers what is kept, and
/// why.
///
/// # Errors
/// [`PersonalError::Erased`] when they asked before.
pub fn ask_for_erasure(
    tx: &mut (
             impl ErasureRepository
             + RequestRegister
             + CitizenRepository
             + SessionRepository
             + BusinessRepository
             + MembershipRepository
             + ApiKeyRepository
             + AuditLog
             + Inbox
             + EventLog
         ),
    now: &Moment,
    calendar: &WorkingCalendar,
    who: &JustSignedIn,
) -> Result<Vec<Kept>, PersonalError> {
    let citizen = who.citizen();
    owner(tx, citizen)?;
    let mut kept = vec![Kept::PublishedReports, Kept::ConsentLedger];
    if tx.is_held(citizen.id)? {
        kept.insert(0, Kept::LegalHold);
    }
    if tx.has_open_emergency(citizen.id)? {
        kept.insert(0, Kept::OpenEmergency);
    }
    match tx.hide_citizen(citizen.id, now.at) {
        Err(StoreError::Stale) => return Err(PersonalError::Erased),
        hidden => hidden?,
    }
    ending::end_all(tx, now, Holder::Citizen(citizen.id), None)?;
    if business::lose_owner(tx, now, citizen.id)? {
        kept.insert(0, Kept::Businesses);
    }
    let asked = (RequestKind::Erasure, String::new());
    tx.add_request(&SubjectRequest::new(now, calendar, citizen.id, asked))?;
    tx.put_erasure(&Erasure {
        citizen: citizen.id,
        asked_at: now.at,
        look_again_at: Some(now.at),
        done_at: None,
    })?;
    Ok(kept)
}

/// Goes on with the erasure that has waited longest: a chunk of at most `limit` rows, and its end
/// where nothing is left. Says whether there was one. Several machines may do it at once.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn erase_due(
    tx: &mut (impl ErasureRepository + BusinessRepository + MembershipRepository + EventLog + AuditLog),
    now: &Moment,
    limit: usize,
) -> Result<bool, StoreError> {
    let Some(erasure) = tx.due_erasure(now.at)? else { return Ok(false) };
    if tx.erase_some(now, erasure.citizen, limit)? > 0 {
        return Ok(true);
    }
    let earliest = erasure.asked_at + LAST_WRITES.max(Access::LIFE);
    let next = if tx.has_open_emergency(erasure.citizen)? || tx.is_held(erasure.citizen)? {
        Some(now.at + LOOK_AGAIN)
    } else {
        Some(earliest).filter(|earliest| *earliest > now.at)
    };
    if next.is_none() {
        business::remove_with_owner(tx, erasure.citizen)?;
        tx.remove_citizen(erasure.citizen, now.at)?;
        tell_erased(tx, now, erasure.citizen)?;
    }
    let done_at = next.is_none().then_some(now.at);
    tx.put_erasure(&Erasure { look_again_at: next, done_at, ..erasure })?;
    Ok(true)
}

/// Lets the replicas and the audit log know that nothing is left of `citizen`.
fn tell_erased(
    tx: &mut (impl EventLog + AuditLog),
    now: &Moment,
    citizen: CitizenId,
) -> Result<(), StoreError> {
    audit::record_of(tx, now, Actor::SERVICE, "citizen.erased", &citizen, None)?;
    tx.append(&Event {
        id: now.new_id::<Event>().uuid(),
        topic: Topic::System,
        kind: "citizen.erased",
        subject: citizen.uuid(),
        agency: None,
        at: now.at,
        data: serde_json::json!({}),
    })
}
