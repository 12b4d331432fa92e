//! The full-text index: which rows may answer a question at all.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::{
    Index, IndexReader, ReloadPolicy, TantivyDocument, TantivyError, Term,
    collector::TopDocs,
    query::{BooleanQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{TextAnalyzer, WhitespaceTokenizer},
};

use super::{question::Question, vocabulary::Vocabulary};

/// How many rows are looked at closely.
const CANDIDATES: usize = 96;

/// How many different words and pairs of a question, synonyms included, are looked up.
const TERMS: usize = 64;

/// Words that say less than this are not looked up by themselves.
const TELLING: f64 = 1.0;

/// How many rows with a word or pair of the question are looked at, counted for each of them: in a
/// catalogue many times the real one the commonest are left out, which hardly tell.
const POSTINGS: f64 = 40_000.0;

/// The most memory of the writer: what a hundred thousand rows need to stay in one segment.
const WRITER_BYTES: usize = 256_000_000;

/// The name under which the tokenizer is registered.
const FOLDED: &str = "folded";

/// The inverted index over the words and pairs of all rows.
pub(super) struct Candidates {
    reader: IndexReader,
    fields: Fields,
    rows: u32,
}

#[derive(Clone, Copy)]
struct Fields {
    words: Field,
    pairs: Field,
}

impl Candidates {
    /// Indexes `rows`: the folded words of each text of a row, in order.
    pub(super) fn build<'r>(
        rows: impl IntoIterator<Item = Vec<Vec<&'r str>>>,
    ) -> tantivy::Result<Self> {
        // Long names are no worse answers than short ones: neither lengths nor repetitions count.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(FOLDED)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let fields = Fields {
            words: schema.add_text_field("words", options.clone()),
            pairs: schema.add_text_field("pairs", options),
        };
        let builder = Index::builder().schema(schema.build());
        let index = builder.create_in_ram()?;
        index
            .tokenizers()
            .register(FOLDED, TextAnalyzer::builder(WhitespaceTokenizer::default()).build());

        // One thread and one commit make one segment, in which rows keep their order.
        let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        for texts in rows {
            let mut row = TantivyDocument::new();
            for text in texts {
                row.add_text(fields.words, text.join(" "));
                row.add_text(fields.pairs, spelled_pairs(&text).join(" "));
            }
            writer.add_document(row)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        let reader: IndexReader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        if reader.searcher().segment_readers().len() > 1 {
            return Err(TantivyError::SystemError("there are too many rows".to_owned()));
        }
        let rows = u32::try_from(reader.searcher().num_docs()).unwrap_or(u32::MAX);
        Ok(Self { reader, fields, rows })
    }

    /// The rows that share most with `question`, by their number.
    pub(super) fn find(&self, question: &Question<'_>, vocabulary: &Vocabulary) -> Vec<usize> {
        let query = BooleanQuery::new(self.terms(question, vocabulary));
        let collector = TopDocs::with_limit(CANDIDATES).order_by_score();
        // The index lies in memory and is never written again: there is nothing that can fail.
        let found = self.reader.searcher().search(&query, &collector).unwrap_or_default();
        found.into_iter().filter_map(|(_, row)| usize::try_from(row.doc_id).ok()).collect()
    }

    fn terms(
        &self,
        question: &Question<'_>,
        vocabulary: &Vocabulary,
    ) -> Vec<(Occur, Box<dyn Query>)> {
        let phrases = || question.needs.iter().flat_map(|need| &need.ways).map(|(_, way)| way);
        let telling = phrases().flat_map(|phrase| &phrase.words).any(|w| w.weight >= TELLING);
        let words = phrases()
            .flat_map(|phrase| &phrase.words)
            .filter(|word| !telling || word.weight >= TELLING)
            .filter_map(|word| word.word)
            .map(|word| {
                let term = Term::from_field_text(self.fields.words, vocabulary.spelling(word));
                (term, vocabulary.rarity(Some(word)))
            });
        let pairs = phrases().flat_map(|phrase| &phrase.pairs).map(|&((left, right), _)| {
            let text = pair(vocabulary.spelling(left), vocabulary.spelling(right));
            let rarity = vocabulary.pair_rarity((left, right)).unwrap_or_default();
            (Term::from_field_text(self.fields.pairs, &text), rarity)
        });
        let query =
            |term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) };
        let terms = self.affordable(words.chain(pairs).take(TERMS).collect());
        terms.into_iter().map(|term| (Occur::Should, query(term))).collect()
    }

    /// Those of `terms` that can be looked up, the rarest first, each with its rarity.
    fn affordable(&self, terms: BTreeMap<Term, f64>) -> BTreeSet<Term> {
        let rows: f64 = self.rows.into();
        let mut terms: Vec<_> = terms.into_iter().collect();
        terms.sort_by(|(_, left), (_, right)| right.total_cmp(left));
        let mut postings = 0.0;
        let affordable = terms.into_iter().take_while(|(_, rarity)| {
            let before = postings;
            // The inverse of the document frequency that the rarity is made of.
            postings += rows * (-rarity).exp();
            before == 0.0 || postings <= POSTINGS
        });
        affordable.map(|(term, _)| term).collect()
    }
}

fn spelled_pairs(words: &[&str]) -> Vec<String> {
    words.iter().zip(words.iter().skip(1)).map(|(left, right)| pair(left, right)).collect()
}

fn pair(left: &str, right: &str) -> String {
    format!("{left}_{right}")
}
