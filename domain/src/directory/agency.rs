//! The agencies that answer.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Area;
use crate::emergency::Kind;

/// The code of an agency: `province`, `police`, `commune-05443`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyCode(String);

impl AgencyCode {
    /// The province itself: its area is everything.
    #[must_use]
    pub fn province() -> Self {
        Self("province".to_owned())
    }

    /// The police.
    #[must_use]
    pub fn police() -> Self {
        Self("police".to_owned())
    }

    /// The fire service.
    #[must_use]
    pub fn fire() -> Self {
        Self("fire".to_owned())
    }

    /// The desk that takes what nobody else is responsible for.
    #[must_use]
    pub fn desk() -> Self {
        Self("desk".to_owned())
    }

    /// The agency of the commune with this code.
    #[must_use]
    pub fn of_commune(code: &str) -> Self {
        Self(format!("commune-{code}"))
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the province, whose area holds every other agency.
    #[must_use]
    pub fn is_province(&self) -> bool {
        self.0 == "province"
    }

    /// The commune code, where this is a commune's agency.
    #[must_use]
    pub fn commune(&self) -> Option<&str> {
        self.0.strip_prefix("commune-")
    }
}

impl fmt::Display for AgencyCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<AgencyCode> for String {
    fn from(code: AgencyCode) -> Self {
        code.0
    }
}

impl TryFrom<String> for AgencyCode {
    type Error = InvalidAgencyCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let fits = (2..=40).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if fits { Ok(Self(text)) } else { Err(InvalidAgencyCode) }
    }
}

impl FromStr for AgencyCode {
    type Err = InvalidAgencyCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.to_owned().try_into()
    }
}

/// The text is no agency code: 2 to 40 lower-case letters, digits and hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an agency code is 2 to 40 lower-case letters, digits and hyphens")]
pub struct InvalidAgencyCode;

/// What an agency is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgencyKind {
    /// The province.
    Province,
    /// A department of the province, or an office of one.
    Department,
    /// A commune or ward.
    Commune,
    /// A centre that answers emergency calls.
    EmergencyCentre,
    /// The fallback desk.
    Desk,
}

impl AgencyKind {
    const ALL: [Self; 5] =
        [Self::Province, Self::Department, Self::Commune, Self::EmergencyCentre, Self::Desk];
    /// The kinds that can be added.
    pub const ADDED: [Self; 2] = [Self::Department, Self::EmergencyCentre];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Department => "department",
            Self::Commune => "commune",
            Self::EmergencyCentre => "emergency_centre",
            Self::Desk => "desk",
        }
    }
}

impl fmt::Display for AgencyKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for AgencyKind {
    type Err = UnknownAgencyKind;

    fn from_str(text: &str) -> Result<Self, UnknownAgencyKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownAgencyKind)
    }
}

/// There is no such kind of agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such kind of agency")]
pub struct UnknownAgencyKind;

/// An agency of the province.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Its code.
    pub code: AgencyCode,
    /// Its name, in Vietnamese.
    pub name: String,
    /// What it is there for.
    pub kind: AgencyKind,
    /// Its telephone number, once an operator has confirmed it.
    pub phone: Option<String>,
    /// The agency above it; only the province has none.
    pub parent: Option<AgencyCode>,
    /// Where it is responsible.
    pub area: Area,
    /// Which calls for help it answers there.
    #[serde(default)]
    pub kinds: Vec<Kind>,
    /// Grows with each change; 0 as it is shipped.
    pub version: i64,
}
