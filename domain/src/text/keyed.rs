//! Vietnamese as it is keyed in, where nothing composed the letters: by Telex (`ddawng kys`) or by
//! VNI (`d9a8ng ky1`).

use unicode_normalization::UnicodeNormalization;

const CIRCUMFLEX: char = '\u{302}';
const BREVE: char = '\u{306}';
const HORN: char = '\u{31b}';

/// The word that `keys` are, read as Telex or else as VNI; nothing where they are neither.
#[must_use]
pub fn keyed(keys: &str) -> Option<String> {
    let keys = keys.to_lowercase();
    read(&keys, Composed::telex).or_else(|| read(&keys, Composed::vni))
}

fn read(keys: &str, press: impl Fn(&mut Composed, char) -> Option<()>) -> Option<String> {
    let mut word = Composed::default();
    keys.chars().try_for_each(|key| press(&mut word, key))?;
    word.finish()
}

/// A word while it is keyed in.
#[derive(Default)]
struct Composed {
    /// The letters, each with its mark.
    letters: Vec<(char, Option<char>)>,
    tone: Option<char>,
    /// How many keys were no letters.
    marks: usize,
}

impl Composed {
    fn telex(&mut self, key: char) -> Option<()> {
        let last = self.letters.last().copied();
        match key {
            'd' if self.letters.len() == 1 && last == Some(('d', None)) => self.stroke(),
            'a' | 'e' | 'o' if last == Some((key, None)) => self.mark("aeo", CIRCUMFLEX),
            'w' => self.hook(),
            's' | 'f' | 'r' | 'x' | 'j' if self.has_vowel() => self.tone("fsxrj", key),
            _ => self.letter(key),
        }
    }

    fn vni(&mut self, key: char) -> Option<()> {
        match key {
            '1'..='5' => self.tone("21435", key),
            '6' => self.mark("aeo", CIRCUMFLEX),
            '7' => self.horn(),
            '8' => self.mark("a", BREVE),
            '9' => self.stroke(),
            _ => self.letter(key),
        }
    }

    /// A plain letter; anything else was not keyed in so.
    fn letter(&mut self, key: char) -> Option<()> {
        key.is_ascii_lowercase().then(|| self.letters.push((key, None)))
    }

    /// The stroke of đ.
    fn stroke(&mut self) -> Option<()> {
        let letter = self.letters.first_mut().filter(|(letter, _)| *letter == 'd')?;
        letter.0 = 'đ';
        self.marks += 1;
        Some(())
    }

    /// Puts `mark` on the last of these `vowels`.
    fn mark(&mut self, vowels: &str, mark: char) -> Option<()> {
        let vowel = self.letters.iter_mut().rev().find(|(letter, _)| vowels.contains(*letter))?;
        vowel.1 = Some(mark);
        self.marks += 1;
        Some(())
    }

    /// The horn of ơ and ư; of `uo` both get it.
    fn horn(&mut self) -> Option<()> {
        let at = self.letters.iter().rposition(|(letter, _)| "uo".contains(*letter))?;
        let before = at.checked_sub(1).and_then(|at| self.letters.get_mut(at));
        if let Some(('u', mark)) = before.map(|(letter, mark)| (*letter, mark)) {
            *mark = Some(HORN);
        }
        self.mark("uo", HORN)
    }

    /// The key `w`: the mark of ă, ơ or ư, whichever vowel comes last.
    fn hook(&mut self) -> Option<()> {
        match self.letters.iter().rev().find(|(letter, _)| "auo".contains(*letter))?.0 {
            'a' => self.mark("a", BREVE),
            _ => self.horn(),
        }
    }

    /// The tone of `key`, which stands in `keys` at its place: huyền, sắc, ngã, hỏi, nặng.
    fn tone(&mut self, keys: &str, key: char) -> Option<()> {
        let tones = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
        let tone = keys.chars().zip(tones).find(|&(each, _)| each == key)?.1;
        self.marks += 1;
        (self.has_vowel() && self.tone.replace(tone).is_none()).then_some(())
    }

    fn has_vowel(&self) -> bool {
        self.letters.iter().any(|(letter, _)| is_vowel(*letter))
    }

    /// The word; nothing where no mark was keyed in, or a single letter with one (`a1` is a class
    /// of driving licence).
    fn finish(self) -> Option<String> {
        if self.marks == 0 || self.letters.len() + self.marks < 3 {
            return None;
        }
        let place = self.place_of_tone();
        let mut word = String::new();
        for (at, (letter, mark)) in self.letters.into_iter().enumerate() {
            word.push(letter);
            word.extend(mark);
            word.extend(self.tone.filter(|_| place == Some(at)));
        }
        Some(word.nfc().collect())
    }

    /// Which letter bears the tone: the last with a mark, else the vowel before the final
    /// consonant, else the last but one.
    fn place_of_tone(&self) -> Option<usize> {
        let vowels = || (0..).zip(&self.letters).filter(|(_, (letter, _))| is_vowel(*letter));
        let marked = vowels().filter(|(_, (_, mark))| mark.is_some()).last();
        let begin = self.letters.iter().take(2).map(|(letter, _)| *letter).collect::<String>();
        let glide = (begin == "qu" || begin == "gi") && vowels().count() > 1;
        let open: Vec<usize> = vowels().map(|(at, _)| at).skip(usize::from(glide)).collect();
        let closed = self.letters.last().is_some_and(|(letter, _)| !is_vowel(*letter));
        let back = if closed || open.len() < 2 { 1 } else { 2 };
        marked.map(|(at, _)| at).or_else(|| open.get(open.len().checked_sub(back)?).copied())
    }
}

const fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::Syllable;

    #[test]
    fn keys_are_read_as_the_word_they_were_meant_for() {
        let telex = [
            ("ddawng", "đăng"),
            ("kys", "ký"),
            ("nguwowif", "người"),
            ("dduwowngf", "đường"),
            ("tuooir", "tuổi"),
            ("quyeenf", "quyền"),
            ("owr", "ở"),
            ("hoaf", "hòa"),
            ("toans", "toán"),
            ("giaf", "già"),
            ("ddaf", "đà"),
        ];
        for (keys, word) in telex {
            assert_eq!(keyed(keys).as_deref(), Some(word), "{keys}");
        }
        let vni = [
            ("d9a8ng", "đăng"),
            ("cu7o7i1", "cưới"),
            ("o73", "ở"),
            ("d9ie65n", "điện"),
            ("mai1", "mái"),
        ];
        for (keys, word) in vni {
            assert_eq!(keyed(keys).as_deref(), Some(word), "{keys}");
        }
    }

    #[test]
    fn what_was_not_keyed_in_so_is_left_alone() {
        for word in ["khai", "sinh", "a1", "b2", "ct07", "kt3", "h55", "001193", "đăng", "xe", ""]
        {
            assert_eq!(keyed(word), None, "{word}");
        }
    }

    proptest! {
        /// Whatever is read, it has the letters that were keyed in and marks beside.
        #[test]
        fn any_text_is_read_or_not(keys in "[a-z0-9]{0,12}") {
            if let Some(word) = keyed(&keys) {
                let syllable = Syllable::new(&word);
                prop_assert!(!syllable.marks().is_empty());
                prop_assert!(syllable.folded().len() < keys.len());
            }
        }
    }
}
