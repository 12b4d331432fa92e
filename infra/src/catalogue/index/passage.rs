//! The words of a name, ready to be compared with a question.

use domain::text::{Marks, Syllable};

use super::{
    asked::{Asked, Comparison},
    vocabulary::{Pair, Vocabulary, Word, once_each, pairs},
};

/// What a word counts whose letters are right and whose marks are others: `phở` for `phổ`.
const OTHER_MARKS: f64 = 0.4;

/// What a word counts that stands not in the name but beside it: in the field, in the results.
const BESIDE: f64 = 0.35;

/// The words of a name and of what stands beside it.
pub(super) struct Passage {
    words: Box<[(Word, Marks)]>,
    pairs: Box<[Pair]>,
    beside: Box<[Word]>,
    first: Option<Word>,
    mass: f64,
}

impl Passage {
    /// The passage of a name, `words` being the numbers of its `syllables`.
    pub(super) fn new(syllables: &[Syllable], words: &[Word], vocabulary: &Vocabulary) -> Self {
        let mut marked: Vec<_> =
            words.iter().copied().zip(syllables.iter().map(Syllable::marks)).collect();
        once_each(&mut marked);
        let mut neighbours: Vec<_> = pairs(words).collect();
        once_each(&mut neighbours);
        let mut passage = Self {
            words: marked.into(),
            pairs: neighbours.into(),
            beside: Box::default(),
            first: words.first().copied(),
            mass: 0.0,
        };
        passage.mass = passage.distinct().map(|word| vocabulary.rarity(Some(word))).sum();
        passage
    }

    /// The passage with words beside it.
    pub(super) fn beside(mut self, mut words: Vec<Word>) -> Self {
        once_each(&mut words);
        self.beside = words.into();
        self
    }

    /// Compares the passage with everything that is `asked`, in one walk through both.
    pub(super) fn compare(&self, asked: &Asked, compared: &mut Comparison) {
        compared.held.clear();
        compared.named.clear();
        compared.exact.clear();
        let (mut words, mut beside) = (&*self.words, &*self.beside);
        for &(word, marks) in &asked.spelled {
            words = from(words, |&(each, _)| each < word);
            let mut spelled = words.iter().take_while(|&&(each, _)| each == word).peekable();
            let named = spelled.peek().is_some();
            let (mut agrees, mut exact) = (false, false);
            for &(_, real) in spelled {
                agrees |= marks.are_among(real);
                exact |= marks == real;
            }
            compared.named.push(named);
            compared.exact.push(exact);
            compared.held.push(if agrees {
                1.0
            } else if named {
                OTHER_MARKS
            } else {
                beside = from(beside, |&each| each < word);
                if beside.first() == Some(&word) { BESIDE } else { 0.0 }
            });
        }
        compared.paired.clear();
        let mut pairs = &*self.pairs;
        for &pair in &asked.paired {
            pairs = from(pairs, |&each| each < pair);
            compared.paired.push(pairs.first() == Some(&pair));
        }
    }

    /// How far `word`, typed with `marks`, is here: 0 to 1.
    pub(super) fn holds(&self, word: Word, marks: Marks) -> f64 {
        let mut spelled = self.spellings(word).peekable();
        if spelled.peek().is_none() {
            return if self.beside.binary_search(&word).is_ok() { BESIDE } else { 0.0 };
        }
        if spelled.any(|real| marks.are_among(real)) { 1.0 } else { OTHER_MARKS }
    }

    /// Whether `word` is here with exactly these `marks`.
    pub(super) fn holds_exactly(&self, word: Word, marks: Marks) -> bool {
        self.words.binary_search(&(word, marks)).is_ok()
    }

    /// The word with which the name begins.
    pub(super) const fn first(&self) -> Option<Word> {
        self.first
    }

    /// How much all words of the name say.
    pub(super) const fn mass(&self) -> f64 {
        self.mass
    }

    /// Which part of the name is made of `used` words, each of them given once, by how much they
    /// say: 0 to 1.
    pub(super) fn share_of(&self, used: &[Word], vocabulary: &Vocabulary) -> f64 {
        if self.mass <= 0.0 {
            return 0.0;
        }
        let said = used.iter().filter(|&&word| self.spellings(word).next().is_some());
        said.map(|&word| vocabulary.rarity(Some(word))).sum::<f64>() / self.mass
    }

    /// The marks with which `word` is in the name.
    fn spellings(&self, word: Word) -> impl Iterator<Item = Marks> {
        let start = self.words.partition_point(|&(each, _)| each < word);
        let same = self.words.iter().skip(start).take_while(move |&&(each, _)| each == word);
        same.map(|&(_, marks)| marks)
    }

    /// Each word once.
    fn distinct(&self) -> impl Iterator<Item = Word> {
        let mut last = None;
        self.words.iter().filter_map(move |&(word, _)| {
            let fresh = last != Some(word);
            last = Some(word);
            fresh.then_some(word)
        })
    }
}

/// What is left of `rest`, which is in order, after those that are `before` the one looked for. It is
/// never far.
fn from<T>(mut rest: &[T], before: impl Fn(&T) -> bool) -> &[T] {
    while let Some((first, further)) = rest.split_first()
        && before(first)
    {
        rest = further;
    }
    rest
}
