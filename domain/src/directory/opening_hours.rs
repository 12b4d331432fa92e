//! When a place is open: by the week, and on public holidays.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Timelike as _, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::Holiday;
use crate::wall_clock::local;

/// The minutes of a day.
const DAY: u16 = 24 * 60;

/// The days of the week as OpenStreetMap writes them, Monday first.
pub const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// A stretch of a day, in minutes since its midnight. One that goes past the next midnight ends
/// after 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first minute, 0 to 1439.
    from: u16,
    /// The minute after its last, at most 24 hours later.
    until: u16,
}

/// When a place is open, by the clocks of Vietnam: in a usual week, and on public holidays, where
/// that is known.
///
/// It is written and read in the plain part of what OpenStreetMap has for it:
/// `Mo-Fr 07:30-11:30,13:30-17:00; Sa 07:30-11:30; PH off`, or `24/7`. Hours that depend on the
/// season, the sun or an appointment are none of these: they are shown as they were published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpeningHours {
    week: [Vec<Span>; 7],
    holidays: Option<Vec<Span>>,
}

impl OpeningHours {
    /// Whether the place is open at `at`; nothing where that cannot be known: on a holiday of which
    /// nothing is said, or so far ahead that `holidays` does not say which day is one.
    #[must_use]
    pub fn is_open_at(&self, at: DateTime<Utc>, holidays: &[Holiday]) -> Option<bool> {
        let now = local(at);
        let minute = u16::try_from(now.hour() * 60 + now.minute()).ok()?;
        let today = self.covers(now.date(), minute, holidays);
        let yesterday = now.date().checked_sub_days(Days::new(1));
        let yesterday =
            yesterday.map_or(Some(false), |date| self.covers(date, minute + DAY, holidays));
        match (today, yesterday) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }
    }

    /// Whether the hours that begin on `date` hold the minute, counted from its midnight.
    fn covers(&self, date: NaiveDate, minute: u16, holidays: &[Holiday]) -> Option<bool> {
        let holds = |spans: &[Span]| spans.iter().any(|span| span.holds(minute));
        let usual = holds(self.on(date.weekday()));
        let on_holiday = match &self.holidays {
            Some(spans) => Some(holds(spans)),
            // Closed as usual is certain enough.
            None => (!usual).then_some(false),
        };
        match is_holiday(date, holidays) {
            Some(false) => Some(usual),
            Some(true) => on_holiday,
            None => on_holiday.filter(|&open| open == usual),
        }
    }

    /// The hours of a usual day.
    #[must_use]
    pub fn on(&self, day: Weekday) -> &[Span] {
        let place = usize::try_from(day.num_days_from_monday()).unwrap_or_default();
        self.week.get(place).map_or(&[], Vec::as_slice)
    }

    /// The hours of public holidays, where they are known.
    #[must_use]
    pub fn on_holidays(&self) -> Option<&[Span]> {
        self.holidays.as_deref()
    }
}

/// Whether `date` is one of `holidays`; nothing where they do not reach into its year.
fn is_holiday(date: NaiveDate, holidays: &[Holiday]) -> Option<bool> {
    let known = holidays.iter().any(|holiday| holiday.date.year() == date.year());
    known.then(|| holidays.iter().any(|holiday| holiday.date == date))
}

impl Span {
    fn holds(self, minute: u16) -> bool {
        (self.from..self.until).contains(&minute)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let until = if self.until > DAY { self.until - DAY } else { self.until };
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        write!(formatter, "{}-{}", clock(self.from), clock(until))
    }
}

impl FromStr for Span {
    type Err = InvalidOpeningHours;

    fn from_str(text: &str) -> Result<Self, InvalidOpeningHours> {
        let (from, until) = text.split_once('-').ok_or(InvalidOpeningHours)?;
        let (from, until) = (minute(from)?, minute(until)?);
        if from == DAY || from == until {
            return Err(InvalidOpeningHours);
        }
        Ok(Self { from, until: if until < from { until + DAY } else { until } })
    }
}

/// The minute of the day at `HH:MM`, up to 24:00.
fn minute(text: &str) -> Result<u16, InvalidOpeningHours> {
    let (hours, minutes) = text.trim().split_once(':').ok_or(InvalidOpeningHours)?;
    let number = |digits: &str, least: usize| {
        let fits = (least..=2).contains(&digits.len());
        let digits = digits.parse::<u16>().ok().filter(|_| fits && is_number(digits));
        digits.ok_or(InvalidOpeningHours)
    };
    let (hours, minutes) = (number(hours, 1)?, number(minutes, 2)?);
    let minute = hours * 60 + minutes;
    if minutes < 60 && minute <= DAY { Ok(minute) } else { Err(InvalidOpeningHours) }
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The days a rule is about: places in the week, and whether public holidays.
type Named = (Vec<usize>, bool);

impl FromStr for OpeningHours {
    type Err = InvalidOpeningHours;

    fn from_str(text: &str) -> Result<Self, InvalidOpeningHours> {
        if text.trim() == "24/7" {
            let always = vec![Span { from: 0, until: DAY }];
            return Ok(Self {
                week: std::array::from_fn(|_| always.clone()),
                holidays: Some(always),
            });
        }
        let mut hours = Self { week: Default::default(), holidays: None };
        // A rule counts over those before it, on the days that it names.
        for rule in text.split(';').map(str::trim).filter(|rule| !rule.is_empty()) {
            let ((days, on_holidays), spans) = read_rule(rule)?;
            for (_, day) in hours.week.iter_mut().enumerate().filter(|(n, _)| days.contains(n)) {
                day.clone_from(&spans);
            }
            if on_holidays {
                hours.holidays = Some(spans);
            }
        }
        let empty = hours.week.iter().all(Vec::is_empty) && hours.holidays.is_none();
        if empty { Err(InvalidOpeningHours) } else { Ok(hours) }
    }
}

/// The days of a rule, and when the place is open on them.
fn read_rule(rule: &str) -> Result<(Named, Vec<Span>), InvalidOpeningHours> {
    let (days, times) = match rule.split_once(' ') {
        Some((days, times)) => (read_days(days)?, times.trim()),
        None if rule.starts_with(|c: char| c.is_ascii_digit()) => (((0..7).collect(), false), rule),
        None => return Err(InvalidOpeningHours),
    };
    if times == "off" || times == "closed" {
        return Ok((days, Vec::new()));
    }
    let mut spans: Vec<Span> =
        times.split(',').map(|span| span.trim().parse()).collect::<Result<_, _>>()?;
    spans.sort_by_key(|span| span.from);
    let apart = spans.iter().zip(spans.iter().skip(1)).all(|(one, next)| one.until <= next.from);
    if apart { Ok((days, spans)) } else { Err(InvalidOpeningHours) }
}

/// The days in a list of days and stretches of days: `Mo-Fr,Su`, `Sa,PH`.
fn read_days(text: &str) -> Result<Named, InvalidOpeningHours> {
    let place = |name: &str| DAYS.iter().position(|day| *day == name).ok_or(InvalidOpeningHours);
    let (mut days, mut on_holidays) = (Vec::new(), false);
    for part in text.split(',') {
        match part.split_once('-') {
            None if part == "PH" => on_holidays = true,
            None => days.push(place(part)?),
            Some((first, last)) => {
                let (first, last) = (place(first)?, place(last)?);
                let length = (last + 7 - first) % 7 + 1;
                days.extend((first..first + length).map(|day| day % 7));
            }
        }
    }
    Ok((days, on_holidays))
}

/// In the shortest form: neighbouring days with the same hours together.
impl fmt::Display for OpeningHours {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let always = Span { from: 0, until: DAY };
        if self.week.iter().chain(&self.holidays).all(|spans| *spans == [always])
            && self.holidays.is_some()
        {
            return formatter.write_str("24/7");
        }
        let days: Vec<(&str, &Vec<Span>)> = DAYS.into_iter().zip(&self.week).collect();
        let stretches = days.chunk_by(|(_, one), (_, next)| one == next);
        let week = stretches.filter_map(|stretch| {
            let ((first, spans), (last, _)) = (stretch.first()?, stretch.last()?);
            let named = if first == last { (*first).to_owned() } else { format!("{first}-{last}") };
            (!spans.is_empty()).then(|| format!("{named} {}", times(spans)))
        });
        let holidays = self.holidays.iter().map(|spans| format!("PH {}", times(spans)));
        formatter.write_str(&week.chain(holidays).collect::<Vec<_>>().join("; "))
    }
}

fn times(spans: &[Span]) -> String {
    if spans.is_empty() {
        return "off".to_owned();
    }
    spans.iter().map(Span::to_string).collect::<Vec<_>>().join(",")
}

impl From<OpeningHours> for String {
    fn from(hours: OpeningHours) -> Self {
        hours.to_string()
    }
}

impl TryFrom<String> for OpeningHours {
    type Error = InvalidOpeningHours;

    fn try_from(text: String) -> Result<Self, InvalidOpeningHours> {
        text.parse()
    }
}

/// The text says no opening hours by the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("opening hours look like Mo-Fr 07:30-11:30,13:30-17:00; PH off")]
pub struct InvalidOpeningHours;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const OFFICE: &str = "Mo-Fr 07:30-11:30,13:30-17:00; Sa 07:30-11:30; PH off";

    fn holidays() -> Vec<Holiday> {
        let date = NaiveDate::from_ymd_opt(2026, 9, 2).unwrap();
        vec![Holiday { date, name: "Quốc khánh".to_owned() }]
    }

    /// Whether a place with these hours is open at this minute of Vietnam.
    fn open(hours: &str, wall: &str) -> Option<bool> {
        let at = format!("{wall}:00+07:00").parse::<DateTime<chrono::FixedOffset>>().unwrap();
        hours.parse::<OpeningHours>().unwrap().is_open_at(at.to_utc(), &holidays())
    }

    #[rstest]
    #[case::first_minute(OFFICE, "2026-11-23T07:30", Some(true))]
    #[case::just_before(OFFICE, "2026-11-23T07:29", Some(false))]
    #[case::at_noon(OFFICE, "2026-11-23T12:00", Some(false))]
    #[case::last_minute(OFFICE, "2026-11-23T16:59", Some(true))]
    #[case::just_after(OFFICE, "2026-11-23T17:00", Some(false))]
    #[case::saturday_morning(OFFICE, "2026-11-28T08:00", Some(true))]
    #[case::sunday(OFFICE, "2026-11-29T08:00", Some(false))]
    #[case::holiday(OFFICE, "2026-09-02T08:00", Some(false))]
    #[case::holiday_unsaid("Mo-Fr 08:00-17:00", "2026-09-02T08:00", None)]
    #[case::holiday_closed_as_usual("Mo-Fr 08:00-17:00", "2026-09-02T18:00", Some(false))]
    #[case::year_unknown(OFFICE, "2031-11-24T08:00", None)]
    #[case::year_unknown_but_always("24/7", "2031-11-24T08:00", Some(true))]
    #[case::night("Fr 22:00-02:00", "2026-11-28T01:59", Some(true))]
    #[case::night_over("Fr 22:00-02:00", "2026-11-28T02:00", Some(false))]
    #[case::not_the_night_before("Fr 22:00-02:00", "2026-11-27T01:00", Some(false))]
    #[case::around_the_week("Sa-Mo 08:00-12:00", "2026-11-23T08:00", Some(true))]
    #[case::every_day("08:00-24:00", "2026-11-22T23:59", Some(true))]
    #[case::later_rule_counts("Mo-Su 08:00-17:00; We off", "2026-11-25T09:00", Some(false))]
    fn a_place_is_open_at_its_hours(
        #[case] hours: &str,
        #[case] wall: &str,
        #[case] expected: Option<bool>,
    ) {
        assert_eq!(open(hours, wall), expected);
    }

    #[rstest]
    #[case("")]
    #[case(";")]
    #[case("off")]
    #[case("Mo-Fr")]
    #[case("Mo-Xx 08:00-17:00")]
    #[case("Mo 8-17")]
    #[case("Mo 08:00-08:00")]
    #[case("Mo 08:00-25:00")]
    #[case("Mo 08:60-09:00")]
    #[case("Mo 08:00-12:00,11:00-13:00")]
    #[case("Mo 08:00+")]
    #[case("Apr-Sep: Mo 08:00-17:00")]
    #[case("Mo[1] 08:00-12:00")]
    #[case("sunrise-sunset")]
    #[case("Mo 08:00-12:00 || \"by appointment\"")]
    #[case("24/7 unknown")]
    #[case("Thứ hai 08:00-12:00")]
    fn what_is_not_plain_is_refused(#[case] text: &str) {
        assert_eq!(text.parse::<OpeningHours>(), Err(InvalidOpeningHours));
    }

    #[rstest]
    #[case("Mo,Tu,We 8:00-12:00 ; Th-Fr 08:00-12:00", "Mo-Fr 08:00-12:00")]
    #[case("Mo-Su,PH 00:00-24:00", "24/7")]
    #[case("Sa 22:00-02:00", "Sa 22:00-02:00")]
    #[case(OFFICE, OFFICE)]
    fn hours_are_written_the_short_way(#[case] text: &str, #[case] written: &str) {
        assert_eq!(text.parse::<OpeningHours>().unwrap().to_string(), written);
    }

    proptest! {
        #[test]
        fn any_text_is_answered_and_what_is_read_is_written_alike(
            text in "((Mo|Tu|Fr|Sa|Su|PH)(-(We|Su))?(,PH)? (off|[012][0-9]:[0-5][0-9]-[012][0-9]:00)(; )?){0,4}",
        ) {
            if let Ok(hours) = text.parse::<OpeningHours>() {
                prop_assert_eq!(hours.to_string().parse(), Ok(hours));
            }
        }

        #[test]
        fn nonsense_is_refused_quietly(text in any::<String>()) {
            let _ = text.parse::<OpeningHours>();
        }
    }
}
