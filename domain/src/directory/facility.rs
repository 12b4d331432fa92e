//! Places where citizens get something: hospitals, police stations, one-stop counters.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};

use super::{AgencyCode, OpeningHours};
use crate::territory::{CommuneCode, Position};

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FacilityKind {
    /// The public administration service centre of a commune (Trung tâm Phục vụ hành chính công).
    OneStop,
    /// The public administration service centre of the province.
    ProvinceOneStop,
    /// The seat of a people's committee.
    PeopleCommittee,
    /// The police.
    Police,
    /// The fire service.
    Fire,
    /// A hospital or medical centre.
    Hospital,
    /// A smaller place for the sick.
    Clinic,
    /// A pharmacy.
    Pharmacy,
    /// A post office.
    Post,
    /// A court.
    Court,
    /// A tax office.
    Tax,
    /// An office of social insurance.
    SocialInsurance,
    /// A notary.
    Notary,
    /// Anything else.
    Other,
}

impl FacilityKind {
    const ALL: [Self; 14] = [
        Self::OneStop,
        Self::ProvinceOneStop,
        Self::PeopleCommittee,
        Self::Police,
        Self::Fire,
        Self::Hospital,
        Self::Clinic,
        Self::Pharmacy,
        Self::Post,
        Self::Court,
        Self::Tax,
        Self::SocialInsurance,
        Self::Notary,
        Self::Other,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneStop => "one_stop",
            Self::ProvinceOneStop => "province_one_stop",
            Self::PeopleCommittee => "people_committee",
            Self::Police => "police",
            Self::Fire => "fire",
            Self::Hospital => "hospital",
            Self::Clinic => "clinic",
            Self::Pharmacy => "pharmacy",
            Self::Post => "post",
            Self::Court => "court",
            Self::Tax => "tax",
            Self::SocialInsurance => "social_insurance",
            Self::Notary => "notary",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for FacilityKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for FacilityKind {
    type Err = UnknownFacilityKind;

    fn from_str(text: &str) -> Result<Self, UnknownFacilityKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownFacilityKind)
    }
}

/// There is no such kind of facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the kind of a facility is one_stop, province_one_stop, people_committee, police, fire, \
     hospital, clinic, pharmacy, post, court, tax, social_insurance, notary or other"
)]
pub struct UnknownFacilityKind;

/// A place where citizens get something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facility {
    /// Its name within the list it comes from, stable over imports.
    pub id: String,
    /// What it is.
    #[serde(deserialize_with = "kind_or_other")]
    pub kind: FacilityKind,
    /// Its name, in Vietnamese.
    pub name: String,
    /// Its postal address, as far as it is known.
    pub address: Option<String>,
    /// The commune it lies in.
    pub commune: Option<CommuneCode>,
    /// Where it is; one without a position is found by name only.
    pub position: Option<Position>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Whether somebody who answers for it has confirmed the number. Others are not shown.
    #[serde(default)]
    pub phone_confirmed: bool,
    /// When it is open, where that is known and could be read.
    #[serde(default, deserialize_with = "hours_if_plain")]
    pub opening_hours: Option<OpeningHours>,
    /// When it is open, as published.
    #[serde(default)]
    pub opening_hours_raw: Option<String>,
    /// Whose list it comes from.
    pub source: String,
    /// Where that list can be looked up.
    pub source_url: Option<String>,
    /// Under which licence the data may be shown.
    pub licence: String,
    /// Of which day the data is.
    pub data_as_of: Option<NaiveDate>,
}

/// The kind of a facility in a record. One that was kept by another version of this program may be of
/// a kind that this one does not know, and is read all the same.
fn kind_or_other<'de, D: Deserializer<'de>>(record: D) -> Result<FacilityKind, D::Error> {
    Ok(String::deserialize(record)?.parse().unwrap_or(FacilityKind::Other))
}

/// Opening hours in a record, where this version of the program can read them.
fn hours_if_plain<'de, D: Deserializer<'de>>(record: D) -> Result<Option<OpeningHours>, D::Error> {
    let text: Option<String> = Option::deserialize(record)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

impl Facility {
    /// The agency whose people know when it is open: that of its commune.
    #[must_use]
    pub fn agency(&self) -> AgencyCode {
        self.commune.map_or_else(AgencyCode::province, |code| AgencyCode::of_commune(code.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_another_version_is_read() {
        let record = r#"{"id": "a", "kind": "spaceport", "name": "A", "source": "S", "licence": "CC0",
            "opening_hours": "Mo[1] 08:00-12:00", "opening_hours_raw": "x"}"#;
        let read: Facility = serde_json::from_str(record).unwrap();
        assert_eq!((read.kind, read.opening_hours), (FacilityKind::Other, None));
        assert!("spaceport".parse::<FacilityKind>().is_err(), "a filter says what it means");
        assert!(serde_json::from_str::<FacilityKind>("\"spaceport\"").is_err());
    }
}
