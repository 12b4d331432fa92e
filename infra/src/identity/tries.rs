//! Tries to sign in as staff, in the store.

use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_types::BigInt};
use domain::{
    StoreError,
    identity::{LoginTries, Tries},
    secret::Digest,
};

use crate::{
    columns::At,
    connection::{Connection, on},
    database::{Transaction, store_error},
    schema::login_tries,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = login_tries,
    primary_key(account, source),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
struct Row {
    account: Vec<u8>,
    source: Vec<u8>,
    failures: i32,
    last_at: At,
    succeeded_at: Option<At>,
}

impl From<Row> for Tries {
    fn from(row: Row) -> Self {
        Self {
            failures: row.failures.unsigned_abs(),
            last_at: row.last_at.0,
            succeeded_at: row.succeeded_at.map(|at| at.0),
        }
    }
}

impl LoginTries for Transaction<'_> {
    fn login_tries(
        &mut self,
        account: Digest,
        source: Digest,
    ) -> Result<Option<Tries>, StoreError> {
        take_turn(self.connection(), account)?;
        on!(self.connection(), |conn| login_tries::table
            .find((account.0.as_slice(), source.0.as_slice()))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map(|row| row.map(Tries::from))
        .map_err(store_error)
    }

    fn put_login_tries(
        &mut self,
        account: Digest,
        source: Digest,
        tries: &Tries,
    ) -> Result<(), StoreError> {
        let row = Row {
            account: account.0.to_vec(),
            source: source.0.to_vec(),
            failures: i32::try_from(tries.failures).unwrap_or(i32::MAX),
            last_at: At(tries.last_at),
            succeeded_at: tries.succeeded_at.map(At),
        };
        on!(self.connection(), |conn| diesel::insert_into(login_tries::table)
            .values(&row)
            .on_conflict((login_tries::account, login_tries::source))
            .do_update()
            .set(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn forget_login_tries(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        let (failed, trusted) = (At(at - Tries::REMEMBERED), At(at - Tries::TRUSTED));
        on!(self.connection(), |conn| diesel::delete(login_tries::table)
            .filter(login_tries::last_at.lt(failed))
            .filter(
                login_tries::succeeded_at.is_null().or(login_tries::succeeded_at.lt(Some(trusted)))
            )
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}

/// Waits until nobody else looks at the tries at `account`. The embedded store has one writer, who
/// takes turns anyway.
fn take_turn(connection: &mut Connection, account: Digest) -> Result<(), StoreError> {
    let (Connection::Postgres(conn), Some(&lock)) = (connection, account.0.first_chunk()) else {
        return Ok(());
    };
    diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
        .bind::<BigInt, _>(i64::from_be_bytes(lock))
        .execute(conn)
        .map(|_| ())
        .map_err(store_error)
}
