//! Tables as CSV (RFC 4180).

use csv::{Terminator, WriterBuilder};
use domain::text::cell;

use crate::problem::{ApiError, Code};

/// What it is called in HTTP.
pub(in crate::feedback) const TYPE: &str = "text/csv; charset=utf-8";

/// A table with `columns`, every cell such that no spreadsheet takes it for a formula.
pub(in crate::feedback) fn written<R>(
    columns: &[&str],
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>, ApiError>
where
    R: IntoIterator<Item = String>,
{
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory fails only where a row has too many cells.
    let uneven = |error: csv::Error| {
        tracing::error!(%error, "a table could not be written");
        ApiError::new(Code::Internal)
    };
    writer.write_record(columns).map_err(uneven)?;
    for row in rows {
        let row: Vec<String> = row.into_iter().collect();
        writer.write_record(row.iter().map(|text| cell(text).into_owned())).map_err(uneven)?;
    }
    writer.into_inner().map_err(|_| ApiError::new(Code::Internal))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(table: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table);
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        rows.collect()
    }

    proptest! {
        /// Whatever stands in a cell is read again, no cell is a formula, and none gets into another.
        #[test]
        fn what_was_written_is_read_and_is_no_formula(
            rows in proptest::collection::vec(("\\PC{0,12}", "[=+@,\"\r\n\t -]{0,6}"), 0..8),
        ) {
            let rows: Vec<[String; 2]> = rows.into_iter().map(|(one, two)| [one, two]).collect();
            let table = written(&["a", "b"], rows.clone()).unwrap();
            let read = read(&table);
            prop_assert_eq!(read.len(), rows.len() + 1);
            for (read, row) in read.iter().skip(1).zip(&rows) {
                for (read, text) in read.iter().zip(row) {
                    let defused = read.strip_prefix('\'').unwrap_or(read);
                    prop_assert!(read == text || defused == text);
                    prop_assert!(!read.trim_start().starts_with(['=', '+', '-', '@']));
                    prop_assert!(!read.starts_with(['\t', '\r']));
                }
            }
        }
    }
}
