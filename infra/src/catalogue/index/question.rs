//! A query, taken apart into what has to be found.

use domain::text::{self, Syllable, syllables};

use super::{
    asked::Asked,
    phrase::{Phrase, Weighted},
    phrase_book::PhraseBook,
    vocabulary::{Vocabulary, Word},
};

/// Characters of a query that are read; the rest is cut off.
const CHARACTERS: usize = 200;

/// Syllables of a query that are read; the rest is cut off.
const SYLLABLES: usize = 24;

/// Words that people put around what they look for.
const FILLERS: &str = "\
    làm, xin, cho, ở, đâu, ở đâu, thế, nào, như thế nào, như, cần, gì, cần gì, thủ tục, muốn, \
    tôi, em, mình, và, các, của, bị, xong, cách, hướng dẫn, online, phải, được, không, để, thì, \
    là, khi, bao nhiêu, bao lâu, rồi, với, cái, chiếc, vậy, ạ, nhé, hay, một, tại, sao, ra, về, \
    gọi, gọi số, số nào, số mấy, số điện thoại, điện thoại, sdt, sđt, đường dây nóng, hotline, \
    tổng đài, cũ, ai, nhờ, giúp, hỏi, ơi, à, nhỉ, có, từ, thế à, đi, mà, nên, những, hồ sơ, \
    giấy tờ gì, giấy gì, mất bao lâu, mất bao nhiêu, mất mấy ngày, bao nhiêu tiền, mấy ngày, \
    ra sao, được không, có được, có cần, có phải, trên mạng, qua mạng, gần đây, gần tôi, gần nhà, gần nhất, \
    quanh đây";

/// Words that say who is concerned rather than what is looked for.
const PEOPLE: &str = "\
    con, bé, cháu, cha, mẹ, bố, ba, má, vợ, chồng, ông, bà, nhà, theo, trẻ, trẻ em, mới, \
    gia đình, anh, chị, em bé, bạn, người ta, bản thân, người, hàng xóm, con nít, cô, chú, bác";

/// Words before the names of communes, folded.
const TYPES: [&str; 4] = ["xa", "phuong", "thi", "tran"];

/// What a filler counts, and a word about people.
const FILLER: f64 = 0.12;
const PERSON: f64 = 0.4;

/// What the typed words count beside the official ones they stand for.
const AS_TYPED: f64 = 0.75;

/// What an everyday phrase counts at most, however long its official one is.
const MEANING: f64 = 14.0;

/// What phrases stand for when a question is taken apart.
pub(super) struct Reader {
    /// The official meanings of everyday phrases.
    pub(super) synonyms: PhraseBook<Vec<Phrase>>,
    /// Phrases that say little.
    discounts: PhraseBook<Discount>,
}

/// What remains of the weight and of the sense of a word.
#[derive(Clone, Copy)]
struct Discount {
    weight: f64,
    sense: f64,
}

impl Reader {
    /// A reader that knows these everyday phrases.
    pub(super) fn new(synonyms: PhraseBook<Vec<Phrase>>) -> Self {
        let discounted = |phrases: &'static str, discount: Discount| {
            phrases.split(", ").map(move |phrase| (phrase.to_owned(), discount))
        };
        let people = discounted(PEOPLE, Discount { weight: PERSON, sense: 1.0 });
        let fillers = discounted(FILLERS, Discount { weight: FILLER, sense: FILLER });
        Self { synonyms, discounts: fillers.chain(people).collect() }
    }
}

impl Reader {
    /// The everyday phrase with which `typed` begins: how long it is, and what it stands for. Where
    /// a longer filler begins there (`mất bao lâu`), none does.
    fn meanings(&self, typed: &[Syllable]) -> Option<(usize, &Vec<Phrase>)> {
        let filler = self.discounts.at_start(typed).next().map_or(0, |(length, _)| length);
        self.synonyms.at_start(typed).next().filter(|(length, _)| *length >= filler)
    }
}

/// A query, taken apart.
pub(super) struct Question {
    /// What was typed.
    pub(super) syllables: Vec<Syllable>,
    /// Each of them with its weight.
    pub(super) words: Vec<Weighted>,
    /// What has to be found.
    pub(super) asked: Asked,
    /// How much it says altogether.
    pub(super) mass: f64,
    /// The types of communes, where the question leaves open which one is meant.
    pub(super) open_types: Vec<Word>,
}

impl Question {
    /// The question in `query`, of which only the beginning is read.
    pub(super) fn new(query: &str, vocabulary: &Vocabulary, reader: &Reader) -> Self {
        let mut syllables = syllables(&beginning(query));
        syllables.truncate(SYLLABLES);
        let words = weighted(&syllables, vocabulary, &reader.discounts);
        let mut asked = asked(&syllables, &words, vocabulary, reader);
        asked.put_in_order(&words, vocabulary);
        let chosen = syllables.iter().any(|syllable| TYPES.contains(&syllable.folded()));
        let open = TYPES.iter().filter(|_| !chosen);
        let open_types = open.filter_map(|word| vocabulary.word(word)).collect();
        let mass = asked.mass();
        Self { syllables, words, asked, mass, open_types }
    }

    /// Whether something was typed that is in no name.
    pub(super) fn has_unknown(&self) -> bool {
        self.words.iter().any(|each| each.word.is_none())
    }
}

/// Divides what was typed into everyday phrases, the longest first, and single words.
fn asked(
    syllables: &[Syllable],
    words: &[Weighted],
    vocabulary: &Vocabulary,
    reader: &Reader,
) -> Asked {
    let mut asked = Asked::default();
    let mut at = 0;
    let mut before: Option<Weighted> = None;
    while let (Some(rest), Some(&word)) = (syllables.get(at..), words.get(at)) {
        if let Some((length, meanings)) = reader.meanings(rest) {
            let typed = words.get(at..at + length).unwrap_or_default();
            ask_meaning(&mut asked, typed, meanings, vocabulary);
            before = typed.last().copied();
            at += length;
            continue;
        }
        asked.need(&Phrase::new(&[word], vocabulary));
        if let Some(order) = before.and_then(|before| Phrase::order(before, word, vocabulary)) {
            asked.need(&order);
        }
        before = Some(word);
        at += 1;
    }
    asked
}

/// Asks for an everyday phrase by any of its official `meanings`, or as it was typed.
fn ask_meaning(
    asked: &mut Asked,
    typed: &[Weighted],
    meanings: &[Phrase],
    vocabulary: &Vocabulary,
) {
    let own = Phrase::new(typed, vocabulary);
    let own = Some((AS_TYPED, &own)).filter(|(_, own)| own.is_known());
    let mass = meanings.iter().map(Phrase::mass).fold(0.0, f64::max).min(MEANING);
    asked.need_any(mass, meanings.iter().map(|phrase| (1.0, phrase)).chain(own));
}

fn weighted(
    syllables: &[Syllable],
    vocabulary: &Vocabulary,
    discounts: &PhraseBook<Discount>,
) -> Vec<Weighted> {
    let mut words: Vec<_> =
        syllables.iter().map(|syllable| Weighted::new(syllable, vocabulary)).collect();
    for (at, length, discount) in discounts.within(syllables) {
        for word in words.iter_mut().skip(at).take(length) {
            let rarity = vocabulary.rarity(word.word);
            word.weight = word.weight.min(discount.weight * rarity);
            word.sense = word.sense.min(discount.sense * rarity);
        }
    }
    words
}

/// The beginning of `query`, folded: as much of it as is read.
pub(super) fn folded_beginning(query: &str) -> String {
    text::fold(&beginning(query))
}

/// The beginning of `query`: as much of it as is read.
pub(super) fn beginning(query: &str) -> String {
    query.chars().take(CHARACTERS).collect()
}
