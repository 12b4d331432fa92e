//! The list of what names of offices and hospitals begin with, and how people write it.

use serde::{Deserialize, Serialize};

use crate::dataset::{Reading, read_table};

/// What names of one kind of place begin with, and how people abbreviate it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abbreviation {
    /// How the names begin: `Bệnh viện`.
    pub beginning: String,
    /// What people write in its place: `BV`.
    pub short: String,
}

impl Abbreviation {
    /// `name` as people abbreviate it, where it begins so: a whole word, not a part of one.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<String> {
        let rest = name.strip_prefix(&self.beginning)?;
        rest.starts_with(' ').then(|| format!("{}{rest}", self.short))
    }
}

/// Reads abbreviations: columns `beginning` and `abbreviation`.
#[must_use]
pub fn read_abbreviations(bytes: &[u8]) -> Reading<Abbreviation> {
    let key = |each: &Abbreviation| format!("{}, {}", each.beginning, each.short);
    read_table(bytes, &["beginning", "abbreviation"], key, |row| {
        Ok(Abbreviation { beginning: row.text("beginning")?, short: row.text("abbreviation")? })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped;

    #[test]
    fn what_is_shipped_is_sound() {
        let reading = read_abbreviations(shipped::NAME_ABBREVIATIONS);
        assert_eq!((reading.records.len(), reading.doubts), (8, vec![]));
    }

    #[test]
    fn a_beginning_is_abbreviated_and_nothing_else() {
        let hospital = Abbreviation { beginning: "Bệnh viện".into(), short: "BV".into() };
        assert_eq!(hospital.of("Bệnh viện Gang Thép").as_deref(), Some("BV Gang Thép"));
        for name in ["Bệnh viện", "Bệnh việnX", "Nhà thuốc Bệnh viện Gang Thép", ""]
        {
            assert_eq!(hospital.of(name), None, "{name}");
        }
    }
}
