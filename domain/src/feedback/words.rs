//! What people said, to look for phrases in it.

use crate::text;

/// What somebody said, ready to be searched for phrases: in lower case, signs as spaces. Who writes
/// without marks is understood without them.
pub(super) struct Said {
    line: String,
    unmarked: bool,
}

impl Said {
    pub(super) fn of(text: &str) -> Self {
        let line = spaced(&text::line(text).to_lowercase());
        Self { unmarked: line.is_ascii(), line }
    }

    /// Whether the phrase was said, as whole words.
    pub(super) fn says(&self, phrase: &str) -> bool {
        let phrase = text::line(phrase).to_lowercase();
        let phrase = spaced(&if self.unmarked { text::fold(&phrase) } else { phrase });
        phrase.len() > 2 && self.line.contains(&phrase)
    }
}

/// The words of `text`, each between two spaces.
fn spaced(text: &str) -> String {
    let mut spaced = " ".to_owned();
    for word in text.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()) {
        spaced.push_str(word);
        spaced.push(' ');
    }
    spaced
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Xe tải chở ĐẤT, rơi vãi khắp đường", "chở đất", true)]
    #[case("xe tai cho dat roi vai", "chở đất", true)]
    #[case("Xe tải chở đất", "chở đá", false)]
    #[case("Nước chảy tràn", "chả", false)]
    #[case("Nước chảy tràn", " ", false)]
    #[case("Quốc lộ 3, km 12", "quốc lộ 3", true)]
    #[case("Quốc lộ 37", "quốc lộ 3", false)]
    fn a_phrase_is_whole_words(#[case] text: &str, #[case] phrase: &str, #[case] said: bool) {
        assert_eq!(Said::of(text).says(phrase), said);
    }
}
