//! The open data this binary ships with, so that it needs no folder of data where it runs.

use std::io::{self, Read};

use flate2::read::GzDecoder;

/// The communes and wards of today, CSV.
pub const COMMUNES: &[u8] = include_bytes!("../../data/thai-nguyen-communes.csv");

/// The communes before July 2025 and what became of them, CSV.
pub const LEGACY_COMMUNES: &[u8] = include_bytes!("../../data/thai-nguyen-legacy-communes.csv");

/// The outlines of the communes as surveyed, GeoJSON, gzipped.
pub const FULL_OUTLINES: &[u8] = include_bytes!("../../data/thai-nguyen-communes.full.geojson.gz");

/// The outlines of the communes for drawing, GeoJSON, gzipped.
pub const SIMPLIFIED_OUTLINES: &[u8] =
    include_bytes!("../../data/thai-nguyen-communes.simplified.geojson.gz");

/// Hospitals and other places, CSV.
pub const FACILITIES: &[u8] = include_bytes!("../../data/facilities.csv");

/// What names of places begin with and how people write it, CSV.
pub const NAME_ABBREVIATIONS: &[u8] = include_bytes!("../../data/name-abbreviations.csv");

/// Telephone numbers, CSV.
pub const HOTLINES: &[u8] = include_bytes!("../../data/hotlines.csv");

/// Public holidays, CSV.
pub const HOLIDAYS: &[u8] = include_bytes!("../../data/holidays-vn.csv");

/// The procedures of the ministries that the national portal lists, CSV, gzipped.
pub const NATIONAL_PROCEDURES: &[u8] = include_bytes!("../../data/tthc-national.csv.gz");

/// The procedures of the other ministries at the commune's counter, CSV.
pub const COMMUNE_PROCEDURES: &[u8] =
    include_bytes!("../../data/tthc-commune-other-ministries.csv");

/// The full records of the procedures that people ask for most, JSON, gzipped.
pub const PROCEDURE_DETAILS: &[u8] = include_bytes!("../../data/tthc-core-details.json.gz");

/// What happens in a life, and which procedures come with it, CSV.
pub const LIFE_EVENTS: &[u8] = include_bytes!("../../data/life-events.csv");

/// What people ask for most, CSV.
pub const MOST_ASKED: &[u8] = include_bytes!("../../data/most-asked.csv");

/// Everyday words and what offices call them, CSV.
pub const SYNONYMS: &[u8] = include_bytes!("../../data/search-synonyms.csv");

/// What a query certainly means, CSV.
pub const BEST_BETS: &[u8] = include_bytes!("../../data/search-best-bets.csv");

/// What the province's offices do not do, CSV.
pub const OUT_OF_SCOPE: &[u8] = include_bytes!("../../data/search-out-of-scope.csv");

/// What callers are asked while there are more calls than dispatchers, JSON.
pub const TRIAGE_QUESTIONS: &[u8] = include_bytes!("../../data/triage-questions.json");

/// Passwords that everybody tries first, one a line, gzipped.
pub const KNOWN_PASSWORDS: &[u8] = include_bytes!("../../data/known-passwords.txt.gz");

/// What `packed` holds, gzipped.
///
/// # Errors
/// When it is damaged.
pub fn unpacked(packed: &[u8]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes)?;
    Ok(bytes)
}
