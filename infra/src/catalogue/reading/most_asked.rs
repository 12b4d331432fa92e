//! The list of what people ask for most.

use domain::catalogue::ProcedureCode;
use serde::{Deserialize, Serialize};

use crate::dataset::{Reading, read_table};

/// A procedure that many people ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MostAsked {
    /// Its place among those asked for most, from 1.
    pub rank: u16,
    /// The procedure.
    pub code: ProcedureCode,
}

/// Reads what people ask for most: columns `rank` and `code`, each procedure once, by rank. Why each is on
/// the list stands beside it in `basis`, for those who review it.
#[must_use]
pub fn most_asked(bytes: &[u8]) -> Reading<MostAsked> {
    let key = |asked: &MostAsked| asked.code.clone();
    let mut reading = read_table(bytes, &["rank", "code"], key, |row| {
        Ok(MostAsked { rank: row.value("rank")?, code: row.value("code")? })
    });
    reading.records.sort_by_key(|asked| asked.rank);
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped;

    #[test]
    fn what_is_shipped_is_in_the_catalogue() {
        let reading = most_asked(shipped::MOST_ASKED);
        assert_eq!((reading.records.len(), reading.doubts), (319, vec![]));
        let catalogue = [
            shipped::unpacked(shipped::NATIONAL_PROCEDURES).unwrap(),
            shipped::COMMUNE_PROCEDURES.to_vec(),
        ];
        let catalogue = catalogue.map(|file| String::from_utf8(file).unwrap()).concat();
        for asked in reading.records {
            assert!(catalogue.contains(&format!("\n{},", asked.code)), "{}", asked.code);
        }
    }
}
