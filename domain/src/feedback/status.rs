//! Where a report stands, and who may see it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where a report stands on its way to an answer. The ways between are in [`TRANSITIONS`].
///
/// [`TRANSITIONS`]: super::TRANSITIONS
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It arrived; nobody has looked at it.
    Submitted,
    /// The responsible agency took it on.
    Accepted,
    /// A person or unit has it.
    Assigned,
    /// Work has begun.
    InProgress,
    /// The reporter was asked something; the clock pauses until they answer.
    NeedsInfo,
    /// It was answered; the reporter may still say otherwise.
    Resolved,
    /// The answer stood.
    Closed,
    /// It was not taken on; the reporter was told why, and where to go instead.
    Rejected,
    /// The reporter took it back before work began.
    Withdrawn,
    /// It follows another report about the same thing.
    Merged,
}

impl Status {
    /// Every status, in the order of a report's life.
    pub const ALL: [Self; 10] = [
        Self::Submitted,
        Self::Accepted,
        Self::Assigned,
        Self::InProgress,
        Self::NeedsInfo,
        Self::Resolved,
        Self::Closed,
        Self::Rejected,
        Self::Withdrawn,
        Self::Merged,
    ];

    /// What waits for an answer of the officers: only these can be overdue.
    pub const OPEN: [Self; 4] = [Self::Submitted, Self::Accepted, Self::Assigned, Self::InProgress];

    /// Where somebody will still have to answer it by its own words.
    pub const WAITING: [Self; 5] =
        [Self::Submitted, Self::Accepted, Self::Assigned, Self::InProgress, Self::NeedsInfo];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Assigned => "assigned",
            Self::InProgress => "in_progress",
            Self::NeedsInfo => "needs_info",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Merged => "merged",
        }
    }

    /// Whether somebody will still have to answer it by its own words.
    #[must_use]
    pub fn waits_for_an_answer(self) -> bool {
        Self::WAITING.contains(&self)
    }

    /// Whether nothing follows of itself any more.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Closed | Self::Rejected | Self::Withdrawn)
    }

    /// Whether it waits for an answer of the officers.
    #[must_use]
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(UnknownStatus)
    }
}

/// There is no status of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such status of a report")]
pub struct UnknownStatus;

/// Whether strangers see a report. It stands beside the status: a report may be answered without
/// ever being public, and public before it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Never public, whoever asks: complaints and denunciations in the sense of the law.
    Sealed,
    /// Not public, until an officer publishes it.
    Hidden,
    /// Public.
    Published,
}

impl Visibility {
    /// Every visibility.
    pub const ALL: [Self; 3] = [Self::Sealed, Self::Hidden, Self::Published];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Hidden => "hidden",
            Self::Published => "published",
        }
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Visibility {
    type Err = UnknownVisibility;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|known| known.as_str() == text).ok_or(UnknownVisibility)
    }
}

/// There is no visibility of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such visibility of a report")]
pub struct UnknownVisibility;
