//! What a person may be about to type.

use std::{cmp::Ordering, num::TryFromIntError, ops::Range};

use rustc_hash::FxHashMap;

/// Syllables of a text at which typing may begin.
const BEGINNINGS: usize = 16;

/// Letters that begin so many texts that what is found for them is kept.
const SHORT: usize = 2;

/// How many rows are kept of each.
const KEPT: usize = 100;

/// Texts, findable by the beginning of each of their first syllables.
#[derive(Default)]
pub(super) struct Beginnings {
    texts: Vec<Text>,
    /// In the order of what stands there.
    places: Vec<Place>,
    /// What is found for one or two letters.
    short: FxHashMap<String, Vec<usize>>,
}

/// A text, the row that it is of, and its weight.
struct Text {
    folded: Box<str>,
    row: usize,
    weight: f64,
}

/// The number of a text, and where in it a syllable starts: there may be millions of these.
type Place = (u32, u32);

impl Beginnings {
    /// The beginnings of `texts`, folded, each of a row and with its weight.
    pub(super) fn new(texts: impl IntoIterator<Item = (String, usize, f64)>) -> Self {
        let mut all = Self::default();
        for (text, row, weight) in texts {
            let number = all.texts.len();
            let places = starts(&text).filter_map(|start| place(number, start).ok());
            all.places.extend(places);
            all.texts.push(Text { folded: text.into(), row, weight });
        }
        let mut places = std::mem::take(&mut all.places);
        places.sort_by(|&left, &right| all.at(left).cmp(all.at(right)));
        all.places = places;
        all.short = all.beginnings_of_beginnings();
        all
    }

    /// What is found for each of the one or two letters with which some place begins.
    fn beginnings_of_beginnings(&self) -> FxHashMap<String, Vec<usize>> {
        let mut short = FxHashMap::default();
        for length in 1..=SHORT {
            let mut before = None;
            for typed in self.places.iter().filter_map(|&place| self.at(place).get(..length)) {
                if before.replace(typed) != Some(typed) {
                    short.insert(typed.to_owned(), self.looked_up(typed, KEPT));
                }
            }
        }
        short
    }

    /// The rows whose text goes on from `typed`, folded, at the beginning of some syllable: at most
    /// `limit`, those first that begin with it, then by weight.
    pub(super) fn find(&self, typed: &str, limit: usize) -> Vec<usize> {
        match self.short.get(typed) {
            Some(kept) if limit <= KEPT => kept.iter().copied().take(limit).collect(),
            _ => self.looked_up(typed, limit),
        }
    }

    fn looked_up(&self, typed: &str, limit: usize) -> Vec<usize> {
        let mut best: Vec<(f64, usize)> = Vec::with_capacity(limit + 1);
        for &place in self.places.get(self.range(typed)).unwrap_or_default() {
            let Some((&Text { row, weight, .. }, start)) = self.text(place) else { continue };
            let score = if start == 0 { 2.0 * weight } else { weight };
            let last = best.last().filter(|_| best.len() == limit);
            if last.is_some_and(|last| order(&(score, row), last).is_ge()) {
                continue;
            }
            if let Some(known) = best.iter_mut().find(|(_, known)| *known == row) {
                known.0 = known.0.max(score);
            } else {
                best.push((score, row));
            }
            best.sort_by(order);
            best.truncate(limit);
        }
        best.into_iter().map(|(_, row)| row).collect()
    }

    /// The places where `typed` stands.
    fn range(&self, typed: &str) -> Range<usize> {
        let start = self.places.partition_point(|&place| self.at(place) < typed);
        let rest = self.places.get(start..).unwrap_or_default();
        start..start + rest.partition_point(|&place| self.at(place).starts_with(typed))
    }

    /// What stands at `place`.
    fn at(&self, place: Place) -> &str {
        self.text(place).and_then(|(text, start)| text.folded.get(start..)).unwrap_or_default()
    }

    /// The text of `place`, and where in it that is.
    fn text(&self, (number, start): Place) -> Option<(&Text, usize)> {
        let text = self.texts.get(usize::try_from(number).ok()?)?;
        Some((text, usize::try_from(start).ok()?))
    }
}

/// Higher scores first, then the order of the rows.
fn order(left: &(f64, usize), right: &(f64, usize)) -> Ordering {
    right.0.total_cmp(&left.0).then(left.1.cmp(&right.1))
}

fn place(number: usize, start: usize) -> Result<Place, TryFromIntError> {
    Ok((number.try_into()?, start.try_into()?))
}

/// Where the first syllables of `text` start.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let spaces = text.match_indices(' ').map(|(at, _)| at + 1);
    std::iter::once(0).chain(spaces).take(BEGINNINGS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_any_syllable_finds() {
        let texts =
            [("dang ky ket hon", 0, 1.0), ("dang ky khai sinh", 1, 1.1), ("ket toan", 2, 1.0)];
        let beginnings =
            Beginnings::new(texts.map(|(text, row, weight)| (text.to_owned(), row, weight)));
        assert_eq!(beginnings.find("ket", 9), [2, 0]);
        assert_eq!(beginnings.find("dang ky k", 9), [1, 0]);
        assert_eq!(beginnings.find("dang ky k", 1), [1]);
        assert_eq!(beginnings.find("h", 9), [0]);
        assert!(beginnings.find("hoa", 9).is_empty());
        assert!(beginnings.find("ket", 0).is_empty());
    }
}
