//! What was asked and not found, without anybody in it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{StoreError, secret::Digest, text};

/// Different queries that are remembered at once; what comes beyond is not counted.
const REMEMBERED: usize = 2_000;

/// Of them, how many one asker may have brought in that nobody else asked: whoever asks for more fills
/// only the room of their own.
const BROUGHT_IN: usize = 40;

/// Characters of a query that are kept.
const CHARACTERS: usize = 80;

/// Digits that a query may have: more are a number of something or somebody, however they are spaced.
const DIGITS: usize = 3;

/// A query that found nothing, and how often it was asked on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The day, UTC.
    pub day: NaiveDate,
    /// What was asked, in lower case, without numbers.
    pub query: String,
    /// How often.
    pub times: i64,
}

/// Where unanswered queries are kept.
pub trait UnansweredLog {
    /// Adds to what was counted on their days.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn count_unanswered(&mut self, queries: &[Unanswered]) -> Result<(), StoreError>;

    /// At most `limit` of them after `after`: newest day first, of a day those asked most.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn unanswered(
        &mut self,
        after: Option<&Unanswered>,
        limit: usize,
    ) -> Result<Vec<Unanswered>, StoreError>;

    /// Forgets those of the days before `day`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn forget_unanswered(&mut self, day: NaiveDate) -> Result<(), StoreError>;
}

/// Counts what is asked and not found. What fewer than so many different people ask on a day is
/// never told: it may be about somebody.
pub struct Tally {
    askers: usize,
    day: NaiveDate,
    asked: HashMap<String, Asked>,
    /// How many queries each asker brought in that nobody else asked.
    brought_in: HashMap<[u8; 32], usize>,
}

/// How often a query was asked today.
#[derive(Default)]
struct Asked {
    /// Who asked, as far as there have to be more.
    by: Vec<Digest>,
    /// How often since it was told last.
    times: i64,
}

impl Tally {
    /// Tells what at least so many different `askers` ask.
    #[must_use]
    pub fn new(askers: usize) -> Self {
        let (asked, brought_in) = (HashMap::new(), HashMap::new());
        Self { askers, day: NaiveDate::MIN, asked, brought_in }
    }

    /// Counts `query`, which `asker` asked at `now`.
    pub fn count(&mut self, query: &str, asker: Digest, now: DateTime<Utc>) {
        let today = now.date_naive();
        if self.day != today {
            self.day = today;
            self.asked.clear();
            self.brought_in.clear();
        }
        let Some(query) = anonymous(query) else { return };
        if !self.asked.contains_key(&query) && !self.bring_in(&asker) {
            return;
        }
        let entry = self.asked.entry(query).or_default();
        entry.times += 1;
        if entry.by.contains(&asker) {
            return;
        }
        // Now two ask for it: it is no longer the first one's own.
        if let [alone] = entry.by.as_slice()
            && let Some(count) = self.brought_in.get_mut(&alone.0)
        {
            *count = count.saturating_sub(1);
        }
        if entry.by.len() < self.askers {
            entry.by.push(asker);
        }
    }

    /// Makes room for a query that `asker` brings in, if they have any left. Where everything is
    /// full, somebody who brought in more makes room.
    fn bring_in(&mut self, asker: &Digest) -> bool {
        let own = self.brought_in.get(&asker.0).copied().unwrap_or(0);
        if own >= BROUGHT_IN || self.asked.len() >= REMEMBERED && !self.give_way(own) {
            return false;
        }
        *self.brought_in.entry(asker.0).or_default() += 1;
        true
    }

    /// Forgets a query of the asker who brought in most, if that is more than `own`.
    fn give_way(&mut self, own: usize) -> bool {
        let most = self.brought_in.iter().max_by_key(|(_, count)| **count);
        let Some((most, _)) = most.filter(|(_, count)| **count > own + 1) else { return false };
        let most = *most;
        let theirs = |asked: &Asked| matches!(asked.by.as_slice(), [alone] if alone.0 == most);
        let alone = self.asked.iter().find(|(_, asked)| theirs(asked));
        let Some(query) = alone.map(|(query, _)| query.clone()) else { return false };
        self.asked.remove(&query);
        if let Some(count) = self.brought_in.get_mut(&most) {
            *count -= 1;
        }
        true
    }

    /// What was asked by enough people since it was told last.
    pub fn tell(&mut self) -> Vec<Unanswered> {
        let (day, askers) = (self.day, self.askers);
        let told =
            self.asked.iter_mut().filter(|(_, asked)| asked.by.len() >= askers && asked.times > 0);
        told.map(|(query, asked)| Unanswered {
            day,
            query: query.clone(),
            times: std::mem::take(&mut asked.times),
        })
        .collect()
    }
}

/// The beginning of `query` in lower case, with numbers and addresses masked; nothing where
/// nothing is left.
fn anonymous(query: &str) -> Option<String> {
    let numbered = query.chars().filter(|c| c.is_numeric()).count() > DIGITS;
    let words = query.split_whitespace().map(|word| {
        let number = numbered && word.contains(char::is_numeric);
        let masked = number || word.contains('@') || word.contains("://");
        if masked { "#".to_owned() } else { word.to_lowercase() }
    });
    let masked = text::line(&words.collect::<Vec<_>>().join(" "));
    let short: String = masked.chars().take(CHARACTERS).collect();
    let short = short.trim_end().to_owned();
    short.contains(char::is_alphabetic).then_some(short)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asker(number: u8) -> Digest {
        Digest([number; 32])
    }

    #[test]
    fn only_what_several_people_ask_is_told_and_once() {
        let mut tally = Tally::new(3);
        let now = DateTime::<Utc>::MIN_UTC;
        for _ in 0..9 {
            tally.count("chứng nhận abc", asker(1), now);
        }
        tally.count("Chứng  nhận ABC", asker(2), now);
        assert_eq!(tally.tell(), []);
        tally.count("chứng nhận abc", asker(3), now);
        let told = tally.tell();
        assert_eq!((told[0].query.as_str(), told[0].times, told.len()), ("chứng nhận abc", 11, 1));
        assert_eq!(tally.tell(), []);
        tally.count("chứng nhận abc", asker(1), now);
        assert_eq!(tally.tell()[0].times, 1);
        tally.count("chứng nhận abc", asker(1), now + chrono::TimeDelta::days(1));
        assert_eq!(tally.tell(), [], "a new day begins anew");
    }

    #[test]
    fn nobody_is_in_it() {
        let masked = |query| anonymous(query).unwrap_or_default();
        assert_eq!(masked("CCCD 019088001234 của An"), "cccd # của an");
        assert_eq!(masked("gọi 0912.345.678 hoặc an@x.vn"), "gọi # hoặc #");
        assert_eq!(masked("số 091 234 567 8 của ai"), "số # # # # của ai");
        assert_eq!(masked("số ０９１２３４ của ai"), "số # của ai");
        assert_eq!(masked("mẫu CT07 bao nhiêu"), "mẫu ct07 bao nhiêu");
        assert_eq!(anonymous("0912345678"), None);
        assert_eq!(anonymous("😀 ?!"), None);
    }

    fn word(number: usize) -> String {
        number.to_string().bytes().map(|digit| char::from(digit + b'a' - b'0')).collect()
    }

    #[test]
    fn one_asker_cannot_fill_the_memory_of_all() {
        let mut tally = Tally::new(2);
        let now = DateTime::<Utc>::MIN_UTC;
        for number in 0..REMEMBERED * 2 {
            tally.count(&word(number), asker(1), now);
        }
        assert_eq!(tally.asked.len(), BROUGHT_IN);
        tally.count("chứng nhận abc", asker(2), now);
        tally.count("chứng nhận abc", asker(3), now);
        assert_eq!(tally.tell().len(), 1);

        // Those who bring in few still find room where many bring in much.
        for number in 0..REMEMBERED * 2 {
            tally.count(&word(number), asker(u8::try_from(10 + number % 60).unwrap()), now);
        }
        assert_eq!(tally.asked.len(), REMEMBERED);
        tally.count("xyz", asker(200), now);
        tally.count("xyz", asker(201), now);
        assert!(tally.tell().iter().any(|told| told.query == "xyz"));
        assert_eq!(tally.asked.len(), REMEMBERED);
    }

    proptest! {
        #[test]
        fn no_long_number_is_kept(query in any::<String>()) {
            if let Some(kept) = anonymous(&query) {
                prop_assert!(kept.chars().count() <= CHARACTERS);
                let run = kept.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
                prop_assert!(run.unwrap_or(0) <= DIGITS);
            }
        }

        #[test]
        fn memory_is_bounded(numbers in prop::collection::vec(any::<u16>(), 0..4_000)) {
            let mut tally = Tally::new(1);
            for number in numbers {
                let by = asker(u8::try_from(number % 100).unwrap());
                tally.count(&word(number.into()), by, DateTime::<Utc>::MIN_UTC);
            }
            prop_assert!(tally.asked.len() <= REMEMBERED);
        }
    }
}
