//! Names of communes, taken apart so that they can be compared however they were typed.

use crate::text::{self, Syllable};

/// Words that stand before the name of a commune, as people write them, folded.
const TYPES: [(&str, &str); 9] = [
    ("thi tran ", "thi tran"),
    ("tt. ", "thi tran"),
    ("tt ", "thi tran"),
    ("phuong ", "phuong"),
    ("p. ", "phuong"),
    ("p ", "phuong"),
    ("xa ", "xa"),
    ("x. ", "xa"),
    ("x ", "xa"),
];

/// A name without its type, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlaceName {
    /// The type that stood before it, folded.
    pub(super) kind: Option<&'static str>,
    /// Its syllables.
    syllables: Vec<Syllable>,
}

impl PlaceName {
    /// The name in `text`, its type taken off the front where one stands there.
    pub(super) fn with_type(text: &str) -> Self {
        let text = text::line(&text.replace('.', ". "));
        let folded = text::fold(&text);
        let prefix = TYPES.iter().find(|(prefix, _)| folded.starts_with(prefix));
        let words = prefix.map_or(0, |(prefix, _)| prefix.split_whitespace().count());
        Self { kind: prefix.map(|&(_, kind)| kind), syllables: syllables(&text, words) }
    }

    /// The name in `text`, all of it.
    pub(super) fn bare(text: &str) -> Self {
        Self { kind: None, syllables: syllables(text, 0) }
    }

    /// The key under which names that differ only in marks meet.
    pub(super) fn folded(&self) -> String {
        let syllables: Vec<&str> = self.syllables.iter().map(Syllable::folded).collect();
        syllables.join(" ")
    }

    /// Whether every mark that was typed in `self` stands in `name` too. An unmarked syllable says
    /// nothing about marks.
    pub(super) fn agrees_with(&self, name: &Self) -> bool {
        self.syllables.len() == name.syllables.len()
            && self
                .syllables
                .iter()
                .zip(&name.syllables)
                .all(|(typed, real)| typed.agrees_with(real))
    }

    /// Whether `self` and `name` are the same name, marks and all.
    pub(super) fn is_marked_like(&self, name: &Self) -> bool {
        self.syllables.iter().any(|syllable| !syllable.marks().is_empty())
            && self.syllables == name.syllables
    }
}

/// The syllables of `text` after its first `skipped` words. Hyphens divide like spaces.
fn syllables(text: &str, skipped: usize) -> Vec<Syllable> {
    text.split(|c: char| c.is_whitespace() || c == '-')
        .filter(|word| !word.is_empty())
        .skip(skipped)
        .map(Syllable::new)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_the_tone_does_not_matter() {
        assert_eq!(PlaceName::bare("Định Hoá"), PlaceName::bare("định hóa"));
        assert_eq!(PlaceName::bare("Điềm Thuỵ"), PlaceName::bare("ĐIỀM THỤY"));
        assert_ne!(PlaceName::bare("Văn Lang"), PlaceName::bare("Văn Lăng"));
    }

    #[test]
    fn the_type_is_taken_off() {
        for typed in ["Phường Túc Duyên", "phuong Túc Duyên", "P.Túc Duyên", "p Túc Duyên"]
        {
            let name = PlaceName::with_type(typed);
            assert_eq!(name.kind, Some("phuong"), "{typed}");
            assert_eq!(name.folded(), "tuc duyen", "{typed}");
        }
    }
}
