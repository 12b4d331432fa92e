//! How well a procedure answers a question.

use domain::{
    catalogue::{Level, Procedure},
    text::Syllable,
};

use super::{
    asked::Comparison,
    passage::Passage,
    phrase_book::PhraseBook,
    question::Question,
    ranking::Rank,
    vocabulary::{Vocabulary, Word},
};

/// What it adds when the whole name is in the question: the plain form of a procedure comes before
/// its special cases.
const WHOLE_NAME: f64 = 0.35;

/// What it adds when marks are typed and are the name's.
const SAME_MARKS: f64 = 0.03;

/// What it adds when the name begins with words of the question.
const SAME_START: f64 = 0.03;

/// What counts a procedure that is on the list of what people ask for most, and one at its head.
const ASKED_FOR: f64 = 1.2;
const ASKED_FOR_MOST: f64 = 1.22;

/// How many are at its head: as many as phones keep.
const HEAD: usize = 50;

/// What remains of the confidence in one that is not on it: what looks like it is more often something
/// that is not here at all.
const UNASKED: f64 = 0.8;

/// What counts a procedure at the commune's counter, and one that only ministries carry out.
const AT_THE_COMMUNE: f64 = 1.06;
const AT_MINISTRIES: f64 = 0.9;

/// What each turn costs that the name takes and the question does not, and how many are counted.
const TURN: f64 = 0.97;
const TURNS: i32 = 3;

/// Which part of a question has to be met, and which part of a name has to be in it, where the
/// question is that name.
const ALL_SAID: f64 = 0.95;
const NEARLY_ALL_NAMED: f64 = 0.9;

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
    /// The facts of `procedure`, which is at `place` among what people ask for most, `words` being the
    /// numbers of the `syllables` of its name.
    pub(super) fn new(
        procedure: &Procedure,
        place: Option<usize>,
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
            weight: weight(procedure, place),
            certainty: if place.is_some() { 1.0 } else { UNASKED },
        }
    }

    /// How much it is asked for, whatever the question.
    pub(super) const fn weight(&self) -> f64 {
        self.weight
    }

    /// How well it answers `question`. `compared` is room to note in.
    pub(super) fn rank(&self, question: &Question, compared: &mut Comparison) -> Rank {
        let asked = &question.asked;
        self.passage.compare(asked, compared);
        let (met, missed) = asked.met(compared);
        if met <= 0.0 || question.mass <= 0.0 {
            return Rank::default();
        }
        let coverage = met / question.mass;
        let name = self.passage.mass();
        let named = if name > 0.0 { asked.said_by_name(compared) / name } else { 0.0 };
        let whole = 1.0 + WHOLE_NAME * named;
        let count = |number: usize| u32::try_from(number).map_or(0.0, f64::from);
        let marked = count(asked.exactly_typed(compared)) / count(question.words.len()).max(1.0);
        let begins = self.passage.first().is_some_and(|first| asked.uses(first, compared));
        let start = if begins { 1.0 + SAME_START } else { 1.0 };
        let plainness = self.plainness(|word| asked.uses(word, compared));
        let likeness = whole * (1.0 + SAME_MARKS * marked) * start * plainness;
        Rank {
            confidence: coverage * self.certainty,
            score: coverage * likeness * self.weight,
            missed: missed / question.mass,
            is_name: coverage >= ALL_SAID && named >= NEARLY_ALL_NAMED,
        }
    }

    /// What remains after the turns that nobody asked for.
    fn plainness(&self, is_used: impl Fn(Word) -> bool) -> f64 {
        let unasked = self.turns.iter().filter(|turn| !turn.iter().all(|&word| is_used(word)));
        TURN.powi(i32::try_from(unasked.count()).unwrap_or(TURNS).min(TURNS))
    }
}

fn weight(procedure: &Procedure, place: Option<usize>) -> f64 {
    let asked_for = match place {
        Some(place) if place <= HEAD => ASKED_FOR_MOST,
        Some(_) => ASKED_FOR,
        None => 1.0,
    };
    let level = if procedure.levels.contains(&Level::Commune) {
        AT_THE_COMMUNE
    } else if procedure.levels.contains(&Level::Province) {
        1.0
    } else {
        AT_MINISTRIES
    };
    asked_for * level
}
