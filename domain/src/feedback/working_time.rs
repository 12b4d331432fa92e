//! Deadlines in working time: Monday to Friday, 08:00 to 17:00 in Vietnam, without holidays; some
//! offices work on Saturday mornings, too.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::wall_clock::{instant, local};

const OPENS: TimeDelta = TimeDelta::hours(8);
const CLOSES: TimeDelta = TimeDelta::hours(17);
const CLOSES_ON_SATURDAY: TimeDelta = TimeDelta::hours(12);

fn opening(date: NaiveDate) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN) + OPENS
}

fn closing(date: NaiveDate) -> NaiveDateTime {
    let closes = if date.weekday() == Weekday::Sat { CLOSES_ON_SATURDAY } else { CLOSES };
    date.and_time(NaiveTime::MIN) + closes
}

/// How long an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// Until the end of this working day, counted from the first one after the day of arrival
    /// (as the time limits of administrative procedures are counted).
    WorkingDays(u16),
    /// This many hours during which the offices are open.
    WorkingHours(u16),
}

/// The days on which the offices are open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkingCalendar {
    holidays: BTreeSet<NaiveDate>,
    saturday_mornings: bool,
}

impl WorkingCalendar {
    /// Monday to Friday, without `holidays`.
    #[must_use]
    pub fn new(holidays: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self { holidays: holidays.into_iter().collect(), saturday_mornings: false }
    }

    /// The same, and Saturdays until noon.
    #[must_use]
    pub fn with_saturday_mornings(self) -> Self {
        Self { saturday_mornings: true, ..self }
    }

    /// Whether the offices are open on this day.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        let in_the_week = match date.weekday() {
            Weekday::Sat => self.saturday_mornings,
            Weekday::Sun => false,
            _ => true,
        };
        in_the_week && !self.holidays.contains(&date)
    }

    /// How many working days there are after the day of `from` up to the day of `until`.
    #[must_use]
    pub fn working_days_between(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> usize {
        let last = local(until).date();
        let days = local(from).date().iter_days().skip(1).take_while(|&day| day <= last);
        days.filter(|&day| self.is_working_day(day)).count()
    }

    /// When an answer is due that is asked for at `from` and may take `allowance`. Never on a day
    /// when the offices are closed, and never earlier for what was asked for later.
    #[must_use]
    pub fn due(&self, from: DateTime<Utc>, allowance: Allowance) -> DateTime<Utc> {
        let from = local(from);
        instant(match allowance {
            Allowance::WorkingDays(days) => closing(self.working_day_after(from.date(), days)),
            Allowance::WorkingHours(hours) => {
                self.after_open_time(from, TimeDelta::hours(i64::from(hours)))
            }
        })
    }

    /// When an answer is due that was due at `due`, after a pause from `from` to `until`: as much
    /// later as the offices were open meanwhile.
    #[must_use]
    pub fn due_after_pause(
        &self,
        due: DateTime<Utc>,
        (from, until): (DateTime<Utc>, DateTime<Utc>),
    ) -> DateTime<Utc> {
        let paused = self.open_time(local(from), local(until));
        if paused > TimeDelta::zero() {
            instant(self.after_open_time(local(due), paused))
        } else {
            due
        }
    }

    /// For how long the offices are open between two instants.
    fn open_time(&self, from: NaiveDateTime, until: NaiveDateTime) -> TimeDelta {
        let days = from.date().iter_days().take_while(|&day| day <= until.date());
        days.filter(|&day| self.is_working_day(day))
            .map(|day| closing(day).min(until) - opening(day).max(from))
            .filter(|&open| open > TimeDelta::zero())
            .sum()
    }

    /// The `n`th working day after `date`, the first one for 0.
    fn working_day_after(&self, date: NaiveDate, n: u16) -> NaiveDate {
        date.iter_days()
            .skip(1)
            .filter(|&day| self.is_working_day(day))
            .nth(usize::from(n.saturating_sub(1)))
            .unwrap_or(NaiveDate::MAX)
    }

    /// The instant after `from` at which the offices have been open for as long as is `left`.
    fn after_open_time(&self, from: NaiveDateTime, mut left: TimeDelta) -> NaiveDateTime {
        let today = self.is_working_day(from.date()) && from < closing(from.date());
        let mut begin = if today {
            from.max(opening(from.date()))
        } else {
            opening(self.working_day_after(from.date(), 1))
        };
        loop {
            let room = closing(begin.date()) - begin;
            if left <= room || begin.date() == NaiveDate::MAX {
                return begin + left.min(room);
            }
            left -= room;
            begin = opening(self.working_day_after(begin.date(), 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn calendar() -> WorkingCalendar {
        WorkingCalendar::new(["2026-11-24", "2026-12-31"].map(|day| day.parse().unwrap()))
    }

    #[rstest]
    #[case::monday_before_opening("2026-11-23T06:00:00+07:00", 2, "2026-11-23T10:00:00+07:00")]
    #[case::monday_at_work("2026-11-23T09:30:00+07:00", 2, "2026-11-23T11:30:00+07:00")]
    #[case::over_night_and_holiday("2026-11-23T16:00:00+07:00", 2, "2026-11-25T09:00:00+07:00")]
    #[case::at_closing("2026-11-23T17:00:00+07:00", 1, "2026-11-25T09:00:00+07:00")]
    #[case::on_a_holiday("2026-11-24T10:00:00+07:00", 1, "2026-11-25T09:00:00+07:00")]
    #[case::over_the_weekend("2026-11-27T16:30:00+07:00", 1, "2026-11-30T08:30:00+07:00")]
    #[case::on_saturday("2026-11-28T12:00:00+07:00", 9, "2026-11-30T17:00:00+07:00")]
    fn hours_run_while_the_offices_are_open(
        #[case] from: DateTime<Utc>,
        #[case] hours: u16,
        #[case] due: DateTime<Utc>,
    ) {
        assert_eq!(calendar().due(from, Allowance::WorkingHours(hours)), due);
    }

    #[rstest]
    #[case::one_day("2026-11-25T10:00:00+07:00", 1, "2026-11-26T17:00:00+07:00")]
    #[case::over_a_holiday("2026-11-23T10:00:00+07:00", 1, "2026-11-25T17:00:00+07:00")]
    #[case::five_days("2026-11-23T10:00:00+07:00", 5, "2026-12-01T17:00:00+07:00")]
    #[case::from_saturday("2026-11-28T10:00:00+07:00", 1, "2026-11-30T17:00:00+07:00")]
    fn days_end_when_the_offices_close(
        #[case] from: DateTime<Utc>,
        #[case] days: u16,
        #[case] due: DateTime<Utc>,
    ) {
        assert_eq!(calendar().due(from, Allowance::WorkingDays(days)), due);
    }

    #[rstest]
    #[case::friday_to_monday("2026-11-27T10:00:00+07:00", "2026-11-30T08:00:00+07:00", 1, 2)]
    #[case::within_a_day("2026-11-25T01:00:00+07:00", "2026-11-25T23:00:00+07:00", 0, 0)]
    #[case::over_a_holiday("2026-11-23T10:00:00+07:00", "2026-11-25T10:00:00+07:00", 1, 1)]
    #[case::backwards("2026-11-25T10:00:00+07:00", "2026-11-23T10:00:00+07:00", 0, 0)]
    fn working_days_are_counted(
        #[case] from: DateTime<Utc>,
        #[case] until: DateTime<Utc>,
        #[case] days: usize,
        #[case] with_saturdays: usize,
    ) {
        assert_eq!(calendar().working_days_between(from, until), days);
        let saturdays = calendar().with_saturday_mornings();
        assert_eq!(saturdays.working_days_between(from, until), with_saturdays);
    }

    fn allowances() -> impl Strategy<Value = Allowance> {
        prop_oneof![
            (0_u16..60).prop_map(Allowance::WorkingDays),
            (0_u16..200).prop_map(Allowance::WorkingHours)
        ]
    }

    proptest! {
        #[test]
        fn due_while_open_and_in_order(
            from in 1_700_000_000_i64..1_900_000_000,
            later in 0_i64..10_000_000,
            allowance in allowances(),
            holidays in proptest::collection::vec(0_u64..400, 0..40),
        ) {
            let from = DateTime::from_timestamp(from, 0).unwrap();
            let calendar = WorkingCalendar::new(
                holidays.into_iter().map(|day| local(from).date() + chrono::Days::new(day)),
            );
            let due = calendar.due(from, allowance);
            let wall = local(due);
            prop_assert!(due >= from);
            prop_assert!(calendar.is_working_day(wall.date()));
            prop_assert!(opening(wall.date()) <= wall && wall <= closing(wall.date()));
            prop_assert!(due <= calendar.due(from + TimeDelta::seconds(later), allowance));
        }

        #[test]
        fn who_works_on_saturdays_is_never_later_and_still_in_order(
            from in 1_700_000_000_i64..1_900_000_000,
            later in 0_i64..10_000_000,
            allowance in allowances(),
        ) {
            let from = DateTime::from_timestamp(from, 0).unwrap();
            let saturdays = calendar().with_saturday_mornings();
            let due = saturdays.due(from, allowance);
            let wall = local(due);
            prop_assert!(due <= calendar().due(from, allowance));
            prop_assert!(saturdays.is_working_day(wall.date()) && wall <= closing(wall.date()));
            prop_assert!(due <= saturdays.due(from + TimeDelta::seconds(later), allowance));
        }

        #[test]
        fn a_deadline_of_days_is_so_many_working_days_away(
            from in 1_700_000_000_i64..1_900_000_000,
            days in 1_u16..60,
            saturdays in any::<bool>(),
        ) {
            let from = DateTime::from_timestamp(from, 0).unwrap();
            let calendar = calendar();
            let calendar = if saturdays { calendar.with_saturday_mornings() } else { calendar };
            let due = calendar.due(from, Allowance::WorkingDays(days));
            prop_assert_eq!(calendar.working_days_between(from, due), usize::from(days));
        }

        #[test]
        fn a_pause_moves_the_deadline_by_the_open_time_of_the_pause(
            due in 1_700_000_000_i64..1_900_000_000,
            before in 0_i64..2_000_000,
            length in 0_i64..2_000_000,
        ) {
            let due = DateTime::from_timestamp(due, 0).unwrap();
            let from = due - TimeDelta::seconds(before);
            let until = from + TimeDelta::seconds(length);
            let calendar = calendar();
            let moved = calendar.due_after_pause(due, (from, until));
            let paused = calendar.open_time(local(from), local(until));
            prop_assert_eq!(calendar.open_time(local(due), local(moved)), paused);
            prop_assert!(due <= moved);
        }

        #[test]
        fn more_time_is_never_less(from in 1_700_000_000_i64..1_900_000_000, n in 0_u16..100) {
            let from = DateTime::from_timestamp(from, 0).unwrap();
            for allowance in [Allowance::WorkingDays, Allowance::WorkingHours] {
                let calendar = calendar();
                prop_assert!(calendar.due(from, allowance(n)) <= calendar.due(from, allowance(n + 1)));
            }
        }
    }
}
