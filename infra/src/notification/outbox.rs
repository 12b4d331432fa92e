//! The outbox in the store: messages wait here until they have left the house.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Binary},
};
use domain::{
    StoreError,
    notification::{Outbox, Sms},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    columns::{At, Id, sql},
    connection::{Connection, on},
    database::{Transaction, store_error},
    kept::kept,
    schema::outbox_message,
    vault::{Column, Vault},
};

/// A message is given up, for a person to look at, after so many tries.
const TRIES: i32 = 10;
/// While a worker delivers a message nobody else takes it, for so long.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// A text message as it is stored.
#[derive(Deserialize, Serialize)]
struct Payload {
    to: String,
    text: String,
    #[serde(default)]
    useful_until: Option<DateTime<Utc>>,
}

impl From<&Sms> for Payload {
    fn from(sms: &Sms) -> Self {
        Self { to: sms.to.clone(), text: sms.text.clone(), useful_until: sms.useful_until }
    }
}

impl From<Payload> for Sms {
    fn from(payload: Payload) -> Self {
        Self { to: payload.to, text: payload.text, useful_until: payload.useful_until }
    }
}

#[derive(Insertable)]
#[diesel(table_name = outbox_message, treat_none_as_default_value = false)]
struct NewRow {
    id: Id,
    channel: &'static str,
    payload: Vec<u8>,
    created_at: At,
    due_at: Option<At>,
    attempts: i32,
}

/// A message that a worker has taken to deliver it.
#[derive(Debug, QueryableByName)]
struct Row {
    #[diesel(sql_type = sql::Id)]
    id: Id,
    #[diesel(sql_type = Binary)]
    payload: Vec<u8>,
    #[diesel(sql_type = diesel::sql_types::Integer)]
    attempts: i32,
}

/// A text message that a worker has taken to deliver it.
#[derive(Debug)]
pub(super) struct Due {
    pub(super) id: Uuid,
    pub(super) sms: Sms,
    /// Which try this is, from 1.
    pub(super) attempt: i32,
}

impl Outbox for Transaction<'_> {
    fn send_sms(&mut self, id: Uuid, sms: &Sms, at: DateTime<Utc>) -> Result<(), StoreError> {
        let payload = serde_json::to_vec(&Payload::from(sms))
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        let row = NewRow {
            id: Id(id),
            channel: "sms",
            payload: self.vault()?.seal(Column::OUTBOX_PAYLOAD, id, &payload),
            created_at: At(at),
            due_at: Some(At(at)),
            attempts: 0,
        };
        self.effects.outbox = true;
        on!(self.connection(), |conn| diesel::insert_into(outbox_message::table)
            .values(&row)
            .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }
}

impl Transaction<'_> {
    /// Takes up to `limit` messages that are due at `now`. Other workers do not see them until
    /// the lease is over.
    pub(super) fn take_due(
        &mut self,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<Due>, StoreError> {
        let vault = self.vault()?;
        let skip_taken = match self.connection() {
            Connection::Sqlite(_) => "",
            Connection::Postgres(_) => "FOR UPDATE SKIP LOCKED",
        };
        let rows: Vec<Row> = on!(self.connection(), |conn| diesel::sql_query(format!(
            "UPDATE outbox_message SET attempts = attempts + 1, due_at = $1
              WHERE id IN (SELECT id FROM outbox_message WHERE due_at <= $2
                            ORDER BY due_at LIMIT $3 {skip_taken})
              RETURNING id, payload, attempts"
        ))
        .bind::<sql::At, _>(At(now + LEASE))
        .bind::<sql::At, _>(At(now))
        .bind::<BigInt, _>(limit)
        .load(conn))
        .map_err(store_error)?;
        rows.iter().map(|row| row.due(vault)).collect()
    }

    /// Forgets a message that was delivered, or is of no use any more.
    pub(super) fn delivered(&mut self, id: Uuid) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(outbox_message::table.find(Id(id)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    /// Puts a message back that could not be delivered, or lays it aside after the last try.
    pub(super) fn not_delivered(
        &mut self,
        message: &Due,
        now: DateTime<Utc>,
        reason: &str,
    ) -> Result<(), StoreError> {
        let again = (message.attempt < TRIES).then(|| At(now + back_off(message.attempt)));
        on!(self.connection(), |conn| kept(
            diesel::update(outbox_message::table.find(Id(message.id)))
                .set((outbox_message::due_at.eq(again), outbox_message::last_error.eq(reason)))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}

impl Row {
    fn due(&self, vault: &Vault) -> Result<Due, StoreError> {
        let payload = vault.open(Column::OUTBOX_PAYLOAD, self.id.0, &self.payload)?;
        let payload: Payload = serde_json::from_slice(&payload).map_err(|error| {
            StoreError::Failed(format!("an outbox message is no JSON: {error}"))
        })?;
        Ok(Due { id: self.id.0, sms: payload.into(), attempt: self.attempts })
    }
}

/// 5 s, 10 s, 20 s .. up to an hour.
fn back_off(attempt: i32) -> TimeDelta {
    let doublings = u32::try_from(attempt.clamp(1, TRIES) - 1).unwrap_or_default();
    TimeDelta::seconds((5_i64 << doublings).min(3600))
}
