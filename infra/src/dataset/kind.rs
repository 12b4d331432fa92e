//! Which lists of open data there are.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::Serialize;

use super::Reading;
use crate::{
    catalogue::{self, reading, wording},
    directory, territory,
};

/// A list of fewer rows than this is edited by hand, and may lose what it likes.
const FEW: usize = 20;

/// A list of open data. Each is imported, versioned and replaced by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dataset {
    /// The procedures of the ministries that the national portal lists.
    NationalProcedures,
    /// The procedures of the other ministries at the commune's counter.
    CommuneProcedures,
    /// The full records of procedures.
    ProcedureDetails,
    /// What happens in a life, and which procedures come with it.
    LifeEvents,
    /// What people ask for most.
    MostAsked,
    /// Everyday words and what offices call them.
    Synonyms,
    /// What a query certainly means.
    BestBets,
    /// What the province's offices do not do.
    OutOfScope,
    /// The communes of today.
    Communes,
    /// The communes before July 2025.
    LegacyCommunes,
    /// The outlines of the communes as surveyed.
    FullOutlines,
    /// The outlines of the communes for drawing.
    SimplifiedOutlines,
    /// Hospitals and other places.
    Facilities,
    /// Hospitals and other places, from OpenStreetMap.
    OsmFacilities,
    /// What names of places begin with, and how people write it.
    NameAbbreviations,
    /// Telephone numbers.
    Hotlines,
    /// Public holidays.
    Holidays,
    /// Announcements to the public.
    Notices,
}

impl Dataset {
    /// All lists.
    pub const ALL: [Self; 18] = [
        Self::NationalProcedures,
        Self::CommuneProcedures,
        Self::ProcedureDetails,
        Self::LifeEvents,
        Self::MostAsked,
        Self::Synonyms,
        Self::BestBets,
        Self::OutOfScope,
        Self::Communes,
        Self::LegacyCommunes,
        Self::FullOutlines,
        Self::SimplifiedOutlines,
        Self::Facilities,
        Self::OsmFacilities,
        Self::NameAbbreviations,
        Self::Hotlines,
        Self::Holidays,
        Self::Notices,
    ];

    /// The name under which the list is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NationalProcedures => "national_procedures",
            Self::CommuneProcedures => "commune_procedures",
            Self::ProcedureDetails => "procedure_details",
            Self::LifeEvents => "life_events",
            Self::MostAsked => "most_asked",
            Self::Synonyms => "synonyms",
            Self::BestBets => "best_bets",
            Self::OutOfScope => "out_of_scope",
            Self::Communes => "communes",
            Self::LegacyCommunes => "legacy_communes",
            Self::FullOutlines => "full_outlines",
            Self::SimplifiedOutlines => "simplified_outlines",
            Self::Facilities => "facilities",
            Self::OsmFacilities => "osm_facilities",
            Self::NameAbbreviations => "name_abbreviations",
            Self::Hotlines => "hotlines",
            Self::Holidays => "holidays",
            Self::Notices => "notices",
        }
    }

    /// Whether the catalogue of procedures is made of this list.
    #[must_use]
    pub const fn is_of_catalogue(self) -> bool {
        matches!(self, Self::NationalProcedures | Self::CommuneProcedures | Self::ProcedureDetails)
    }

    /// Whether `records` are so few beside those `in_force` that a file with no more is taken for a
    /// broken one: of the catalogue less than 49 of 50, of any other list but the notices less than
    /// half.
    pub(super) const fn shrinks(self, records: usize, in_force: usize) -> bool {
        match self {
            Self::NationalProcedures | Self::CommuneProcedures | Self::ProcedureDetails => {
                records < in_force - in_force / 50
            }
            Self::Communes
            | Self::LegacyCommunes
            | Self::FullOutlines
            | Self::SimplifiedOutlines
            | Self::Facilities
            | Self::OsmFacilities
            | Self::NameAbbreviations
            | Self::LifeEvents
            | Self::MostAsked
            | Self::Synonyms
            | Self::BestBets
            | Self::OutOfScope
            | Self::Hotlines
            | Self::Holidays => in_force >= FEW && records < in_force / 2,
            // They end by themselves.
            Self::Notices => false,
        }
    }

    /// Reads a file of this list that was true on `as_of`: its records, as they are stored.
    pub(super) fn read(self, bytes: &[u8], as_of: NaiveDate) -> Reading<String> {
        match self {
            Self::NationalProcedures | Self::CommuneProcedures => {
                stored(reading::procedures(bytes, as_of))
            }
            Self::ProcedureDetails => stored(reading::details(bytes)),
            Self::LifeEvents => stored(catalogue::life_events(bytes)),
            Self::MostAsked => stored(reading::most_asked(bytes)),
            Self::Synonyms => stored(wording::synonyms(bytes)),
            Self::BestBets => stored(wording::best_bets(bytes)),
            Self::OutOfScope => stored(wording::out_of_scope(bytes)),
            Self::Communes => stored(territory::read_communes(bytes)),
            Self::LegacyCommunes => stored(territory::read_legacy_communes(bytes)),
            Self::FullOutlines | Self::SimplifiedOutlines => {
                stored(territory::read_outlines(bytes))
            }
            Self::Facilities => stored(directory::read_facilities(bytes)),
            Self::OsmFacilities => stored(directory::read_osm_facilities(bytes)),
            Self::NameAbbreviations => stored(directory::read_abbreviations(bytes)),
            Self::Hotlines => stored(directory::read_hotlines(bytes)),
            Self::Holidays => stored(directory::read_holidays(bytes)),
            Self::Notices => stored(directory::read_notices(bytes)),
        }
    }
}

/// The records of `reading` as JSON texts.
fn stored<T: Serialize>(reading: Reading<T>) -> Reading<String> {
    let mut stored =
        Reading { records: Vec::with_capacity(reading.records.len()), doubts: reading.doubts };
    for (number, record) in (1..).zip(&reading.records) {
        match serde_json::to_string(record) {
            Ok(json) => stored.records.push(json),
            Err(error) => stored.refuse(number, format!("the record cannot be stored: {error}")),
        }
    }
    stored
}

impl fmt::Display for Dataset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Dataset {
    type Err = UnknownDataset;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|dataset| dataset.as_str() == text).ok_or(UnknownDataset)
    }
}

/// There is no such list of open data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such dataset")]
pub struct UnknownDataset;
