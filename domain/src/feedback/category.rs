//! What can be reported, and what follows from it: who answers, by when, and whether it may be
//! shown.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use super::{Allowance, Attribute, Visibility};
use crate::{directory::AgencyCode, territory::CommuneCode};

/// A name in the two languages of the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
}

/// How pressing a category is by its nature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// It can wait its turn.
    #[default]
    Normal,
    /// It should not wait.
    High,
    /// Somebody may come to harm.
    Urgent,
}

impl Urgency {
    /// How pressing a report of this is that so many others support: one step more from ten of
    /// them on, two from fifty on.
    #[must_use]
    pub const fn raised_by(self, supports: i64) -> Self {
        match (self, supports) {
            (Self::Normal, 10..=49) => Self::High,
            (Self::Normal, 50..) | (Self::High, 10..) => Self::Urgent,
            (same, _) => same,
        }
    }
}

/// A statutory way that a report of this category has to take, beside which the app is only the
/// letter box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalTrack {
    /// Khiếu nại: against a decision or act that wronged the sender (Law on Complaints 2011).
    Complaint,
    /// Tố cáo: of somebody's breach of the law (Law on Denunciations 2018, which protects the
    /// denouncer's identity).
    Denunciation,
}

/// Who answers a category.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "AgencyCode")]
pub enum Responsible {
    /// The commune where it is; written `commune`.
    Commune,
    /// This agency, wherever it is.
    Agency(AgencyCode),
}

impl From<AgencyCode> for Responsible {
    fn from(code: AgencyCode) -> Self {
        if code.as_str() == "commune" { Self::Commune } else { Self::Agency(code) }
    }
}

impl Serialize for Responsible {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Responsible {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commune => formatter.write_str("commune"),
            Self::Agency(code) => code.fmt(formatter),
        }
    }
}

impl Responsible {
    /// The agency that answers for something in `commune`; the fallback desk where the commune
    /// should answer and none is known.
    #[must_use]
    pub fn agency(&self, commune: Option<CommuneCode>) -> AgencyCode {
        match (self, commune) {
            (Self::Agency(agency), _) => agency.clone(),
            (Self::Commune, Some(commune)) => AgencyCode::of_commune(commune.as_str()),
            (Self::Commune, None) => AgencyCode::desk(),
        }
    }
}

/// Something that can be reported, or a group of such things.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are what a category states")]
pub struct Category {
    /// Its code: `road.pothole`.
    pub code: String,
    /// The group it belongs to.
    pub parent: Option<String>,
    /// Which edition of it this is, from 1.
    pub version: u32,
    /// Its name.
    pub name: Name,
    /// What the reporter should know before sending.
    pub notice: Option<Name>,
    /// Whether it can be reported; otherwise it only groups others.
    pub selectable: bool,
    /// Whether it, or its group, was withdrawn: it cannot be reported any more.
    pub withdrawn: bool,
    /// How pressing it is.
    pub urgency: Urgency,
    /// Whether a report has to come with a photo.
    pub photo_required: bool,
    /// Whether an answer has to come with a photo of what was done.
    pub after_photo_required: bool,
    /// What else is asked.
    pub attributes: Vec<Attribute>,
    /// Who answers.
    pub responsible: Responsible,
    /// How long the answer may take.
    pub deadline: Allowance,
    /// How its reports begin: hidden until published, or sealed for good.
    pub visibility: Visibility,
    /// Whether strangers are shown only roughly where it is: it tells of somebody's home or trouble.
    pub blurred: bool,
    /// The statutory way it has to take, where there is one.
    pub legal_track: Option<LegalTrack>,
}
