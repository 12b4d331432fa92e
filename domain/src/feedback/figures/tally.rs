//! Counting reports.

use chrono::{DateTime, Utc};

use super::Counted;
use crate::{
    feedback::{FEWEST, Status, WorkingCalendar},
    quantile::quantile,
};

/// A part of some reports.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    /// Of so many.
    pub count: usize,
    /// 0 to 1, to three digits; none of too few.
    pub share: Option<f64>,
}

/// How many working days answers took, by nearest rank.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// Of so many answers.
    pub count: usize,
    /// Half of them took at most so many; none of too few.
    pub median: Option<usize>,
    /// Four in five took at most so many; none of too few.
    pub p80: Option<usize>,
}

/// What reporters think of answers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    /// So many said it.
    pub count: usize,
    /// 1 to 5, to two digits; none of too few.
    pub mean: Option<f64>,
}

/// The figures of some reports.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// How many came.
    pub received: usize,
    /// How many of them wait for an answer, or for their reporter.
    pub open: usize,
    /// How many were answered, and can still be objected to.
    pub resolved: usize,
    /// How many are closed.
    pub closed: usize,
    /// How many were not taken on.
    pub rejected: usize,
    /// How many were taken back.
    pub withdrawn: usize,
    /// How many follow another one: they count in nothing below.
    pub merged: usize,
    /// Answered in time, of those that were answered or should have been.
    pub on_time: Share,
    /// Given more time, of the same.
    pub extended: Share,
    /// Opened again, of those that were ever answered.
    pub reopened: Share,
    /// How long answers took.
    pub days: Days,
    /// What their reporters think of them.
    pub rating: Mean,
}

/// Reports as they are counted.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    of: [usize; Status::ALL.len()],
    decided: usize,
    in_time: usize,
    extended: usize,
    answered: usize,
    reopened: usize,
    days: Vec<usize>,
    rated: usize,
    stars: usize,
}

impl Tally {
    /// Counts `report`, as it stands at `at`.
    pub fn add(&mut self, report: &Counted, calendar: &WorkingCalendar, at: DateTime<Utc>) {
        let place = Status::ALL.iter().position(|status| *status == report.status);
        if let Some(count) = place.and_then(|place| self.of.get_mut(place)) {
            *count += 1;
        }
        if let Some(in_time) = report.in_time(at) {
            self.decided += 1;
            self.in_time += usize::from(in_time);
            self.extended += usize::from(report.extended);
        }
        self.answered += usize::from(report.was_answered());
        self.reopened += usize::from(report.reopened);
        self.days.extend(report.working_days(calendar));
        if let Some(stars) = report.stars {
            self.rated += 1;
            self.stars += usize::from(stars);
        }
    }

    /// What was counted; shares, times and ratings only of at least `fewest`.
    #[must_use]
    pub fn figures_of_at_least(mut self, fewest: usize) -> Figures {
        self.days.sort_unstable();
        let are = |wanted: Status| {
            let both = Status::ALL.iter().zip(self.of);
            both.filter(|(status, _)| **status == wanted).map(|(_, count)| count).sum::<usize>()
        };
        let of = |part, count| Share {
            count,
            share: (count >= fewest).then(|| rounded(part, count, 1_000.0)).flatten(),
        };
        let days = Some(&*self.days).filter(|days| days.len() >= fewest).unwrap_or_default();
        Figures {
            received: self.of.iter().sum(),
            open: Status::OPEN.into_iter().map(are).sum::<usize>() + are(Status::NeedsInfo),
            resolved: are(Status::Resolved),
            closed: are(Status::Closed),
            rejected: are(Status::Rejected),
            withdrawn: are(Status::Withdrawn),
            merged: are(Status::Merged),
            on_time: of(self.in_time, self.decided),
            extended: of(self.extended, self.decided),
            reopened: of(self.reopened, self.answered),
            days: Days {
                count: self.days.len(),
                median: quantile(days, 50),
                p80: quantile(days, 80),
            },
            rating: Mean {
                count: self.rated,
                mean: (self.rated >= fewest)
                    .then(|| rounded(self.stars, self.rated, 100.0))
                    .flatten(),
            },
        }
    }

    /// What was counted, told as to strangers and colleagues: nothing of fewer than [`FEWEST`].
    #[must_use]
    pub fn figures(self) -> Figures {
        self.figures_of_at_least(FEWEST)
    }
}

/// `part` of `whole`, to the digits of `scale`; none of none.
fn rounded(part: usize, whole: usize, scale: f64) -> Option<f64> {
    let number = |many: usize| u32::try_from(many).map_or(f64::MAX, f64::from);
    (whole > 0).then(|| (number(part) / number(whole) * scale).round() / scale)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn report((status, took, promised, stars): (usize, i64, i64, u8)) -> Counted {
        let at = DateTime::UNIX_EPOCH;
        let answered = [Status::Resolved, Status::Closed].contains(&Status::ALL[status]);
        Counted {
            category: "lighting.street".to_owned(),
            commune: None,
            agency: "police".parse().unwrap(),
            status: Status::ALL[status],
            status_since: at + TimeDelta::hours(took),
            submitted_at: at,
            due_at: at + TimeDelta::hours(promised),
            resolved_at: answered.then(|| at + TimeDelta::hours(took)),
            extended: promised % 2 == 0,
            reopened: took % 3 == 0,
            stars: Some(stars).filter(|stars| *stars > 0),
        }
    }

    fn figures(reports: &[Counted], fewest: usize) -> Figures {
        let mut tally = Tally::default();
        let now = DateTime::UNIX_EPOCH + TimeDelta::hours(500);
        for one in reports {
            tally.add(one, &WorkingCalendar::default(), now);
        }
        tally.figures_of_at_least(fewest)
    }

    fn reports() -> impl Strategy<Value = Vec<Counted>> {
        let report = (0..Status::ALL.len(), 0_i64..900, 0_i64..900, 0_u8..=5).prop_map(report);
        proptest::collection::vec(report, 0..60)
    }

    proptest! {
        /// Everything that came stands somewhere, and once.
        #[test]
        fn the_parts_add_up(reports in reports()) {
            let all = figures(&reports, 0);
            let ended = all.resolved + all.closed + all.rejected + all.withdrawn + all.merged;
            prop_assert_eq!(all.open + ended, all.received);
            prop_assert_eq!(all.received, reports.len());
        }

        /// Of too few nothing but their number is told; of enough, what is told of any number.
        #[test]
        fn nothing_is_told_of_too_few(reports in reports(), fewest in 1_usize..30) {
            let (told, whole) = (figures(&reports, fewest), figures(&reports, 0));
            for (told, whole) in [
                (told.on_time, whole.on_time),
                (told.extended, whole.extended),
                (told.reopened, whole.reopened),
            ] {
                prop_assert_eq!(told.count, whole.count);
                prop_assert_eq!(told.share, whole.share.filter(|_| whole.count >= fewest));
                prop_assert!(told.share.is_none_or(|share| (0.0..=1.0).contains(&share)));
            }
            let enough = whole.days.count >= fewest;
            prop_assert_eq!(told.days.median, whole.days.median.filter(|_| enough));
            prop_assert_eq!(told.days.p80, whole.days.p80.filter(|_| enough));
            prop_assert!(told.days.median <= told.days.p80);
            let rated = whole.rating.count >= fewest;
            prop_assert_eq!(told.rating.mean, whole.rating.mean.filter(|_| rated));
            prop_assert!(told.rating.mean.is_none_or(|mean| (1.0..=5.0).contains(&mean)));
        }
    }

    #[test]
    fn what_is_overdue_and_open_is_late_and_what_has_time_left_is_undecided() {
        let open = |promised| figures(&[report((0, 1, promised, 0))], 1).on_time;
        assert_eq!(open(499), Share { count: 1, share: Some(0.0) });
        assert_eq!(open(501), Share { count: 0, share: None });
    }

    #[test]
    fn who_rejects_or_asks_too_late_is_late() {
        let on_time = |status: Status, took| {
            let place = Status::ALL.iter().position(|known| *known == status).unwrap();
            figures(&[report((place, took, 10, 0))], 1).on_time
        };
        let (late, undecided) =
            (Share { count: 1, share: Some(0.0) }, Share { count: 0, share: None });
        assert_eq!(on_time(Status::Rejected, 9), Share { count: 1, share: Some(1.0) });
        assert_eq!(on_time(Status::Rejected, 11), late);
        assert_eq!(on_time(Status::NeedsInfo, 9), undecided);
        assert_eq!(on_time(Status::NeedsInfo, 11), late);
        assert_eq!(on_time(Status::Withdrawn, 11), undecided);
    }
}
