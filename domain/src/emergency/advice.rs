//! What a caller is told to do.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Emergency, Kind, Standing, Status};

/// How long a call may wait for a dispatcher before its caller is told to dial.
const PATIENCE: TimeDelta = TimeDelta::seconds(60);

/// From this speed on, in metres per second, a phone is in a vehicle or in a current.
const FAST_MPS: f64 = 3.0;

/// After how many seconds a phone shall try again whose call waits for the store.
pub const NEXT_UPDATE_WHILE_AWAY_S: u32 = 15;

/// One line of advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Dial this number now: nobody has taken the call here.
    CallNow(&'static str),
    /// Dial this number now: whoever took the call is not on duty, nor is anybody else.
    NobodyThere(&'static str),
    /// Dial this number now: the call is kept, but no dispatcher can see it yet.
    Unseen(&'static str),
    /// The call is stored and dispatchers see it.
    Stored,
    /// A dispatcher has taken the call.
    Taken,
    /// Help was sent.
    Sent,
    /// The wish to call it off waits for a dispatcher.
    CancellationWaits,
    /// It has ended; call again if help is still needed.
    Ended,
    /// So many calls wait before theirs, and for so many minutes perhaps, where that is known.
    Queued {
        /// Their place.
        position: usize,
        /// How long it may take, in minutes; none where nobody can tell.
        minutes: Option<i64>,
    },
    /// The numbers that can always be dialled.
    Numbers,
}

/// What the caller of `emergency` (none: somebody who could not be shown to be its caller) is told
/// at `at`, the most important first: to dial where nobody is on duty, or nobody has claimed
/// within 60 s. The numbers always follow.
#[must_use]
pub fn advice(emergency: Option<&Emergency>, staffed: bool, at: DateTime<Utc>) -> Vec<Advice> {
    let (status, kind, waits, wished_off) =
        emergency.map_or((Status::Received, None, TimeDelta::zero(), false), |emergency| {
            let wished_off = emergency.cancel_requested_at.is_some();
            let (status, since) = as_it_waits(emergency);
            (status, emergency.said.kind, at - since, wished_off)
        });
    let unclaimed = matches!(status, Status::Received | Status::Duplicate);
    let mut lines = Vec::new();
    let number = kind.unwrap_or(Kind::Other).number();
    if unclaimed && (waits >= PATIENCE || !staffed) {
        lines.push(Advice::CallNow(number));
    } else if status.is_open() && !staffed {
        lines.push(Advice::NobodyThere(number));
    }
    lines.push(match status {
        _ if wished_off && status.is_open() => Advice::CancellationWaits,
        Status::Received | Status::Duplicate => Advice::Stored,
        Status::Claimed => Advice::Taken,
        Status::Dispatched => Advice::Sent,
        Status::Resolved | Status::Closed | Status::Cancelled => Advice::Ended,
    });
    lines.push(Advice::Numbers);
    lines
}

/// How it stands for its caller, and since when: where nothing is heard any more of who took it, it waits
/// again.
fn as_it_waits(emergency: &Emergency) -> (Status, DateTime<Utc>) {
    match emergency.lease.as_ref().filter(|lease| lease.gone_at.is_some()) {
        Some(lease) if emergency.status == Status::Claimed => (Status::Received, lease.heard_at),
        _ => (emergency.status, emergency.queued_at),
    }
}

impl Standing {
    /// What a caller is told of it: something only where there are more calls than dispatchers.
    #[must_use]
    pub fn advice(&self) -> Option<Advice> {
        let position = self.position.filter(|_| self.overload)?;
        let minutes = self.expected_wait.map(|wait| wait.num_minutes() + 1);
        Some(Advice::Queued { position, minutes })
    }
}

/// What somebody is told whose call is kept, while the store is away.
#[must_use]
pub fn advice_while_away(kind: Option<Kind>) -> Vec<Advice> {
    vec![Advice::Unseen(kind.unwrap_or(Kind::Other).number()), Advice::Numbers]
}

/// After how many seconds the phone shall tell its position again, or ask: often while nobody has
/// come and while it moves fast, less often on a weak battery, not at all once it has ended.
#[must_use]
pub fn next_update_s(emergency: &Emergency) -> Option<u32> {
    let base = match emergency.status {
        Status::Received | Status::Duplicate => 10,
        Status::Claimed | Status::Dispatched => 15,
        Status::Resolved | Status::Closed | Status::Cancelled => return None,
    };
    let quality = emergency.location.map(|fix| fix.quality).unwrap_or_default();
    Some(match (quality.battery_pct, quality.speed_mps) {
        (Some(percent), _) if percent <= 5.0 => base * 12,
        (Some(percent), _) if percent <= 20.0 => base * 4,
        (_, Some(speed)) if speed >= FAST_MPS => base / 2,
        _ => base,
    })
}
