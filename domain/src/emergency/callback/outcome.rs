//! What came of ringing a caller back.

use std::{fmt, str::FromStr};

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
