//! What a comparison gives, and what follows from it.

use domain::catalogue::{Behaviour, Kind};

/// How well a row answers a question.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rank {
    /// Which part of the question it answers, 0 to 1.
    pub(super) confidence: f64,
    /// What decides the order.
    pub(super) score: f64,
    /// Whether the question is its official name, and nothing else.
    pub(super) is_name: bool,
}

/// What counts a former name beside the one of today.
pub(super) const FORMER: f64 = 0.97;

impl Rank {
    /// The rank of what is certainly meant.
    pub(super) const fn certain(score: f64) -> Self {
        Self { confidence: 1.0, score, is_name: false }
    }

    /// The rank by the name that stands at `place` among the names of a thing.
    pub(super) fn of_name(mut self, place: usize) -> Self {
        if place > 0 {
            self.score *= FORMER;
        }
        self
    }
}

/// A row that answers a question, more or less.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    pub(super) row: usize,
    pub(super) kind: Kind,
    pub(super) rank: Rank,
}

/// Below this part of the question nothing was found.
pub(super) const FOUND: f64 = 0.4;

/// Below this part of the question it is not sure.
const SURE: f64 = 0.46;

/// A question that says less than this is in hundreds of names and chooses none.
const TELLING: f64 = 4.0;

/// Named things whose scores are nearer than this are meant alike.
const ALIKE: f64 = 0.99;

/// How sure an answer is whose best rows are `ranked`, to a question that says `mass`.
pub(super) fn behaviour(ranked: &[Ranked], mass: f64) -> Behaviour {
    let Some(first) = ranked.first() else { return Behaviour::None };
    if first.rank.confidence < FOUND {
        return Behaviour::None;
    }
    let homonym = first.kind != Kind::Procedure
        && ranked
            .iter()
            .skip(1)
            .any(|other| other.kind == first.kind && other.rank.score >= first.rank.score * ALIKE);
    let vague = first.kind == Kind::Procedure && mass < TELLING;
    if homonym || vague || first.rank.confidence < SURE {
        Behaviour::Clarify
    } else {
        Behaviour::Answer
    }
}
