//! The full-text index: which rows may answer a question at all.

use std::{hash::Hash, sync::Arc};

use rustc_hash::FxHashMap;
use tantivy::{
    DocId, Index, InvertedIndexReader, TantivyDocument, Term,
    directory::RamDirectory,
    postings::TermInfo,
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{TextAnalyzer, TokenizerManager, WhitespaceTokenizer},
};

use super::{
    question::Question,
    vocabulary::{Pair, Vocabulary, Word, once_each},
};

/// How many different words and pairs of a question, synonyms included, are looked up.
const TERMS: usize = 64;

/// Words that say less than this are not looked up by themselves.
const TELLING: f64 = 1.0;

/// How many rows with a word or pair of the question are looked at, counted for each of them: in a
/// catalogue many times the real one the commonest are left out, which hardly tell.
const POSTINGS: u32 = 40_000;

/// What the writer is told that it may use: how large its tables are at first depends on it.
const WRITER_BYTES: usize = 256_000_000;

/// The name under which the tokenizer is registered.
const FOLDED: &str = "folded";

/// The inverted index over the words and pairs of all rows.
pub(super) struct Candidates {
    words: Postings<Word>,
    pairs: Postings<Pair>,
    rows: usize,
}

/// Which rows hold each of the words, or each of the pairs: where the index has them, and how much
/// it says that a row does.
struct Postings<T> {
    index: Arc<InvertedIndexReader>,
    terms: FxHashMap<T, (TermInfo, f64)>,
}

/// The rows that hold one word or pair.
struct List<'p> {
    index: &'p InvertedIndexReader,
    info: &'p TermInfo,
    weight: f64,
}

/// What rows share with a question.
struct Shared {
    scores: Vec<f64>,
    rows: Vec<DocId>,
}

impl Candidates {
    /// Indexes `rows`: the folded words of each text of a row, in order, all of them in the
    /// `vocabulary`.
    pub(super) fn build<'r>(
        rows: impl IntoIterator<Item = Vec<Vec<&'r str>>>,
        vocabulary: &Vocabulary,
    ) -> tantivy::Result<Self> {
        // Long names are no worse answers than short ones: neither lengths nor repetitions count.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(FOLDED)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let words = schema.add_text_field("words", options.clone());
        let pairs = schema.add_text_field("pairs", options);
        let tokenizers = TokenizerManager::default();
        tokenizers.register(FOLDED, TextAnalyzer::builder(WhitespaceTokenizer::default()).build());

        // One segment, however many rows there are, in which they keep their order.
        let builder = Index::builder().schema(schema.build()).tokenizers(tokenizers);
        let mut writer =
            builder.single_segment_index_writer(RamDirectory::create(), WRITER_BYTES)?;
        for texts in rows {
            let mut row = TantivyDocument::new();
            for text in texts {
                row.add_text(words, text.join(" "));
                row.add_text(pairs, spelled_pairs(&text).join(" "));
            }
            writer.add_document(row)?;
        }
        let searcher = writer.finalize()?.reader()?.searcher();
        let spelled = vocabulary.spellings().map(|(word, text)| (word, text.to_owned()));
        let paired = vocabulary.pairs().map(|(left, right)| {
            ((left, right), pair(vocabulary.spelling(left), vocabulary.spelling(right)))
        });
        Ok(Self {
            words: Postings::of(&searcher, words, spelled)?,
            pairs: Postings::of(&searcher, pairs, paired)?,
            rows: usize::try_from(searcher.num_docs()).unwrap_or_default(),
        })
    }

    /// At most `limit` rows that share most with `question`, by their number.
    pub(super) fn find(&self, question: &Question, limit: usize) -> Vec<usize> {
        self.shared(question).most(limit)
    }

    /// At most `limit` of the rows for which `fits` that share most with `question`, by their number.
    pub(super) fn find_fitting(
        &self,
        question: &Question,
        limit: usize,
        fits: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let mut shared = self.shared(question);
        shared.rows.retain(|&row| usize::try_from(row).is_ok_and(&fits));
        shared.most(limit)
    }

    fn shared(&self, question: &Question) -> Shared {
        let said = || question.asked.words();
        let telling = said().any(|word| word.weight >= TELLING);
        let told = said().filter(|word| !telling || word.weight >= TELLING);
        let words = first(told.filter_map(|word| word.word), TERMS);
        let pairs = first(question.asked.pairs(), TERMS - words.len());

        let words = words.iter().filter_map(|word| self.words.list(word));
        let pairs = pairs.iter().filter_map(|pair| self.pairs.list(pair));
        let mut lists: Vec<List<'_>> = words.chain(pairs).collect();
        lists.sort_unstable_by_key(List::rows);
        let mut shared = Shared { scores: vec![0.0; self.rows], rows: Vec::new() };
        let mut looked_at = 0;
        for list in lists {
            looked_at += list.rows();
            if looked_at > POSTINGS && !shared.rows.is_empty() {
                break;
            }
            list.share(&mut shared);
        }
        shared
    }
}

impl<T: Eq + Hash> Postings<T> {
    /// The postings of the `terms` of `field`, which are spelled so. Looking them up once spares
    /// every question the dictionary.
    fn of(
        searcher: &tantivy::Searcher,
        field: Field,
        terms: impl Iterator<Item = (T, String)>,
    ) -> tantivy::Result<Self> {
        let all = f64::from(u32::try_from(searcher.num_docs()).unwrap_or(u32::MAX));
        let Some(segment) = searcher.segment_readers().first() else {
            let index = Arc::new(InvertedIndexReader::empty(IndexRecordOption::Basic));
            return Ok(Self { index, terms: FxHashMap::default() });
        };
        let index = segment.inverted_index(field)?;
        let mut found = FxHashMap::default();
        for (term, text) in terms {
            if let Some(info) = index.get_term_info(&Term::from_field_text(field, &text))? {
                found.insert(term, (info.clone(), rarity(all, f64::from(info.doc_freq))));
            }
        }
        Ok(Self { index, terms: found })
    }

    /// The rows that hold `term`.
    fn list(&self, term: &T) -> Option<List<'_>> {
        let (info, weight) = self.terms.get(term)?;
        Some(List { index: &self.index, info, weight: *weight })
    }
}

impl List<'_> {
    /// How many rows there are.
    fn rows(&self) -> u32 {
        self.info.doc_freq
    }

    /// Notes them.
    fn share(&self, shared: &mut Shared) {
        let basic = IndexRecordOption::Basic;
        // The index lies in memory and is never written again: there is nothing that can fail.
        let Ok(mut block) = self.index.read_block_postings_from_terminfo(self.info, basic) else {
            return;
        };
        while block.block_len() > 0 {
            for &row in block.docs() {
                shared.add(row, self.weight);
            }
            block.advance();
        }
    }
}

impl Shared {
    fn add(&mut self, row: DocId, weight: f64) {
        let score = usize::try_from(row).ok().and_then(|at| self.scores.get_mut(at));
        let Some(score) = score else { return };
        if *score == 0.0 {
            self.rows.push(row);
        }
        *score += weight;
    }

    /// The rows with the highest scores, the first of equals.
    fn most(self, limit: usize) -> Vec<usize> {
        if self.rows.len() <= limit {
            return self.rows.into_iter().filter_map(|row| usize::try_from(row).ok()).collect();
        }
        // Scores are positive, so their bits are in their order.
        let order = |row: DocId| {
            let score = usize::try_from(row).ok().and_then(|at| self.scores.get(at));
            (score.map_or(0, |score| score.to_bits()), !row)
        };
        let mut ordered: Vec<(u64, DocId)> = self.rows.iter().map(|&row| order(row)).collect();
        let (_, _, most) = ordered.select_nth_unstable(self.rows.len() - limit - 1);
        most.iter().filter_map(|&(_, row)| usize::try_from(!row).ok()).collect()
    }
}

/// How much it says that a row holds a term which `with` of `all` rows hold: the weight of BM25.
fn rarity(all: f64, with: f64) -> f64 {
    (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
}

/// The first `limit` of `terms`, each once.
fn first<T: Ord>(terms: impl Iterator<Item = T>, limit: usize) -> Vec<T> {
    let mut terms: Vec<T> = terms.take(limit).collect();
    once_each(&mut terms);
    terms
}

fn spelled_pairs(words: &[&str]) -> Vec<String> {
    words.iter().zip(words.iter().skip(1)).map(|(left, right)| pair(left, right)).collect()
}

fn pair(left: &str, right: &str) -> String {
    format!("{left}_{right}")
}
