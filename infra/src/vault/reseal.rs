//! Sealing anew what an older key sealed, or what stood in the clear, a chunk at a time.
//!
//! How far each column has come stands in the store: an interrupted run is taken up by the next.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Binary},
};
use domain::StoreError;
use uuid::Uuid;

use super::{Column, KEY_ID, Vault};
use crate::{
    columns::{Id, sql},
    connection::on,
    database::{Database, Transaction, store_error},
    schema::sealing_task::{self, dsl},
};

/// How many values one unit of work seals: nobody waits long behind it.
const CHUNK: usize = 200;

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = sql::Id)]
    id: Id,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

/// Notes that all columns have to be sealed anew.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn reseal_all(database: &Database) -> Result<(), StoreError> {
    database.write(|tx| Column::ALL.iter().try_for_each(|&column| tx.note_task(column))).await
}

/// Seals anew whatever was noted, to its end, and says how many values that were.
///
/// # Errors
/// [`StoreError`] when the store fails or holds something that cannot be opened.
pub async fn reseal(database: &Database) -> Result<usize, StoreError> {
    let mut sealed = 0;
    while let Some(chunk) = database.write(reseal_some).await? {
        sealed += chunk;
    }
    Ok(sealed)
}

/// Seals a chunk of a column that was noted. Nothing when there is none left.
fn reseal_some(tx: &mut Transaction<'_>) -> Result<Option<usize>, StoreError> {
    let task: Option<(String, Id)> =
        on!(tx.connection(), |conn| sealing_task::table.first(conn).optional())
            .map_err(store_error)?;
    let Some((name, done_up_to)) = task else { return Ok(None) };
    let known = Column::ALL.iter().find(|column| column.full_name() == name);
    let column = *known.ok_or_else(|| StoreError::Failed(format!("no column {name} is sealed")))?;
    let values = tx.values_of(column, done_up_to)?;
    let vault = tx.vault()?;
    let mut sealed = 0;
    for value in values.iter().filter(|value| !vault.is_current(&value.sealed)) {
        sealed += tx.reseal_one(vault, column, value)?;
    }
    let last = values.last().filter(|_| values.len() == CHUNK).map(|value| value.id);
    tx.note_progress(&name, last)?;
    Ok(Some(sealed))
}

impl Transaction<'_> {
    fn note_task(&mut self, column: Column) -> Result<(), StoreError> {
        let start = (dsl::column.eq(column.full_name()), dsl::done_up_to.eq(Id(Uuid::nil())));
        on!(self.connection(), |conn| diesel::insert_into(sealing_task::table)
            .values(start)
            .on_conflict(dsl::column)
            .do_update()
            .set(dsl::done_up_to.eq(Id(Uuid::nil())))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn values_of(&mut self, column: Column, after: Id) -> Result<Vec<Value>, StoreError> {
        let Column { table, row, name, .. } = column;
        let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
        on!(self.connection(), |conn| diesel::sql_query(format!(
            "SELECT {row} AS id, {name} AS sealed FROM {table}
              WHERE {row} > $1 AND {name} IS NOT NULL ORDER BY {row} LIMIT $2"
        ))
        .bind::<sql::Id, _>(after)
        .bind::<BigInt, _>(limit)
        .load(conn))
        .map_err(store_error)
    }

    /// Seals one value anew, unless somebody else has changed it meanwhile.
    fn reseal_one(
        &mut self,
        vault: &Vault,
        column: Column,
        value: &Value,
    ) -> Result<usize, StoreError> {
        let Column { table, row, name, .. } = column;
        let clear = match value.sealed.split_first_chunk::<KEY_ID>() {
            Some((key, plain)) if Uuid::from_bytes(*key).is_nil() => Some(plain.to_vec()),
            _ => None,
        };
        let was_clear = clear.is_some();
        let plain = clear.map_or_else(|| vault.open(column, value.id.0, &value.sealed), Ok)?;
        let sealed = vault.seal(column, value.id.0, &plain);
        let saved = on!(self.connection(), |conn| diesel::sql_query(format!(
            "UPDATE {table} SET {name} = $1 WHERE {row} = $2 AND {name} = $3"
        ))
        .bind::<Binary, _>(&sealed)
        .bind::<sql::Id, _>(value.id)
        .bind::<Binary, _>(&value.sealed)
        .execute(conn))
        .map_err(store_error)?;
        // The key of the digests stays: only what stood in the clear has none yet.
        if let Some((digests, purpose)) = column.look_up.filter(|_| was_clear && saved == 1) {
            let digest = vault.digest(purpose, &String::from_utf8_lossy(&plain));
            on!(self.connection(), |conn| diesel::sql_query(format!(
                "UPDATE {table} SET {digests} = $1 WHERE {row} = $2"
            ))
            .bind::<Binary, _>(digest.0.as_slice())
            .bind::<sql::Id, _>(value.id)
            .execute(conn))
            .map_err(store_error)?;
        }
        Ok(saved)
    }

    /// Keeps how far a column has come: up to `last`, or to its end.
    fn note_progress(&mut self, column: &str, last: Option<Id>) -> Result<(), StoreError> {
        let task = sealing_task::table.find(column.to_owned());
        match last {
            Some(last) => on!(self.connection(), |conn| diesel::update(task)
                .set(dsl::done_up_to.eq(last))
                .execute(conn)),
            None => on!(self.connection(), |conn| diesel::delete(task).execute(conn)),
        }
        .map(|_| ())
        .map_err(store_error)
    }
}
