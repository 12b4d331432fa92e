//! How well something with a name of its own answers a question: a commune, a hotline, a hospital.

use domain::text::Syllable;

use super::{
    passage::Passage,
    question::Question,
    ranking::Rank,
    vocabulary::{Vocabulary, Word, once_each},
};

/// What counts a name that was typed in full and nothing else.
const NAMED: f64 = 1.9;

/// What remains where letters are right and marks are others.
const OTHER_MARKS: f64 = 0.6;

/// What remains of a name whose marks were left out while others were typed: `Văn Lăng` for
/// `văn lang`.
const MISSING_MARKS: f64 = 0.98;

/// A name, ready to be compared with a question.
pub(super) struct Name {
    words: Passage,
    /// Words that may stand with it: its district, its province.
    around: Passage,
}

impl Name {
    /// The name of these `syllables`, and those of what may stand around it.
    pub(super) fn new(
        (syllables, words): (&[Syllable], &[Word]),
        (around, around_words): (&[Syllable], &[Word]),
        vocabulary: &Vocabulary,
    ) -> Self {
        Self {
            words: Passage::new(syllables, words, vocabulary),
            around: Passage::new(around, around_words, vocabulary),
        }
    }

    /// How well it answers `question`: as much of the name has to be in the question as of the
    /// question in the name.
    pub(super) fn rank(
        &self,
        question: &Question,
        vocabulary: &Vocabulary,
        used: &mut Vec<Word>,
    ) -> Rank {
        used.clone_from(&question.open_types);
        let (mut met, mut all, mut marked) = (0.0, 0.0, 1.0);
        let typed_marks = question.words.iter().any(|each| !each.marks.is_empty());
        for each in &question.words {
            all += each.weight;
            let Some(word) = each.word else { continue };
            let held = self.words.holds(word, each.marks);
            if held > 0.0 {
                used.push(word);
                met += each.weight;
                if held < 1.0 {
                    marked *= OTHER_MARKS;
                } else if typed_marks && !self.words.holds_exactly(word, each.marks) {
                    marked *= MISSING_MARKS;
                }
            } else if self.around.holds(word, each.marks) > 0.0 {
                met += each.weight;
            }
        }
        once_each(used);
        let asked = if all > 0.0 { met / all } else { 0.0 };
        let named = self.words.share_of(used, vocabulary);
        let confidence = asked * named * marked;
        Rank { confidence, score: confidence * NAMED, ..Rank::default() }
    }
}
