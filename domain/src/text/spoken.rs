//! Looking for phrases in what people write, with and without marks.

use super::{Syllable, line, syllables};

/// What somebody wrote, apart at each sign that ends a thought: a phrase does not go on over it.
#[derive(Clone, Debug)]
pub struct Spoken(Vec<Vec<Syllable>>);

/// Words that are looked for.
#[derive(Clone, Debug)]
pub struct Phrase(Vec<Syllable>);

impl Phrase {
    /// These `words`, written with all of their marks.
    #[must_use]
    pub fn new(words: &str) -> Self {
        Self(syllables(words))
    }

    /// Whether `said` may stand for it: syllable by syllable, with all marks, some or none.
    fn agrees_with(&self, said: &[Syllable]) -> bool {
        said.iter().zip(&self.0).all(|(said, word)| said.agrees_with(word))
    }
}

impl Spoken {
    /// What `text` says.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let line = line(text);
        Self(
            line.split(|sign: char| !sign.is_alphanumeric() && sign != ' ')
                .map(syllables)
                .collect(),
        )
    }

    /// Whether it holds `phrase`, with all of its marks, some or none.
    #[must_use]
    pub fn says(&self, phrase: &Phrase) -> bool {
        self.places(phrase).next().is_some()
    }

    /// How often it holds `phrase`, with all of its marks, some or none.
    #[must_use]
    pub fn count(&self, phrase: &Phrase) -> usize {
        self.places(phrase).count()
    }

    /// Whether it holds `phrase` with at least one of its marks: without any, the letters mean something
    /// else, too.
    #[must_use]
    pub fn says_marked(&self, phrase: &Phrase) -> bool {
        self.places(phrase).any(|said| said.iter().any(|syllable| !syllable.marks().is_empty()))
    }

    /// Where it may hold `phrase`.
    fn places<'s>(&'s self, phrase: &'s Phrase) -> impl Iterator<Item = &'s [Syllable]> {
        let windows = self.0.iter().flat_map(|part| part.windows(phrase.0.len().max(1)));
        windows.filter(|said| phrase.agrees_with(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_with_some_of_its_marks_and_whole() {
        let says = |text: &str, words: &str| Spoken::new(text).says(&Phrase::new(words));
        for text in ["Cháy nhà!", "chay nha roi", "ở xóm chay NHÀ", "Cha\u{301}y nha\u{300}"]
        {
            assert!(says(text, "cháy nhà"), "{text}");
        }
        for text in ["chạy nhà", "xe chay nhanh", "cháy, nhà bên", "nhà cháy", ""] {
            assert!(!says(text, "cháy nhà"), "{text}");
        }
        assert!(says("HOẢ HOẠN", "hỏa hoạn"), "wherever the tone stands");
    }

    #[test]
    fn marks_can_be_asked_for() {
        let says = |text: &str| Spoken::new(text).says_marked(&Phrase::new("đang cháy"));
        assert!(says("đang cháy") && says("đang chay"));
        assert!(!says("xe dang chay nhanh"));
    }
}
