//! The times of an event that repeats (RFC 5545, section 3.8.5).

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use domain::wall_clock::{instant, local};
use rrule::{Frequency, RRule, RRuleSet, Tz, Unvalidated};

use super::times::Point;

/// An event that has repeated for longer than this is one that nobody looks after.
const OLDEST: TimeDelta = TimeDelta::days(20 * 366);
/// The most times of one event.
const MOST: u16 = 100;

/// An event that repeats.
pub(super) struct Series<'s> {
    /// Its first time.
    pub(super) start: DateTime<Utc>,
    /// Whether its days are those of UTC, not of Vietnam.
    pub(super) by_utc: bool,
    /// By which rule it repeats.
    pub(super) rule: Option<&'s str>,
    /// When it takes place beside.
    pub(super) more: Vec<Point>,
    /// When, or on which days, it does not.
    pub(super) less: Vec<Point>,
}

impl Series<'_> {
    /// The times from `after` to `until`, in their order.
    ///
    /// # Errors
    /// What to tell the operator where the rule cannot be followed.
    pub(super) fn between(
        &self,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, String> {
        if self.start < after - OLDEST {
            return Err("it has repeated for more than twenty years".to_owned());
        }
        let within = |at: &DateTime<Utc>| (after..=until).contains(at);
        let more = self.more.iter().map(|point| point.instant());
        let mut times: Vec<_> = more.chain([self.start]).filter(within).collect();
        if let Some(rule) = self.rule {
            times.extend(self.by_rule(rule, after, until)?);
        }
        times.retain(|&at| !self.less.iter().any(|less| less.names(at)));
        times.sort_unstable();
        times.dedup();
        times.truncate(MOST.into());
        Ok(times)
    }

    fn by_rule(
        &self,
        text: &str,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, String> {
        let wrong = || format!("RRULE is {text:?}, which is no rule that can be followed");
        let rule: RRule<Unvalidated> =
            whole(text).ok_or_else(wrong)?.parse().map_err(|_| wrong())?;
        let sensible = [Frequency::Daily, Frequency::Weekly, Frequency::Monthly, Frequency::Yearly];
        if !sensible.contains(&rule.get_freq()) {
            return Err("it repeats more often than every day".to_owned());
        }
        let zone = if self.by_utc { Tz::UTC } else { Tz::Asia__Ho_Chi_Minh };
        let start = self.start.with_timezone(&zone);
        let rule = rule.validate(start).map_err(|_| wrong())?;
        let series = RRuleSet::new(start).rrule(rule);
        let series = series.after(after.with_timezone(&zone)).before(until.with_timezone(&zone));
        Ok(series.all(MOST).dates.into_iter().map(|at| at.to_utc()).collect())
    }
}

/// The rule with its end in UTC, as it has to be beside a start in a zone: a day ends at its midnight.
fn whole(text: &str) -> Option<String> {
    let part = |part: &str| match part.split_once('=') {
        Some((name, until)) if name.eq_ignore_ascii_case("UNTIL") => {
            let until = end(until.trim())?.format("%Y%m%dT%H%M%SZ");
            Some(format!("UNTIL={until}"))
        }
        _ => Some(part.to_owned()),
    };
    let parts: Option<Vec<String>> = text.trim().split(';').map(part).collect();
    parts.map(|parts| parts.join(";"))
}

/// The last instant that `text` allows.
fn end(text: &str) -> Option<DateTime<Utc>> {
    if let Some(utc) = text.strip_suffix('Z') {
        return NaiveDateTime::parse_from_str(utc, "%Y%m%dT%H%M%S").ok().map(|at| at.and_utc());
    }
    let wall = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").ok();
    let day = || NaiveDate::parse_from_str(text, "%Y%m%d").ok()?.succ_opt();
    let last = || Some(day()?.and_time(NaiveTime::MIN) - TimeDelta::seconds(1));
    wall.or_else(last).map(instant)
}

impl Point {
    /// Whether it is `at`, or the day of that in Vietnam.
    fn names(self, at: DateTime<Utc>) -> bool {
        match self {
            Self::At(point) => point == at,
            Self::Day(day) => local(at).date() == day,
        }
    }
}
