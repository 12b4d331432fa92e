//! Cells of a CSV file by the names of their columns.

use csv::StringRecord;
use domain::text;

/// Where each column of a file stands.
pub(super) struct Columns(StringRecord);

impl Columns {
    /// The columns under `heading`.
    pub(super) fn new(heading: StringRecord) -> Self {
        Self(heading)
    }

    /// The first of `names` that is missing.
    pub(super) fn missing<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        names.iter().copied().find(|name| self.0.iter().all(|column| column != *name))
    }

    /// The text of `row` in the column `name`, as one NFC line; nothing where it is empty or
    /// says that nothing is known.
    pub(super) fn cell(&self, row: &StringRecord, name: &str) -> Option<String> {
        let place = self.0.iter().position(|column| column == name)?;
        known(text::line(row.get(place)?))
    }
}

/// `text`, unless it is empty or says that nothing is known.
pub(super) fn known(text: String) -> Option<String> {
    (!text.is_empty() && text != "Không có thông tin").then_some(text)
}
