//! Reading a calendar.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{
    directory::{CalendarEntry, Notice, NoticeKind},
    text,
};
use icalendar::parser::{Component, Property, unfold};

use super::times::{Point, duration};
use crate::dataset::Reading;

const BEGINNING: &str = "BEGIN:VCALENDAR";
const END: &str = "END:VCALENDAR";
/// The deepest that a sensible calendar is nested: an alarm in an event, a rule in a zone.
const DEEPEST: usize = 4;
/// The most entries that are taken.
const MOST: usize = 2_000;
/// The longest title and text, in characters; the rest is cut off.
const TITLE: usize = 200;
const TEXT: usize = 4_000;

/// Whether `bytes` are a calendar.
#[must_use]
pub fn is_calendar(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).starts_with(BEGINNING.as_bytes())
}

/// Reads the calendar called `name`. A doubt's line is the number of the event.
///
/// `CATEGORIES` may hold the kind of the notice and the codes of the communes it concerns;
/// `ORGANIZER` names who announces it. What was cancelled is left out.
#[must_use]
pub fn read_calendar(name: &str, bytes: &[u8]) -> Reading<CalendarEntry> {
    let mut reading = Reading::default();
    let unfolded = match sound(bytes) {
        Ok(text) => text,
        Err(reason) => {
            reading.refuse(1, reason);
            return reading;
        }
    };
    let Ok(calendar) = icalendar::parser::read_calendar(&unfolded) else {
        reading.refuse(1, "this is no calendar, or only a part of one");
        return reading;
    };
    // The latest word on an event counts, wherever it stands.
    let mut places: HashMap<String, (usize, i64)> = HashMap::new();
    let events = calendar.components.iter().filter(|component| component.name == "VEVENT");
    for (number, event) in (1..).zip(events) {
        let event = Event(event);
        if event.text("STATUS").is_some_and(|status| status == "CANCELLED") {
            continue;
        }
        let (entry, remarks) = match event.entry(name) {
            Ok(read) => read,
            Err(reason) => {
                reading.refuse(number, reason);
                continue;
            }
        };
        for remark in remarks {
            reading.remark(number, entry.uid.as_str(), remark);
        }
        let sequence = event.text("SEQUENCE").and_then(|text| text.parse().ok()).unwrap_or(0);
        match places.get(&entry.uid) {
            Some(&(place, before)) => {
                let repeated = "its UID stands there already: the latest counts";
                reading.remark(number, entry.uid.as_str(), repeated);
                if before < sequence
                    && let Some(known) = reading.records.get_mut(place)
                {
                    *known = entry;
                }
            }
            None if reading.records.len() < MOST => {
                places.insert(entry.uid.clone(), (reading.records.len(), sequence));
                reading.records.push(entry);
            }
            None => reading.refuse(number, format!("only {MOST} events are taken")),
        }
    }
    reading
}

/// The unfolded text of a calendar that is whole and can be read without harm: what stands within
/// what is counted as it will be read, lines put together and in any case.
fn sound(bytes: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned())?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if !text.starts_with(BEGINNING) || !text.trim_end().ends_with(END) {
        return Err("this is no calendar, or only a part of one".to_owned());
    }
    let text = unfold(&text);
    let begins = |line: &str, with: &str| {
        line.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    let mut depth = 0_usize;
    for line in text.lines() {
        if begins(line.trim_start(), "BEGIN:") {
            depth += 1;
        } else if begins(line.trim_start(), "END:") {
            depth = depth.saturating_sub(1);
        }
        if depth > DEEPEST {
            return Err("the calendar is nested too deeply".to_owned());
        }
    }
    Ok(text)
}

/// An event of a calendar.
struct Event<'e>(&'e Component<'e>);

impl Event<'_> {
    fn property(&self, name: &str) -> Option<&Property<'_>> {
        self.0.properties.iter().find(|property| property.name == name)
    }

    /// The value of a property as one line, if there is anything in it.
    fn text(&self, name: &str) -> Option<String> {
        let line = text::line(self.property(name)?.val.as_str());
        (!line.is_empty()).then_some(line)
    }

    /// What it says, and what is odd about it.
    fn entry(&self, calendar: &str) -> Result<(CalendarEntry, Vec<String>), String> {
        if self.property("RECURRENCE-ID").is_some() {
            return Err("it changes one time of an event that repeats".to_owned());
        }
        let mut remarks = Vec::new();
        if self.property("RRULE").or(self.property("RDATE")).is_some() {
            remarks.push("it repeats: only its first time is taken".to_owned());
        }
        let (starts_at, ends_at) = self.times()?;
        let title = self.text("SUMMARY").ok_or("SUMMARY is missing")?;
        let about = self.property("DESCRIPTION").map(|about| text::paragraphs(about.val.as_str()));
        let parts = [self.text("LOCATION"), about.filter(|about| !about.is_empty())];
        let about = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
        if title.chars().count() > TITLE || about.chars().count() > TEXT {
            remarks.push(format!("it is cut: {TITLE} characters of title, {TEXT} of text"));
        }
        let categories = self.categories();
        let notice = Notice {
            id: String::new(),
            kind: categories.iter().find_map(|word| word.parse().ok()).unwrap_or(NoticeKind::Other),
            title: title.chars().take(TITLE).collect(),
            text: about.chars().take(TEXT).collect(),
            communes: categories.iter().filter_map(|word| word.parse().ok()).collect(),
            starts_at,
            ends_at,
            source: self.organizer().unwrap_or_else(|| calendar.to_owned()),
        };
        let uid = self.text("UID").ok_or("UID is missing")?;
        Ok((CalendarEntry { uid, notice }, remarks))
    }

    fn times(&self) -> Result<(DateTime<Utc>, Option<DateTime<Utc>>), String> {
        let start = Point::read(self.property("DTSTART").ok_or("DTSTART is missing")?)?;
        let starts_at = start.instant();
        let ends_at = match (self.property("DTEND"), self.text("DURATION")) {
            (Some(end), _) => Point::read(end)?.instant(),
            (None, Some(text)) => {
                let lasts = duration(&text);
                starts_at + lasts.ok_or_else(|| format!("DURATION is {text:?}"))?
            }
            (None, None) => {
                start.own_end().ok_or("neither DTEND nor DURATION says when it ends")?
            }
        };
        if ends_at <= starts_at {
            return Err("it ends before it begins".to_owned());
        }
        Ok((starts_at, Some(ends_at)))
    }

    fn categories(&self) -> Vec<String> {
        let lists = self.0.properties.iter().filter(|property| property.name == "CATEGORIES");
        let words = lists.flat_map(|list| list.val.as_str().split(','));
        words.map(|word| text::line(word).to_lowercase()).collect()
    }

    /// The name of who announces it.
    fn organizer(&self) -> Option<String> {
        let parameters = &self.property("ORGANIZER")?.params;
        let name = parameters.iter().find(|parameter| parameter.key == "CN")?.val.as_ref()?;
        let name = text::line(name.as_str().trim_matches('"'));
        (!name.is_empty()).then(|| name.chars().take(TITLE).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn calendar(events: &[&str]) -> Vec<u8> {
        let event = |event: &&str| {
            ["BEGIN:VEVENT\r\n", &event.replace('\n', "\r\n"), "\r\nEND:VEVENT\r\n"].concat()
        };
        let events: Vec<String> = events.iter().map(event).collect();
        let events = events.concat();
        format!("{BEGINNING}\r\nVERSION:2.0\r\nPRODID:x\r\n{events}{END}\r\n").into_bytes()
    }

    const CUT: &str = "UID:1@evn\nDTSTART;TZID=Asia/Ho_Chi_Minh:20261124T073000\nDTEND:20261124T043000Z\n\
                       SUMMARY:Cúp điện\\, tổ 5\nDESCRIPTION:Từ sáng\\nđến\n  trưa\n\
                       CATEGORIES:POWER,05443\nORGANIZER;CN=\"Điện lực\":mailto:x@example.vn";

    #[test]
    fn an_event_is_a_notice() {
        let reading = read_calendar("evn", &calendar(&[CUT]));
        assert_eq!(reading.doubts, []);
        let CalendarEntry { uid, notice } = &reading.records[0];
        assert_eq!((uid.as_str(), notice.kind), ("1@evn", NoticeKind::Power));
        assert_eq!((notice.title.as_str(), notice.source.as_str()), ("Cúp điện, tổ 5", "Điện lực"));
        assert_eq!(notice.text, "Từ sáng\nđến trưa");
        assert_eq!(notice.starts_at.to_rfc3339(), "2026-11-24T00:30:00+00:00");
        assert_eq!(notice.ends_at.unwrap().to_rfc3339(), "2026-11-24T04:30:00+00:00");
        assert_eq!(notice.communes, ["05443".parse().unwrap()]);
    }

    #[test]
    fn what_is_odd_is_reported_by_its_number() {
        let events = [
            "UID:a\nSUMMARY:A\nDTSTART;VALUE=DATE:20261124",
            "SUMMARY:B\nDTSTART;VALUE=DATE:20261124",
            "UID:c\nSUMMARY:C\nDTSTART:20261124T000000Z",
            "UID:d\nSUMMARY:D\nDTSTART;TZID=Europe/Paris:20261124T000000\nDURATION:PT1H",
            "UID:e\nSUMMARY:E\nDTSTART:20261124T000000\nDURATION:PT1H\nRRULE:FREQ=DAILY",
            "UID:f\nSUMMARY:F\nDTSTART:20261124T000000\nDTEND:20261123T000000",
            "UID:a\nSEQUENCE:2\nSUMMARY:A later\nDTSTART;VALUE=DATE:20261125",
            "UID:g\nSTATUS:CANCELLED\nSUMMARY:G\nDTSTART;VALUE=DATE:20261125",
        ];
        let reading = read_calendar("x", &calendar(&events));
        let titles: Vec<_> = reading.records.iter().map(|each| &*each.notice.title).collect();
        assert_eq!(titles, ["A later", "E"]);
        let lines: Vec<_> =
            reading.doubts.iter().map(|doubt| (doubt.line, doubt.refused)).collect();
        assert_eq!(lines, [(2, true), (3, true), (4, true), (5, false), (6, true), (7, false)]);
    }

    #[test]
    fn a_part_of_a_calendar_gives_nothing() {
        let whole = calendar(&[CUT]);
        for length in 0..whole.len() - 2 {
            let reading = read_calendar("evn", &whole[..length]);
            assert_eq!((reading.records.len(), reading.doubts.len()), (0, 1), "{length}");
        }
        let deep = format!("{BEGINNING}\n{}{END}", "BEGIN:X\n".repeat(50_000));
        assert_eq!(read_calendar("evn", deep.as_bytes()).records, []);
        for begin in ["BE\n GIN:X\n", "begin:X\n", "BEGIN\n :X\n"] {
            let hidden = format!("{BEGINNING}\n{}{END}", begin.repeat(50_000));
            let reading = read_calendar("evn", hidden.as_bytes());
            assert_eq!(reading.doubts.len(), 1, "{begin:?}");
        }
    }

    proptest! {
        #[test]
        fn any_event_is_answered(event in "[A-Z:;=\\n0-9T]{0,200}") {
            let _ = read_calendar("x", &calendar(&[&event]));
        }
    }
}
