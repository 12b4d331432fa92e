//! Queries that were mistyped, put right by the words and neighbours that are known.

use domain::text::{self, Syllable};
use rustc_hash::FxHashMap;

use super::vocabulary::{Counting, Pair, Vocabulary, Word, pairs};

/// Letters of the longer of two words that may differ by one of them. Shorter words are too near
/// each other.
const LONG: usize = 4;

/// Letters of a word, at most: what is longer are several without spaces.
const LONGEST: usize = 8;

/// Letters that hardly any syllable has: where there are so many, a space may be missing.
const MANY: usize = 7;

/// Letters of words without spaces between them that are still taken apart.
const JOINED: usize = 64;

// How unlikely it is, on the scale of the rarity of words,
/// .. that a query begins with some word;
const BEGINNING: f64 = 4.0;
/// .. that two words follow each other which never do in any name, beside the rarity of the second;
const STRANGERS: f64 = 4.0;
/// .. that a letter is wrong;
const MISTAKE: f64 = 6.0;
/// .. that it is, and makes another word that there is;
const OTHER_WORD: f64 = 11.0;
/// .. that a word is typed which is in no name, and for each letter that is too many for a word.
const UNKNOWN: f64 = 14.0;
const UNKNOWN_LETTER: f64 = 2.0;

/// The words that people may have meant.
pub(super) struct Spelling {
    lexicon: Vocabulary,
    /// The long words, by themselves and by each form that lacks one letter.
    shortened: FxHashMap<String, Vec<Word>>,
}

/// What somebody may have meant who typed a word: that word, another, or several.
struct Reading {
    text: String,
    /// The first and the last of the words, where they are known.
    ends: Option<(Word, Word)>,
    /// How unlikely it is, whatever stands beside.
    cost: f64,
}

/// The words of a query up to some place, read in the likeliest way.
struct Path {
    text: String,
    last: Option<Word>,
    cost: f64,
}

impl Spelling {
    /// Knows the words that were counted, and those of the `rules` about words.
    pub(super) fn new<'r>(
        mut counting: Counting,
        rules: impl IntoIterator<Item = &'r String>,
    ) -> Self {
        for rule in rules {
            counting.add(&text::syllables(rule));
        }
        let lexicon = counting.finish();
        let mut shortened: FxHashMap<String, Vec<Word>> = FxHashMap::default();
        for (word, spelling) in lexicon.spellings() {
            let fits = |form: &String| form.len() + 1 >= LONG && spelling.len() <= LONGEST;
            if spelling.bytes().all(|byte| byte.is_ascii_lowercase()) {
                for form in forms(spelling).filter(fits) {
                    shortened.entry(form).or_default().push(word);
                }
            }
        }
        Self { lexicon, shortened }
    }

    /// `query` as it was probably meant, where that is not as it was typed.
    pub(super) fn corrected(&self, query: &str) -> Option<String> {
        let line = text::line(query).to_lowercase();
        let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<_> = words.collect();
        let start = vec![Path { text: String::new(), last: None, cost: 0.0 }];
        let paths = words.iter().fold(start, |paths, typed| self.followed(&paths, typed));
        let best = paths.into_iter().min_by(|left, right| left.cost.total_cmp(&right.cost))?;
        (best.text != words.join(" ")).then_some(best.text)
    }

    /// The likeliest way to each reading of `typed`.
    fn followed(&self, paths: &[Path], typed: &str) -> Vec<Path> {
        let way = |reading: Reading| {
            let first = reading.ends.map(|(first, _)| first);
            let costs = paths.iter().map(|path| (path.cost + self.cost(path.last, first), path));
            let (cost, path) = costs.min_by(|(left, _), (right, _)| left.total_cmp(right))?;
            Some(Path {
                text: joined(&path.text, &reading.text),
                last: reading.ends.map(|(_, last)| last),
                cost: cost + reading.cost,
            })
        };
        self.readings(typed).into_iter().filter_map(way).collect()
    }

    /// What `typed` may mean: first of all itself.
    fn readings(&self, typed: &str) -> Vec<Reading> {
        let folded = text::fold(typed);
        if let Some(word) = self.lexicon.word(&folded) {
            let other = self.one_edit_away(&folded, OTHER_WORD);
            return std::iter::once(Reading::word(word, typed, 0.0)).chain(other).collect();
        }
        let keyed = text::keyed(typed).and_then(|keyed| {
            Some(Reading::word(self.lexicon.word(Syllable::new(&keyed).folded())?, &keyed, 0.0))
        });
        if let Some(keyed) = keyed {
            return vec![keyed];
        }
        let other = self.divided(&folded).into_iter().chain(self.one_edit_away(&folded, MISTAKE));
        std::iter::once(Reading::unknown(typed)).chain(other).collect()
    }

    /// The long words that differ from `typed` by one letter, which costs `cost`: missing, too
    /// many, another, or two the other way round.
    fn one_edit_away(&self, typed: &str, cost: f64) -> Vec<Reading> {
        let letters = typed.bytes().all(|byte| byte.is_ascii_lowercase());
        if !letters || typed.len() + 1 < LONG || typed.len() > LONGEST {
            return Vec::new();
        }
        let found = forms(typed).filter_map(|form| self.shortened.get(&form)).flatten();
        let mut words: Vec<Word> = found.copied().collect();
        words.sort_unstable();
        words.dedup();
        let spelled = words.into_iter().map(|word| (word, self.lexicon.spelling(word)));
        spelled
            .filter(|(_, real)| typed.len().max(real.len()) >= LONG && is_one_edit(typed, real))
            .map(|(word, real)| Reading::word(word, real, cost))
            .collect()
    }

    /// `typed` taken apart into known words, most of which are known neighbours.
    fn divided(&self, typed: &str) -> Option<Reading> {
        if typed.len() > JOINED || !typed.is_ascii() {
            return None;
        }
        // The likeliest words up to each letter.
        let mut best: Vec<Option<(f64, Vec<Word>)>> = vec![Some((0.0, Vec::new()))];
        for end in 1..=typed.len() {
            let ways = (end.saturating_sub(LONGEST)..end).filter_map(|start| {
                let (cost, words) = best.get(start)?.as_ref()?;
                let word = self.lexicon.word(typed.get(start..end)?)?;
                let before = words.last().copied();
                if end - start == 1 && !before.is_some_and(|before| self.follow((before, word))) {
                    return None;
                }
                let words = words.iter().copied().chain([word]).collect();
                Some((cost + self.cost(before, Some(word)), words))
            });
            best.push(ways.min_by(|(left, _), (right, _)| left.total_cmp(right)));
        }
        let (cost, words) = best.pop()??;
        let neighbours = pairs(&words).filter(|&pair| self.follow(pair)).count();
        let strangers = words.len().checked_sub(neighbours + 1)?;
        let sure = strangers <= neighbours || strangers == 1 && typed.len() >= MANY;
        let text: Vec<_> = words.iter().map(|&word| self.lexicon.spelling(word)).collect();
        let ends = Some((*words.first()?, *words.last()?));
        sure.then(|| Reading { text: text.join(" "), ends, cost: cost - BEGINNING })
    }

    /// Whether two words follow each other in any name.
    fn follow(&self, pair: Pair) -> bool {
        self.lexicon.pair_rarity(pair).is_some()
    }

    /// How unlikely `word` is after the one `before`.
    fn cost(&self, before: Option<Word>, word: Option<Word>) -> f64 {
        let Some(word) = word else { return 0.0 };
        let Some(before) = before else { return BEGINNING };
        match self.lexicon.pair_rarity((before, word)) {
            Some(rarity) => (rarity - self.lexicon.rarity(Some(before))).max(0.0),
            None => STRANGERS + self.lexicon.rarity(Some(word)),
        }
    }
}

impl Reading {
    fn word(word: Word, text: &str, cost: f64) -> Self {
        Self { text: text.to_owned(), ends: Some((word, word)), cost }
    }

    fn unknown(text: &str) -> Self {
        let letters =
            u32::try_from(text.chars().count().saturating_sub(MANY)).map_or(0.0, f64::from);
        Self { text: text.to_owned(), ends: None, cost: UNKNOWN + letters * UNKNOWN_LETTER }
    }
}

fn joined(text: &str, word: &str) -> String {
    if text.is_empty() { word.to_owned() } else { format!("{text} {word}") }
}

/// `word`, and what it is without each one of its letters.
fn forms(word: &str) -> impl Iterator<Item = String> {
    let without = word.char_indices().map(|(at, letter)| {
        let (before, rest) = word.split_at(at);
        format!("{before}{}", rest.get(letter.len_utf8()..).unwrap_or_default())
    });
    std::iter::once(word.to_owned()).chain(without)
}

/// Whether `typed` differs from `real` by one letter that is missing, too many or another, or by
/// two neighbours the other way round.
fn is_one_edit(typed: &str, real: &str) -> bool {
    let same = typed.bytes().zip(real.bytes()).take_while(|(left, right)| left == right).count();
    let rest = |word: &'_ str, from: usize| word.as_bytes().get(same + from..).map(<[u8]>::to_vec);
    let swapped = || {
        let mut turned = rest(typed, 0)?;
        turned.len().checked_sub(2)?;
        turned.swap(0, 1);
        Some(Some(turned) == rest(real, 0))
    };
    typed != real
        && (rest(typed, 1).is_some() && rest(typed, 1) == rest(real, 1)
            || rest(typed, 1).is_some() && rest(typed, 1) == rest(real, 0)
            || rest(real, 1).is_some() && rest(typed, 0) == rest(real, 1)
            || swapped() == Some(true))
}

#[cfg(test)]
mod tests {
    use domain::text::syllables;
    use proptest::prelude::*;

    use super::*;

    fn spelling() -> Spelling {
        let mut counting = Counting::default();
        for name in [
            "đăng ký kết hôn",
            "đăng ký khai sinh",
            "đăng ký thường trú",
            "cấp lại thẻ căn cước",
            "nhận con nuôi",
            "xác nhận tình trạng hôn nhân",
        ] {
            counting.add(&syllables(name));
        }
        let rules = ["mở quán", "quán net", "sổ đỏ", "bhxh"].map(str::to_owned);
        Spelling::new(counting, &rules)
    }

    #[test]
    fn what_is_mistyped_is_put_right() {
        let spelling = spelling();
        let cases = [
            ("dang ky khia sinh", "dang ky khai sinh"),
            ("đang ký khai sihn", "đang ký khai sinh"),
            ("ddawng kys keets hoon", "đăng ký kết hôn"),
            ("d9a8ng ky1 ke6t1 ho6n", "đăng ký kết hôn"),
            ("dangkykethon", "dang ky ket hon"),
            ("DANG KYKHAISINH", "dang ky khai sinh"),
            ("caplai the cancuoc", "cap lai the can cuoc"),
            ("moquannet", "mo quan net"),
            ("xac nhan tnh trang", "xac nhan tinh trang"),
            ("thuonng tru", "thuong tru"),
            ("bhhx", "bhxh"),
        ];
        for (typed, meant) in cases {
            assert_eq!(spelling.corrected(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn what_is_known_or_strange_is_left_alone() {
        let spelling = spelling();
        for typed in [
            "",
            "so do",
            "samsung",
            "nhan sinh vien",
            "đăng ký KẾT HÔN",
            "karaoke",
            "1.001193",
            "qwrtzp",
            "hn",
        ] {
            assert_eq!(spelling.corrected(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_corrected_once(query in any::<String>()) {
            let spelling = spelling();
            if let Some(corrected) = spelling.corrected(&query) {
                prop_assert_eq!(spelling.corrected(&corrected), None);
            }
        }

        /// One mistake in a long word among known ones is always seen.
        #[test]
        fn a_dropped_letter_is_found_again(at in 0_usize..6) {
            let mut typed = "thuong".to_owned();
            typed.remove(at);
            let corrected = spelling().corrected(&format!("dang ky {typed} tru"));
            prop_assert_eq!(corrected.as_deref(), Some("dang ky thuong tru"));
        }

        #[test]
        fn one_edit_goes_both_ways(left in "[a-d]{1,6}", right in "[a-d]{1,6}") {
            prop_assert_eq!(is_one_edit(&left, &right), is_one_edit(&right, &left));
            let lengths = left.len().abs_diff(right.len());
            prop_assert!(!is_one_edit(&left, &right) || lengths <= 1);
        }
    }
}
