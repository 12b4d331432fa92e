//! A dossier, and what its sources tell of it.
//!
//! Sources repeat themselves, and what they tell arrives in any order. The latest state is the one
//! in force and every state leaves a step, so that the same reports make the same dossier in
//! whatever order, and however often, they arrive.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Clock, DossierCode, Fee, Proofs, ResultPaper, Status};
use crate::{Id, catalogue::ProcedureCode};

/// The id of a dossier.
pub type DossierId = Id<Dossier>;

/// For so long after a source told of it a dossier stands as it was told.
const FRESH: TimeDelta = TimeDelta::minutes(1);
/// How many steps are kept, the latest ones.
const MOST_STEPS: usize = 200;

/// How a dossier stands, as a source tells it. Of two states told for the same instant the greater
/// one is in force, so that all replicas agree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct State {
    /// Since when it stands so, by the clock of the source.
    pub at: DateTime<Utc>,
    /// By the national list.
    pub status: Status,
    /// As the source itself calls it.
    pub local_status: Option<String>,
    /// What was applied for.
    pub procedure: Option<ProcedureCode>,
    /// The code of the unit that works on it.
    pub unit: Option<String>,
    /// The office that works on it. Never a person.
    pub office: Option<String>,
    /// When it was accepted.
    pub received_at: Option<DateTime<Utc>>,
    /// The day that the receipt names.
    pub due_at: Option<DateTime<Utc>>,
    /// How many working days it may take, where the receipt names no day.
    pub working_days: Option<u16>,
    /// When it was decided.
    pub finished_at: Option<DateTime<Utc>>,
    /// The papers that its applicant still has to bring.
    pub missing_papers: Vec<String>,
    /// What is to be paid for it, and what was.
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// The papers that came of it.
    #[serde(default)]
    pub results: Vec<ResultPaper>,
}

/// A step on the way of a dossier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step {
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// How the dossier stood from then on.
    pub status: Status,
    /// As the source itself calls it.
    pub local_status: Option<String>,
    /// The office that had it from then on.
    pub office: Option<String>,
}

impl From<&State> for Step {
    fn from(state: &State) -> Self {
        Self {
            at: state.at,
            status: state.status,
            local_status: state.local_status.clone(),
            office: state.office.clone(),
        }
    }
}

impl Step {
    /// Whether nothing changed with it since the step before.
    fn repeats(&self, before: &Self) -> bool {
        (self.status, &self.local_status, &self.office)
            == (before.status, &before.local_status, &before.office)
    }
}

/// A dossier. Whose it is, nobody can read from it: what proves it is kept as keyed digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dossier {
    /// Its id.
    pub id: DossierId,
    /// The code on its receipt.
    pub code: DossierCode,
    /// How it stands.
    pub state: State,
    /// Every state that was told, oldest first.
    pub steps: Vec<Step>,
    /// What proves it to be one's own.
    pub proofs: Proofs,
    /// When a source last told of it.
    pub heard_at: DateTime<Utc>,
}

/// What a report was to a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It is in force now.
    Taken,
    /// It was known.
    Known,
    /// Something later was known: it left its step alone.
    Older,
}

impl News {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Known => "known",
            Self::Older => "older",
        }
    }
}

impl Dossier {
    /// The dossier `code`, of which nothing was known before `at`.
    pub(super) fn new(
        id: DossierId,
        code: DossierCode,
        (state, proofs): (State, Proofs),
        at: DateTime<Utc>,
    ) -> Self {
        let steps = vec![Step::from(&state)];
        Self { id, code, state, steps, proofs, heard_at: at }
    }

    /// Takes in what a source told at `at`.
    pub(super) fn hear(&mut self, (state, proofs): (State, Proofs), at: DateTime<Utc>) -> News {
        self.heard_at = self.heard_at.max(at);
        self.steps.push(Step::from(&state));
        self.steps.sort_unstable();
        self.steps.dedup();
        self.steps.drain(..self.steps.len().saturating_sub(MOST_STEPS));
        match state.cmp(&self.state) {
            Ordering::Less => News::Older,
            Ordering::Equal if proofs == self.proofs => News::Known,
            // Who filed it was told wrongly before.
            Ordering::Equal => {
                self.proofs = proofs;
                News::Taken
            }
            Ordering::Greater => {
                self.state = state;
                self.proofs = proofs;
                News::Taken
            }
        }
    }

    /// Whether a source told of it so lately that nobody needs to be asked at `at`.
    #[must_use]
    pub fn is_fresh(&self, at: DateTime<Utc>) -> bool {
        at - self.heard_at < FRESH
    }

    /// The way it took: its steps without those that changed nothing, oldest first.
    #[must_use]
    pub fn way(&self) -> Vec<&Step> {
        let mut way: Vec<&Step> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            if way.last().is_none_or(|before| !step.repeats(before)) {
                way.push(step);
            }
        }
        way
    }

    /// Since when time runs against the office, or does not, as it does now: a result that is
    /// fetched was decided before.
    #[must_use]
    pub fn clock_since(&self) -> DateTime<Utc> {
        let clock = self.state.status.clock();
        let latest = self.steps.iter().rev().take_while(|step| step.status.clock() == clock);
        latest.last().map_or(self.state.at, |step| step.at)
    }

    /// The times, from when to when, during which its applicant had to do something and did.
    pub fn pauses(&self) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let waits = |step: &Step| step.status.clock() == Clock::Waiting;
        let stretches = self.steps.chunk_by(move |one, next| waits(one) == waits(next));
        let next = stretches.clone().skip(1);
        stretches.zip(next).filter_map(move |(pause, after)| {
            let (first, end) = (pause.first()?, after.first()?);
            waits(first).then_some((first.at, end.at))
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::secret::Digest;

    /// A state `seconds` after the beginning of a working day.
    pub(in crate::dossier) fn state(seconds: i64, status: Status) -> State {
        let start: DateTime<Utc> = "2026-11-23T08:00:00+07:00".parse().unwrap();
        State {
            at: start + chrono::TimeDelta::seconds(seconds),
            status,
            local_status: None,
            procedure: None,
            unit: None,
            office: None,
            received_at: None,
            due_at: None,
            working_days: None,
            finished_at: None,
            missing_papers: Vec::new(),
            fees: Vec::new(),
            results: Vec::new(),
        }
    }

    /// What is left after the reports of `states` arrived in this order.
    pub(in crate::dossier) fn told(states: &[State]) -> Dossier {
        let (first, rest) = states.split_first().unwrap();
        let id = uuid::Uuid::nil().into();
        let code = "H55.242-261123-0001".parse().unwrap();
        let told = |state: &State| (state.clone(), Proofs::default());
        let mut dossier = Dossier::new(id, code, told(first), first.at);
        for state in rest {
            dossier.hear(told(state), state.at);
        }
        dossier
    }

    fn statuses() -> impl Strategy<Value = Status> {
        prop::sample::select(Status::ALL.to_vec())
    }

    #[test]
    fn a_later_report_is_in_force_and_an_older_one_leaves_its_step() {
        let (early, late) = (state(0, Status::Received), state(60, Status::Processing));
        let mut dossier = told(std::slice::from_ref(&late));
        assert_eq!(dossier.hear((late.clone(), Proofs::default()), late.at), News::Known);
        assert_eq!(dossier.hear((early.clone(), Proofs::default()), late.at), News::Older);
        assert_eq!(dossier.state, late);
        let way: Vec<_> = dossier.way().iter().map(|step| step.status).collect();
        assert_eq!(way, [Status::Received, Status::Processing]);
        let later = state(90, Status::Processing);
        assert_eq!(dossier.hear((later.clone(), Proofs::default()), later.at), News::Taken);
        assert_eq!((dossier.way().len(), dossier.clock_since()), (2, early.at));
    }

    #[test]
    fn who_filed_it_is_corrected_by_telling_it_again() {
        let told_first = state(0, Status::Received);
        let mut dossier = told(std::slice::from_ref(&told_first));
        let right = Proofs { phone_last4: Some(Digest([7; 32])), ..Proofs::default() };
        assert_eq!(dossier.hear((told_first.clone(), right.clone()), told_first.at), News::Taken);
        assert_eq!(dossier.hear((told_first.clone(), right.clone()), told_first.at), News::Known);
        assert_eq!(dossier.proofs, right);
        let older = state(-9, Status::Registered);
        assert_eq!(dossier.hear((older, Proofs::default()), told_first.at), News::Older);
        assert_eq!(dossier.proofs, right, "what is older corrects nothing");
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_and_repeats_do_not_matter(
            states in prop::collection::vec((0_i64..50, statuses()), 1..300),
            shuffled in any::<prop::sample::Index>(),
        ) {
            let states: Vec<_> = states.into_iter().map(|(at, status)| state(at, status)).collect();
            let mut otherwise = states.clone();
            otherwise.rotate_left(shuffled.index(states.len()));
            otherwise.reverse();
            otherwise.extend(states.clone());
            prop_assert_eq!(told(&states), told(&otherwise));
        }
    }
}
