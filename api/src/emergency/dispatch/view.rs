//! What a dispatcher is shown of emergencies.

use chrono::{DateTime, Utc};
use domain::{
    emergency::{
        Action, Danger, Emergency, EmergencyId, Kind, Lease, Priority, Queued, RoutedBy, Status,
    },
    identity::Dispatcher,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    alarm::{EscalationView, ProposalView},
    transfers::TransferView,
};
use crate::emergency::view::LocationView;

/// An emergency in the queue: what is needed to decide who takes it. No name, the phone masked.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "independent marks, each a field on the wire")]
pub(super) struct QueuedView {
    /// Its id.
    pub(super) id: Uuid,
    /// Counts its changes.
    pub(super) version: i64,
    /// What the caller can read out.
    receipt: String,
    /// `received`, `claimed`, `dispatched`, `resolved`, `closed`, `cancelled`, `duplicate`.
    #[schema(value_type = String)]
    status: Status,
    /// `high`, `normal`, `low`.
    #[schema(value_type = String)]
    priority: Priority,
    /// So many calls came from its source that it may be abuse.
    suspect: bool,
    /// `police`, `fire`, `medical`, `rescue`, `child`, `other`.
    #[schema(value_type = Option<String>)]
    kind: Option<Kind>,
    /// Who answers for it.
    agency: String,
    /// By what that was decided: `commune` (and kind), `nearest` (no area holds the place), `kind`
    /// (nobody knows the place), `desk` (neither says who), `transfer` (a person took it over).
    #[schema(value_type = String)]
    routed_by: RoutedBy,
    /// No sound may give the caller away.
    silent: bool,
    /// An exercise.
    drill: bool,
    /// In the caller's own words.
    note: Option<String>,
    /// How many people need help.
    people: Option<u32>,
    /// What makes the household urgent: `infants`, `bedridden`, `pregnant`, `deep_water`,
    /// `elderly_in_water`, `no_food`, `no_drinking_water`.
    #[schema(value_type = Vec<String>)]
    dangers: Vec<Danger>,
    /// The number to call back, masked.
    #[schema(example = "•••••••678")]
    phone: Option<String>,
    /// The commune.
    commune_code: Option<String>,
    /// The place in words.
    landmark: Option<String>,
    /// Where help is needed: as a dispatcher found out, else the newest position of the phone.
    location: Option<LocationView>,
    /// Which dispatcher took it down over the telephone.
    taken_by: Option<Uuid>,
    /// When the server had the call.
    received_at: DateTime<Utc>,
    /// How long ago that was.
    age_s: i64,
    /// How long the call had been under way by then, as the phone counted.
    delayed_s: Option<u64>,
    /// The call was under way so long that what it says may no longer hold.
    late: bool,
    /// Since when nothing was heard of the phone, where it should have told of itself by now.
    silent_since: Option<DateTime<Utc>>,
    /// How long it has waited for somebody, while nobody has it.
    waiting_s: Option<i64>,
    /// Something could not be read: a person has to look.
    needs_review: bool,
    /// Strangers said something under its id.
    overheard: bool,
    /// The caller wishes to call it off; a dispatcher has to decide.
    cancel_requested: bool,
    /// How many other calls are followed under it.
    merged: i64,
    /// The one it is followed under.
    merged_into: Option<Uuid>,
    /// How far it was called out, as nobody has it.
    escalation: EscalationView,
    /// Other open ones that may be about the same thing: near in place and time and of like kind,
    /// or with the same number to call back. The first ten in a list, the first hundred by itself.
    possible_duplicates: Vec<Uuid>,
    /// The units that are bound by it.
    units: Vec<Uuid>,
    /// The unit to send in place of one that does not come.
    proposed_unit: Option<ProposalView>,
    /// Who holds it.
    holder: Option<HolderView>,
    /// To whom its holder offers it.
    transfer: Option<TransferView>,
    /// What the caller of this request can do with it.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<Action>,
}

/// Who holds an emergency.
#[derive(Debug, Serialize, ToSchema)]
struct HolderView {
    /// Their id.
    staff_id: Uuid,
    /// Their name.
    username: String,
    /// Since when.
    since: DateTime<Utc>,
    /// The last sign of them.
    heard_at: DateTime<Utc>,
    /// Nothing was heard of them for over 45 s.
    stale: bool,
    /// Why they took it from another.
    reason: Option<String>,
}

impl QueuedView {
    /// What `dispatcher` sees at `at`.
    pub(super) fn of(queued: &Queued, dispatcher: &Dispatcher, at: DateTime<Utc>) -> Self {
        let emergency = &queued.emergency;
        let said = &emergency.said;
        let waiting = (emergency.status == Status::Received).then(|| at - emergency.queued_at);
        Self {
            id: emergency.id.uuid(),
            version: emergency.version,
            receipt: emergency.receipt.to_string(),
            status: emergency.status,
            priority: emergency.priority,
            suspect: emergency.suspect,
            kind: said.kind,
            agency: emergency.agency.to_string(),
            routed_by: emergency.routed_by,
            silent: said.is_silent(),
            drill: said.is_drill(),
            note: said.note.clone(),
            people: said.people,
            dangers: said.dangers(),
            phone: said.phone.as_deref().map(masked),
            commune_code: emergency.commune.clone(),
            landmark: said.landmark.clone(),
            location: emergency.whereabouts().map(|fix| LocationView::of(&fix, at)),
            taken_by: said.taken_by.map(domain::Id::uuid),
            received_at: emergency.received_at,
            age_s: (at - emergency.received_at).num_seconds(),
            delayed_s: said.age_ms.map(|age| age / 1_000),
            late: said.is_late(),
            silent_since: emergency.silent_since(at),
            waiting_s: waiting.map(|waiting| waiting.num_seconds()),
            needs_review: said.needs_review(),
            overheard: emergency.overheard,
            cancel_requested: emergency.cancel_requested_at.is_some(),
            merged: queued.merged,
            merged_into: emergency.merged_into.map(EmergencyId::uuid),
            escalation: EscalationView::of(emergency),
            possible_duplicates: queued.possible_duplicates.iter().map(|id| id.uuid()).collect(),
            units: emergency.units.iter().map(|unit| unit.uuid()).collect(),
            proposed_unit: ProposalView::of(emergency),
            holder: held(emergency).map(|lease| HolderView::of(lease, at)),
            transfer: emergency.transfer.as_ref().map(TransferView::from),
            allowed_actions: emergency.actions_of(dispatcher),
        }
    }
}

/// Who holds `emergency` now. Of one that has ended it is kept who held it last.
fn held(emergency: &Emergency) -> Option<&Lease> {
    emergency.lease.as_ref().filter(|_| emergency.status.is_open())
}

/// Whether the holder of `emergency` is gone at `at`.
pub(super) fn is_stale(emergency: &Emergency, at: DateTime<Utc>) -> bool {
    held(emergency).is_some_and(|lease| lease.is_stale(at))
}

impl HolderView {
    fn of(lease: &Lease, at: DateTime<Utc>) -> Self {
        Self {
            staff_id: lease.holder.uuid(),
            username: lease.username.clone(),
            since: lease.since,
            heard_at: lease.heard_at,
            stale: lease.is_stale(at),
            reason: lease.reason.clone(),
        }
    }
}

/// All but the last three characters of a number hidden.
fn masked(phone: &str) -> String {
    let hidden = phone.chars().count().saturating_sub(3);
    phone.chars().enumerate().map(|(place, c)| if place < hidden { '•' } else { c }).collect()
}
