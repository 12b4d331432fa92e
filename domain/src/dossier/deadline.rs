//! By when a dossier is due, and how late it is.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Clock, Dossier};
use crate::feedback::{Allowance, WorkingCalendar};

/// When the offices work: most of them from Monday to Friday, some on Saturday mornings, too.
#[derive(Clone, Debug, Default)]
pub struct OfficeHours {
    usual: WorkingCalendar,
    with_saturdays: WorkingCalendar,
    on_saturdays: Vec<String>,
}

impl OfficeHours {
    /// The days of `calendar`; with Saturday mornings for the units whose codes have one of
    /// `on_saturdays` in them: `G01` means `G01.12` and `000.00.04.G01`.
    #[must_use]
    pub fn new(calendar: WorkingCalendar, on_saturdays: Vec<String>) -> Self {
        let with_saturdays = calendar.clone().with_saturday_mornings();
        Self { usual: calendar, with_saturdays, on_saturdays }
    }

    /// The days on which `unit` works.
    fn of(&self, unit: Option<&str>) -> &WorkingCalendar {
        let named = |name: &String| {
            unit.is_some_and(|unit| unit == name || unit.split('.').any(|part| part == name))
        };
        if self.on_saturdays.iter().any(named) { &self.with_saturdays } else { &self.usual }
    }
}

/// How late something is, or was at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// By the clock.
    pub by: TimeDelta,
    /// In working days that have begun since.
    pub working_days: usize,
}

/// A dossier against its deadline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// By when it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// How late it is, or was when it was decided, or when its applicant was asked for something.
    pub late: Option<Late>,
    /// How many working days are left, while time runs.
    pub working_days_left: Option<usize>,
}

impl Dossier {
    /// By when it is due and how late it is at `at`. The day on the receipt goes before what can be
    /// counted, which moves by the working time that its applicant took: that is not the office's.
    #[must_use]
    pub fn timing(&self, hours: &OfficeHours, at: DateTime<Utc>) -> Timing {
        let calendar = hours.of(self.state.unit.as_deref().or(self.code.unit()));
        let Some(due_at) = self.due(calendar) else { return Timing::default() };
        let clock = self.state.status.clock();
        let until = match clock {
            Clock::Running => Some(at),
            Clock::Waiting => Some(self.clock_since()),
            // Decided, not fetched: for how long a result lies there is not the office's.
            Clock::Over => Some(self.state.finished_at.unwrap_or(self.clock_since())),
            Clock::Off => None,
        };
        let late = until.filter(|&until| until > due_at).map(|until| Late {
            by: until - due_at,
            working_days: calendar.working_days_between(due_at, until),
        });
        let running = clock == Clock::Running && late.is_none();
        let left = running.then(|| calendar.working_days_between(at, due_at));
        Timing { due_at: Some(due_at), late, working_days_left: left }
    }

    fn due(&self, calendar: &WorkingCalendar) -> Option<DateTime<Utc>> {
        let counted = || {
            let days = Allowance::WorkingDays(self.state.working_days?);
            let due = calendar.due(self.state.received_at?, days);
            Some(self.pauses().fold(due, |due, pause| calendar.due_after_pause(due, pause)))
        };
        self.state.due_at.or_else(counted)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::{
        super::{
            State, Status,
            entity::tests::{state, told},
        },
        *,
    };

    fn hours() -> OfficeHours {
        OfficeHours::new(WorkingCalendar::default(), vec!["G01".to_owned()])
    }

    /// Accepted on Monday, 23 November 2026, at eight, to take five working days.
    fn dossier(status: Status, unit: Option<&str>) -> Dossier {
        let mut accepted = state(0, status);
        accepted.received_at = Some(accepted.at);
        accepted.working_days = Some(5);
        accepted.unit = unit.map(str::to_owned);
        told(&[accepted])
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00+07:00").parse().unwrap()
    }

    #[rstest]
    #[case::offices(None, "2026-11-30T17:00")]
    #[case::another_office(Some("H55.242"), "2026-11-30T17:00")]
    #[case::police(Some("000.00.12.G01"), "2026-11-28T12:00")]
    fn days_are_counted_as_the_office_works(#[case] unit: Option<&str>, #[case] due: &str) {
        let timing = dossier(Status::Processing, unit).timing(&hours(), at("2026-11-23T09:00"));
        assert_eq!((timing.due_at, timing.late), (Some(at(due)), None));
        assert_eq!(timing.working_days_left, Some(5));
    }

    #[test]
    fn the_day_on_the_receipt_goes_first() {
        let mut dossier = dossier(Status::Processing, None);
        dossier.state.due_at = Some(at("2026-11-25T11:00"));
        let timing = dossier.timing(&hours(), at("2026-11-26T11:00"));
        let late = Late { by: TimeDelta::days(1), working_days: 1 };
        assert_eq!((timing.due_at, timing.late), (Some(at("2026-11-25T11:00")), Some(late)));
    }

    #[test]
    fn lateness_ends_with_the_decision() {
        let mut dossier = dossier(Status::Processed, None);
        dossier.state.finished_at = Some(at("2026-12-01T17:00"));
        let timing = dossier.timing(&hours(), at("2027-06-01T11:00"));
        assert_eq!(timing.late, Some(Late { by: TimeDelta::days(1), working_days: 1 }));
        assert_eq!(timing.working_days_left, None);
    }

    #[test]
    fn a_result_that_lies_there_makes_nobody_late() {
        let mut accepted = state(0, Status::Received);
        accepted.received_at = Some(accepted.at);
        accepted.working_days = Some(2);
        let with = |seconds, status| State {
            at: accepted.at + TimeDelta::seconds(seconds),
            status,
            ..accepted.clone()
        };
        let (day, week) = (86_400, 7 * 86_400);
        let fetched =
            told(&[accepted.clone(), with(day, Status::Processed), with(week, Status::Returned)]);
        assert_eq!(fetched.timing(&hours(), at("2027-06-01T11:00")).late, None);
        let decided_late = told(&[
            accepted.clone(),
            with(week, Status::Processed),
            with(2 * week, Status::Returned),
        ]);
        let late = decided_late.timing(&hours(), at("2027-06-01T11:00")).late.unwrap();
        assert_eq!(late.working_days, 3);
        let asked_twice = told(&[
            accepted.clone(),
            with(day, Status::SupplementRequired),
            with(week, Status::PaymentRequired),
        ]);
        assert_eq!(asked_twice.timing(&hours(), at("2027-06-01T11:00")).late, None);
    }

    #[test]
    fn what_is_counted_moves_by_the_time_that_the_applicant_took() {
        let mut accepted = state(0, Status::Received);
        accepted.received_at = Some(accepted.at);
        accepted.working_days = Some(5);
        let with = |days, status| State {
            at: accepted.at + TimeDelta::days(days),
            status,
            ..accepted.clone()
        };
        let mut dossier = told(&[
            accepted.clone(),
            with(1, Status::SupplementRequired),
            with(3, Status::PaymentRequired),
            with(4, Status::Processing),
        ]);
        let due = |dossier: &Dossier| dossier.timing(&hours(), at("2026-11-27T09:00")).due_at;
        assert_eq!(due(&dossier), Some(at("2026-12-03T17:00")), "three working days later");
        dossier.state.due_at = Some(at("2026-12-01T17:00"));
        assert_eq!(due(&dossier), Some(at("2026-12-01T17:00")), "the receipt knows");
    }

    proptest! {
        #[test]
        fn time_counts_against_the_office_alone(
            status in prop::sample::select(Status::ALL.to_vec()),
            minutes in 0_i64..100_000,
            later in 0_i64..100_000,
            saturdays in any::<bool>(),
        ) {
            let dossier = dossier(status, saturdays.then_some("G01.2"));
            let at = dossier.state.at + TimeDelta::minutes(minutes);
            let (now, then) =
                (dossier.timing(&hours(), at), dossier.timing(&hours(), at + TimeDelta::minutes(later)));
            prop_assert_eq!(now.due_at, then.due_at);
            if status.clock() == Clock::Running {
                prop_assert_eq!(now.late.is_some(), at > now.due_at.unwrap());
                prop_assert_eq!(now.late.is_some(), now.working_days_left.is_none());
                prop_assert!(now.late.map(|late| late.by) <= then.late.map(|late| late.by));
                let days = |timing: Timing| timing.late.map(|late| late.working_days);
                prop_assert!(days(now) <= days(then));
            } else {
                prop_assert_eq!(now, then);
                prop_assert!(now.late.is_none() && now.working_days_left.is_none());
            }
        }
    }
}
