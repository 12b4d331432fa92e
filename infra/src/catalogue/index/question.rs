//! A query, taken apart into what has to be found.

use std::borrow::Cow;

use domain::text::{self, Syllable, syllables};

use super::{
    phrase::{Phrase, Weighted},
    phrase_book::PhraseBook,
    vocabulary::Vocabulary,
};

/// Characters of a query that are read; the rest is cut off.
const CHARACTERS: usize = 200;

/// Syllables of a query that are read; the rest is cut off.
const SYLLABLES: usize = 24;

/// Words that people put around what they look for, folded.
const FILLERS: &str = "lam xin cho o dau the nao nhu can gi thu tuc muon toi em minh va cac cua bi \
    xong cach huong dan online phai duoc khong de thi la khi bao nhieu roi voi cai chiec vay a \
    nhe hay mot tai sao ra ve goi dien thoai sdt cu";

/// Words that say who is concerned rather than what is looked for, folded.
const PEOPLE: &str = "con be chau cha me bo vo chong ong ba nha theo tre em moi gia dinh";

/// What a filler counts, and a word about people.
const FILLER: f64 = 0.12;
const PERSON: f64 = 0.4;

/// What the typed words count beside the official ones they stand for.
const AS_TYPED: f64 = 0.75;

/// What an everyday phrase counts at most, however long its official one is.
const MEANING: f64 = 14.0;

/// A query, taken apart.
pub(super) struct Question<'i> {
    /// What was typed.
    pub(super) syllables: Vec<Syllable>,
    /// Each of them with its weight.
    pub(super) words: Vec<Weighted>,
    /// What has to be found.
    pub(super) needs: Vec<Need<'i>>,
}

/// Something that has to be found, in one of several ways.
pub(super) struct Need<'i> {
    /// How much of the question it is.
    pub(super) mass: f64,
    /// The ways to say it, each with what it counts.
    pub(super) ways: Vec<(f64, Cow<'i, Phrase>)>,
}

impl<'i> Question<'i> {
    /// The question in `query`, of which only the beginning is read.
    pub(super) fn new(
        query: &str,
        vocabulary: &Vocabulary,
        synonyms: &'i PhraseBook<Vec<Phrase>>,
    ) -> Self {
        let mut syllables = syllables(&beginning(query));
        syllables.truncate(SYLLABLES);
        let words: Vec<_> = syllables.iter().map(|each| weighted(each, vocabulary)).collect();
        let needs = needs(&syllables, &words, vocabulary, synonyms);
        Self { syllables, words, needs }
    }

    /// How much the question says altogether.
    pub(super) fn mass(&self) -> f64 {
        self.needs.iter().map(|need| need.mass).sum()
    }
}

/// Divides what was typed into everyday phrases, the longest first, and single words.
fn needs<'i>(
    syllables: &[Syllable],
    words: &[Weighted],
    vocabulary: &Vocabulary,
    synonyms: &'i PhraseBook<Vec<Phrase>>,
) -> Vec<Need<'i>> {
    let mut needs = Vec::new();
    let mut at = 0;
    let mut before: Option<Weighted> = None;
    while let (Some(rest), Some(&word)) = (syllables.get(at..), words.get(at)) {
        if let Some((length, meanings)) = synonyms.at_start(rest).next() {
            let typed = words.get(at..at + length).unwrap_or_default();
            needs.push(Need::meaning(typed, meanings, vocabulary));
            before = typed.last().copied();
            at += length;
            continue;
        }
        needs.push(Need::plain(Phrase::new(vec![word], vocabulary)));
        needs.extend(
            before.and_then(|before| Phrase::order(before, word, vocabulary)).map(Need::plain),
        );
        before = Some(word);
        at += 1;
    }
    needs
}

impl<'i> Need<'i> {
    /// Something that can be said in one way only.
    fn plain(phrase: Phrase) -> Self {
        Self { mass: phrase.mass(), ways: vec![(1.0, Cow::Owned(phrase))] }
    }

    /// An everyday phrase with its official `meanings`.
    fn meaning(typed: &[Weighted], meanings: &'i [Phrase], vocabulary: &Vocabulary) -> Self {
        let mut ways: Vec<_> = meanings.iter().map(|phrase| (1.0, Cow::Borrowed(phrase))).collect();
        let own = Phrase::new(typed.to_vec(), vocabulary);
        if own.is_known() {
            ways.push((AS_TYPED, Cow::Owned(own)));
        }
        let mass = meanings.iter().map(Phrase::mass).fold(0.0, f64::max).min(MEANING);
        Self { mass, ways }
    }
}

fn weighted(syllable: &Syllable, vocabulary: &Vocabulary) -> Weighted {
    let mut word = Weighted::new(syllable, vocabulary);
    let among = |list: &str| list.split_whitespace().any(|each| each == syllable.folded());
    if among(FILLERS) {
        word.weight *= FILLER;
    } else if among(PEOPLE) {
        word.weight *= PERSON;
    }
    word
}

/// The beginning of `query`, folded: as much of it as is read.
pub(super) fn folded_beginning(query: &str) -> String {
    text::fold(&beginning(query))
}

fn beginning(query: &str) -> String {
    query.chars().take(CHARACTERS).collect()
}
