//! An emergency as a row.

use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{
        Called, Emergency, Escalation, Evidence, Kind, Lease, Priority, Proposal, Receipt,
        RoutedBy, Status, Transfer, UnitId,
    },
};
use serde::{Deserialize, Serialize};

use super::{opened, read, sealed, written};
use crate::{
    columns::{AsText, At, Id, bytes, digest},
    schema::emergency,
    vault::{Column, Vault},
};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = emergency, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct Row {
    id: Id,
    version: i64,
    receipt: AsText<Receipt>,
    status: AsText<Status>,
    priority: AsText<Priority>,
    suspect: bool,
    urgency: Option<i32>,
    agency: AsText<AgencyCode>,
    kind: Option<AsText<Kind>>,
    commune: Option<String>,
    received_at: At,
    queued_at: At,
    said: Vec<u8>,
    location: Option<String>,
    location_told_at: Option<At>,
    citizen: Option<Id>,
    secret: Option<Vec<u8>>,
    idempotency_key: Option<Vec<u8>>,
    body: Option<Vec<u8>>,
    overheard: bool,
    source: Vec<u8>,
    merged_into: Option<Id>,
    holder: Option<Id>,
    heard_at: Option<At>,
    lease: Option<String>,
    cancel_requested_at: Option<At>,
    outcome: Option<String>,
    closes_at: Option<At>,
    offered_to: Option<AsText<AgencyCode>>,
    course: Option<String>,
    alarm_at: Option<At>,
    called: Option<AsText<Called>>,
}

/// What became of an emergency that no query asks for.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Course {
    #[serde(skip_serializing_if = "Option::is_none")]
    routed_by: Option<RoutedBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_merge: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transfer: Option<Transfer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    units: Vec<UnitId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposal: Option<Proposal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    escalation: Option<Escalation>,
}

impl From<&Emergency> for Course {
    fn from(emergency: &Emergency) -> Self {
        Self {
            routed_by: Some(emergency.routed_by),
            before_merge: emergency.before_merge,
            transfer: emergency.transfer.clone(),
            units: emergency.units.clone(),
            proposal: emergency.proposal,
            escalation: emergency.escalation,
        }
    }
}

impl Row {
    /// The row of `emergency`, in the version that it will have when it is stored.
    pub(super) fn of(
        emergency: &Emergency,
        version: i64,
        vault: &Vault,
    ) -> Result<Self, StoreError> {
        let Evidence { citizen, secret, key, token: _ } = &emergency.evidence;
        let lease = emergency.lease.as_ref();
        Ok(Self {
            id: emergency.id.into(),
            version,
            receipt: AsText(emergency.receipt),
            status: AsText(emergency.status),
            priority: AsText(emergency.priority),
            suspect: emergency.suspect,
            urgency: emergency.urgency(),
            agency: AsText(emergency.agency.clone()),
            kind: emergency.said.kind.map(AsText),
            commune: emergency.commune.clone(),
            received_at: At(emergency.received_at),
            queued_at: At(emergency.queued_at),
            said: sealed(vault, Column::EMERGENCY_SAID, emergency.id.uuid(), &emergency.said)?,
            location: emergency.location.as_ref().map(written).transpose()?,
            location_told_at: emergency.location_told_at.map(At),
            citizen: citizen.map(Id::from),
            secret: secret.map(bytes),
            idempotency_key: key.map(bytes),
            body: emergency.body.map(bytes),
            overheard: emergency.overheard,
            source: bytes(emergency.source),
            merged_into: emergency.merged_into.map(Id::from),
            holder: lease.map(|lease| lease.holder.into()),
            heard_at: lease.map(|lease| At(lease.heard_at)),
            lease: lease.map(written).transpose()?,
            cancel_requested_at: emergency.cancel_requested_at.map(At),
            outcome: emergency.outcome.as_ref().map(written).transpose()?,
            closes_at: emergency.closes_at().map(At),
            offered_to: emergency.transfer.as_ref().map(|open| AsText(open.to.clone())),
            course: Some(written(&Course::from(emergency))?),
            alarm_at: emergency.alarm_at.filter(|_| emergency.status.is_open()).map(At),
            called: emergency.called.clone().map(AsText),
        })
    }

    /// The emergency in this row.
    pub(super) fn emergency(self, vault: &Vault) -> Result<Emergency, StoreError> {
        let lease = self.lease.as_deref().map(read::<Lease>).transpose()?;
        let course = self.course.as_deref().map(read::<Course>).transpose()?.unwrap_or_default();
        Ok(Emergency {
            id: self.id.into(),
            version: self.version,
            receipt: self.receipt.0,
            status: self.status.0,
            priority: self.priority.0,
            suspect: self.suspect,
            agency: self.agency.0,
            routed_by: course.routed_by.unwrap_or(RoutedBy::Kind),
            commune: self.commune,
            received_at: self.received_at.0,
            queued_at: self.queued_at.0,
            said: opened(vault, Column::EMERGENCY_SAID, self.id.0, &self.said)?,
            location: self.location.as_deref().map(read).transpose()?,
            location_told_at: self.location_told_at.map(|at| at.0),
            evidence: Evidence {
                citizen: self.citizen.map(Into::into),
                secret: self.secret.map(digest).transpose()?,
                key: self.idempotency_key.map(digest).transpose()?,
                token: false,
            },
            body: self.body.map(digest).transpose()?,
            overheard: self.overheard,
            source: digest(self.source)?,
            merged_into: self.merged_into.map(Into::into),
            before_merge: course.before_merge,
            lease: lease.map(|lease| Lease {
                heard_at: self.heard_at.map_or(lease.heard_at, |at| at.0),
                ..lease
            }),
            transfer: course.transfer,
            cancel_requested_at: self.cancel_requested_at.map(|at| at.0),
            outcome: self.outcome.as_deref().map(read).transpose()?,
            units: course.units,
            proposal: course.proposal,
            escalation: course.escalation,
            called: self.called.map(|called| called.0),
            alarm_at: self.alarm_at.map(|at| at.0),
        })
    }
}
