//! What a search answers.

use std::{str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use super::ProcedureCode;

/// How sure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// The first hit is what was asked for.
    Answer,
    /// Several things were meant, or nothing surely: the person has to choose.
    Clarify,
    /// There is nothing here that answers this.
    None,
}

impl FromStr for Behaviour {
    type Err = UnknownBehaviour;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "answer" => Ok(Self::Answer),
            "clarify" => Ok(Self::Clarify),
            "none" => Ok(Self::None),
            _ => Err(UnknownBehaviour),
        }
    }
}

/// An answer is not given in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the behaviours are answer, clarify and none")]
pub struct UnknownBehaviour;

/// What kind of thing can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An administrative procedure.
    Procedure,
    /// A commune or ward, by its present or former names.
    Commune,
    /// A number to call.
    Hotline,
    /// A place to go to.
    Facility,
    /// An agency.
    Agency,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Procedure, Self::Commune, Self::Hotline, Self::Facility, Self::Agency];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Commune => "commune",
            Self::Hotline => "hotline",
            Self::Facility => "facility",
            Self::Agency => "agency",
        }
    }

    /// `code` as things of this kind are listed: of a procedure the national one, whatever form of it
    /// was given.
    #[must_use]
    pub fn listed(self, code: String) -> String {
        match code.parse::<ProcedureCode>() {
            Ok(national) if self == Self::Procedure => national.into(),
            _ => code,
        }
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownKind)
    }
}

/// There is no such kind of thing to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the kinds are procedure, commune, hotline, facility and agency")]
pub struct UnknownKind;

/// A choice of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds([bool; 5]);

impl Kinds {
    /// All of them.
    pub const ALL: Self = Self([true; 5]);

    /// Whether `kind` is among them.
    #[must_use]
    pub fn contains(self, kind: Kind) -> bool {
        Kind::ALL.into_iter().zip(self.0).any(|(each, chosen)| chosen && each == kind)
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        let kinds: Vec<_> = kinds.into_iter().collect();
        Self(Kind::ALL.map(|kind| kinds.contains(&kind)))
    }
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// How sure it is.
    pub behaviour: Behaviour,
    /// What was found, best first.
    pub hits: Vec<Hit>,
    /// What could have been meant instead: titles or corrected queries.
    pub did_you_mean: Vec<String>,
    /// Where to turn with what is not answered here.
    pub advice: Option<Advice>,
}

impl Answer {
    /// Whether it says nothing, not even where to turn.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.behaviour == Behaviour::None && self.advice.is_none()
    }

    /// Facilities that answer about alike, the nearest first: in the places where they stood.
    /// `distance` tells how far one is; of which it is not known come last.
    pub fn nearest_first(&mut self, distance: impl Fn(&Hit) -> Option<f64>) {
        let facilities = || self.hits.iter().filter(|hit| hit.kind == Kind::Facility);
        let best = facilities().map(|hit| hit.score).fold(0.0, f64::max);
        let alike = |hit: &Hit| hit.kind == Kind::Facility && hit.score >= best * ALIKE;
        let far = |hit: &Hit| distance(hit).unwrap_or(f64::INFINITY);
        let alike_ones = facilities().filter(|hit| alike(hit));
        let mut sorted: Vec<_> = alike_ones.map(|hit| (far(hit), hit.clone())).collect();
        sorted.sort_by(|(left, _), (right, _)| left.total_cmp(right));
        let places = self.hits.iter_mut().filter(|hit| alike(hit));
        for (place, (_, hit)) in places.zip(sorted) {
            *place = hit;
        }
    }
}

/// Facilities whose scores are nearer than this answer alike.
const ALIKE: f64 = 0.9;

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What kind of thing.
    pub kind: Kind,
    /// Its code within its kind.
    pub code: Arc<str>,
    /// What to show.
    pub title: Arc<str>,
    /// A line that helps to tell it from others.
    pub snippet: Arc<str>,
    /// How well it answers the query: 1 and more where all of the query is in it. Comparable
    /// between queries.
    pub score: f64,
}

/// Where to turn with what the province's offices do not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// Who does it.
    pub place: String,
    /// What to know, in a sentence.
    pub text: String,
}

/// What a person may be about to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The text to complete to.
    pub text: Arc<str>,
    /// What kind of thing it names.
    pub kind: Kind,
    /// The code of that thing.
    pub code: Arc<str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(kind: Kind, code: &str, score: f64) -> Hit {
        Hit { kind, code: code.into(), title: "".into(), snippet: "".into(), score }
    }

    #[test]
    fn only_facilities_that_are_alike_change_places() {
        let mut answer = Answer {
            behaviour: Behaviour::Clarify,
            hits: vec![
                hit(Kind::Facility, "9", 1.0),
                hit(Kind::Facility, "unknown", 1.0),
                hit(Kind::Procedure, "p", 0.98),
                hit(Kind::Facility, "1", 0.95),
                hit(Kind::Facility, "0", 0.5),
            ],
            did_you_mean: vec![],
            advice: None,
        };
        answer.nearest_first(|hit| hit.code.parse().ok());
        let codes: Vec<_> = answer.hits.iter().map(|hit| &*hit.code).collect();
        assert_eq!(codes, ["1", "9", "p", "unknown", "0"]);
    }
}
