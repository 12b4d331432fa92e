//! How well a procedure answers a question.

use domain::{
    catalogue::{Level, Procedure},
    text::Syllable,
};

use super::{
    passage::Passage,
    phrase_book::PhraseBook,
    question::Question,
    ranking::Rank,
    vocabulary::{Vocabulary, Word, once_each},
};

/// What it adds when the whole name is in the question: the plain form of a procedure comes before
/// its special cases.
const WHOLE_NAME: f64 = 0.35;

/// What it adds when marks are typed and are the name's.
const SAME_MARKS: f64 = 0.03;

/// What it adds when the name begins with words of the question.
const SAME_START: f64 = 0.03;

/// What counts a procedure that people ask for most: those of which the details were collected.
const ASKED_FOR: f64 = 1.2;

/// What remains of the confidence in one that hardly anybody asks for: what looks like it is more
/// often something that is not here at all.
const UNASKED: f64 = 0.8;

/// What counts a procedure at the commune's counter, and one that only ministries carry out.
const AT_THE_COMMUNE: f64 = 1.06;
const AT_MINISTRIES: f64 = 0.9;

/// What each turn costs that the name takes and the question does not, and how many are counted.
const TURN: f64 = 0.97;
const TURNS: i32 = 3;

/// Turns that make a special case of a procedure.
const SPECIAL_CASES: &str = "\
    cấp lại, cấp đổi, đổi, đăng ký lại, gia hạn, thu hồi, lưu động, yếu tố nước ngoài, \
    biên giới, chấm dứt, hủy, xóa, điều chỉnh, thay đổi, sửa đổi, khôi phục, kết hợp, \
    liên thông, quốc tế, tạm ngừng, giải thể, chuyển đổi, khu vực, nhập khẩu, thoát, lực lượng, \
    chia, sáp nhập, rút yêu cầu, ủy quyền, tạm thời, thực hiện tại cấp tỉnh";

/// The phrases that make a special case of a procedure.
pub(super) fn special_cases() -> PhraseBook<()> {
    SPECIAL_CASES.split(", ").map(|phrase| (phrase.to_owned(), ())).collect()
}

/// A procedure, ready to be compared with a question.
pub(super) struct ProcedureFacts {
    passage: Passage,
    /// The words of each special case that its name makes.
    turns: Vec<Vec<Word>>,
    weight: f64,
    certainty: f64,
}

impl ProcedureFacts {
    /// The facts of `procedure`, `words` being the numbers of the `syllables` of its name.
    pub(super) fn new(
        procedure: &Procedure,
        (syllables, words): (&[Syllable], &[Word]),
        beside: Vec<Word>,
        vocabulary: &Vocabulary,
        special_cases: &PhraseBook<()>,
    ) -> Self {
        let turns = special_cases
            .within(syllables)
            .filter_map(|(at, length, ())| Some(words.get(at..at + length)?.to_vec()));
        Self {
            passage: Passage::new(syllables, words, vocabulary).beside(beside),
            turns: turns.collect(),
            weight: weight(procedure),
            certainty: if procedure.details.is_some() { 1.0 } else { UNASKED },
        }
    }

    /// How much it is asked for, whatever the question.
    pub(super) const fn weight(&self) -> f64 {
        self.weight
    }

    /// How well it answers `question`. `used` is room to note words in.
    pub(super) fn rank(
        &self,
        question: &Question<'_>,
        vocabulary: &Vocabulary,
        used: &mut Vec<Word>,
    ) -> Rank {
        used.clear();
        let mut met = 0.0;
        for need in &question.needs {
            let shares =
                need.ways.iter().map(|(factor, way)| (factor * way.share_in(&self.passage), way));
            let best = shares.max_by(|(left, _), (right, _)| left.total_cmp(right));
            if let Some((share, way)) = best.filter(|(share, _)| *share > 0.0) {
                met += need.mass * share;
                used.extend(way.words.iter().filter_map(|each| each.word));
            }
        }
        once_each(used);
        let mass = question.mass;
        let coverage = if mass > 0.0 { met / mass } else { 0.0 };
        let whole = 1.0 + WHOLE_NAME * self.passage.share_of(used, vocabulary);
        let marks = 1.0 + SAME_MARKS * self.marked_share(question);
        let start = if self.passage.begins_with(used) { 1.0 + SAME_START } else { 1.0 };
        let likeness = whole * marks * start * self.plainness(used);
        Rank { confidence: coverage * self.certainty, score: coverage * likeness * self.weight }
    }

    /// Which part of the typed words has the name's marks.
    fn marked_share(&self, question: &Question<'_>) -> f64 {
        let count = |found: usize| u32::try_from(found).map_or(0.0, f64::from);
        let exact = question.words.iter().filter(|each| {
            let holds = |word| self.passage.holds_exactly(word, each.marks);
            !each.marks.is_empty() && each.word.is_some_and(holds)
        });
        count(exact.count()) / count(question.words.len()).max(1.0)
    }

    /// What remains after the turns that nobody asked for.
    fn plainness(&self, used: &[Word]) -> f64 {
        let unasked = self.turns.iter().filter(|turn| !turn.iter().all(|word| used.contains(word)));
        TURN.powi(i32::try_from(unasked.count()).unwrap_or(TURNS).min(TURNS))
    }
}

fn weight(procedure: &Procedure) -> f64 {
    let asked_for = if procedure.details.is_some() { ASKED_FOR } else { 1.0 };
    let level = if procedure.levels.contains(&Level::Commune) {
        AT_THE_COMMUNE
    } else if procedure.levels.contains(&Level::Province) {
        1.0
    } else {
        AT_MINISTRIES
    };
    asked_for * level
}
