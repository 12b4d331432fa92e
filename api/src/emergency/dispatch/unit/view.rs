//! What is shown of units.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, HttpResponseBuilder, http::header::ETag};
use chrono::{DateTime, Utc};
use domain::{
    emergency::{Capability, CrewMember, Fix, Unit, UnitError, UnitNow, UnitStatus},
    identity::Phone,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    emergency::view::LocationView,
    extract::version_tag,
    problem::{ApiError, Code, Language},
};

/// Something a unit can do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CapabilityView {
    /// The name for programs.
    #[schema(example = "ambulance")]
    code: &'static str,
    /// What people call it, in the language of the caller.
    name: &'static str,
}

/// A unit, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::emergency::dispatch) struct UnitView {
    /// Its id.
    pub(super) id: Uuid,
    /// Whose it is.
    agency: String,
    /// What it is called on the radio.
    name: String,
    /// What it can do.
    capabilities: Vec<CapabilityView>,
    /// Who drives with it.
    crew: Vec<CrewView>,
    /// The number of the phone that lies in it, E.164.
    duty_phone: Option<String>,
    /// The words its centre has for states.
    #[schema(value_type = BTreeMap<String, String>)]
    labels: BTreeMap<UnitStatus, String>,
    /// Whether it is not used any more.
    retired: bool,
    /// `available`, `off_shift`, `assigned`, `acknowledged`, `en_route` or `on_scene`: follows from
    /// its shift and its assignments.
    #[schema(value_type = String)]
    status: UnitStatus,
    /// The centre's own word for that, where it has one.
    status_label: Option<String>,
    /// Since when it is on shift.
    on_shift_since: Option<DateTime<Utc>>,
    /// Where it was last, and how long ago.
    position: Option<LocationView>,
    /// Whether the position is too old (1,800 s) to tell where it is.
    position_stale: bool,
    /// The ids of the assignments that bind it.
    dispatches: Vec<Uuid>,
}

/// Somebody of a crew.
#[derive(Debug, Serialize, ToSchema)]
struct CrewView {
    /// Their id.
    staff_id: Uuid,
    /// Their name.
    username: String,
}

impl CapabilityView {
    pub(super) fn of(capability: Capability, language: Language) -> Self {
        let (vietnamese, english) = capability.names();
        Self { code: capability.as_str(), name: language.pick(vietnamese, english) }
    }
}

impl From<CrewMember> for CrewView {
    fn from(member: CrewMember) -> Self {
        Self { staff_id: member.id.uuid(), username: member.username }
    }
}

impl UnitView {
    /// The view of `now` at `at`.
    pub(in crate::emergency::dispatch) fn of(
        now: UnitNow,
        language: Language,
        at: DateTime<Utc>,
    ) -> Self {
        let status = now.status();
        let dispatches = now.active.iter().map(|assignment| assignment.id.uuid()).collect();
        let unit = now.unit;
        let capabilities = unit.capabilities.iter();
        Self {
            id: unit.id.uuid(),
            capabilities: capabilities.map(|each| CapabilityView::of(*each, language)).collect(),
            status,
            status_label: unit.labels.get(&status).cloned(),
            position_stale: is_stale(&unit, at),
            position: unit.position.as_ref().map(|fix: &Fix| LocationView::of(fix, at)),
            agency: unit.agency.to_string(),
            name: unit.name,
            crew: unit.crew.into_iter().map(CrewView::from).collect(),
            duty_phone: unit.duty_phone.as_ref().map(Phone::e164),
            labels: unit.labels,
            retired: unit.retired,
            on_shift_since: unit.on_shift_since,
            dispatches,
        }
    }
}

/// Whether a position of `unit` is known, and tells nothing any more.
fn is_stale(unit: &Unit, at: DateTime<Utc>) -> bool {
    unit.position.is_some() && unit.known_position(at).is_none()
}

/// Answers with a unit at its version.
pub(super) fn answer(
    response: &mut HttpResponseBuilder,
    now: UnitNow,
    language: Language,
    at: DateTime<Utc>,
) -> HttpResponse {
    let tag = version_tag(now.unit.version);
    response.insert_header(ETag(tag)).json(UnitView::of(now, language, at))
}

impl From<UnitError> for ApiError {
    fn from(error: UnitError) -> Self {
        match error {
            UnitError::NotFound => Self::new(Code::NotFound),
            UnitError::Store(error) => error.into(),
        }
    }
}
