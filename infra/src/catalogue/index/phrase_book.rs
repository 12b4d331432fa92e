//! Phrases to be recognised in what people write.

use domain::text::{Syllable, syllables};
use rustc_hash::FxHashMap;

/// Phrases, each with what it stands for.
pub(super) struct PhraseBook<T> {
    by_first: FxHashMap<String, Vec<(Vec<Syllable>, T)>>,
}

impl<T> FromIterator<(String, T)> for PhraseBook<T> {
    fn from_iter<I: IntoIterator<Item = (String, T)>>(phrases: I) -> Self {
        let mut by_first: FxHashMap<String, Vec<(Vec<Syllable>, T)>> = FxHashMap::default();
        for (text, meaning) in phrases {
            let phrase = syllables(&text);
            if let Some(first) = phrase.first() {
                by_first.entry(first.folded().to_owned()).or_default().push((phrase, meaning));
            }
        }
        for phrases in by_first.values_mut() {
            phrases.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        }
        Self { by_first }
    }
}

impl<T> PhraseBook<T> {
    /// The phrases with which `typed` begins, longest first: how many syllables, and what it
    /// stands for.
    pub(super) fn at_start<'b>(
        &'b self,
        typed: &[Syllable],
    ) -> impl Iterator<Item = (usize, &'b T)> {
        let phrases = typed.first().and_then(|first| self.by_first.get(first.folded()));
        phrases.into_iter().flatten().filter_map(|(phrase, meaning)| {
            let begins = phrase.len() <= typed.len()
                && typed.iter().zip(phrase).all(|(typed, real)| typed.agrees_with(real));
            begins.then_some((phrase.len(), meaning))
        })
    }

    /// The phrases anywhere in `typed`: where, how many syllables, and what it stands for.
    pub(super) fn within<'b>(
        &'b self,
        typed: &[Syllable],
    ) -> impl Iterator<Item = (usize, usize, &'b T)> {
        (0..typed.len()).flat_map(move |at| {
            let rest = typed.get(at..).unwrap_or_default();
            self.at_start(rest).map(move |(length, meaning)| (at, length, meaning))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_comes_first() {
        let book: PhraseBook<u8> = [("sổ đỏ", 1), ("sổ", 2), ("mất sổ", 3)]
            .map(|(t, n)| (t.to_owned(), n))
            .into_iter()
            .collect();
        let found = |text: &str| {
            let typed = syllables(text);
            book.within(&typed).map(|(at, _, &meaning)| (at, meaning)).collect::<Vec<_>>()
        };
        assert_eq!(found("so do"), [(0, 1), (0, 2)]);
        assert_eq!(found("làm mất sổ đỏ"), [(1, 3), (2, 1), (2, 2)]);
        assert_eq!(found("số đỏ"), []);
        assert_eq!(found(""), []);
    }
}
