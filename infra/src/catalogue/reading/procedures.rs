//! Lists of procedures as CSV.

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::{
    catalogue::{Level, Procedure, ProcedureCode},
    text::Recurring,
};

use super::{known, names};
use crate::dataset::{Reading, Row, read_remarked_table};

/// Columns without which a file is no list of procedures.
const NEEDED: [&str; 5] = ["code", "name", "field", "issuing_agency", "level"];

/// Names above this length, in characters, do not fit where other systems keep them.
const LONG: usize = 255;

/// Reads a list of procedures, UTF-8 CSV with a heading, that was true on `data_as_of`.
///
/// Rows without a readable code or a name, and repeated codes, are left out.
#[must_use]
pub fn procedures(csv: &[u8], data_as_of: NaiveDate) -> Reading<Procedure> {
    let code = |procedure: &Procedure| procedure.code.clone();
    let mut names = HashSet::new();
    let remarks = |row: &Row<'_>, procedure: &Procedure| remarks(row, procedure, &mut names);
    read_remarked_table(csv, &NEEDED, code, |row| procedure(row, data_as_of), remarks)
}

/// The procedure in `row`.
fn procedure(row: &Row<'_>, data_as_of: NaiveDate) -> Result<Procedure, String> {
    let cell = |column| row.optional(column).and_then(known);
    let recurring = |column| cell(column).map(Recurring::from);
    let (code, published): (ProcedureCode, _) = (row.value("code")?, row.text("code")?);
    let (name_raw, issuing_agency) = (row.text("name")?, recurring("issuing_agency"));
    Ok(Procedure {
        code_raw: (published != code.as_str()).then(|| published.into()),
        code,
        name: names::cleaned(&name_raw),
        name_raw,
        field: recurring("field"),
        issuing_agency: issuing_agency.as_deref().map(names::of_today).map(Recurring::from),
        issuing_agency_raw: issuing_agency,
        executing_agency: recurring("executing_agency"),
        levels: levels(&row.list("level", ',')),
        levels_raw: recurring("level"),
        procedure_type: recurring("procedure_type"),
        targets: row.list("targets", ';').into_iter().map(Recurring::from).collect(),
        targets_raw: recurring("targets"),
        decision_no: recurring("decision_no"),
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

/// What is odd about a row that is taken. `names` are those of the rows before it.
fn remarks(row: &Row<'_>, procedure: &Procedure, names: &mut HashSet<String>) -> Vec<&'static str> {
    let Procedure { name, name_raw, levels, field, issuing_agency, .. } = procedure;
    let unconfirmed = row.optional("also_in_lai_chau_list").is_some_and(|said| said == "no");
    let has_link = row.optional("source_url").is_some();
    let agency_raw = procedure.issuing_agency_raw.as_ref();
    let oddities = [
        (!row.is_composed("name"), "its name came decomposed"),
        (names::shouts(name_raw), "its name was in capitals"),
        (names::is_frayed(name_raw), "its name had stray punctuation at an end"),
        (!names.insert(name.to_lowercase()), "another procedure has the same name"),
        (name.chars().count() > LONG, "its name has more than 255 characters"),
        (name.to_lowercase().contains("cấp huyện"), "its name speaks of the abolished cấp huyện"),
        (field.is_none(), "its field is not said"),
        (issuing_agency.is_none(), "its issuing agency is not said"),
        (issuing_agency.as_ref() != agency_raw, "its issuing agency has an old name"),
        (levels.is_empty(), "none of its levels is known"),
        (
            !levels.is_empty() && levels.len() != row.list("level", ',').len(),
            "not all of its levels are known",
        ),
        (has_link && procedure.source_url.is_none(), "its link is no https address"),
        (unconfirmed, "no second list confirms its code"),
    ];
    oddities.into_iter().filter_map(|(is_so, said)| is_so.then_some(said)).collect()
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
        let said: Vec<_> = reading.doubts.iter().map(|doubt| doubt.message.as_str()).collect();
        assert_eq!(said, ["its name was in capitals", "its issuing agency is not said"]);
        let procedure = reading.records.first().unwrap();
        assert_eq!(procedure.code.as_str(), "1.001193");
        assert_eq!(procedure.code_raw.as_deref(), Some("1.001193.000.00.00.H55"));
        assert_eq!(procedure.name, "Thủ tục đăng ký");
        assert_eq!(procedure.name_raw, "THỦ TỤC ĐĂNG KÝ");
        assert_eq!(procedure.issuing_agency, None);
        assert_eq!(procedure.levels, [Level::Province, Level::Commune]);
        assert_eq!(
            procedure.targets,
            ["Cán bộ, công chức, viên chức", "Doanh nghiệp"].map(Recurring::from)
        );
    }

    #[test]
    fn every_oddity_is_named() {
        let reading = read(
            "code,name,field,issuing_agency,level,source_url,also_in_lai_chau_list\n\
             1.000001,Tho\u{309}a thuận,F,Bộ xây dựng (Giao thông vận tải cũ),Cấp xã,ftp://x,no\n\
             1.000002,THỎA THUẬN KHÁC MỚI:,,,,,\n\
             1.000003,Thỏa thuận,F,A,\"Cấp xã, Cấp huyện\",https://x,yes\n\
             1.000004,Giải quyết tại cấp huyện,F,A,Cấp xã,,\n",
        );
        let said = reading
            .doubts
            .iter()
            .map(|doubt| format!("{}: {}", doubt.about.as_deref().unwrap(), doubt.message));
        let said: Vec<_> = said.collect();
        assert_eq!(
            said,
            [
                "1.000001: its name came decomposed",
                "1.000001: its issuing agency has an old name",
                "1.000001: its link is no https address",
                "1.000001: no second list confirms its code",
                "1.000002: its name was in capitals",
                "1.000002: its name had stray punctuation at an end",
                "1.000002: its field is not said",
                "1.000002: its issuing agency is not said",
                "1.000002: none of its levels is known",
                "1.000003: another procedure has the same name",
                "1.000003: not all of its levels are known",
                "1.000004: its name speaks of the abolished cấp huyện",
            ]
        );
        let first = reading.records.first().unwrap();
        assert_eq!(first.issuing_agency.as_deref(), Some("Bộ Xây dựng"));
        assert_eq!(
            first.issuing_agency_raw.as_deref(),
            Some("Bộ xây dựng (Giao thông vận tải cũ)")
        );
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
