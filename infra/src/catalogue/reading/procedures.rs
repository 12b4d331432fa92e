//! Lists of procedures as CSV.

use std::collections::HashSet;

use chrono::NaiveDate;
use csv::StringRecord;
use domain::catalogue::{Level, Procedure};

use super::{columns::Columns, names};
use crate::dataset::Reading;

/// Columns without which a file is no list of procedures.
const REQUIRED: [&str; 5] = ["code", "name", "field", "issuing_agency", "level"];

/// Reads a list of procedures, UTF-8 CSV with a heading, that was true on `data_as_of`.
///
/// Rows without a readable code or a name, and repeated codes, are left out.
#[must_use]
pub fn procedures(csv: &[u8], data_as_of: NaiveDate) -> Reading<Procedure> {
    let mut reading = Reading::default();
    let mut file = csv::ReaderBuilder::new().flexible(true).from_reader(csv);
    let columns = match file.headers() {
        Ok(heading) => Columns::new(heading.clone()),
        Err(error) => {
            reading.refuse(1, error.to_string());
            return reading;
        }
    };
    if let Some(name) = columns.missing(&REQUIRED) {
        reading.refuse(1, format!("the column {name} is missing"));
        return reading;
    }

    let mut seen = HashSet::new();
    let mut row = StringRecord::new();
    loop {
        let line = file.position().line();
        match file.read_record(&mut row) {
            Ok(false) => return reading,
            Ok(true) => match procedure(&columns, &row, data_as_of) {
                Ok(procedure) if !seen.insert(procedure.code.clone()) => {
                    reading.refuse(line, format!("{} stands here a second time", procedure.code));
                }
                Ok(procedure) => {
                    remark(&mut reading, line, &columns, &row, &procedure);
                    reading.records.push(procedure);
                }
                Err(reason) => reading.refuse(line, reason),
            },
            Err(error) => reading.refuse(line, error.to_string()),
        }
    }
}

/// The procedure in `row`.
fn procedure(
    columns: &Columns,
    row: &StringRecord,
    data_as_of: NaiveDate,
) -> Result<Procedure, String> {
    let cell = |name| columns.cell(row, name);
    let code = cell("code").ok_or("the row has no code")?;
    let name_raw = cell("name").ok_or("the row has no name")?;
    let levels_raw = cell("level");
    let targets_raw = cell("targets");
    Ok(Procedure {
        code: code.parse().map_err(|error| format!("{code}: {error}"))?,
        name: names::cleaned(&name_raw),
        name_raw,
        field: cell("field"),
        issuing_agency: cell("issuing_agency"),
        executing_agency: cell("executing_agency"),
        levels: levels(levels_raw.as_deref().unwrap_or_default()),
        levels_raw,
        procedure_type: cell("procedure_type"),
        targets: parts(targets_raw.as_deref().unwrap_or_default(), ';')
            .map(str::to_owned)
            .collect(),
        targets_raw,
        decision_no: cell("decision_no"),
        source_url: cell("source_url").filter(|url| url.starts_with("https://")),
        data_as_of,
        details: None,
    })
}

/// The levels that `text` names, from the ministry down.
fn levels(text: &str) -> Vec<Level> {
    let named = |level: &Level| parts(text, ',').any(|part| part == level.label());
    Level::ALL.into_iter().filter(named).collect()
}

/// The parts of `text` between separators.
fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    text.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

/// Says what is odd about a row that was taken.
fn remark(
    reading: &mut Reading<Procedure>,
    line: u64,
    columns: &Columns,
    row: &StringRecord,
    procedure: &Procedure,
) {
    let levels = procedure.levels_raw.as_deref().unwrap_or_default();
    if procedure.levels.is_empty() || procedure.levels.len() != parts(levels, ',').count() {
        reading.remark(line, format!("{}: not all of its levels are known", procedure.code));
    }
    if procedure.source_url.is_none() && columns.cell(row, "source_url").is_some() {
        reading.remark(line, format!("{}: its link is no https address", procedure.code));
    }
    if columns.cell(row, "also_in_lai_chau_list").is_some_and(|answer| answer == "no") {
        reading.remark(line, format!("{}: no second list confirms the code", procedure.code));
    }
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
            assert_eq!((reading.records.len(), reading.doubts.len()), (0, 1), "{csv:?}");
        }
        let broken =
            procedures(b"code,name,field,issuing_agency,level\n1.000001,\xff,,,\n", NaiveDate::MIN);
        assert_eq!((broken.records.len(), broken.doubts.len()), (0, 1));
    }
}
