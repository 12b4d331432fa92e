//! Lists of procedures as CSV.

use chrono::NaiveDate;
use domain::catalogue::{Level, Procedure};

use super::{known, names};
use crate::dataset::{Reading, Row, read_remarked_table};

/// Columns without which a file is no list of procedures.
const NEEDED: [&str; 5] = ["code", "name", "field", "issuing_agency", "level"];

/// Reads a list of procedures, UTF-8 CSV with a heading, that was true on `data_as_of`.
///
/// Rows without a readable code or a name, and repeated codes, are left out.
#[must_use]
pub fn procedures(csv: &[u8], data_as_of: NaiveDate) -> Reading<Procedure> {
    let code = |procedure: &Procedure| procedure.code.clone();
    read_remarked_table(csv, &NEEDED, code, |row| procedure(row, data_as_of), remarks)
}

/// The procedure in `row`.
fn procedure(row: &Row<'_>, data_as_of: NaiveDate) -> Result<Procedure, String> {
    let cell = |column| row.optional(column).and_then(known);
    let name_raw = row.text("name")?;
    Ok(Procedure {
        code: row.value("code")?,
        name: names::cleaned(&name_raw),
        name_raw,
        field: cell("field"),
        issuing_agency: cell("issuing_agency"),
        executing_agency: cell("executing_agency"),
        levels: levels(&row.list("level", ',')),
        levels_raw: cell("level"),
        procedure_type: cell("procedure_type"),
        targets: row.list("targets", ';'),
        targets_raw: cell("targets"),
        decision_no: cell("decision_no"),
        source_url: cell("source_url").filter(|url| url.starts_with("https://")),
        data_as_of,
        details: None,
    })
}

/// The levels of these names, from the ministry down.
fn levels(names: &[String]) -> Vec<Level> {
    let is_there = |level: &Level| names.iter().any(|name| name == level.label());
    Level::ALL.into_iter().filter(is_there).collect()
}

/// What is odd about a row that is taken.
fn remarks(row: &Row<'_>, procedure: &Procedure) -> Vec<String> {
    let code = &procedure.code;
    let mut remarks = Vec::new();
    if procedure.levels.is_empty() || procedure.levels.len() != row.list("level", ',').len() {
        remarks.push(format!("{code}: not all of its levels are known"));
    }
    if procedure.source_url.is_none() && row.optional("source_url").is_some() {
        remarks.push(format!("{code}: its link is no https address"));
    }
    if row.yes("also_in_lai_chau_list") == Ok(false)
        && row.optional("also_in_lai_chau_list").is_some()
    {
        remarks.push(format!("{code}: no second list confirms the code"));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(csv: &str) -> Reading<Procedure> {
        procedures(csv.as_bytes(), NaiveDate::from_ymd_opt(2026, 6, 1).unwrap())
    }

    #[test]
    fn values_are_parsed_and_kept() {
        let reading = read(
            "code,name,field,issuing_agency,level,targets\n\
             1.001193.000.00.00.H55,THỦ TỤC ĐĂNG KÝ,Hộ tịch,,\"Cấp xã, Cấp tỉnh\",\
             \"Cán bộ, công chức, viên chức; Doanh nghiệp\"\n",
        );
        assert_eq!(reading.doubts, []);
        let procedure = reading.records.first().unwrap();
        assert_eq!(procedure.code.as_str(), "1.001193");
        assert_eq!(procedure.name, "Thủ tục đăng ký");
        assert_eq!(procedure.name_raw, "THỦ TỤC ĐĂNG KÝ");
        assert_eq!(procedure.issuing_agency, None);
        assert_eq!(procedure.levels, [Level::Province, Level::Commune]);
        assert_eq!(procedure.targets, ["Cán bộ, công chức, viên chức", "Doanh nghiệp"]);
    }

    #[test]
    fn bad_rows_are_named_and_the_rest_is_read() {
        let reading = read(
            "code,name,field,issuing_agency,level\n\
             x,Một,F,A,Cấp xã\n\
             1.000001,,F,A,Cấp xã\n\
             1.000002,Hai,F,A,Cấp huyện\n\
             1.000002,Ba,F,A,Cấp xã\n",
        );
        let lines: Vec<_> =
            reading.doubts.iter().map(|doubt| (doubt.line, doubt.refused)).collect();
        assert_eq!(lines, [(2, true), (3, true), (4, false), (5, true)]);
        assert_eq!(reading.records.len(), 1);
    }

    #[test]
    fn what_is_no_list_gives_nothing() {
        for csv in ["", "a,b\n1,2\n", "\u{feff}"] {
            let reading = read(csv);
            assert_eq!((reading.records.len(), reading.doubts.len()), (0, 5), "{csv:?}");
        }
        let broken =
            procedures(b"code,name,field,issuing_agency,level\n1.000001,\xff,,,\n", NaiveDate::MIN);
        assert_eq!((broken.records.len(), broken.doubts.len()), (0, 1));
    }
}
