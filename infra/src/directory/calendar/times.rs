//! Instants and durations as calendars write them (RFC 5545, sections 3.3.4 to 3.3.6).

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use domain::wall_clock;
use icalendar::parser::{ParseString, Property};

/// The names of zones whose clocks show what those of Vietnam do.
const ZONES: [&str; 5] =
    ["Asia/Ho_Chi_Minh", "Asia/Saigon", "Asia/Bangkok", "Asia/Hanoi", "SE Asia Standard Time"];

/// The last year that calendars can name: they write it in four digits.
pub(super) const LAST_YEAR: i32 = 9999;

/// A point in a calendar: an instant, or a whole day.
#[derive(Clone, Copy)]
pub(super) enum Point {
    At(DateTime<Utc>),
    Day(NaiveDate),
}

impl Point {
    /// What `property` says, by the clocks of Vietnam where it names no others.
    pub(super) fn read(property: &Property<'_>) -> Result<Self, String> {
        Self::of(property, property.val.as_str().trim())
    }

    /// What each of the values of `property` says.
    pub(super) fn list(property: &Property<'_>) -> Result<Vec<Self>, String> {
        property.val.as_str().split(',').map(|text| Self::of(property, text.trim())).collect()
    }

    fn of(property: &Property<'_>, text: &str) -> Result<Self, String> {
        let wrong = || format!("{} is {text:?}, which is no time", property.name.as_str());
        if text.len() == 8 {
            let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok();
            return day.filter(is_named).map(Self::Day).ok_or_else(wrong);
        }
        let utc = text.strip_suffix('Z');
        let wall = NaiveDateTime::parse_from_str(utc.unwrap_or(text), "%Y%m%dT%H%M%S").ok();
        let wall = wall.filter(is_named).ok_or_else(wrong)?;
        let zone = property.params.iter().find(|parameter| parameter.key == "TZID");
        let zone = zone.and_then(|zone| zone.val.as_ref()).map(ParseString::as_str);
        match (utc, zone) {
            (Some(_), _) => Ok(Self::At(wall.and_utc())),
            (None, Some(zone)) if !ZONES.contains(&zone.trim_matches('"')) => {
                Err(format!("the zone {zone:?} is not that of Vietnam: give times in UTC"))
            }
            (None, _) => Ok(Self::At(wall_clock::instant(wall))),
        }
    }

    /// The instant at which it begins.
    pub(super) fn instant(self) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::Day(date) => wall_clock::instant(date.and_time(NaiveTime::MIN)),
        }
    }

    /// Until when something lasts of which only this begin is known: a day to its end.
    pub(super) fn own_end(self) -> Option<DateTime<Utc>> {
        match self {
            Self::At(_) => None,
            Self::Day(_) => Some(self.instant() + TimeDelta::days(1)),
        }
    }
}

/// Whether calendars can name the year of `day`: no reckoning with such a day overflows.
fn is_named(day: &impl Datelike) -> bool {
    (0..=LAST_YEAR).contains(&day.year())
}

/// The duration in `text`: `P1DT2H30M`, `P2W`.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let (mut sum, mut number) = (TimeDelta::zero(), String::new());
    for sign in text.trim().strip_prefix('P')?.chars() {
        let each = match sign {
            '0'..='9' if number.len() < 6 => {
                number.push(sign);
                continue;
            }
            'T' if number.is_empty() => continue,
            'W' => TimeDelta::weeks(1),
            'D' => TimeDelta::days(1),
            'H' => TimeDelta::hours(1),
            'M' => TimeDelta::minutes(1),
            'S' => TimeDelta::seconds(1),
            _ => return None,
        };
        sum = sum.checked_add(&each.checked_mul(number.parse().ok()?)?)?;
        number.clear();
    }
    (number.is_empty() && sum > TimeDelta::zero()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("PT2H", Some(7200))]
    #[case("P1DT2H30M", Some(95_400))]
    #[case("P2W", Some(1_209_600))]
    #[case("P", None)]
    #[case("PT", None)]
    #[case("PT2", None)]
    #[case("-PT2H", None)]
    #[case("PT99999999H", None)]
    fn durations_are_summed(#[case] text: &str, #[case] seconds: Option<i64>) {
        assert_eq!(duration(text).map(|sum| sum.num_seconds()), seconds);
    }
}
