//! Allowances in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{StoreError, allowance::Allowances, secret::Digest};

use crate::{
    columns::At,
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::allowance::{self, dsl},
};

impl Allowances for Transaction<'_> {
    fn hold_allowance(
        &mut self,
        of: Digest,
        at: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, StoreError> {
        let row = (dsl::digest.eq(of.0.as_slice()), dsl::whole_at.eq(At(at)));
        // An update that changes nothing, so that the row stays locked until the commit.
        let whole_at: Result<At, _> =
            on!(self.connection(), |conn| diesel::insert_into(allowance::table)
                .values(row)
                .on_conflict(dsl::digest)
                .do_update()
                .set(dsl::whole_at.eq(dsl::whole_at))
                .returning(dsl::whole_at)
                .get_result(conn));
        whole_at.map(|whole_at| whole_at.0).map_err(store_error)
    }

    fn keep_allowance(&mut self, of: Digest, whole_at: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self.connection(), |conn| kept(
            diesel::update(allowance::table.find(of.0.as_slice()))
                .set(dsl::whole_at.eq(At(whole_at)))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn forget_allowances(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let whole = allowance::table
            .filter(dsl::whole_at.le(At(at)))
            .order(dsl::whole_at)
            .select(dsl::digest)
            .limit(limit);
        on!(self.connection(), |conn| {
            let digests: Vec<Vec<u8>> = match whole.load(conn) {
                Ok(digests) => digests,
                Err(error) => return Err(store_error(error)),
            };
            // One that was used meanwhile stays.
            diesel::delete(allowance::table)
                .filter(dsl::digest.eq_any(digests))
                .filter(dsl::whole_at.le(At(at)))
                .execute(conn)
        })
        .map_err(store_error)
    }
}
