//! Narrowing the list of procedures, and counting what each choice would leave.

use std::{cmp::Reverse, collections::HashMap};

use domain::catalogue::{Level, Procedure};
use infra::{collation::sort_by_name, snapshot::Snapshot};
use serde::Serialize;
use utoipa::ToSchema;

/// What procedures have to be, as far as something is said.
pub(super) struct Filter<'s> {
    /// Where it is known with which life events a procedure comes.
    pub(super) snapshot: &'s Snapshot,
    pub(super) field: Option<String>,
    pub(super) level: Option<Level>,
    pub(super) target: Option<String>,
    pub(super) agency: Option<String>,
    pub(super) life_event: Option<String>,
}

/// One side by which procedures are narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Field,
    Level,
    Target,
    Agency,
    LifeEvent,
}

impl Side {
    const ALL: [Self; 5] = [Self::Field, Self::Level, Self::Target, Self::Agency, Self::LifeEvent];

    /// What `procedure` is on this side.
    fn values<'s>(self, snapshot: &'s Snapshot, procedure: &'s Procedure) -> Vec<&'s str> {
        match self {
            Self::Field => procedure.field.as_deref().into_iter().collect(),
            Self::Level => procedure.levels.iter().map(|level| level.as_str()).collect(),
            Self::Target => procedure.targets.iter().map(String::as_str).collect(),
            Self::Agency => procedure.issuing_agency.as_deref().into_iter().collect(),
            Self::LifeEvent => {
                snapshot.life_events.of(procedure).map(|event| event.code.as_str()).collect()
            }
        }
    }
}

impl<'s> Filter<'s> {
    /// Everything that there is.
    pub(super) const fn open(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, field: None, level: None, target: None, agency: None, life_event: None }
    }

    /// Whether `procedure` is as asked.
    pub(super) fn fits(&self, procedure: &Procedure) -> bool {
        Side::ALL.into_iter().all(|side| self.fits_on(side, procedure))
    }

    fn fits_on(&self, side: Side, procedure: &Procedure) -> bool {
        self.asked(side).is_none_or(|asked| side.values(self.snapshot, procedure).contains(&asked))
    }

    fn asked(&self, side: Side) -> Option<&str> {
        match side {
            Side::Field => self.field.as_deref(),
            Side::Level => self.level.map(Level::as_str),
            Side::Target => self.target.as_deref(),
            Side::Agency => self.agency.as_deref(),
            Side::LifeEvent => self.life_event.as_deref(),
        }
    }

    /// What each value of one side would leave of `procedures`, everything else as asked: the most
    /// first.
    fn counts(&self, side: Side, procedures: &[&'s Procedure]) -> Vec<Count<'s>> {
        let others = || Side::ALL.into_iter().filter(|&other| other != side);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for procedure in procedures {
            if others().all(|other| self.fits_on(other, procedure)) {
                for value in side.values(self.snapshot, procedure) {
                    *counts.entry(value).or_default() += 1;
                }
            }
        }
        let mut counts: Vec<_> =
            counts.into_iter().map(|(value, count)| Count { value, count }).collect();
        sort_by_name(&mut counts, |count| count.value);
        counts.sort_by_key(|count| Reverse(count.count));
        counts
    }

    /// What each choice would leave of `procedures`.
    pub(super) fn facets(&self, procedures: &[&'s Procedure]) -> Facets<'s> {
        Facets {
            fields: self.counts(Side::Field, procedures),
            levels: self.counts(Side::Level, procedures),
            targets: self.counts(Side::Target, procedures),
            agencies: self.counts(Side::Agency, procedures),
            life_events: self.counts(Side::LifeEvent, procedures),
        }
    }
}

/// What each choice would leave: of each side the most first, equal ones in the order of the
/// alphabet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Facets<'p> {
    /// By field.
    fields: Vec<Count<'p>>,
    /// By level.
    levels: Vec<Count<'p>>,
    /// By target group.
    targets: Vec<Count<'p>>,
    /// By issuing agency.
    agencies: Vec<Count<'p>>,
    /// By life event.
    life_events: Vec<Count<'p>>,
}

/// A value, and how many procedures have it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Count<'p> {
    /// The value, as the parameter takes it.
    pub(super) value: &'p str,
    /// How many procedures.
    pub(super) count: usize,
}

/// How many procedures each field has, in the order of the alphabet.
pub(super) fn fields(snapshot: &Snapshot) -> Vec<Count<'_>> {
    let mut fields = counted(snapshot, Side::Field);
    sort_by_name(&mut fields, |field| field.value);
    fields
}

/// How many procedures come with each life event that any comes with.
pub(super) fn life_events(snapshot: &Snapshot) -> Vec<Count<'_>> {
    counted(snapshot, Side::LifeEvent)
}

fn counted(snapshot: &Snapshot, side: Side) -> Vec<Count<'_>> {
    let procedures: Vec<_> = snapshot.procedures.iter().collect();
    Filter::open(snapshot).counts(side, &procedures)
}
