//! Tables of open data: CSV with a heading, read row by row.

use std::{collections::HashSet, fmt::Display, str::FromStr};

use csv::{ReaderBuilder, StringRecord};
use domain::text;

use super::Reading;

/// A row of a table, its cells found by the names in the heading.
pub struct Row<'r> {
    heading: &'r StringRecord,
    cells: &'r StringRecord,
}

impl Row<'_> {
    /// The cell in `column`, as one line of NFC text; absent where it is empty.
    #[must_use]
    pub fn optional(&self, column: &str) -> Option<String> {
        self.raw(column).map(text::line).filter(|text| !text.is_empty())
    }

    /// The cell in `column`, as one line of NFC text.
    ///
    /// # Errors
    /// What to tell the operator when it is empty.
    pub fn text(&self, column: &str) -> Result<String, String> {
        self.optional(column).ok_or_else(|| format!("{column} is empty"))
    }

    /// Whether the cell in `column` came in NFC, as all text is served.
    #[must_use]
    pub fn is_composed(&self, column: &str) -> bool {
        self.raw(column).and_then(text::composed).is_none()
    }

    /// The cell in `column` with its line breaks kept.
    #[must_use]
    pub fn paragraphs(&self, column: &str) -> String {
        self.raw(column).map(text::paragraphs).unwrap_or_default()
    }

    /// The value in `column`.
    ///
    /// # Errors
    /// What to tell the operator when it is empty or no such value.
    pub fn value<T: FromStr<Err: Display>>(&self, column: &str) -> Result<T, String> {
        parse(column, &self.text(column)?)
    }

    /// The value in `column`; absent where it is empty.
    ///
    /// # Errors
    /// What to tell the operator when it is no such value.
    pub fn optional_value<T: FromStr<Err: Display>>(
        &self,
        column: &str,
    ) -> Result<Option<T>, String> {
        self.optional(column).map(|text| parse(column, &text)).transpose()
    }

    /// What stands in `column`, divided at `separator`.
    #[must_use]
    pub fn list(&self, column: &str, separator: char) -> Vec<String> {
        let cell = self.raw(column).unwrap_or_default();
        cell.split(separator).map(text::line).filter(|part| !part.is_empty()).collect()
    }

    /// Whether `column` says `yes`; an empty one says no.
    ///
    /// # Errors
    /// What to tell the operator when it says anything else.
    pub fn yes(&self, column: &str) -> Result<bool, String> {
        match self.optional(column).as_deref() {
            Some("yes") => Ok(true),
            Some("no") | None => Ok(false),
            Some(other) => Err(format!("{column} is yes or no, not {other:?}")),
        }
    }

    fn raw(&self, column: &str) -> Option<&str> {
        let place = self.heading.iter().position(|name| name == column)?;
        self.cells.get(place)
    }
}

/// Reads the table in `bytes`: each row by `record`, at most one for each `key`.
///
/// A table without one of the columns `needed` gives no record at all. Columns nobody asks for are
/// passed over.
pub fn read_table<T, K: Display>(
    bytes: &[u8],
    needed: &[&str],
    key: impl Fn(&T) -> K,
    record: impl Fn(&Row<'_>) -> Result<T, String>,
) -> Reading<T> {
    read_remarked_table(bytes, needed, key, record, |_, _| Vec::<String>::new())
}

/// Reads a table as [`read_table`] does, with `remarks` on rows that are taken but odd.
pub fn read_remarked_table<T, K: Display, M: Into<String>>(
    bytes: &[u8],
    needed: &[&str],
    key: impl Fn(&T) -> K,
    record: impl Fn(&Row<'_>) -> Result<T, String>,
    mut remarks: impl FnMut(&Row<'_>, &T) -> Vec<M>,
) -> Reading<T> {
    let mut reading = Reading::default();
    let mut reader = ReaderBuilder::new().from_reader(bytes);
    let heading = match reader.headers() {
        Ok(heading) => heading.iter().map(text::line).collect::<StringRecord>(),
        Err(error) => {
            reading.refuse(1, format!("the heading cannot be read: {error}"));
            return reading;
        }
    };
    for column in needed.iter().filter(|&&column| heading.iter().all(|name| name != column)) {
        reading.refuse(1, format!("the column {column} is missing"));
    }
    if !reading.doubts.is_empty() {
        return reading;
    }
    let mut seen = HashSet::new();
    for cells in reader.records() {
        let line = match &cells {
            Ok(cells) => cells.position(),
            Err(error) => error.position(),
        };
        let line = line.map_or(0, csv::Position::line);
        let read = cells.map_err(|error| format!("the row cannot be read: {error}"));
        let read = read.and_then(|cells| {
            let row = Row { heading: &heading, cells: &cells };
            let record = record(&row)?;
            let remarks = remarks(&row, &record);
            Ok((record, remarks))
        });
        match read {
            Ok((record, remarks)) if seen.insert(key(&record).to_string()) => {
                for message in remarks {
                    reading.remark(line, key(&record).to_string(), message);
                }
                reading.records.push(record);
            }
            Ok((record, _)) => {
                reading.refuse(line, format!("{} stands there already", key(&record)));
            }
            Err(reason) => reading.refuse(line, reason),
        }
    }
    reading
}

fn parse<T: FromStr<Err: Display>>(column: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|error| format!("{column} is {text:?}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: &[u8]) -> Reading<(String, u32)> {
        read_table(
            table,
            &["name", "size"],
            |(name, _): &(String, u32)| name.clone(),
            |row| Ok((row.text("name")?, row.value("size")?)),
        )
    }

    fn complaints(table: &[u8]) -> Vec<(u64, String)> {
        read(table).doubts.into_iter().map(|doubt| (doubt.line, doubt.message)).collect()
    }

    #[test]
    fn every_bad_row_is_reported_with_its_line() {
        let table = b"name,size,note\nan,1,\n,2,\nbinh,two,\nan,3,\nchi,4,extra,cell\nd\xff,5,\n";
        let lines: Vec<u64> = read(table).doubts.iter().map(|doubt| doubt.line).collect();
        assert_eq!(lines, [3, 4, 5, 6, 7]);
        assert_eq!(read(table).records, [("an".to_owned(), 1)]);
        assert_eq!(complaints(table)[0].1, "name is empty");
        assert_eq!(complaints(table)[2].1, "an stands there already");
    }

    #[test]
    fn a_missing_column_is_named_once() {
        assert_eq!(complaints(b"name\na\nb\n"), [(1, "the column size is missing".to_owned())]);
        assert_eq!(complaints(b"").len(), 2);
    }

    #[test]
    fn text_comes_in_nfc_and_on_one_line() {
        let reading = read("\u{feff}name,size\n\"Tha\u{301}i\u{0}\n Nguyên\",7\n".as_bytes());
        assert_eq!(reading.records, [("Thái Nguyên".to_owned(), 7)]);
    }
}
