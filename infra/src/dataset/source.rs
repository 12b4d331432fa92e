//! Files of open data.

use std::{
    fmt,
    io::{self, Read as _},
    str::FromStr,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::NaiveDate;
use csv::ReaderBuilder;
use domain::text;
use flate2::read::GzDecoder;
use sha2::{Digest as _, Sha256};

use super::Dataset;
use crate::directory::is_osm_extract;

/// Mixed into the digests: raised when records are stored in another form, so that the shipped
/// files are loaded anew.
const FORM: u8 = 3;

/// The most a compressed file may hold, in bytes.
const MOST: u64 = 512 * 1024 * 1024;

/// A file of open data.
#[derive(Clone, Debug)]
pub struct Source {
    /// Which list it holds.
    pub dataset: Dataset,
    /// Its name, for whoever asks where the data came from.
    pub name: String,
    /// What it holds, unpacked.
    pub bytes: Vec<u8>,
    /// The digest of the file as it was given.
    pub digest: String,
    /// The day on which it was true.
    pub as_of: NaiveDate,
    /// Whether a list may lose more than one in fifty of its procedures, or more than half of its other
    /// rows, by it. Else such a file is taken for a broken one.
    pub may_shrink: bool,
}

impl Source {
    /// The `file` called `name` that an operator says is about `subject`. Files compressed by gzip
    /// are unpacked.
    ///
    /// # Errors
    /// When it is compressed and damaged.
    pub fn recognise(
        subject: Subject,
        name: &str,
        file: &[u8],
        as_of: NaiveDate,
    ) -> io::Result<Self> {
        let bytes = unpacked(file)?;
        let dataset = subject.dataset(name, &bytes);
        let (name, digest) = (name.to_owned(), digest(file));
        Ok(Self { dataset, name, bytes, digest, as_of, may_shrink: false })
    }
}

/// What `file` holds: itself, or what was compressed by gzip.
pub(super) fn unpacked(file: &[u8]) -> io::Result<Vec<u8>> {
    if !file.starts_with(&[0x1f, 0x8b]) {
        return Ok(file.to_vec());
    }
    let mut bytes = Vec::new();
    GzDecoder::new(file).take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The digest of a file of open data.
pub(super) fn digest(file: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update([FORM]).chain_update(file).finalize())
}

/// What an operator says a file is about. Which list it is shows in the file itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Administrative procedures, as lists or full records, or the words by which they are found.
    Procedures,
    /// Communes of today or before, or their outlines.
    Communes,
    /// Hospitals and other places.
    Facilities,
    /// Telephone numbers.
    Hotlines,
    /// Public holidays.
    Holidays,
    /// Announcements to the public.
    Notices,
}

impl Subject {
    /// All subjects.
    pub const ALL: [Self; 6] = [
        Self::Procedures,
        Self::Communes,
        Self::Facilities,
        Self::Hotlines,
        Self::Holidays,
        Self::Notices,
    ];

    /// The word an operator uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Procedures => "procedures",
            Self::Communes => "communes",
            Self::Facilities => "facilities",
            Self::Hotlines => "hotlines",
            Self::Holidays => "holidays",
            Self::Notices => "notices",
        }
    }

    fn dataset(self, name: &str, bytes: &[u8]) -> Dataset {
        match self {
            Self::Procedures if is_json(bytes) => Dataset::ProcedureDetails,
            Self::Procedures => procedures(&heading(bytes)),
            Self::Communes if is_json(bytes) && name.contains("simplified") => {
                Dataset::SimplifiedOutlines
            }
            Self::Communes if is_json(bytes) => Dataset::FullOutlines,
            Self::Communes if has_column(bytes, "old_code") => Dataset::LegacyCommunes,
            Self::Communes => Dataset::Communes,
            Self::Facilities if is_osm_extract(bytes) => Dataset::OsmFacilities,
            Self::Facilities if has_column(bytes, "abbreviation") => Dataset::NameAbbreviations,
            Self::Facilities => Dataset::Facilities,
            Self::Hotlines => Dataset::Hotlines,
            Self::Holidays => Dataset::Holidays,
            Self::Notices => Dataset::Notices,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Subject {
    type Err = UnknownSubject;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|subject| subject.as_str() == text).ok_or(UnknownSubject)
    }
}

/// There is no such subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a file is about procedures, communes, facilities, hotlines, holidays, notices or dossiers"
)]
pub struct UnknownSubject;

/// Which list about procedures has this heading.
fn procedures(heading: &[String]) -> Dataset {
    let has = |column| heading.iter().any(|name| name == column);
    if has("life_event") {
        Dataset::LifeEvents
    } else if has("term") {
        Dataset::Synonyms
    } else if has("rank") {
        Dataset::MostAsked
    } else if has("pattern") && has("codes") {
        Dataset::BestBets
    } else if has("pattern") {
        Dataset::OutOfScope
    } else if has("decision_no") {
        Dataset::NationalProcedures
    } else {
        Dataset::CommuneProcedures
    }
}

fn is_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"[{".contains(byte))
}

fn has_column(bytes: &[u8], name: &str) -> bool {
    heading(bytes).iter().any(|column| column == name)
}

/// The names of the columns; none where they cannot be read.
fn heading(bytes: &[u8]) -> Vec<String> {
    let mut reader = ReaderBuilder::new().from_reader(bytes);
    let heading = reader.headers().into_iter().flatten();
    heading.map(text::line).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Subject::Procedures, "list.csv", "code,name,decision_no", Dataset::NationalProcedures)]
    #[case(Subject::Procedures, "list.csv", "code,name,field", Dataset::CommuneProcedures)]
    #[case(Subject::Procedures, "a.csv", "\"code\",\"decision_no\"\n", Dataset::NationalProcedures)]
    #[case(Subject::Procedures, "a.csv", "\u{feff}\"rank\",code\r\n", Dataset::MostAsked)]
    #[case(Subject::Communes, "a.csv", "\"old_code\",\"old_name\"", Dataset::LegacyCommunes)]
    #[case(Subject::Procedures, "a.csv", "term,expansion,kind,note", Dataset::Synonyms)]
    #[case(Subject::Procedures, "a.csv", "life_event,name,fields", Dataset::LifeEvents)]
    #[case(Subject::Procedures, "a.csv", "pattern,kind,codes,behaviour", Dataset::BestBets)]
    #[case(Subject::Procedures, "a.csv", "pattern,except,place,text\r", Dataset::OutOfScope)]
    #[case(Subject::Procedures, "a.csv", "rank,code,note", Dataset::MostAsked)]
    #[case(Subject::Procedures, "all.json", " [{}]", Dataset::ProcedureDetails)]
    #[case(Subject::Communes, "a.csv", "code,name", Dataset::Communes)]
    #[case(Subject::Communes, "a.csv", "old_code,old_name", Dataset::LegacyCommunes)]
    #[case(Subject::Communes, "a.full.geojson", "{}", Dataset::FullOutlines)]
    #[case(Subject::Communes, "a.simplified.geojson", "\u{feff}{}", Dataset::SimplifiedOutlines)]
    #[case(Subject::Facilities, "a.csv", "id,type,name", Dataset::Facilities)]
    #[case(Subject::Facilities, "a.csv", "beginning,abbreviation", Dataset::NameAbbreviations)]
    #[case(Subject::Notices, "a.csv", "", Dataset::Notices)]
    fn a_file_shows_what_it_is(
        #[case] subject: Subject,
        #[case] name: &str,
        #[case] content: &str,
        #[case] dataset: Dataset,
    ) {
        let source =
            Source::recognise(subject, name, content.as_bytes(), NaiveDate::default()).unwrap();
        assert_eq!(source.dataset, dataset);
    }

    #[test]
    fn a_damaged_archive_is_an_error() {
        let packed = [0x1f, 0x8b, 8, 0, 1, 2, 3];
        assert!(
            Source::recognise(Subject::Notices, "a.gz", &packed, NaiveDate::default()).is_err()
        );
    }
}
