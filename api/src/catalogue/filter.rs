//! Narrowing the list of procedures, and counting what each choice would leave.

use domain::catalogue::Side;
use infra::{
    collation::sort_by_name,
    snapshot::{self, Numbers, Snapshot},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What procedures have to be, as far as something is said.
pub(super) struct Filter {
    pub(super) chosen: Vec<(Side, String)>,
}

impl Filter {
    /// Those of `procedures` that are as asked.
    pub(super) fn fitting(&self, facets: &snapshot::Facets, procedures: &Numbers) -> Numbers {
        self.narrowed(facets, procedures, None)
    }

    /// Those of `procedures` that are as asked, but for one side.
    fn narrowed(
        &self,
        facets: &snapshot::Facets,
        procedures: &Numbers,
        but_for: Option<Side>,
    ) -> Numbers {
        let mut narrowed = procedures.clone();
        for (side, value) in &self.chosen {
            if but_for != Some(*side) {
                facets.narrow(&mut narrowed, *side, value);
            }
        }
        narrowed
    }

    /// What each choice would leave of `procedures`, everything else as asked.
    pub(super) fn facets<'s>(
        &self,
        facets: &'s snapshot::Facets,
        procedures: &Numbers,
    ) -> Facets<'s> {
        let counts = |side: Side| {
            let others = self.narrowed(facets, procedures, Some(side));
            counts(facets.counts(side, &others))
        };
        Facets {
            fields: counts(Side::Field),
            levels: counts(Side::Level),
            targets: counts(Side::Target),
            agencies: counts(Side::Agency),
            life_events: counts(Side::LifeEvent),
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
    let facets = snapshot.facets();
    counts(facets.counts(side, &facets.everything()))
}

fn counts(counts: Vec<(&str, usize)>) -> Vec<Count<'_>> {
    counts.into_iter().map(|(value, count)| Count { value, count }).collect()
}
