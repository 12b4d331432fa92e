//! What is looked at first.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How urgent an emergency is, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Somebody may be unable to speak, or in the hands of another; a household is in danger.
    High,
    /// Any call for help.
    Normal,
    /// Drills.
    Low,
}

impl Priority {
    /// Every priority, the most urgent first.
    pub const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];

    /// The place in the queue of calls that the service makes itself: behind all others.
    pub const OF_PROBES: i32 = 90;

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }

    /// The place in the queue among all open calls, lowest first: a suspect call stands behind
    /// the others of its priority, never behind a lesser one.
    #[must_use]
    pub const fn urgency(self, suspect: bool) -> i32 {
        match (self, suspect) {
            (Self::High, false) => 10,
            (Self::High, true) => 11,
            (Self::Normal, false) => 20,
            (Self::Normal, true) => 21,
            (Self::Low, false) => 30,
            (Self::Low, true) => 31,
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Priority {
    type Err = UnknownPriority;

    fn from_str(text: &str) -> Result<Self, UnknownPriority> {
        Self::ALL.into_iter().find(|priority| priority.as_str() == text).ok_or(UnknownPriority)
    }
}

/// There is no priority of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such priority")]
pub struct UnknownPriority;
