//! Answers that are narrowed to some procedures.

use domain::catalogue::{Answer, Kind, Kinds};
use rustc_hash::FxHashSet;

use super::{Further, Question, Ranked, Room, SearchIndex, ranking::FOUND, vocabulary::once_each};

/// Procedures that are compared closely with a question, at most, and as many of those that fit: a
/// common word is in fewer names of a real catalogue.
const PROCEDURES: usize = 2_000;

impl SearchIndex {
    /// Answers `query` with all procedures that answer it. Where they are too many, with those that
    /// share most with it, and as many of those for which `fits`, by their place in the catalogue.
    #[must_use]
    pub fn search_procedures(&self, query: &str, fits: &dyn Fn(usize) -> bool) -> Answer {
        let kinds = Kinds::from_iter([Kind::Procedure]);
        self.answered(query, kinds, Further::Procedures(fits), usize::MAX)
    }

    /// The procedures that answer `question` and are not `known`, ranked.
    pub(super) fn further_procedures(
        &self,
        question: &Question,
        fits: &dyn Fn(usize) -> bool,
        known: &[Ranked],
        room: &mut Room,
    ) -> Vec<Ranked> {
        let rows = &self.things.rows;
        let known: FxHashSet<usize> = known.iter().map(|ranked| ranked.row).collect();
        let is_new = |row: usize| {
            rows.get(row).is_some_and(|row| row.kind == Kind::Procedure) && !known.contains(&row)
        };
        let candidates = &self.things.candidates;
        let mut found = candidates.find_fitting(question, PROCEDURES, is_new);
        if found.len() == PROCEDURES {
            let fitting = |row| is_new(row) && fits(row);
            found.extend(candidates.find_fitting(question, PROCEDURES, fitting));
            once_each(&mut found);
        }
        let ranked = found.into_iter().filter_map(|row| self.rank(row, question, room));
        ranked.filter(|ranked| ranked.rank.confidence >= FOUND).collect()
    }
}
