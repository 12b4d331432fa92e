//! What a calendar says last of each of its events.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::directory::{CalendarEntry, Notice};
use icalendar::parser::Component;

use super::event::Event;
use crate::dataset::Reading;

/// The most events that repeat: each takes some reckoning.
pub(super) const MOST_REPEATING: usize = 100;
/// How far ahead the times of an event that repeats are entries.
const AHEAD: TimeDelta = TimeDelta::days(60);

/// What an event is known by: its name, and which of its times where it is about one.
type Key = (String, Option<DateTime<Utc>>);

/// The latest word of a calendar on an event, or on one time of it.
pub(super) struct Word<'e> {
    pub(super) number: u64,
    pub(super) uid: String,
    time: Option<DateTime<Utc>>,
    /// The later a word is said, the greater; a cancellation is the last word of its sequence.
    rank: (i64, bool),
    event: Event<'e>,
}

/// The latest words on all events, in the order in which those were first named.
pub(super) struct Words<'e> {
    words: Vec<Word<'e>>,
    places: HashMap<Key, usize>,
}

impl<'e> Words<'e> {
    pub(super) fn of(
        components: &'e [Component<'e>],
        reading: &mut Reading<CalendarEntry>,
    ) -> Self {
        let mut all = Self { words: Vec::new(), places: HashMap::new() };
        let events = components.iter().filter(|component| component.name == "VEVENT");
        for (number, event) in (1..).zip(events) {
            match Word::new(number, Event(event)) {
                Ok(word) => all.hear(word, reading),
                Err(reason) => reading.refuse(number, reason),
            }
        }
        all
    }

    fn hear(&mut self, word: Word<'e>, reading: &mut Reading<CalendarEntry>) {
        let key = (word.uid.clone(), word.time);
        let Some(&place) = self.places.get(&key) else {
            self.places.insert(key, self.words.len());
            self.words.push(word);
            return;
        };
        if let Some(known) = self.words.get_mut(place) {
            let repeated = "its UID stands there already: the latest counts";
            reading.remark(word.number, word.uid.as_str(), repeated);
            if known.rank < word.rank {
                *known = word;
            }
        }
    }

    /// Those that were not cancelled, nor the event of which they are about one time.
    pub(super) fn standing(&self) -> impl Iterator<Item = &Word<'e>> {
        let cancelled = |key: &Key| {
            self.places.get(key).and_then(|&place| self.words.get(place)).is_some_and(Word::ends)
        };
        let whole = |word: &Word<'e>| (word.uid.clone(), None);
        self.words.iter().filter(move |word| !word.ends() && !cancelled(&whole(word)))
    }

    /// Whether something else is said of one time of an event.
    fn speak_of(&self, uid: &str, time: DateTime<Utc>) -> bool {
        self.places.contains_key(&(uid.to_owned(), Some(time)))
    }
}

impl<'e> Word<'e> {
    fn new(number: u64, event: Event<'e>) -> Result<Self, String> {
        let uid = event.text("UID").ok_or("UID is missing")?;
        let time = event.recurrence_id()?;
        let rank = (event.sequence(), event.is_cancelled());
        Ok(Self { number, uid, time, rank, event })
    }

    fn ends(&self) -> bool {
        self.rank.1
    }

    /// The entries that it makes and that are not over, and what is odd about it.
    pub(super) fn entries(
        &self,
        calendar: &str,
        words: &Words<'_>,
        now: DateTime<Utc>,
        repeating: &mut usize,
    ) -> Result<(Vec<CalendarEntry>, Vec<String>), String> {
        let (notice, lasts, remarks) = self.event.notice(calendar)?;
        let repeats = self.time.is_none() && self.event.repeats();
        let starts = if !repeats {
            vec![notice.starts_at]
        } else if *repeating == 0 {
            return Err(format!("only {MOST_REPEATING} events that repeat are taken"));
        } else {
            *repeating -= 1;
            self.event.times(now - lasts, now + AHEAD)?
        };
        let of_one = repeats || self.time.is_some();
        let entry = |starts_at: DateTime<Utc>| CalendarEntry {
            uid: if of_one {
                format!("{}/{}", self.uid, self.time.unwrap_or(starts_at).format("%Y%m%dT%H%M%SZ"))
            } else {
                self.uid.clone()
            },
            notice: Notice { starts_at, ends_at: Some(starts_at + lasts), ..notice.clone() },
        };
        let lasting = starts.into_iter().filter(|&starts_at| now < starts_at + lasts);
        let own = lasting.filter(|&at| !repeats || !words.speak_of(&self.uid, at));
        Ok((own.map(entry).collect(), remarks))
    }
}
