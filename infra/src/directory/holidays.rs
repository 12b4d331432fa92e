//! The list of public holidays.

use domain::directory::Holiday;

use crate::dataset::{Reading, read_table};

/// Reads holidays, one a day.
#[must_use]
pub fn read_holidays(bytes: &[u8]) -> Reading<Holiday> {
    read_table(
        bytes,
        &["date", "name_vi"],
        |holiday: &Holiday| holiday.date,
        |row| Ok(Holiday { date: row.value("date")?, name: row.text("name_vi")? }),
    )
}
