//! What came of an emergency, as one of a closed list of codes.

use std::{fmt, str::FromStr};

/// What came of an emergency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Help was given.
    Handled,
    /// Advice over the phone was enough.
    Advised,
    /// Another service sees to it.
    Referred,
    /// Nobody was in need; called in good faith.
    FalseAlarm,
    /// There was nothing of what was said.
    Unfounded,
    /// Those who came found nobody.
    NotFound,
    /// Nobody answered, and nothing more could be learned.
    NoAnswer,
    /// Help was turned down.
    Refused,
    /// Seen to under another call.
    Duplicate,
    /// Its caller called it off.
    CancelledByCaller,
    /// An exercise.
    Drill,
    /// One of the common disposition codes for the exchange with other centres
    /// (APCO ANS 1.111, as the EIDO of NENA uses them).
    Apco(Apco),
}

/// The common disposition codes that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apco(u8);

impl Apco {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self(10), Self(14), Self(17), Self(22), Self(24), Self(25), Self(38)];

    /// The number in the standard.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl Disposition {
    /// Those of the house, with the names on the wire and in the store.
    const OWN: [(Self, &str); 11] = [
        (Self::Handled, "handled"),
        (Self::Advised, "advised"),
        (Self::Referred, "referred"),
        (Self::FalseAlarm, "false_alarm"),
        (Self::Unfounded, "unfounded"),
        (Self::NotFound, "not_found"),
        (Self::NoAnswer, "no_answer"),
        (Self::Refused, "refused"),
        (Self::Duplicate, "duplicate"),
        (Self::CancelledByCaller, "cancelled_by_caller"),
        (Self::Drill, "drill"),
    ];

    /// Every one there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let own = Self::OWN.into_iter().map(|(disposition, _)| disposition);
        own.chain(Apco::ALL.into_iter().map(Self::Apco))
    }
}

impl fmt::Display for Disposition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Apco(code) = self {
            return write!(formatter, "apco_{}", code.number());
        }
        let own = Self::OWN.into_iter().find(|(disposition, _)| disposition == self);
        formatter.write_str(own.map_or("", |(_, name)| name))
    }
}

/// By name (`handled`, `apco_17`), or a common code by its bare number (`17`).
impl FromStr for Disposition {
    type Err = UnknownDisposition;

    fn from_str(text: &str) -> Result<Self, UnknownDisposition> {
        let is_named = |disposition: &Self| match disposition {
            Self::Apco(code) => text.strip_prefix("apco_").unwrap_or(text) == code.0.to_string(),
            own => own.to_string() == text,
        };
        Self::all().find(is_named).ok_or(UnknownDisposition)
    }
}

/// There is no disposition of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such disposition")]
pub struct UnknownDisposition;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_read_back() {
        for disposition in Disposition::all() {
            assert_eq!(disposition.to_string().parse(), Ok(disposition));
        }
        for code in Apco::ALL {
            assert_eq!(code.number().to_string().parse(), Ok(Disposition::Apco(code)));
        }
        for unknown in ["", "11", "apco_", "apco_11", "HANDLED", "+10", "010"] {
            assert_eq!(unknown.parse::<Disposition>(), Err(UnknownDisposition), "{unknown}");
        }
    }
}
