//! What people ask to be done with their data, and by when it has to be (Law 91/2025/QH15, Decree
//! 356/2025/NĐ-CP).
//!
//! Working days end a deadline, and never lie beyond the days that the law counts by the calendar.

use std::{fmt, str::FromStr};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    Id, Moment,
    feedback::{Allowance, WorkingCalendar},
    identity::CitizenId,
};

/// The id of a request.
pub type RequestId = Id<SubjectRequest>;

/// Within how many working days a request is acknowledged.
const ACKNOWLEDGE: u16 = 2;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// To know what is held, beyond what the export shows.
    Access,
    /// To have something corrected that one cannot correct oneself.
    Correction,
    /// To be erased.
    Erasure,
    /// To have data used for less.
    Restriction,
    /// To object to a use.
    Objection,
    /// To take back a consent that was given elsewhere than in the app.
    Withdrawal,
}

impl RequestKind {
    const ALL: [Self; 6] = [
        Self::Access,
        Self::Correction,
        Self::Erasure,
        Self::Restriction,
        Self::Objection,
        Self::Withdrawal,
    ];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Correction => "correction",
            Self::Erasure => "erasure",
            Self::Restriction => "restriction",
            Self::Objection => "objection",
            Self::Withdrawal => "withdrawal",
        }
    }

    /// How long it may take: working days, and days of the calendar that are never passed.
    const fn allowance(self) -> (u16, TimeDelta) {
        match self {
            Self::Access | Self::Correction | Self::Erasure => (7, TimeDelta::days(10)),
            Self::Restriction | Self::Objection | Self::Withdrawal => (10, TimeDelta::days(15)),
        }
    }
}

impl fmt::Display for RequestKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for RequestKind {
    type Err = UnknownRequest;

    fn from_str(text: &str) -> Result<Self, UnknownRequest> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownRequest)
    }
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestStatus {
    /// It arrived.
    Received,
    /// Its person was told that it is being worked on.
    Acknowledged,
    /// It was done.
    Done,
    /// It was refused, with a reason.
    Refused,
}

impl RequestStatus {
    const ALL: [Self; 4] = [Self::Received, Self::Acknowledged, Self::Done, Self::Refused];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Acknowledged => "acknowledged",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// Whether somebody still has to do something.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::Acknowledged)
    }
}

impl fmt::Display for RequestStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for RequestStatus {
    type Err = UnknownRequest;

    fn from_str(text: &str) -> Result<Self, UnknownRequest> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(UnknownRequest)
    }
}

/// There is no such kind or status of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such kind or status of a request")]
pub struct UnknownRequest;

/// Something that a person asked to be done with their data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectRequest {
    /// Its id.
    pub id: RequestId,
    /// Whose data it is about.
    pub citizen: CitizenId,
    /// What is asked for.
    pub kind: RequestKind,
    /// Where it stands.
    pub status: RequestStatus,
    /// In the person's own words.
    pub words: String,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// By when it has to be acknowledged.
    pub acknowledge_by: DateTime<Utc>,
    /// By when it has to be done.
    pub due_at: DateTime<Utc>,
    /// When it was acknowledged.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Whether its time was extended, which is allowed once.
    pub extended: bool,
    /// When it was done or refused.
    pub closed_at: Option<DateTime<Utc>>,
    /// What its person was answered.
    pub answer: Option<String>,
}

impl SubjectRequest {
    /// Its version: each step can be made once, so that the steps made number its versions.
    #[must_use]
    pub fn version(&self) -> i64 {
        let steps = [self.acknowledged_at.is_some(), self.extended, self.closed_at.is_some()];
        1 + steps.into_iter().map(i64::from).sum::<i64>()
    }

    /// A request that arrives now.
    pub(super) fn new(
        now: &Moment,
        calendar: &WorkingCalendar,
        citizen: CitizenId,
        (kind, words): (RequestKind, String),
    ) -> Self {
        Self {
            id: now.new_id(),
            citizen,
            kind,
            status: RequestStatus::Received,
            words,
            received_at: now.at,
            acknowledge_by: calendar.due(now.at, Allowance::WorkingDays(ACKNOWLEDGE)),
            due_at: due(calendar, kind, now.at),
            acknowledged_at: None,
            extended: false,
            closed_at: None,
            answer: None,
        }
    }

    /// Acknowledged; nothing once it was.
    pub(super) fn acknowledged(self, at: DateTime<Utc>) -> Option<Self> {
        (self.status == RequestStatus::Received).then_some(Self {
            status: RequestStatus::Acknowledged,
            acknowledged_at: Some(at),
            ..self
        })
    }

    /// With as much time again; nothing once that was given, or it is too late.
    pub(super) fn extended(self, calendar: &WorkingCalendar, at: DateTime<Utc>) -> Option<Self> {
        let may = self.status.is_open() && !self.extended && at <= self.due_at;
        let due_at = due(calendar, RequestKind::Objection, self.due_at);
        may.then_some(Self { extended: true, due_at, ..self })
    }

    /// Done or refused; nothing once it was.
    pub(super) fn closed(
        self,
        outcome: Outcome,
        at: DateTime<Utc>,
        answer: String,
    ) -> Option<Self> {
        let status = match outcome {
            Outcome::Done => RequestStatus::Done,
            Outcome::Refused => RequestStatus::Refused,
        };
        self.status.is_open().then_some(Self {
            status,
            acknowledged_at: self.acknowledged_at.or(Some(at)),
            closed_at: Some(at),
            answer: Some(answer),
            ..self
        })
    }
}

/// By when a request of `kind` that arrives at `from` has to be done.
fn due(calendar: &WorkingCalendar, kind: RequestKind, from: DateTime<Utc>) -> DateTime<Utc> {
    let (days, at_most) = kind.allowance();
    calendar.due(from, Allowance::WorkingDays(days)).min(from + at_most)
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, with a reason.
    Refused,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_deadline_is_never_beyond_the_days_of_the_law(
            from in 1_700_000_000_i64..1_900_000_000,
            holidays in prop::collection::vec(0_u64..60, 0..30),
        ) {
            let from = DateTime::from_timestamp(from, 0).unwrap();
            let days = holidays.into_iter().map(|day| from.date_naive() + chrono::Days::new(day));
            let calendar = WorkingCalendar::new(days);
            for kind in RequestKind::ALL {
                let due = due(&calendar, kind, from);
                prop_assert!(due > from && due <= from + kind.allowance().1);
            }
        }
    }
}
