//! Why a report was not taken on.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a report was not taken on, and where its reporter can turn instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The reason.
    pub reason: RejectionReason,
    /// Where to go instead, in words for the reporter.
    pub go_to: Option<String>,
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.go_to {
            Some(go_to) => write!(formatter, "{}: {go_to}", self.reason),
            None => self.reason.fmt(formatter),
        }
    }
}

/// The reasons for which a report may be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectionReason {
    /// Another body is responsible, outside of what this service reaches.
    NotResponsible,
    /// It lies outside the province.
    OutsideProvince,
    /// It cannot be found or understood with what was said.
    NotEnoughInformation,
    /// The same was reported already.
    Duplicate,
    /// It was put right before.
    AlreadySolved,
    /// What was found is as it should be.
    NothingWrong,
    /// The law gives it a way of its own: complaint, denunciation, court.
    LegalTrack,
    /// It is an insult, an advertisement, a test.
    NotAReport,
}

impl RejectionReason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::NotResponsible,
        Self::OutsideProvince,
        Self::NotEnoughInformation,
        Self::Duplicate,
        Self::AlreadySolved,
        Self::NothingWrong,
        Self::LegalTrack,
        Self::NotAReport,
    ];

    /// Whether somebody else would have to answer.
    #[must_use]
    pub const fn leads_elsewhere(self) -> bool {
        matches!(self, Self::NotResponsible | Self::OutsideProvince | Self::LegalTrack)
    }

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotResponsible => "not_responsible",
            Self::OutsideProvince => "outside_province",
            Self::NotEnoughInformation => "not_enough_information",
            Self::Duplicate => "duplicate",
            Self::AlreadySolved => "already_solved",
            Self::NothingWrong => "nothing_wrong",
            Self::LegalTrack => "legal_track",
            Self::NotAReport => "not_a_report",
        }
    }
}

impl fmt::Display for RejectionReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for RejectionReason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text).ok_or(UnknownReason)
    }
}

/// There is no reason of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such reason to refuse a report")]
pub struct UnknownReason;
