//! Syllables: what Vietnamese is written and searched in.

use unicode_normalization::UnicodeNormalization;

use super::{line, unmarked};

/// One syllable, its letters apart from its marks. Where a tone stands does not matter: `hóa` and
/// `hoá` are the same syllable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syllable {
    folded: String,
    marks: Marks,
}

/// The marks of a syllable, tones and others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks(u16);

impl Marks {
    /// The mark that `letter`, decomposed, is.
    const fn of(letter: char) -> u16 {
        match letter {
            '\u{300}' => 1,      // huyền
            '\u{301}' => 1 << 1, // sắc
            '\u{303}' => 1 << 2, // ngã
            '\u{309}' => 1 << 3, // hỏi
            '\u{323}' => 1 << 4, // nặng
            '\u{302}' => 1 << 5, // â ê ô
            '\u{306}' => 1 << 6, // ă
            '\u{31b}' => 1 << 7, // ơ ư
            'đ' | 'Đ' | 'ð' | 'Ð' => 1 << 8,
            _ => 0,
        }
    }

    /// Whether there is no mark at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every one of these marks is among `others`: people leave marks out, they do not
    /// add them.
    #[must_use]
    pub const fn are_among(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }
}

impl Syllable {
    /// The syllable that `word` is.
    #[must_use]
    pub fn new(word: &str) -> Self {
        if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Self { folded: word.to_ascii_lowercase(), marks: Marks::default() };
        }
        let mut marks = 0;
        let letters = unmarked(word.nfd().inspect(|&letter| marks |= Marks::of(letter)));
        let plain = letters.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Self { folded: if plain { letters } else { line(&letters) }, marks: Marks(marks) }
    }

    /// Its letters without marks, in lower case.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Its marks.
    #[must_use]
    pub const fn marks(&self) -> Marks {
        self.marks
    }

    /// Whether somebody who typed this may have meant `real`: the letters are the same, and every
    /// mark that was typed is there.
    #[must_use]
    pub fn agrees_with(&self, real: &Self) -> bool {
        self.folded == real.folded && self.marks.are_among(real.marks)
    }
}

/// The syllables, words and numbers of `text`; whatever is neither letter nor digit divides them.
#[must_use]
pub fn syllables(text: &str) -> Vec<Syllable> {
    line(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(Syllable::new)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_place_of_the_tone_does_not_matter() {
        assert_eq!(Syllable::new("hóa"), Syllable::new("HOÁ"));
        assert_eq!(Syllable::new("thuỷ"), Syllable::new("thủy"));
        assert_ne!(Syllable::new("lang"), Syllable::new("lăng"));
    }

    #[test]
    fn marks_may_be_left_out_but_not_changed() {
        let agree = |typed, real| Syllable::new(typed).agrees_with(&Syllable::new(real));
        assert!(agree("dang", "đăng") && agree("đang", "đăng") && agree("đăng", "đăng"));
        assert!(!agree("mắt", "mất") && !agree("lăng", "lang") && !agree("ba", "bà b"));
    }

    #[test]
    fn text_falls_into_syllables() {
        let folded: Vec<_> = syllables(" Đăng ký (lần-2): 1.001193 ")
            .iter()
            .map(|s| s.folded().to_owned())
            .collect();
        assert_eq!(folded, ["dang", "ky", "lan", "2", "1", "001193"]);
    }

    proptest! {
        #[test]
        fn any_text_falls_into_syllables(text in any::<String>()) {
            for syllable in syllables(&text) {
                prop_assert!(syllable.agrees_with(&syllable));
            }
        }
    }
}
