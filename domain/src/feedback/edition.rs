//! A category as it is stated, before what it leaves out is taken from its group.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Allowance, Attribute, CategoriesError, Category, Datatype, LegalTrack, Name, Responsible,
    Urgency, Visibility,
};

/// The most characters of a code.
const CODE: usize = 60;
/// The longest an answer may take, in working days and in working hours.
const DAYS: u16 = 250;
const HOURS: u16 = 500;

/// An edition of a category, as it is stated: what is left out is as in its group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "they are what a category states")]
pub struct Edition {
    /// The code of the category.
    pub code: String,
    /// The group it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Which edition it is, from 1.
    #[serde(default = "first_version")]
    pub version: u32,
    /// Its name.
    pub name: Name,
    /// What the reporter should know before sending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Name>,
    /// Whether it can be reported; otherwise it only groups others.
    #[serde(default = "yes")]
    pub selectable: bool,
    /// Whether it cannot be reported any more.
    #[serde(default)]
    pub withdrawn: bool,
    /// How pressing it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// Whether a report has to come with a photo.
    #[serde(default)]
    pub photo_required: bool,
    /// Whether its answer has to come with one, of how it looks afterwards.
    #[serde(default)]
    pub after_photo_required: bool,
    /// What else is asked.
    #[serde(default)]
    pub attributes: Vec<Attribute>,
    /// Who answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<Responsible>,
    /// How long the answer may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Allowance>,
    /// Whether its reports are never shown.
    #[serde(default)]
    pub sealed: bool,
    /// The statutory way it has to take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_track: Option<LegalTrack>,
}

const fn first_version() -> u32 {
    1
}

const fn yes() -> bool {
    true
}

/// What is wrong with an edition of a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Its code is no code.
    #[error("its code is not made of lower-case letters, digits, underscores and dots")]
    Code,
    /// There is one of this code and version.
    #[error("its code is taken")]
    CodeTaken,
    /// It belongs to no group that is there, or to one that it holds itself.
    #[error("its group is not there")]
    NoGroup,
    /// Nobody answers for it.
    #[error("neither it nor its group says which agency answers, or there is no such agency")]
    NoAgency,
    /// It has no deadline, or one that nobody would wait for.
    #[error("neither it nor its group says by when, or it is out of range")]
    NoDeadline,
    /// Two questions have one code, or values stand where none belong.
    #[error("values belong to the two list types, and only there; no code stands twice")]
    Attributes,
}

impl Fault {
    /// The field that is wrong.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Code | Self::CodeTaken => "code",
            Self::NoGroup => "parent",
            Self::NoAgency => "agency",
            Self::NoDeadline => "deadline",
            Self::Attributes => "attributes",
        }
    }
}

impl Edition {
    /// Whether `other` has the same code and version.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.code, self.version) == (&other.code, other.version)
    }

    /// That this is wrong with it.
    pub(super) fn fault(&self, fault: Fault) -> CategoriesError {
        CategoriesError::Fault { code: self.code.clone(), fault }
    }

    /// Whether it fits by itself.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let sign = |sign: char| matches!(sign, 'a'..='z' | '0'..='9' | '_');
        let part = |part: &str| !part.is_empty() && part.chars().all(sign);
        if self.code.len() > CODE || !self.code.split('.').all(part) {
            return Err(Fault::Code);
        }
        let bearable = match self.deadline {
            None => true,
            Some(Allowance::WorkingDays(days)) => (1..=DAYS).contains(&days),
            Some(Allowance::WorkingHours(hours)) => (1..=HOURS).contains(&hours),
        };
        if !bearable {
            return Err(Fault::NoDeadline);
        }
        let mut codes = BTreeSet::new();
        for attribute in &self.attributes {
            let list =
                matches!(attribute.datatype, Datatype::SingleValueList | Datatype::MultiValueList);
            let keys: BTreeSet<_> = attribute.values.iter().map(|choice| &choice.key).collect();
            let once = codes.insert(&attribute.code) && keys.len() == attribute.values.len();
            if list == attribute.values.is_empty() || !once || attribute.code.is_empty() {
                return Err(Fault::Attributes);
            }
        }
        Ok(())
    }

    /// The category, as one of `group`.
    pub(super) fn below(&self, group: Option<&Category>) -> Result<Category, Fault> {
        let withdrawn = self.withdrawn || group.is_some_and(|group| group.withdrawn);
        Ok(Category {
            urgency: self.urgency.or(group.map(|group| group.urgency)).unwrap_or_default(),
            responsible: (self.agency.clone())
                .or_else(|| group.map(|group| group.responsible.clone()))
                .ok_or(Fault::NoAgency)?,
            deadline: (self.deadline)
                .or(group.map(|group| group.deadline))
                .ok_or(Fault::NoDeadline)?,
            visibility: if self.sealed || self.legal_track.is_some() {
                Visibility::Sealed
            } else {
                Visibility::Hidden
            },
            code: self.code.clone(),
            parent: self.parent.clone(),
            version: self.version,
            name: self.name.clone(),
            notice: self.notice.clone(),
            selectable: self.selectable && !withdrawn,
            withdrawn,
            photo_required: self.photo_required,
            after_photo_required: self.after_photo_required,
            attributes: self.attributes.clone(),
            legal_track: self.legal_track,
        })
    }
}
