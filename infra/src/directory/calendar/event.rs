//! An event of a calendar, as it stands there.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use domain::{
    directory::{Notice, NoticeKind},
    territory::CommuneCode,
    text,
};
use icalendar::parser::{Component, Property};

use super::{
    repeating::Series,
    times::{LAST_YEAR, Point, duration},
};

/// The longest title and text, in characters; the rest is cut off.
const TITLE: usize = 200;
const TEXT: usize = 4_000;

/// An event of a calendar.
pub(super) struct Event<'e>(pub(super) &'e Component<'e>);

impl Event<'_> {
    fn property(&self, name: &str) -> Option<&Property<'_>> {
        self.0.properties.iter().find(|property| property.name == name)
    }

    /// The value of a property as one line, if there is anything in it.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let line = text::line(self.property(name)?.val.as_str());
        (!line.is_empty()).then_some(line)
    }

    /// Which time of an event that repeats it is about, where it is about one.
    pub(super) fn recurrence_id(&self) -> Result<Option<DateTime<Utc>>, String> {
        let time = self.property("RECURRENCE-ID").map(Point::read).transpose()?;
        Ok(time.map(Point::instant))
    }

    /// How often it was changed.
    pub(super) fn sequence(&self) -> i64 {
        self.text("SEQUENCE").and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.text("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED"))
    }

    /// Whether it takes place more than once.
    pub(super) fn repeats(&self) -> bool {
        self.property("RRULE").or(self.property("RDATE")).is_some()
    }

    /// When it begins from `after` to `until`, where it repeats.
    ///
    /// # Errors
    /// What to tell the operator where nobody can say.
    pub(super) fn times(
        &self,
        after: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, String> {
        let start = self.property("DTSTART").ok_or("DTSTART is missing")?;
        let all = |name: &str| {
            let lists = self.0.properties.iter().filter(|property| property.name == name);
            lists.map(Point::list).collect::<Result<Vec<_>, _>>().map(|lists| lists.concat())
        };
        let mut rules = self.0.properties.iter().filter(|property| property.name == "RRULE");
        let rule = rules.next().map(|rule| rule.val.as_str());
        if rules.next().is_some() {
            return Err("it repeats by more than one rule".to_owned());
        }
        let series = Series {
            start: Point::read(start)?.instant(),
            by_utc: start.val.as_str().trim().ends_with('Z'),
            rule,
            more: all("RDATE")?,
            less: all("EXDATE")?,
        };
        series.between(after, until)
    }

    /// What it says, at its first time, for how long, and what is odd about it. The id of the notice
    /// stays open.
    ///
    /// # Errors
    /// What to tell the operator where it says too little.
    pub(super) fn notice(
        &self,
        calendar: &str,
    ) -> Result<(Notice, TimeDelta, Vec<String>), String> {
        let mut remarks = Vec::new();
        let (starts_at, ends_at) = self.begin_and_end()?;
        let title = self.text("SUMMARY").ok_or("SUMMARY is missing")?;
        let about = self.property("DESCRIPTION").map(|about| text::paragraphs(about.val.as_str()));
        let parts = [self.text("LOCATION"), about.filter(|about| !about.is_empty())];
        let about = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
        if title.chars().count() > TITLE || about.chars().count() > TEXT {
            remarks.push(format!("it is cut: {TITLE} characters of title, {TEXT} of text"));
        }
        let categories = self.categories();
        let numbers = categories.iter().filter(|word| word.bytes().all(|b| b.is_ascii_digit()));
        if let Some(number) = numbers.clone().find(|word| word.parse::<CommuneCode>().is_err()) {
            return Err(format!("{number:?} is no code of a commune"));
        }
        let notice = Notice {
            id: String::new(),
            kind: categories.iter().find_map(|word| word.parse().ok()).unwrap_or(NoticeKind::Other),
            title: title.chars().take(TITLE).collect(),
            text: about.chars().take(TEXT).collect(),
            communes: categories.iter().filter_map(|word| word.parse().ok()).collect(),
            starts_at,
            ends_at: Some(ends_at),
            source: self.organizer().unwrap_or_else(|| calendar.to_owned()),
        };
        Ok((notice, ends_at - starts_at, remarks))
    }

    fn begin_and_end(&self) -> Result<(DateTime<Utc>, DateTime<Utc>), String> {
        let start = Point::read(self.property("DTSTART").ok_or("DTSTART is missing")?)?;
        let starts_at = start.instant();
        let ends_at = match (self.property("DTEND"), self.text("DURATION")) {
            (Some(end), _) => Point::read(end)?.instant(),
            (None, Some(text)) => {
                let end = duration(&text).and_then(|lasts| starts_at.checked_add_signed(lasts));
                let end = end.filter(|end| end.year() <= LAST_YEAR);
                end.ok_or_else(|| format!("DURATION is {text:?}"))?
            }
            (None, None) => {
                start.own_end().ok_or("neither DTEND nor DURATION says when it ends")?
            }
        };
        if ends_at <= starts_at {
            return Err("it ends before it begins".to_owned());
        }
        Ok((starts_at, ends_at))
    }

    fn categories(&self) -> Vec<String> {
        let lists = self.0.properties.iter().filter(|property| property.name == "CATEGORIES");
        let words = lists.flat_map(|list| list.val.as_str().split(','));
        let words = words.map(|word| text::line(word).to_lowercase());
        words.filter(|word| !word.is_empty()).collect()
    }

    /// The name of who announces it.
    fn organizer(&self) -> Option<String> {
        let parameters = &self.property("ORGANIZER")?.params;
        let name = parameters.iter().find(|parameter| parameter.key == "CN")?.val.as_ref()?;
        let name = text::line(name.as_str().trim_matches('"'));
        (!name.is_empty()).then(|| name.chars().take(TITLE).collect())
    }
}
