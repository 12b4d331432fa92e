//! Dossiers in a file: CSV with a heading, the fields under the names that they have elsewhere.

use chrono::{DateTime, Utc};
use domain::dossier::{Draft, DraftApplicant, Report};

use crate::dataset::{Reading, Row, read_table};

/// The columns that have to be there. The others are `local_status`, `procedure`, `unit`, `office`,
/// `received_at`, `due_at`, `working_days`, `finished_at`, `missing_papers` (with `;` between),
/// `phone`, `national_id` and `tax_code`.
const NEEDED: [&str; 3] = ["code", "at", "status"];

/// Reads the dossiers in `bytes`, at most one row for each state of each. What is told to the
/// operator repeats no number of a person.
#[must_use]
pub fn read_dossiers(bytes: &[u8], now: DateTime<Utc>) -> Reading<Report> {
    let key = |report: &Report| format!("{} at {}", report.code, report.state.at);
    read_table(bytes, &NEEDED, key, |row| {
        let flaws =
            |flaws: Vec<_>| flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        draft(row)?.check(now).map_err(flaws)
    })
}

fn draft(row: &Row<'_>) -> Result<Draft, String> {
    Ok(Draft {
        code: row.optional("code"),
        at: row.optional("at"),
        status: row.optional("status"),
        local_status: row.optional("local_status"),
        procedure: row.optional("procedure"),
        unit: row.optional("unit"),
        office: row.optional("office"),
        received_at: row.optional("received_at"),
        due_at: row.optional("due_at"),
        working_days: row.optional_value("working_days")?,
        finished_at: row.optional("finished_at"),
        missing_papers: row.list("missing_papers", ';'),
        applicant: DraftApplicant {
            phone: row.optional("phone"),
            national_id: row.optional("national_id"),
            tax_code: row.optional("tax_code"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_row_is_reported_without_numbers_of_people() {
        let file = "code,at,status,phone,working_days,missing_papers\n\
            H55.242-261123-0001,20261123080000,2,0912345678,5,\n\
            H55.242-261123-0001,20261124080000,5,0912345678,5,Giấy chứng sinh; Tờ khai\n\
            H55.242-261123-0001,20261123080000,2,0912345678,5,\n\
            H55.242-261123-0002,20261123080000,12,091234567O,5,\n\
            H55.242-261123-0003,20261123080000,2,,5,\n\
            H55.242-261123-0004,20261123080000,2,0912345678,five,\n";
        let reading = read_dossiers(file.as_bytes(), "2026-11-25T00:00:00Z".parse().unwrap());
        assert_eq!(reading.records.len(), 2);
        assert_eq!(reading.records[1].state.missing_papers, ["Giấy chứng sinh", "Tờ khai"]);
        let told: Vec<_> = reading.doubts.iter().map(|it| (it.line, it.message.as_str())).collect();
        assert_eq!(
            told,
            [
                (4, "H55.242-261123-0001 at 2026-11-23 01:00:00 UTC stands there already"),
                (5, "status cannot be read, applicant.phone cannot be read"),
                (6, "applicant is missing"),
                (7, "working_days is \"five\": invalid digit found in string"),
            ]
        );
    }
}
