//! Tables as workbooks (Office Open XML).

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::table::Cell;
use crate::problem::{ApiError, Code};

/// What it is called in HTTP.
pub(super) const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A workbook of one sheet with `columns`. Words are written as words, so that none is a formula.
pub(super) fn written(columns: &[&str], rows: Vec<Vec<Cell>>) -> Result<Vec<u8>, ApiError> {
    workbook(columns, rows).map_err(|error| {
        tracing::error!(%error, "a workbook could not be written");
        ApiError::new(Code::Internal)
    })
}

fn workbook(columns: &[&str], rows: Vec<Vec<Cell>>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (heading, time) =
        (Format::new().set_bold(), Format::new().set_num_format("dd/mm/yyyy hh:mm"));
    let sheet = workbook.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    for (column, name) in (0..).zip(columns) {
        sheet.write_string_with_format(0, column, *name, &heading)?;
    }
    for (row, cells) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            write(sheet, (row, column), cell, &time)?;
        }
    }
    workbook.save_to_buffer()
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell,
    time: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => sheet.write_string(row, column, text)?,
        Cell::Number(number) => sheet.write_number(row, column, number)?,
        Cell::Time(at) => sheet.write_number_with_format(row, column, serial(at), time)?,
        Cell::Empty => sheet,
    };
    Ok(())
}

/// The days since the end of 1899, as spreadsheets count time.
fn serial(at: NaiveDateTime) -> f64 {
    let begin = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    (at - begin.and_time(chrono::NaiveTime::MIN)).as_seconds_f64() / 86_400.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_counted_as_spreadsheets_do() {
        let at = |text| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        assert!((serial(at("2026-11-23 12:00")) - 46_349.5).abs() < 1e-9);
        assert!((serial(at("1900-03-01 00:00")) - 61.0).abs() < 1e-9);
    }

    #[test]
    fn words_that_look_like_formulas_stay_words() {
        let rows = vec![vec![Cell::Text("=1+1".to_owned()), Cell::Empty, Cell::Number(7.0)]];
        let book = written(&["Nội dung", "b", "c"], rows).unwrap();
        assert!(book.starts_with(b"PK"));
    }
}
