//! The words of everything that can be found, and how much each of them says.

use std::collections::HashSet;

use domain::text::Syllable;
use rustc_hash::FxHashMap;

/// A word of the vocabulary.
pub(super) type Word = u32;

/// Two words that follow each other.
pub(super) type Pair = (Word, Word);

/// The words of everything that can be found.
///
/// What people type is looked up in it and never put into it, so that a quick hash does.
pub(super) struct Vocabulary {
    words: FxHashMap<String, Word>,
    spellings: Vec<String>,
    rarity: Vec<f64>,
    pairs: FxHashMap<Pair, f64>,
    unheard: f64,
}

/// A vocabulary while texts are added to it.
#[derive(Clone, Default)]
pub(super) struct Counting {
    words: FxHashMap<String, Word>,
    spellings: Vec<String>,
    texts_with: Vec<u32>,
    texts_with_pair: FxHashMap<Pair, u32>,
    texts: u32,
}

impl Counting {
    /// Adds the words of one text and gives their numbers.
    pub(super) fn add(&mut self, syllables: &[Syllable]) -> Vec<Word> {
        let words = self.note(syllables);
        self.texts += 1;
        for word in words.iter().copied().collect::<HashSet<_>>() {
            if let Some(count) =
                usize::try_from(word).ok().and_then(|at| self.texts_with.get_mut(at))
            {
                *count += 1;
            }
        }
        for pair in pairs(&words).collect::<HashSet<_>>() {
            *self.texts_with_pair.entry(pair).or_default() += 1;
        }
        words
    }

    /// Numbers the words of what stands beside a text. They do not count as said by it.
    pub(super) fn note(&mut self, syllables: &[Syllable]) -> Vec<Word> {
        syllables.iter().map(|syllable| self.number(syllable.folded())).collect()
    }

    fn number(&mut self, folded: &str) -> Word {
        if let Some(&word) = self.words.get(folded) {
            return word;
        }
        let word = Word::try_from(self.spellings.len()).unwrap_or(Word::MAX);
        self.words.insert(folded.to_owned(), word);
        self.spellings.push(folded.to_owned());
        self.texts_with.push(0);
        word
    }

    /// The vocabulary of what was added.
    pub(super) fn finish(self) -> Vocabulary {
        let rarity = |count: u32| {
            let (all, with) = (f64::from(self.texts), f64::from(count));
            (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
        };
        Vocabulary {
            unheard: rarity(0),
            rarity: self.texts_with.iter().map(|&count| rarity(count)).collect(),
            pairs: self
                .texts_with_pair
                .iter()
                .map(|(&pair, &count)| (pair, rarity(count)))
                .collect(),
            words: self.words,
            spellings: self.spellings,
        }
    }
}

impl Vocabulary {
    /// The word that is spelled so.
    pub(super) fn word(&self, folded: &str) -> Option<Word> {
        self.words.get(folded).copied()
    }

    /// Every word with its spelling.
    pub(super) fn spellings(&self) -> impl Iterator<Item = (Word, &str)> {
        (0..).zip(self.spellings.iter().map(String::as_str))
    }

    /// All pairs of words that follow each other somewhere.
    pub(super) fn pairs(&self) -> impl Iterator<Item = Pair> {
        self.pairs.keys().copied()
    }

    /// How `word` is spelled.
    pub(super) fn spelling(&self, word: Word) -> &str {
        usize::try_from(word).ok().and_then(|at| self.spellings.get(at)).map_or("", String::as_str)
    }

    /// How much `word` says: the inverse document frequency of BM25. What was never heard says
    /// most.
    pub(super) fn rarity(&self, word: Option<Word>) -> f64 {
        word.and_then(|word| usize::try_from(word).ok())
            .and_then(|at| self.rarity.get(at))
            .copied()
            .unwrap_or(self.unheard)
    }

    /// How much it says that these two follow each other; nothing where they never do.
    pub(super) fn pair_rarity(&self, pair: Pair) -> Option<f64> {
        self.pairs.get(&pair).copied()
    }
}

/// The neighbours in `words`.
pub(super) fn pairs(words: &[Word]) -> impl Iterator<Item = Pair> {
    words.iter().copied().zip(words.iter().copied().skip(1))
}

/// Puts `words` in order, each once.
pub(super) fn once_each<T: Ord>(words: &mut Vec<T>) {
    words.sort_unstable();
    words.dedup();
}
