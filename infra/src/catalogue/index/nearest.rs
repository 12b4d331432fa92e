//! Answers to somebody who says where they are.

use domain::catalogue::{Answer, Hit, Kind, Kinds};

use super::{Further, Question, Ranked, Room, SearchIndex};

/// Facilities that are compared closely with a question, at most: all hospitals and offices of a
/// province are fewer.
const FACILITIES: usize = 2_000;

impl SearchIndex {
    /// Answers `query` as [`Self::search`] does, to somebody who is somewhere: of the facilities that
    /// answer about alike the nearest come first, whatever their number. `distance` tells how far one
    /// is.
    #[must_use]
    pub fn search_near(
        &self,
        query: &str,
        kinds: Kinds,
        limit: usize,
        distance: impl Fn(&Hit) -> Option<f64>,
    ) -> Answer {
        let mut answer = self.answered(query, kinds, Further::Facilities, FACILITIES);
        answer.nearest_first(distance);
        answer.hits.truncate(limit);
        answer
    }

    /// The facilities that share most with `question` and are not `known`, ranked.
    pub(super) fn further_facilities(
        &self,
        question: &Question,
        known: &[Ranked],
        room: &mut Room,
    ) -> Vec<Ranked> {
        let rows = &self.things.rows;
        let fits = |row: usize| {
            rows.get(row).is_some_and(|row| row.kind == Kind::Facility)
                && known.iter().all(|ranked| ranked.row != row)
        };
        let found = self.things.candidates.find_fitting(question, FACILITIES, fits);
        found.into_iter().filter_map(|row| self.rank(row, question, room)).collect()
    }
}
