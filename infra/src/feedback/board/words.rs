//! Which posts hold which words.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Bound,
    sync::Arc,
};

use roaring::RoaringBitmap;

/// Signs that people set without meaning them.
const ORDINARY: &str = ".,;:!?()[]{}\"'“”‘’-–—/…";
/// How many words of a question are looked for.
const MOST: usize = 20;
/// From this many letters on, the last word of a question may be the beginning of one.
const BEGINNING: usize = 2;

/// Words, each with the places of the posts that hold it.
#[derive(Debug, Default)]
pub(super) struct Words {
    places: HashMap<Arc<str>, RoaringBitmap>,
    sorted: BTreeSet<Arc<str>>,
}

impl Words {
    /// Adds a post with its folded text.
    pub(super) fn add(&mut self, place: u32, folded: &str) {
        for word in split(folded) {
            if let Some(places) = self.places.get_mut(word) {
                places.insert(place);
                continue;
            }
            let word: Arc<str> = word.into();
            self.sorted.insert(Arc::clone(&word));
            self.places.insert(word, RoaringBitmap::from_iter([place]));
        }
    }

    /// Forgets what a post holds.
    pub(super) fn remove(&mut self, place: u32) {
        self.places.retain(|word, places| {
            places.remove(place);
            let kept = !places.is_empty();
            if !kept {
                self.sorted.remove(word);
            }
            kept
        });
    }

    /// The places of the posts that hold every word of `question`, which is folded; the last one
    /// may be begun only. A question without a word finds nothing.
    pub(super) fn find(&self, question: &str) -> RoaringBitmap {
        let words: Vec<&str> = split(question).take(MOST).collect();
        let Some((last, whole)) = words.split_last() else { return RoaringBitmap::new() };
        let mut found = self.beginning_with(last);
        for word in whole {
            match self.places.get(*word) {
                Some(places) => found &= places,
                None => return RoaringBitmap::new(),
            }
        }
        found
    }

    fn beginning_with(&self, beginning: &str) -> RoaringBitmap {
        if beginning.chars().count() < BEGINNING {
            return self.places.get(beginning).cloned().unwrap_or_default();
        }
        let from = self.sorted.range::<str, _>((Bound::Included(beginning), Bound::Unbounded));
        let words = from.take_while(|word| word.starts_with(beginning));
        words
            .filter_map(|word| self.places.get(word))
            .fold(RoaringBitmap::new(), |all, places| all | places)
    }

    /// Gives back the room that growing took.
    pub(super) fn settle(&mut self) {
        self.places.shrink_to_fit();
        self.places.values_mut().for_each(|places| {
            places.optimize();
        });
    }
}

/// The words of a folded text: runs of letters and digits, and each sign that means something.
fn split(folded: &str) -> impl Iterator<Item = &str> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        let ignored = |sign: char| sign.is_whitespace() || ORDINARY.contains(sign);
        rest = rest.trim_start_matches(ignored);
        let first = rest.chars().next()?;
        let end = match rest.find(|sign: char| !sign.is_alphanumeric()) {
            Some(0) => first.len_utf8(),
            Some(end) => end,
            None => rest.len(),
        };
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn words() -> Words {
        let mut words = Words::default();
        words.add(1, "o ga 50%, ngo 12/3");
        words.add(2, "den duong ngo 12 khong sang");
        words.add(3, "den tin hieu");
        words
    }

    #[rstest]
    #[case("den", &[2, 3])]
    #[case("den duong", &[2])]
    #[case("duong den", &[2])]
    #[case("ngo 12", &[1, 2])]
    #[case("den duo", &[2])]
    #[case("den d", &[])]
    #[case("50%", &[1])]
    #[case("%", &[1])]
    #[case("_", &[])]
    #[case("\\", &[])]
    #[case("den, duong!", &[2])]
    #[case("...", &[])]
    #[case("", &[])]
    fn a_question_finds_what_holds_its_words(#[case] question: &str, #[case] places: &[u32]) {
        assert_eq!(words().find(question).into_iter().collect::<Vec<_>>(), places);
    }

    #[test]
    fn what_is_forgotten_is_not_found() {
        let mut words = words();
        words.remove(2);
        assert_eq!(words.find("ngo").into_iter().collect::<Vec<_>>(), [1]);
        assert!(words.find("duong").is_empty());
    }
}
