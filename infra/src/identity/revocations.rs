//! What was revoked, in memory, so that it is known without asking the store.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use domain::{
    StoreError,
    event::Topic,
    identity::{Access, Principal, Revocation, SessionId, StaffId},
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    event::FeedEvent,
    schema::{event, staff_member},
};

/// The events by which sessions ended, written as their index has it.
const ENDED: &str = "kind = 'session.ended'";

/// What this process has heard of revocations.
#[derive(Default)]
pub struct Revocations(RwLock<Known>);

#[derive(Default)]
struct Known {
    /// The version of each staff member's account that counts.
    staff: HashMap<StaffId, i64>,
    /// The sessions that ended, and until when somebody may still hold a token of them.
    sessions: HashMap<SessionId, DateTime<Utc>>,
}

impl Revocations {
    /// Whether `access` was revoked. What is unknown here was begun after the last word heard.
    #[must_use]
    pub fn concern(&self, access: &Access) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let version = match &access.principal {
            Principal::Staff(staff) => known
                .staff
                .get(&staff.id)
                .map(|&version| Revocation::Staff { id: staff.id, version }.concerns(access)),
            Principal::Citizen(_) => None,
        };
        version.unwrap_or_default() || known.sessions.contains_key(&access.session)
    }

    /// Takes in a revocation that happened `at`.
    pub fn learn(&self, revocation: Revocation, at: DateTime<Utc>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match revocation {
            Revocation::Staff { id, version } => {
                let newest = known.staff.entry(id).or_insert(version);
                *newest = version.max(*newest);
            }
            Revocation::Session(id) => {
                known.sessions.retain(|_, until| *until > at);
                known.sessions.insert(id, at + Access::LIFE + Access::LEEWAY + Access::LEEWAY);
            }
        }
    }

    /// Takes in an event, if it is a revocation.
    pub fn hear(&self, event: &FeedEvent) {
        if event.is_about(Topic::System)
            && let Some(revocation) = Revocation::read(&event.kind, event.subject, &event.data)
        {
            self.learn(revocation, event.at);
        }
    }

    /// Takes in what the store knows, for a process that starts at `at` and has not heard it.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub fn recall(&self, tx: &mut Transaction<'_>, at: DateTime<Utc>) -> Result<(), StoreError> {
        let changed: Vec<(Id, i64)> = on!(tx.connection(), |conn| staff_member::table
            .filter(staff_member::version.gt(1))
            .select((staff_member::id, staff_member::version))
            .load(conn))
        .map_err(store_error)?;
        for (id, version) in changed {
            self.learn(Revocation::Staff { id: id.into(), version }, at);
        }
        let since = At(at - Access::LIFE - Access::LEEWAY - Access::LEEWAY);
        let ended: Vec<(Id, At)> = on!(tx.connection(), |conn| event::table
            .filter(sql::<Bool>(ENDED))
            .filter(event::at.gt(since))
            .select((event::subject, event::at))
            .load(conn))
        .map_err(store_error)?;
        for (id, ended_at) in ended {
            self.learn(Revocation::Session(id.into()), ended_at.0);
        }
        Ok(())
    }
}
