//! Procedures as clients read them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    catalogue::{Procedure, Standing},
    text::Recurring,
};
use infra::snapshot::Snapshot;
use serde::Serialize;
use utoipa::ToSchema;

use super::details::DetailsView;

/// A procedure in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProcedureItem<'s> {
    /// Its national code.
    #[schema(example = "1.001193")]
    code: &'s str,
    /// Its name.
    name: &'s str,
    /// The field it belongs to.
    field: Option<&'s str>,
    /// The ministry that issued it, by its name of today.
    issuing_agency: Option<&'s str>,
    /// Where it is carried out: `cap_bo`, `cap_tinh`, `cap_xa`, `khac`.
    levels: Vec<&'static str>,
    /// For whom it is.
    targets: Vec<&'s str>,
    /// The life events that it comes with, as `/v1/life-events` names them.
    life_events: Vec<&'s str>,
    /// Its version, counted from 1.
    #[schema(example = 1)]
    version: Option<i64>,
    /// From when on this version has been in force here; the source publishes no dates.
    valid_from: Option<DateTime<Utc>>,
    /// How well it answers the query; comparable between queries.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
}

impl<'s> ProcedureItem<'s> {
    pub(super) fn new(
        snapshot: &'s Snapshot,
        procedure: &'s Procedure,
        score: Option<f64>,
    ) -> Self {
        Self::standing(snapshot, procedure, snapshot.history.standing(&procedure.code), score)
    }

    fn standing(
        snapshot: &'s Snapshot,
        procedure: &'s Procedure,
        standing: Option<Standing>,
        score: Option<f64>,
    ) -> Self {
        let life_events = snapshot.life_events.of(procedure);
        Self {
            code: procedure.code.as_str(),
            name: &procedure.name,
            field: procedure.field.as_deref(),
            issuing_agency: procedure.issuing_agency.as_deref(),
            levels: levels(procedure),
            targets: procedure.targets.iter().map(Recurring::as_str).collect(),
            life_events: life_events.map(|event| event.code.as_str()).collect(),
            version: standing.map(|standing| standing.version),
            valid_from: standing.map(|standing| standing.valid_from),
            score,
        }
    }
}

/// A procedure, all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProcedureView<'s> {
    #[serde(flatten)]
    item: ProcedureItem<'s>,
    /// Until when this version was in force here; `null` while it is.
    valid_to: Option<DateTime<Utc>>,
    /// Its code as published.
    code_raw: &'s str,
    /// Its name as published.
    name_raw: &'s str,
    /// The ministry as published.
    issuing_agency_raw: Option<&'s str>,
    /// The levels as published.
    levels_raw: Option<&'s str>,
    /// The target groups as published.
    targets_raw: Option<&'s str>,
    /// Who carries it out.
    executing_agencies: Vec<&'s str>,
    /// Who carries it out, as published.
    executing_agency: Option<&'s str>,
    /// Its type as published.
    procedure_type: Option<&'s str>,
    /// The decision that published it.
    decision_no: Option<&'s str>,
    /// Where to read the authoritative text.
    source_url: Option<&'s str>,
    /// The day for which the source vouches.
    data_as_of: NaiveDate,
    /// How to file it, how long it takes, what it costs, what to bring; `null` where the full
    /// record is not known.
    details: Option<DetailsView<'s>>,
}

impl<'s> ProcedureView<'s> {
    /// A procedure as it stands.
    pub(super) fn new(snapshot: &'s Snapshot, procedure: &'s Procedure) -> Self {
        Self::standing(snapshot, procedure, snapshot.history.standing(&procedure.code))
    }

    /// A version of a procedure that is, or was, in force.
    pub(super) fn standing(
        snapshot: &'s Snapshot,
        procedure: &'s Procedure,
        standing: Option<Standing>,
    ) -> Self {
        Self {
            item: ProcedureItem::standing(snapshot, procedure, standing, None),
            valid_to: standing.and_then(|standing| standing.valid_to),
            code_raw: procedure.code_raw.as_deref().unwrap_or(procedure.code.as_str()),
            name_raw: &procedure.name_raw,
            issuing_agency_raw: procedure.issuing_agency_raw.as_deref(),
            levels_raw: procedure.levels_raw.as_deref(),
            targets_raw: procedure.targets_raw.as_deref(),
            executing_agencies: procedure.executing_agencies(),
            executing_agency: procedure.executing_agency.as_deref(),
            procedure_type: procedure.procedure_type.as_deref(),
            decision_no: procedure.decision_no.as_deref(),
            source_url: procedure.source_url.as_deref(),
            data_as_of: procedure.data_as_of,
            details: procedure.details.as_deref().map(DetailsView::from),
        }
    }
}

fn levels(procedure: &Procedure) -> Vec<&'static str> {
    procedure.levels.iter().map(|level| level.as_str()).collect()
}

/// A score with three decimals: more say nothing.
pub(super) fn rounded(score: f64) -> f64 {
    (score * 1000.0).round() / 1000.0
}
