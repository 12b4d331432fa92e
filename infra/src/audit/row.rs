//! An entry of the audit log as a row.

use diesel::prelude::*;
use domain::{
    StoreError,
    audit::{Actor, ActorKind, AuditEntry, Personal, Sealed},
    directory::AgencyCode,
    identity::Role,
};

use crate::{
    columns::{AsText, At, Id, digest},
    schema::audit_entry,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = audit_entry, treat_none_as_default_value = false)]
pub(super) struct Row {
    id: Id,
    at: At,
    actor_kind: AsText<ActorKind>,
    actor: Option<Id>,
    role: Option<AsText<Role>>,
    agency: Option<AsText<AgencyCode>>,
    action: String,
    subject: String,
    personal: Option<String>,
}

/// What an entry gets when it is sealed.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_entry)]
pub(super) struct SealRow {
    position: Option<i64>,
    link: Option<Vec<u8>>,
    personal_digest: Option<Vec<u8>>,
}

impl Row {
    pub(super) fn of(entry: &AuditEntry) -> Result<Self, StoreError> {
        let personal = entry.personal.as_ref().map(serde_json::to_string).transpose();
        Ok(Self {
            id: entry.id.into(),
            at: At(entry.at),
            actor_kind: AsText(entry.actor.kind),
            actor: entry.actor.id.map(Id),
            role: entry.actor.role.map(AsText),
            agency: entry.actor.agency.clone().map(AsText),
            action: entry.action.clone(),
            subject: entry.subject.clone(),
            personal: personal.map_err(|error| StoreError::Failed(error.to_string()))?,
        })
    }

    pub(super) fn entry(self) -> Result<AuditEntry, StoreError> {
        let personal = self.personal.as_deref().map(serde_json::from_str::<Personal>).transpose();
        Ok(AuditEntry {
            id: self.id.into(),
            at: self.at.0,
            actor: Actor {
                kind: self.actor_kind.0,
                id: self.actor.map(|id| id.0),
                role: self.role.map(|role| role.0),
                agency: self.agency.map(|agency| agency.0),
            },
            action: self.action,
            subject: self.subject,
            personal: personal.map_err(|error| StoreError::Failed(error.to_string()))?,
        })
    }

    /// The sealed entry in this row and its `seal`.
    pub(super) fn sealed(self, seal: SealRow) -> Result<Sealed, StoreError> {
        Ok(Sealed {
            position: seal.position.unwrap_or_default(),
            link: digest(seal.link.unwrap_or_default())?,
            personal: digest(seal.personal_digest.unwrap_or_default())?,
            entry: self.entry()?,
        })
    }
}
