//! Reads the catalogue of procedures from open data.
//!
//! The files are the lists of the national portal as CSV, and the full records of some procedures
//! as JSON. Everything is brought into NFC; what is unknown stays absent; every doubtful row is
//! reported.

mod details;
mod fee;
mod most_asked;
mod names;
mod procedures;

pub use details::details;
pub use most_asked::{MostAsked, most_asked};
pub use procedures::procedures;

use std::collections::{HashMap, HashSet};

use domain::catalogue::{Details, Procedure, ProcedureCode};

use crate::dataset::Reading;

/// Joins lists of procedures into one, in their order; of two with one code the first stays.
#[must_use]
pub fn joined(lists: impl IntoIterator<Item = Reading<Procedure>>) -> Reading<Procedure> {
    let mut all = Reading::default();
    let mut seen = HashSet::new();
    for list in lists {
        all.doubts.extend(list.doubts);
        for procedure in list.records {
            if seen.insert(procedure.code.clone()) {
                all.records.push(procedure);
            } else {
                all.refuse(0, format!("{} stands in more than one list", procedure.code));
            }
        }
    }
    all
}

/// Adds the parts of the full record to the procedures that they belong to.
#[must_use]
pub fn detailed(
    mut procedures: Reading<Procedure>,
    details: Reading<(ProcedureCode, Details)>,
) -> Reading<Procedure> {
    procedures.doubts.extend(details.doubts);
    let mut parts: HashMap<_, _> = details.records.into_iter().collect();
    for procedure in &mut procedures.records {
        if let Some(details) = parts.remove(&procedure.code) {
            procedure.details = Some(Box::new(details));
        }
    }
    let mut strays: Vec<_> = parts.into_keys().collect();
    strays.sort();
    for code in strays {
        procedures.refuse(0, format!("details of {code}, which no list has"));
    }
    procedures
}

/// `text`, unless it is empty or says that nothing is known.
fn known(text: String) -> Option<String> {
    (!text.is_empty() && text != "Không có thông tin").then_some(text)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::catalogue::{DurationUnit, FeeKind, Level};

    use super::*;
    use crate::shipped;

    fn shipped() -> Reading<Procedure> {
        let day = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
        let national = shipped::unpacked(shipped::NATIONAL_PROCEDURES).unwrap();
        let records = shipped::unpacked(shipped::PROCEDURE_DETAILS).unwrap();
        let commune = procedures(shipped::COMMUNE_PROCEDURES, day);
        detailed(joined([procedures(&national, day), commune]), details(&records))
    }

    #[test]
    fn the_shipped_catalogue_is_whole() {
        let reading = shipped();
        let refused: Vec<_> = reading.doubts.iter().filter(|doubt| doubt.refused).collect();
        assert_eq!(refused, Vec::<&crate::dataset::Doubt>::new());

        let procedures = &reading.records;
        let count = |holds: &dyn Fn(&Procedure) -> bool| {
            procedures.iter().filter(|procedure| holds(procedure)).count()
        };
        assert_eq!(procedures.len(), 2757);
        assert_eq!(count(&|procedure| procedure.details.is_some()), 316);
        assert_eq!(count(&|procedure| procedure.levels.contains(&Level::Commune)), 588 + 115);
        assert_eq!(count(&|procedure| procedure.name_raw.chars().count() > 255), 92);
        assert_eq!(count(&|procedure| procedure.name.ends_with(['.', ':'])), 0);

        let channels: Vec<_> = procedures
            .iter()
            .filter_map(|procedure| procedure.details.as_ref())
            .flat_map(|details| &details.channels)
            .collect();
        assert_eq!(channels.len(), 822);
        let unitless =
            channels.iter().filter(|channel| channel.duration.unit == DurationUnit::Unknown);
        assert_eq!(unitless.count(), 257);
        assert_eq!(channels.iter().filter(|c| c.fee.kind == FeeKind::Free).count(), 258);
    }

    #[test]
    fn what_is_doubtful_in_it_is_counted() {
        let doubts = shipped().doubts;
        let count = |said: &str| doubts.iter().filter(|doubt| doubt.message == said).count();
        assert_eq!(count("its name has more than 255 characters"), 92);
        assert_eq!(count("its name speaks of the abolished cấp huyện"), 2);
        assert_eq!(count("its issuing agency has an old name"), 491);
        assert_eq!(count("its issuing agency is not said"), 3);
        assert_eq!(count("no second list confirms its code"), 18);
        assert_eq!(count("a time has no unit"), 59);
    }

    #[test]
    fn every_code_parses_in_each_local_form() {
        for procedure in shipped().records {
            for suffix in ["", ".H55", ".000.00.00.H55", ".000.00.00.h55.02", ".000.00.00"] {
                let local = format!(" {}{suffix} ", procedure.code);
                assert_eq!(local.parse().as_ref(), Ok(&procedure.code));
            }
        }
    }

    #[test]
    fn a_record_survives_being_stored() {
        for procedure in shipped().records {
            let json = serde_json::to_string(&procedure).unwrap();
            assert_eq!(serde_json::from_str::<Procedure>(&json).unwrap(), procedure);
        }
    }
}
