//! Reading a calendar.

use chrono::{DateTime, Utc};
use domain::directory::CalendarEntry;
use icalendar::parser::unfold;

use super::words::{MOST_REPEATING, Words};
use crate::dataset::Reading;

const BEGINNING: &str = "BEGIN:VCALENDAR";
const END: &str = "END:VCALENDAR";
/// The deepest that a sensible calendar is nested: an alarm in an event, a rule in a zone.
const DEEPEST: usize = 4;
/// The most entries that are taken.
const MOST: usize = 2_000;

/// Whether `bytes` are a calendar.
#[must_use]
pub fn is_calendar(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).starts_with(BEGINNING.as_bytes())
}

/// Reads the calendar called `name`, as it stands at `now`. A doubt's line is the number of the event.
///
/// `CATEGORIES` may hold the kind of the notice and the codes of the communes it concerns;
/// `ORGANIZER` names who announces it. Of an event that repeats each time of the next sixty days is
/// an entry. What was cancelled, or is over, is left out.
#[must_use]
pub fn read_calendar(name: &str, bytes: &[u8], now: DateTime<Utc>) -> Reading<CalendarEntry> {
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
    let words = Words::of(&calendar.components, &mut reading);
    let mut repeating = MOST_REPEATING;
    for word in words.standing() {
        match word.entries(name, &words, now, &mut repeating) {
            Ok((entries, remarks)) => {
                for remark in remarks {
                    reading.remark(word.number, word.uid.as_str(), remark);
                }
                let left = MOST - reading.records.len();
                if entries.len() > left {
                    reading.refuse(word.number, format!("only {MOST} events are taken"));
                }
                reading.records.extend(entries.into_iter().take(left));
            }
            Err(reason) => reading.refuse(word.number, reason),
        }
    }
    reading.doubts.sort_by_key(|doubt| doubt.line);
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

#[cfg(test)]
mod tests {
    use domain::directory::NoticeKind;
    use proptest::prelude::*;

    use super::*;

    fn read_calendar(name: &str, bytes: &[u8]) -> Reading<CalendarEntry> {
        super::read_calendar(name, bytes, "2026-11-23T01:00:00Z".parse().unwrap())
    }

    /// The titles and starts of the entries of these events, by the clocks of Vietnam.
    fn starts(events: &[&str]) -> Vec<String> {
        let line = |entry: &CalendarEntry| {
            let starts = domain::wall_clock::local(entry.notice.starts_at);
            format!("{} {}", entry.notice.title, starts.format("%m-%d %H:%M"))
        };
        read_calendar("x", &calendar(events)).records.iter().map(line).collect()
    }

    const WEEKLY: &str =
        "UID:w\nSUMMARY:W\nDTSTART;TZID=Asia/Ho_Chi_Minh:20261102T063000\nDURATION:PT2H";

    #[test]
    fn an_event_that_repeats_is_an_entry_each_time() {
        let rule = format!(
            "{WEEKLY}\nRRULE:FREQ=WEEKLY;BYDAY=MO,SA;UNTIL=20261207T170000Z\n\
            EXDATE;TZID=Asia/Ho_Chi_Minh:20261128T063000\nRDATE;TZID=Asia/Ho_Chi_Minh:20261201T063000"
        );
        // Of Monday at the hour in which it holds up to the last.
        let times =
            ["W 11-23 06:30", "W 11-30 06:30", "W 12-01 06:30", "W 12-05 06:30", "W 12-07 06:30"];
        assert_eq!(starts(&[&rule]), times);
        let moved = "UID:w\nSUMMARY:M\nRECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261130T063000\n\
            DTSTART;TZID=Asia/Ho_Chi_Minh:20261130T090000\nDURATION:PT1H";
        let gone = "UID:w\nSTATUS:CANCELLED\nRECURRENCE-ID:20261204T233000Z";
        let times = ["W 11-23 06:30", "W 12-01 06:30", "W 12-07 06:30", "M 11-30 09:00"];
        assert_eq!(starts(&[&rule, moved, gone]), times);
        let all_gone = "UID:w\nSTATUS:CANCELLED\nSEQUENCE:1";
        assert_eq!(starts(&[&rule, moved, all_gone]), [""; 0]);
    }

    #[test]
    fn whole_days_repeat_too_and_no_farther_than_anybody_plans() {
        let day = "UID:d\nSUMMARY:D\nDTSTART;VALUE=DATE:20261101\nRRULE:FREQ=MONTHLY;UNTIL=20270101\n\
            EXDATE;VALUE=DATE:20261201";
        assert_eq!(starts(&[day]), ["D 01-01 00:00"]);
        let daily = format!("{WEEKLY}\nRRULE:FREQ=DAILY");
        assert_eq!(starts(&[&daily]).len(), 61);
        let counted = format!("{WEEKLY}\nRRULE:FREQ=DAILY;COUNT=22");
        assert_eq!(starts(&[&counted]), ["W 11-23 06:30"]);
    }

    #[test]
    fn a_rule_that_nobody_means_is_refused() {
        for rule in [
            "FREQ=SECONDLY",
            "FREQ=HOURLY",
            "FREQ=DAILY;BYMONTH=13",
            "FREQ=WEEKLY;FREQ=DAILY;X",
            "",
            "FREQ=DAILY;UNTIL=20261001T000000Z",
            "FREQ=DAILY;BYDAY=XX",
            "COUNT=2",
        ] {
            let reading = read_calendar("x", &calendar(&[&format!("{WEEKLY}\nRRULE:{rule}")]));
            assert_eq!((reading.records.len(), reading.doubts.len()), (0, 1), "{rule}");
        }
        let old = "UID:o\nSUMMARY:O\nDTSTART:19260101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY";
        assert_eq!(read_calendar("x", &calendar(&[old])).doubts.len(), 1);
        let never = format!("{WEEKLY}\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30");
        assert_eq!(starts(&[&never]), [""; 0]);
    }

    #[test]
    fn the_latest_word_counts_and_what_is_over_counts_for_nothing() {
        let told = |sequence: u8, status: &str, day: u8| {
            format!(
                "UID:a\nSEQUENCE:{sequence}\nSTATUS:{status}\nSUMMARY:A{sequence}\nDTSTART;VALUE=DATE:202612{day:02}"
            )
        };
        let (first, cancelled) = (told(0, "CONFIRMED", 1), told(1, "CANCELLED", 1));
        assert_eq!(starts(&[&first, &cancelled]), [""; 0]);
        assert_eq!(starts(&[&cancelled, &first]), [""; 0], "in whatever order");
        assert_eq!(starts(&[&first, &told(0, "CANCELLED", 1)]), [""; 0]);
        assert_eq!(starts(&[&cancelled, &told(2, "CONFIRMED", 3)]), ["A2 12-03 00:00"]);
        let over: Vec<_> = (0..2_500)
            .map(|n| format!("UID:{n}\nSUMMARY:P\nDTSTART;VALUE=DATE:20261101"))
            .collect();
        let events: Vec<&str> = over.iter().map(String::as_str).chain([&*first]).collect();
        let reading = read_calendar("x", &calendar(&events));
        assert_eq!((reading.records.len(), reading.doubts.len()), (1, 0));
    }

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
            "UID:e\nSUMMARY:E\nDTSTART:20261124T000000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=1",
            "UID:f\nSUMMARY:F\nDTSTART:20261124T000000\nDTEND:20261123T000000",
            "UID:a\nSEQUENCE:2\nSUMMARY:A later\nDTSTART;VALUE=DATE:20261125",
            "UID:g\nSTATUS:CANCELLED\nSUMMARY:G\nDTSTART;VALUE=DATE:20261125",
        ];
        let reading = read_calendar("x", &calendar(&events));
        let titles: Vec<_> = reading.records.iter().map(|each| &*each.notice.title).collect();
        assert_eq!(titles, ["A later", "E"]);
        let lines: Vec<_> =
            reading.doubts.iter().map(|doubt| (doubt.line, doubt.refused)).collect();
        assert_eq!(lines, [(2, true), (3, true), (4, true), (6, true), (7, false)]);
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

    #[test]
    fn what_never_ends_is_refused() {
        let ever = "P999999W".to_owned() + &"999999W".repeat(30);
        for event in [
            format!("UID:a\nSUMMARY:A\nDTSTART:20261124T000000Z\nDURATION:{ever}"),
            format!(
                "UID:a\nSUMMARY:A\nDTSTART:00010101T000000Z\nDURATION:{ever}\nRRULE:FREQ=DAILY"
            ),
            "UID:a\nSUMMARY:A\nDTSTART:20261124T000000Z\nDURATION:P999999W".to_owned(),
            "UID:a\nSUMMARY:A\nDTSTART:+2621421231T000000Z\nDURATION:PT1H".to_owned(),
        ] {
            let reading = read_calendar("x", &calendar(&[&event]));
            let refused: Vec<_> = reading.doubts.iter().map(|doubt| doubt.refused).collect();
            assert_eq!((reading.records.len(), refused), (0, vec![true]), "{event}");
        }
    }

    proptest! {
        #[test]
        fn any_event_is_answered(event in "[A-Z:;=\\n0-9T]{0,200}") {
            let _ = read_calendar("x", &calendar(&[&event]));
        }
    }
}
