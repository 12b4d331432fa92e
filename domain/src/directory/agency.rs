//! The agencies that answer.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

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
    /// The province and its departments.
    Province,
    /// A commune or ward.
    Commune,
    /// A centre that answers emergency calls.
    EmergencyCentre,
    /// The fallback desk.
    Desk,
}

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
}
