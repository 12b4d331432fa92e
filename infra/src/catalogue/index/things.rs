//! What can be found, whatever the rules about words.

use std::collections::HashMap;

use domain::catalogue::{Kind, Suggestion};

use super::{
    Beginnings, Candidates, Name, ProcedureFacts, Question, Rank, Vocabulary, Word,
    vocabulary::Counting,
};

/// Everything that can be found, and the words in its names.
pub(super) struct Things {
    pub(super) rows: Vec<Row>,
    pub(super) by_code: HashMap<(Kind, String), usize>,
    pub(super) vocabulary: Vocabulary,
    /// What the vocabulary was made of.
    pub(super) counting: Counting,
    pub(super) candidates: Candidates,
    pub(super) beginnings: Beginnings,
}

/// Something that can be found.
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) snippet: String,
    pub(super) facts: Facts,
}

/// What a row is compared with a question by.
pub(super) enum Facts {
    Procedure(ProcedureFacts),
    Named(Vec<Name>),
}

impl Row {
    /// How well it answers `question`. `used` is room to note words in.
    pub(super) fn rank(
        &self,
        question: &Question<'_>,
        vocabulary: &Vocabulary,
        used: &mut Vec<Word>,
    ) -> Rank {
        match &self.facts {
            Facts::Procedure(facts) => facts.rank(question, vocabulary, used),
            Facts::Named(names) => names
                .iter()
                .enumerate()
                .map(|(place, name)| name.rank(question, vocabulary, used).of_name(place))
                .max_by(|left, right| left.score.total_cmp(&right.score))
                .unwrap_or(Rank { confidence: 0.0, score: 0.0 }),
        }
    }

    /// The row as a suggestion.
    pub(super) fn suggestion(&self) -> Suggestion {
        Suggestion { text: self.title.clone(), kind: self.kind, code: self.code.clone() }
    }
}
