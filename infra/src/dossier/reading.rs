//! Dossiers in a file: CSV with a heading, the fields under the names that they have elsewhere.

use chrono::{DateTime, Utc};
use domain::dossier::{Draft, DraftApplicant, DraftFee, DraftResult, LocalStates, Report};

use crate::dataset::{Reading, Row, read_table};

/// The columns that have to be there. The others are `status` and `local_status`, of which each row
/// needs one, `procedure`, `unit`, `office`, `received_at`, `due_at`, `working_days`, `finished_at`,
/// `phone`, `national_id` and `tax_code`; and with `;` between: `missing_papers`, `fees` and
/// `paid_fees` (`Lệ phí = 50000`), `results` (`Giấy khai sinh = 123/2026`).
const NEEDED: [&str; 2] = ["code", "at"];

/// Reads the dossiers in `bytes`, at most one row for each state of each. What is told to the
/// operator repeats no number of a person.
#[must_use]
pub fn read_dossiers(bytes: &[u8], now: DateTime<Utc>, states: &LocalStates) -> Reading<Report> {
    let key = |report: &Report| format!("{} at {}", report.code, report.state.at);
    read_table(bytes, &NEEDED, key, |row| {
        let flaws =
            |flaws: Vec<_>| flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        draft(row)?.check(now, states).map_err(flaws)
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
        fees: fees(row, "fees", false).chain(fees(row, "paid_fees", true)).collect(),
        results: pairs(row, "results").map(result).collect(),
        applicant: DraftApplicant {
            phone: row.optional("phone"),
            national_id: row.optional("national_id"),
            tax_code: row.optional("tax_code"),
        },
    })
}

/// The fees in `column`.
fn fees(row: &Row<'_>, column: &str, paid: bool) -> impl Iterator<Item = DraftFee> {
    let fee = move |(name, amount)| DraftFee { name: Some(name), amount, paid: Some(paid) };
    pairs(row, column).map(fee)
}

fn result((name, number): (String, Option<String>)) -> DraftResult {
    DraftResult { name: Some(name), number, issued_at: None }
}

/// What stands in `column`: names, and what stands after them.
fn pairs(row: &Row<'_>, column: &str) -> impl Iterator<Item = (String, Option<String>)> {
    row.list(column, ';').into_iter().map(|part| match part.split_once('=') {
        Some((name, value)) => (name.trim().to_owned(), Some(value.trim().to_owned())),
        None => (part, None),
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
        let states = LocalStates::default();
        let now = "2026-11-25T00:00:00Z".parse().unwrap();
        let reading = read_dossiers(file.as_bytes(), now, &states);
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

    #[test]
    fn fees_and_results_are_read_and_a_local_state_is_understood() {
        let file = "code,at,local_status,phone,fees,paid_fees,results\n\
            H55.242-261123-0001,20261123080000,thu ly,0912345678,Lệ phí = 50.000; Phí=8000,Thuế=0,\n\
            H55.242-261123-0002,20261123080000,DA_TRA_KQ,0912345678,,,Giấy khai sinh = 12/2026\n\
            H55.242-261123-0003,20261123080000,MOI,0912345678,Lệ phí,,\n";
        let states = LocalStates::new(["THU_LY=4", "DA_TRA_KQ=10"]).unwrap();
        let now = "2026-11-25T00:00:00Z".parse().unwrap();
        let reading = read_dossiers(file.as_bytes(), now, &states);
        let [first, second] = reading.records.as_slice() else { panic!("{:?}", reading.doubts) };
        let fees = first.state.fees.iter().map(|fee| (&*fee.name, fee.amount, fee.paid));
        let expected =
            [("Lệ phí", 50_000, Some(false)), ("Phí", 8_000, Some(false)), ("Thuế", 0, Some(true))];
        assert_eq!(fees.collect::<Vec<_>>(), expected);
        assert_eq!((first.state.status.number(), second.state.status.number()), (4, 10));
        assert_eq!(second.state.results[0].number.as_deref(), Some("12/2026"));
        assert_eq!(reading.doubts[0].message, "status is missing, fees.amount is missing");
    }
}
