//! What anybody may take along of published reports: a file for each month, without words and
//! without anybody's name, made once.
//!
//! A file holds what was published for the first time in its month, so that no report is told twice,
//! as it stood when the file was made: not before [`SETTLES`] after the month, when most of it is
//! answered. From then on it never changes.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};

use super::{Counted, figures::midnight};
use crate::{StoreError, wall_clock::local};

/// How long after its end a month is settled.
pub const SETTLES: Days = Days::new(30);

/// A month by the clocks in Vietnam.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

/// It is no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a month is written as 2026-11")]
pub struct InvalidMonth;

impl Month {
    /// The month in which `at` lies.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        let day = local(at).date();
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX))
    }

    /// From when on, and before when.
    #[must_use]
    pub fn bounds(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (midnight(self.0), midnight(self.next().0))
    }

    /// Whether it is over for long enough at `at`.
    #[must_use]
    pub fn is_settled(self, at: DateTime<Utc>) -> bool {
        let settled = self.next().0.checked_add_days(SETTLES);
        settled.is_some_and(|day| midnight(day) <= at)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

impl FromStr for Month {
    type Err = InvalidMonth;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
        let month = first.map(Self).map_err(|_| InvalidMonth)?;
        if month.to_string() == text { Ok(month) } else { Err(InvalidMonth) }
    }
}

/// What a file tells of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReport {
    /// What of it counts.
    pub counted: Counted,
    /// The wide cell of H3 that it is shown in; none where it is shown only roughly where it is.
    pub cell: Option<String>,
}

/// A file as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenFile {
    /// Its month.
    pub month: Month,
    /// How many reports it tells of.
    pub reports: i64,
    /// How many bytes it has.
    pub bytes: i64,
    /// The SHA-256 of them, hexadecimal.
    pub sha256: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

/// Where the files are kept.
pub trait OpenDataRepository {
    /// When the first of the published reports was published.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn first_published(&mut self) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// What was published in `month` and is still public, neither confidential nor on a statutory
    /// way, in any order.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn published_in(&mut self, month: Month) -> Result<Vec<OpenReport>, StoreError>;

    /// Keeps `body`, which tells of so many reports, as the file of `month`, unless there is one:
    /// the first one stays, whoever made it.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn keep_file(
        &mut self,
        month: Month,
        body: &[u8],
        reports: usize,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// The file of `month`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn file_of(&mut self, month: Month) -> Result<Option<Vec<u8>>, StoreError>;

    /// The files, by month.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn files(&mut self) -> Result<Vec<OpenFile>, StoreError>;
}

/// The settled months that have no file yet, the first one first.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn months_without_file(
    tx: &mut impl OpenDataRepository,
    at: DateTime<Utc>,
) -> Result<Vec<Month>, StoreError> {
    let files = tx.files()?;
    let first = match files.first() {
        Some(file) => Some(file.month),
        None => tx.first_published()?.map(Month::of),
    };
    let months = std::iter::successors(first, |month| Some(month.next()));
    let settled = months.take_while(|month| month.is_settled(at));
    Ok(settled.filter(|month| files.iter().all(|file| file.month != *month)).collect())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every instant lies in its month and in no other.
        #[test]
        fn months_follow_each_other(second in 0_i64..4_000_000_000) {
            let at = DateTime::from_timestamp(second, 0).unwrap();
            let month = Month::of(at);
            let (from, to) = month.bounds();
            prop_assert!(from <= at && at < to);
            prop_assert_eq!(month.next().bounds().0, to);
            prop_assert_eq!(month.to_string().parse(), Ok(month));
            prop_assert!(!month.is_settled(at) && !month.is_settled(to));
            prop_assert!(month.is_settled(to + TimeDelta::days(30)));
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,12}") {
            let _ = text.parse::<Month>();
        }
    }

    #[test]
    fn a_month_is_written_in_one_way() {
        for wrong in ["2026-1", "2026-13", "26-11", "2026-11-01", "+2026-11", " 2026-11", ""] {
            assert_eq!(wrong.parse::<Month>(), Err(InvalidMonth), "{wrong}");
        }
    }
}
