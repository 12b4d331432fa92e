//! Words that belong together, and how much of them a name holds.

use domain::text::{Marks, Syllable};

use super::vocabulary::{Pair, Vocabulary, Word};

/// What the order of two words counts beside the words themselves.
const ORDER: f64 = 0.5;

/// Words that belong together, each with its weight, and pairs of them.
#[derive(Clone, Default)]
pub(super) struct Phrase {
    pub(super) words: Vec<Weighted>,
    pub(super) pairs: Vec<(Pair, f64)>,
    mass: f64,
}

/// A word as it was typed.
#[derive(Clone, Copy)]
pub(super) struct Weighted {
    pub(super) word: Option<Word>,
    pub(super) marks: Marks,
    /// How much it says of what is looked for.
    pub(super) weight: f64,
    /// How much it says at all: of who is concerned, too.
    pub(super) sense: f64,
}

impl Weighted {
    /// The word in `syllable`.
    pub(super) fn new(syllable: &Syllable, vocabulary: &Vocabulary) -> Self {
        let word = vocabulary.word(syllable.folded());
        let weight = vocabulary.rarity(word);
        Self { word, marks: syllable.marks(), weight, sense: weight }
    }

    /// The word with its marks, where there is such a word.
    pub(super) fn spelled(&self) -> Option<(Word, Marks)> {
        Some((self.word?, self.marks))
    }
}

impl Phrase {
    /// The phrase of `words` in this order.
    pub(super) fn new(words: &[Weighted], vocabulary: &Vocabulary) -> Self {
        let pairs = words.iter().zip(words.iter().skip(1)).filter_map(|(left, right)| {
            let pair = (left.word?, right.word?);
            Some((pair, ORDER * vocabulary.pair_rarity(pair)?))
        });
        Self::of(words.to_vec(), pairs.collect())
    }

    /// The order of two words alone, where they ever follow each other.
    pub(super) fn order(left: Weighted, right: Weighted, vocabulary: &Vocabulary) -> Option<Self> {
        let pair = (left.word?, right.word?);
        let said = |each: Weighted| each.weight / vocabulary.rarity(each.word);
        let weight = vocabulary.pair_rarity(pair)? * said(left).min(said(right));
        Some(Self::of(Vec::new(), vec![(pair, ORDER * weight)]))
    }

    fn of(words: Vec<Weighted>, pairs: Vec<(Pair, f64)>) -> Self {
        let mass = words.iter().map(|word| word.weight).sum::<f64>()
            + pairs.iter().map(|(_, weight)| weight).sum::<f64>();
        Self { words, pairs, mass }
    }

    /// How much the phrase says.
    pub(super) const fn mass(&self) -> f64 {
        self.mass
    }

    /// Whether the vocabulary has every word of it.
    pub(super) fn is_known(&self) -> bool {
        self.words.iter().all(|word| word.word.is_some())
    }
}
