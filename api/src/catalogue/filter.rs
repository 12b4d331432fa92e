//! Narrowing the list of procedures, and counting what each choice would leave.

use std::collections::HashMap;

use domain::catalogue::{Level, Procedure};
use serde::Serialize;
use utoipa::ToSchema;

/// What procedures have to be, as far as something is said.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) field: Option<String>,
    pub(super) level: Option<Level>,
    pub(super) target: Option<String>,
    pub(super) agency: Option<String>,
}

/// One side by which procedures are narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Field,
    Level,
    Target,
    Agency,
}

impl Side {
    const ALL: [Self; 4] = [Self::Field, Self::Level, Self::Target, Self::Agency];

    /// What `procedure` is on this side.
    fn values(self, procedure: &Procedure) -> Vec<&str> {
        match self {
            Self::Field => procedure.field.as_deref().into_iter().collect(),
            Self::Level => procedure.levels.iter().map(|level| level.as_str()).collect(),
            Self::Target => procedure.targets.iter().map(String::as_str).collect(),
            Self::Agency => procedure.issuing_agency.as_deref().into_iter().collect(),
        }
    }
}

impl Filter {
    /// Whether `procedure` is as asked.
    pub(super) fn fits(&self, procedure: &Procedure) -> bool {
        Side::ALL.into_iter().all(|side| self.fits_on(side, procedure))
    }

    fn fits_on(&self, side: Side, procedure: &Procedure) -> bool {
        self.asked(side).is_none_or(|asked| side.values(procedure).contains(&asked))
    }

    fn asked(&self, side: Side) -> Option<&str> {
        match side {
            Side::Field => self.field.as_deref(),
            Side::Level => self.level.map(Level::as_str),
            Side::Target => self.target.as_deref(),
            Side::Agency => self.agency.as_deref(),
        }
    }

    /// What each value of one side would leave of `procedures`, everything else as asked.
    fn counts<'p>(&self, side: Side, procedures: &[&'p Procedure]) -> Vec<Count<'p>> {
        let others = || Side::ALL.into_iter().filter(|&other| other != side);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for procedure in procedures {
            if others().all(|other| self.fits_on(other, procedure)) {
                for value in side.values(procedure) {
                    *counts.entry(value).or_default() += 1;
                }
            }
        }
        let mut counts: Vec<_> =
            counts.into_iter().map(|(value, count)| Count { value, count }).collect();
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(b.value)));
        counts
    }

    /// What each choice would leave of `procedures`.
    pub(super) fn facets<'p>(&self, procedures: &[&'p Procedure]) -> Facets<'p> {
        Facets {
            fields: self.counts(Side::Field, procedures),
            levels: self.counts(Side::Level, procedures),
            targets: self.counts(Side::Target, procedures),
            agencies: self.counts(Side::Agency, procedures),
        }
    }
}

/// What each choice would leave.
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
}

/// A value, and how many procedures have it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Count<'p> {
    /// The value, as the parameter takes it.
    value: &'p str,
    /// How many procedures.
    count: usize,
}

/// How many of `procedures` each field has, most first.
pub(super) fn fields<'p>(procedures: &[&'p Procedure]) -> Vec<Count<'p>> {
    Filter::default().counts(Side::Field, procedures)
}
