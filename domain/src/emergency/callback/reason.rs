//! Why somebody should ring a caller back.

use chrono::{DateTime, TimeDelta, Utc};

use crate::emergency::{Emergency, Status};

/// How long a call waits unclaimed before it counts as missed.
const MISSED_AFTER: TimeDelta = TimeDelta::seconds(60);

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
