//! What has to be found, laid out so that many names are compared with it quickly.

use std::ops::Range;

use domain::text::Marks;

use super::{
    phrase::{Phrase, Weighted},
    vocabulary::{Pair, Vocabulary, Word, once_each},
};

/// Everything that has to be found: needs, each to be met in one of several ways, each of which is
/// made of words and of pairs of them.
#[derive(Default)]
pub(super) struct Asked {
    needs: Vec<Need>,
    ways: Vec<Way>,
    words: Vec<AskedWord>,
    pairs: Vec<AskedPair>,
    /// Every word as it is spelled, once, in order.
    pub(super) spelled: Vec<(Word, Marks)>,
    /// How much each of them says.
    rarity: Vec<f64>,
    /// Every pair, once, in order.
    pub(super) paired: Vec<Pair>,
    /// Where the words that were typed stand among the spelled ones.
    typed: Vec<usize>,
}

/// Something that has to be found.
struct Need {
    mass: f64,
    ways: Range<usize>,
}

/// A way to say it.
struct Way {
    /// What it counts, by its own mass.
    scale: f64,
    words: Range<usize>,
    pairs: Range<usize>,
}

struct AskedWord {
    said: Weighted,
    place: usize,
}

struct AskedPair {
    pair: Pair,
    weight: f64,
    place: usize,
}

/// What a name has of what is asked, by the places in [`Asked`]; room that is used again.
#[derive(Default)]
pub(super) struct Comparison {
    /// How far each spelled word is there: 0 to 1.
    pub(super) held: Vec<f64>,
    /// Whether it is in the name, and not only beside it.
    pub(super) named: Vec<bool>,
    /// Whether it is with exactly these marks.
    pub(super) exact: Vec<bool>,
    /// Whether the words of each pair follow each other.
    pub(super) paired: Vec<bool>,
    /// Which of the spelled words the best ways are made of.
    used: Vec<bool>,
}

impl Asked {
    /// Adds something that can be said in one way only.
    pub(super) fn need(&mut self, phrase: &Phrase) {
        self.need_any(phrase.mass(), [(1.0, phrase)]);
    }

    /// Adds something that can be said in any of these `ways`, each with what it counts.
    pub(super) fn need_any<'p>(
        &mut self,
        mass: f64,
        ways: impl IntoIterator<Item = (f64, &'p Phrase)>,
    ) {
        let first = self.ways.len();
        for (factor, phrase) in ways {
            let (words, pairs) = (self.words.len(), self.pairs.len());
            let word = |&said: &Weighted| AskedWord { said, place: 0 };
            self.words.extend(phrase.words.iter().map(word));
            let pair = |&(pair, weight): &(Pair, f64)| AskedPair { pair, weight, place: 0 };
            self.pairs.extend(phrase.pairs.iter().map(pair));
            self.ways.push(Way {
                scale: if phrase.mass() > 0.0 { factor / phrase.mass() } else { 0.0 },
                words: words..self.words.len(),
                pairs: pairs..self.pairs.len(),
            });
        }
        self.needs.push(Need { mass, ways: first..self.ways.len() });
    }

    /// Gives everything that was added its place; `typed` are the words as they were typed.
    pub(super) fn put_in_order(&mut self, typed: &[Weighted], vocabulary: &Vocabulary) {
        let said = self.words.iter().map(|each| &each.said).chain(typed);
        self.spelled = said.filter_map(Weighted::spelled).collect();
        once_each(&mut self.spelled);
        self.paired = self.pairs.iter().map(|each| each.pair).collect();
        once_each(&mut self.paired);
        let place = |said: &Weighted| self.spelled.binary_search(&said.spelled()?).ok();
        for each in &mut self.words {
            each.place = place(&each.said).unwrap_or(usize::MAX);
        }
        for each in &mut self.pairs {
            each.place = self.paired.binary_search(&each.pair).unwrap_or(usize::MAX);
        }
        self.typed = typed.iter().filter(|word| !word.marks.is_empty()).filter_map(place).collect();
        self.rarity = self.spelled.iter().map(|&(word, _)| vocabulary.rarity(Some(word))).collect();
    }

    /// How much it says altogether.
    pub(super) fn mass(&self) -> f64 {
        self.needs.iter().map(|need| need.mass).sum()
    }

    /// The words in the order in which they were added.
    pub(super) fn words(&self) -> impl Iterator<Item = &Weighted> {
        self.words.iter().map(|each| &each.said)
    }

    /// The pairs in the order in which they were added.
    pub(super) fn pairs(&self) -> impl Iterator<Item = Pair> {
        self.pairs.iter().map(|each| each.pair)
    }

    /// How much of it is met by what `compared` found, each need in its best way, and how much the
    /// greatest need says of which there is nothing; notes the words of those ways.
    pub(super) fn met(&self, compared: &mut Comparison) -> (f64, f64) {
        compared.used.clear();
        compared.used.resize(self.spelled.len(), false);
        let (mut met, mut missed): (f64, f64) = (0.0, 0.0);
        for need in &self.needs {
            let (mut best, mut by): (f64, Option<&Way>) = (0.0, None);
            for way in self.ways.get(need.ways.clone()).unwrap_or_default() {
                let share = self.share(way, compared);
                if share > 0.0 && share >= best {
                    (best, by) = (share, Some(way));
                }
            }
            let Some(way) = by else {
                missed = missed.max(need.mass);
                continue;
            };
            met += need.mass * best;
            for word in self.words.get(way.words.clone()).unwrap_or_default() {
                if let Some(used) = compared.used.get_mut(word.place) {
                    *used = true;
                }
            }
        }
        (met, missed)
    }

    fn share(&self, way: &Way, compared: &Comparison) -> f64 {
        let words = self.words.get(way.words.clone()).unwrap_or_default().iter();
        let held = |each: &AskedWord| {
            compared.held.get(each.place).map_or(0.0, |held| each.said.weight * held)
        };
        let pairs = self.pairs.get(way.pairs.clone()).unwrap_or_default().iter();
        let follow = |each: &&AskedPair| compared.paired.get(each.place) == Some(&true);
        let pairs = pairs.filter(follow).map(|each| each.weight);
        way.scale * (words.map(held).sum::<f64>() + pairs.sum::<f64>())
    }

    /// Whether one of the best ways has `word`.
    pub(super) fn uses(&self, word: Word, compared: &Comparison) -> bool {
        let start = self.spelled.partition_point(|&(each, _)| each < word);
        let spelled = self.spelled.iter().zip(&compared.used).skip(start);
        spelled.take_while(|((each, _), _)| *each == word).any(|(_, &used)| used)
    }

    /// How much the words of the best ways say that are in the name, each counted once.
    pub(super) fn said_by_name(&self, compared: &Comparison) -> f64 {
        let mut last = None;
        let places = self.spelled.iter().zip(&self.rarity).zip(&compared.used).zip(&compared.named);
        let said = places.filter_map(|(((&(word, _), rarity), &used), &named)| {
            (used && named && last.replace(word) != Some(word)).then_some(rarity)
        });
        said.sum()
    }

    /// How many of the words that were typed with marks are in the name with exactly these.
    pub(super) fn exactly_typed(&self, compared: &Comparison) -> usize {
        self.typed.iter().filter(|&&place| compared.exact.get(place) == Some(&true)).count()
    }
}
