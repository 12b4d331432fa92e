//! What can be found, whatever the rules about words.

use std::sync::Arc;

use domain::catalogue::{Hit, Kind, Suggestion};
use rustc_hash::FxHashMap;

use super::{
    Beginnings, Candidates, Name, ProcedureFacts, Question, Rank, Vocabulary, Word,
    asked::Comparison, vocabulary::Counting,
};

/// Everything that can be found, and the words in its names.
pub(super) struct Things {
    pub(super) rows: Vec<Row>,
    pub(super) by_code: Codes,
    pub(super) vocabulary: Vocabulary,
    /// What the vocabulary was made of.
    pub(super) counting: Counting,
    pub(super) candidates: Candidates,
    pub(super) beginnings: Beginnings,
}

/// Something that can be found.
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) code: Arc<str>,
    pub(super) title: Arc<str>,
    pub(super) snippet: Arc<str>,
    pub(super) facts: Facts,
}

/// What a row is compared with a question by.
pub(super) enum Facts {
    Procedure(ProcedureFacts),
    Named(Vec<Name>),
}

/// Rows by their codes.
#[derive(Default)]
pub(super) struct Codes([FxHashMap<Arc<str>, usize>; Kind::ALL.len()]);

impl Codes {
    /// The codes of `rows`.
    pub(super) fn new(rows: &[Row]) -> Self {
        let mut codes = Self::default();
        for (number, row) in rows.iter().enumerate() {
            for (_, of_kind) in codes.kinds().filter(|(kind, _)| *kind == row.kind) {
                of_kind.insert(Arc::clone(&row.code), number);
            }
        }
        codes
    }

    /// The number of the row of this kind with this code.
    pub(super) fn find(&self, kind: Kind, code: &str) -> Option<usize> {
        let (_, codes) = Kind::ALL.into_iter().zip(&self.0).find(|(each, _)| *each == kind)?;
        codes.get(code).copied()
    }

    fn kinds(&mut self) -> impl Iterator<Item = (Kind, &mut FxHashMap<Arc<str>, usize>)> {
        Kind::ALL.into_iter().zip(&mut self.0)
    }
}

/// Room for comparing rows with a question, used again for each.
#[derive(Default)]
pub(super) struct Room {
    words: Vec<Word>,
    compared: Comparison,
}

impl Row {
    /// How well it answers `question`.
    pub(super) fn rank(
        &self,
        question: &Question,
        vocabulary: &Vocabulary,
        room: &mut Room,
    ) -> Rank {
        match &self.facts {
            Facts::Procedure(facts) => facts.rank(question, &mut room.compared),
            Facts::Named(names) => names
                .iter()
                .enumerate()
                .map(|(place, name)| {
                    name.rank(question, vocabulary, &mut room.words).of_name(place)
                })
                .max_by(|left, right| left.score.total_cmp(&right.score))
                .unwrap_or_default(),
        }
    }

    /// The row as a hit of this `score`.
    pub(super) fn hit(&self, score: f64) -> Hit {
        Hit {
            kind: self.kind,
            code: Arc::clone(&self.code),
            title: Arc::clone(&self.title),
            snippet: Arc::clone(&self.snippet),
            score,
        }
    }

    /// The row as a suggestion.
    pub(super) fn suggestion(&self) -> Suggestion {
        Suggestion { text: Arc::clone(&self.title), kind: self.kind, code: Arc::clone(&self.code) }
    }
}
