//! The full-text index: which rows may answer a question at all.

use std::collections::BTreeSet;

use tantivy::{
    Index, IndexReader, ReloadPolicy, TantivyDocument, Term,
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

/// The writer's memory; the least that the library accepts.
const WRITER_BYTES: usize = 15_000_000;

/// The name under which the tokenizer is registered.
const FOLDED: &str = "folded";

/// The inverted index over the words and pairs of all rows.
pub(super) struct Candidates {
    reader: IndexReader,
    fields: Fields,
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
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { reader, fields })
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
            .map(|word| Term::from_field_text(self.fields.words, vocabulary.spelling(word)));
        let pairs = phrases().flat_map(|phrase| &phrase.pairs).map(|&((left, right), _)| {
            let text = pair(vocabulary.spelling(left), vocabulary.spelling(right));
            Term::from_field_text(self.fields.pairs, &text)
        });
        let terms: BTreeSet<_> = words.chain(pairs).take(TERMS).collect();
        let query =
            |term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) };
        terms.into_iter().map(|term| (Occur::Should, query(term))).collect()
    }
}

fn spelled_pairs(words: &[&str]) -> Vec<String> {
    words.iter().zip(words.iter().skip(1)).map(|(left, right)| pair(left, right)).collect()
}

fn pair(left: &str, right: &str) -> String {
    format!("{left}_{right}")
}
