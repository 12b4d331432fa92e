//! Vietnamese text: one normal form, and a folded form to compare and search by.

mod keyed;
mod recurring;
mod spoken;
mod spreadsheet;
mod syllable;

pub use keyed::keyed;
pub use recurring::{Recurring, keep_once};
pub use spoken::{Phrase, Spoken};
pub use spreadsheet::cell;
pub use syllable::{Marks, Syllable, syllables};

use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfc_quick,
};

/// `text` in Unicode normal form C, without control characters and what hides or turns others
/// round, its white space collapsed.
#[must_use]
pub fn line(text: &str) -> String {
    let shown: String = text.chars().filter(|&c| !misleads(c)).collect();
    let mut line = String::with_capacity(shown.len());
    let words = shown.split(|c: char| c.is_whitespace() || c.is_control());
    for word in words.filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        // What is typed without marks, and most else, is composed already.
        if is_nfc_quick(word.chars()) == IsNormalized::Yes {
            line.push_str(word);
        } else {
            line.extend(word.nfc());
        }
    }
    line
}

/// `text` in Unicode normal form C with its line breaks kept, other control characters and what
/// hides or turns others round dropped, trimmed.
#[must_use]
pub fn paragraphs(text: &str) -> String {
    let kept = |&c: &char| !misleads(c) && (c == '\n' || c == '\t' || !c.is_control());
    let kept: String = text.chars().filter(kept).nfc().collect();
    kept.trim().to_owned()
}

/// Whether `c` takes no room itself and makes a reader see others otherwise than they are written:
/// the controls of direction (UAX 9), and spaces without width; or is no character at all, which XML
/// does not take. Vietnamese needs none of them.
fn misleads(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fdd0}'..='\u{fdef}'
    ) || u32::from(c) & 0xfffe == 0xfffe
}

/// `text` in Unicode normal form C, where it is not in it already.
#[must_use]
pub fn composed(text: &str) -> Option<String> {
    let already = is_nfc_quick(text.chars()) == IsNormalized::Yes;
    if already { None } else { Some(text.nfc().collect()) }
}

/// `text` folded for comparing: lower case, no marks, đ as d, white space collapsed.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return line(&text.to_ascii_lowercase());
    }
    line(&unmarked(text.nfd()))
}

/// The letters among these `decomposed` ones in lower case, đ as d.
fn unmarked(decomposed: impl Iterator<Item = char>) -> String {
    decomposed
        .filter(|&c| !is_combining_mark(c))
        .flat_map(char::to_lowercase)
        .map(|c| if matches!(c, 'đ' | 'ð') { 'd' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folding_drops_marks_and_keeps_syllables() {
        assert_eq!(fold("  Đăng ký  KẾT HÔN "), "dang ky ket hon");
        assert_eq!(fold("Đa\u{306}ng"), "dang");
        assert_eq!(fold("¡ \u{b3e}"), "¡", "a mark alone leaves no white space behind");
        assert_eq!(line("Tha\u{301}i\u{0}Nguyên"), "Thái Nguyên");
    }

    #[test]
    fn what_turns_text_round_is_dropped() {
        assert_eq!(line("an\u{202e}toàn \u{200b} đây"), "antoàn đây");
        assert_eq!(paragraphs("a\u{feff}b\n\u{2066}c\u{2069}"), "ab\nc");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
