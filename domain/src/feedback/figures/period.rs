//! The days that figures are of.

use std::ops::Range;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc};

use crate::wall_clock::instant;

/// Of how many days figures are told at most.
pub const LONGEST: i64 = 366;
/// The years that both stores can tell apart.
const YEARS: Range<i32> = 2000..9999;
/// How many days are read at once, so that a long period needs no more memory than a short one.
const STRETCH: Days = Days::new(7);

/// Some days by the clocks in Vietnam, the first and the last one included; at most [`LONGEST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    from: NaiveDate,
    to: NaiveDate,
}

impl Period {
    /// The days from `from` to `to`; none where they are too many, none at all, or in other ages.
    #[must_use]
    pub fn new(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        let days = to.signed_duration_since(from).num_days();
        let known = [from, to].iter().all(|day| YEARS.contains(&day.year()));
        (known && (0..LONGEST).contains(&days)).then_some(Self { from, to })
    }

    /// The first day.
    #[must_use]
    pub const fn from(self) -> NaiveDate {
        self.from
    }

    /// The last day.
    #[must_use]
    pub const fn to(self) -> NaiveDate {
        self.to
    }

    /// The period in stretches of at most a week: each from an instant on and before another.
    pub(super) fn stretches(self) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let end = self.to.succ_opt().unwrap_or(self.to);
        let mut next = self.from;
        std::iter::from_fn(move || {
            let begin = next;
            next = begin.checked_add_days(STRETCH).unwrap_or(end).min(end);
            (begin < end).then(|| (midnight(begin), midnight(next)))
        })
    }
}

/// When the day begins.
pub(in crate::feedback) fn midnight(day: NaiveDate) -> DateTime<Utc> {
    instant(day.and_time(NaiveTime::MIN))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(number)
    }

    proptest! {
        /// The stretches follow each other without a gap, from the first instant to the last one.
        #[test]
        fn stretches_cover_the_period(begin in 0_u64..1_000, days in 1_u64..=366) {
            let period = Period::new(day(begin), day(begin + days - 1)).unwrap();
            let stretches: Vec<_> = period.stretches().collect();
            prop_assert_eq!(stretches.first().unwrap().0, midnight(day(begin)));
            prop_assert_eq!(stretches.last().unwrap().1, midnight(day(begin + days)));
            prop_assert!(stretches.windows(2).all(|two| two[0].1 == two[1].0));
            prop_assert!(stretches.iter().all(|(from, to)| from < to));
        }
    }

    #[test]
    fn a_period_is_neither_empty_nor_endless() {
        assert!(Period::new(day(1), day(0)).is_none());
        assert!(Period::new(day(0), day(366)).is_none());
        assert!(Period::new(day(0), day(0)).is_some());
        assert!(Period::new(NaiveDate::MAX, NaiveDate::MAX).is_none());
        assert!(Period::new(NaiveDate::MIN, NaiveDate::MAX).is_none());
    }
}
