//! Who is called to a call from elsewhere.

use std::{fmt, str::FromStr};

use crate::directory::{AgencyCode, InvalidAgencyCode};

/// Who was called to an emergency beside those who answer for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// The dispatchers of this agency.
    Agency(AgencyCode),
    /// Everybody.
    Everyone,
}

impl Called {
    /// Whether somebody who reaches the agencies of which `reaches` says so is among them.
    #[must_use]
    pub fn includes(&self, reaches: impl FnOnce(&AgencyCode) -> bool) -> bool {
        match self {
            Self::Agency(agency) => reaches(agency),
            Self::Everyone => true,
        }
    }
}

/// As it is stored, and told in events: a star, or the code.
impl fmt::Display for Called {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agency(agency) => agency.fmt(formatter),
            Self::Everyone => formatter.write_str("*"),
        }
    }
}

impl FromStr for Called {
    type Err = InvalidAgencyCode;

    fn from_str(text: &str) -> Result<Self, InvalidAgencyCode> {
        if text == "*" { Ok(Self::Everyone) } else { text.parse().map(Self::Agency) }
    }
}
