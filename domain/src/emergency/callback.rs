//! Callers whom somebody should ring back, and how that went.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Emergency, EmergencyId, EmergencyRepository, HandlingError, Happening, LikenessRepository,
    Order, QueueFilter, QueuePlace, Queued, Status, handling::seen, queued,
};
use crate::{
    Id, Moment, StoreError,
    audit::{self, AuditLog},
    event::EventLog,
    identity::{Dispatcher, StaffId},
    page::Page,
};

/// How long a call waits unclaimed before it counts as missed.
const MISSED_AFTER: TimeDelta = TimeDelta::seconds(60);
/// For how long callers are on the list.
const LISTED_FOR: TimeDelta = TimeDelta::days(3);
/// How many calls one page looks at.
const LOOKED_AT: usize = 500;

/// Why somebody should ring a caller back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackReason {
    /// Nobody took the call in time.
    Missed,
    /// Its caller gave up before anybody took it.
    Abandoned,
    /// Nothing was heard of the phone for too long.
    Silent,
    /// Its caller called it off while a dispatcher held it.
    CancelledWhileClaimed,
}

impl CallbackReason {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Abandoned => "abandoned",
            Self::Silent => "silent",
            Self::CancelledWhileClaimed => "cancelled_while_claimed",
        }
    }
}

/// What came of an attempt to ring a caller back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackOutcome {
    /// Somebody answered who is the caller, or speaks for them.
    Reached,
    /// Nobody answered.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// The phone is off, or there is no signal.
    Unreachable,
    /// The number is somebody else's.
    WrongNumber,
}

impl CallbackOutcome {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Reached, Self::NoAnswer, Self::Busy, Self::Unreachable, Self::WrongNumber];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NoAnswer => "no_answer",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
            Self::WrongNumber => "wrong_number",
        }
    }

    /// Whether nobody needs to ring again.
    #[must_use]
    pub const fn settles(self) -> bool {
        matches!(self, Self::Reached | Self::WrongNumber)
    }
}

impl fmt::Display for CallbackOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for CallbackOutcome {
    type Err = UnknownCallbackOutcome;

    fn from_str(text: &str) -> Result<Self, UnknownCallbackOutcome> {
        let mut all = Self::ALL.into_iter();
        all.find(|outcome| outcome.as_str() == text).ok_or(UnknownCallbackOutcome)
    }
}

/// There is no outcome of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such outcome of ringing back")]
pub struct UnknownCallbackOutcome;

/// An attempt to ring a caller back. It is never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// Its id.
    pub id: Id<Callback>,
    /// The emergency whose caller was rung.
    pub emergency: EmergencyId,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub staff: StaffId,
    /// The name colleagues see.
    pub username: String,
    /// What came of it.
    pub outcome: CallbackOutcome,
    /// In the dispatcher's words.
    pub note: Option<String>,
}

/// Where attempts to ring back are kept: only ever added to.
pub trait CallbackRepository {
    /// Adds `callback`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_callback(&mut self, callback: &Callback) -> Result<(), StoreError>;

    /// The attempts to ring the callers of `ids` back, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn callbacks(&mut self, ids: &[EmergencyId]) -> Result<Vec<Callback>, StoreError>;
}

/// A caller whom somebody should ring back.
#[derive(Clone, Debug, PartialEq)]
pub struct Awaited {
    /// Their call.
    pub queued: Queued,
    /// Why.
    pub reason: CallbackReason,
    /// Since when.
    pub since: DateTime<Utc>,
    /// What was tried since, oldest first.
    pub attempts: Vec<Callback>,
}

/// Why ringing back was not written down.
#[derive(Debug, thiserror::Error)]
pub enum CallbackError {
    /// A sound could give the caller away, and the dispatcher did not say that they know.
    #[error("a sound could give the caller away")]
    Silent,
    /// As with any other action.
    #[error(transparent)]
    Handling(#[from] HandlingError),
}

impl From<StoreError> for CallbackError {
    fn from(error: StoreError) -> Self {
        Self::Handling(error.into())
    }
}

impl Emergency {
    /// Why somebody should ring its caller back at `at`, and since when. Nobody rings where there is
    /// no number, after an exercise, or where the call follows another.
    #[must_use]
    pub fn callback(&self, at: DateTime<Utc>) -> Option<(CallbackReason, DateTime<Utc>)> {
        let reachable = self.said.phone.is_some() || self.evidence.citizen.is_some();
        if !reachable || self.said.is_drill() {
            return None;
        }
        let open = self.status.is_open();
        match (self.status, self.cancel_requested_at) {
            (Status::Cancelled, None) if self.lease.is_none() => {
                Some((CallbackReason::Abandoned, self.queued_at))
            }
            (_, Some(since)) if open || self.status == Status::Cancelled => {
                Some((CallbackReason::CancelledWhileClaimed, since))
            }
            (Status::Received, _) if at - self.queued_at >= MISSED_AFTER => {
                Some((CallbackReason::Missed, self.queued_at + MISSED_AFTER))
            }
            _ if open => self.silent_since(at).map(|since| (CallbackReason::Silent, since)),
            _ => None,
        }
    }
}

/// The callers of the last three days whom somebody should ring back and whom nobody has reached
/// since, the latest first. A page looks at a bounded number of calls: it may hold fewer callers
/// than asked for, and still say where to go on.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn awaited(
    store: &mut (impl EmergencyRepository + LikenessRepository + CallbackRepository),
    now: &Moment,
    dispatcher: &Dispatcher,
    after: Option<QueuePlace>,
    limit: usize,
) -> Result<Page<Awaited, QueuePlace>, StoreError> {
    let filter = QueueFilter {
        statuses: vec![Status::Received, Status::Claimed, Status::Dispatched, Status::Cancelled],
        agencies: dispatcher.staff().scope(),
        order: Order::Newest,
        since: Some(now.at - LISTED_FOR),
        ..QueueFilter::default()
    };
    let looked_at = store.queue(&filter, after, LOOKED_AT + 1)?;
    let Page { items, next } = Page::cut(looked_at, LOOKED_AT, |last: &Emergency| last.into());
    let due = items.into_iter().filter_map(|emergency| {
        let (reason, since) = emergency.callback(now.at)?;
        Some((emergency, reason, since))
    });
    let due: Vec<_> = due.collect();
    let ids: Vec<_> = due.iter().map(|(emergency, ..)| emergency.id).collect();
    let mut attempts = store.callbacks(&ids)?;
    let mut page = Page { items: Vec::new(), next };
    for (emergency, reason, since) in due {
        let (own, others): (Vec<_>, Vec<_>) =
            attempts.into_iter().partition(|attempt| attempt.emergency == emergency.id);
        attempts = others;
        let own: Vec<_> = own.into_iter().filter(|attempt| attempt.at >= since).collect();
        if own.iter().any(|attempt| attempt.outcome.settles()) {
            continue;
        }
        if page.items.len() == limit {
            page.next = page.items.last().map(|last: &Awaited| (&last.queued.emergency).into());
            break;
        }
        let queued = queued(store, dispatcher, emergency)?;
        page.items.push(Awaited { queued, reason, since, attempts: own });
    }
    Ok(page)
}

/// The dispatcher writes down what came of ringing the caller back. After a silent call they have to
/// say that they know: a ringing phone can give somebody away.
///
/// # Errors
/// [`CallbackError::Silent`] when they do not.
pub fn call_back(
    store: &mut (impl EmergencyRepository + CallbackRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    (outcome, note, knowing): (CallbackOutcome, Option<&str>, bool),
) -> Result<Callback, CallbackError> {
    let emergency = seen(store, dispatcher, id)?;
    if emergency.said.is_silent() && !knowing {
        return Err(CallbackError::Silent);
    }
    let staff = dispatcher.staff();
    let callback = Callback {
        id: now.new_id(),
        emergency: id,
        at: now.at,
        staff: staff.id,
        username: staff.username.clone(),
        outcome,
        note: note.map(str::to_owned),
    };
    store.add_callback(&callback)?;
    store.append(&Happening::CalledBack.to(&emergency, now))?;
    audit::record(store, now, staff, Happening::CalledBack.as_str(), &id, None)?;
    Ok(callback)
}

/// The attempts to ring the caller of an emergency back, oldest first.
///
/// # Errors
/// [`HandlingError::NotFound`] when there is no such emergency for the dispatcher.
pub fn callbacks(
    store: &mut (impl EmergencyRepository + CallbackRepository),
    dispatcher: &Dispatcher,
    id: EmergencyId,
) -> Result<Vec<Callback>, HandlingError> {
    seen(store, dispatcher, id)?;
    Ok(store.callbacks(&[id])?)
}
