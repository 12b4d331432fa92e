//! Idempotency keys in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    idempotency::{FirstAnswer, IdempotencyKey, IdempotencyLog},
    secret::Digest,
};

use crate::{
    columns::At,
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::idempotency_key::{self, dsl},
};

impl IdempotencyLog for Transaction<'_> {
    fn claim(
        &mut self,
        key: &IdempotencyKey,
        at: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let slot = key.slot.0.as_slice();
        let expired = dsl::slot.eq(slot).and(dsl::expires_at.le(At(at)));
        let row = (
            dsl::slot.eq(slot),
            dsl::body.eq(key.body.0.as_slice()),
            dsl::expires_at.eq(At(expires_at)),
        );
        // What has expired is rare: it is looked for only where somebody stands in the way.
        let claim =
            diesel::insert_into(idempotency_key::table).values(row).on_conflict_do_nothing();
        let claimed = on!(self.connection(), |conn| claim.execute(conn)).map_err(store_error)?;
        if claimed == 1 {
            return Ok(true);
        }
        let freed = diesel::delete(idempotency_key::table).filter(expired);
        let freed = on!(self.connection(), |conn| freed.execute(conn)).map_err(store_error)?;
        if freed == 0 {
            return Ok(false);
        }
        let claimed = on!(self.connection(), |conn| claim.execute(conn)).map_err(store_error)?;
        Ok(claimed == 1)
    }

    fn keep_answer(&mut self, key: &IdempotencyKey, answer: &str) -> Result<(), StoreError> {
        on!(self.connection(), |conn| kept(
            diesel::update(idempotency_key::table.find(key.slot.0.as_slice()))
                .set(dsl::answer.eq(answer))
        )
        .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }

    fn first_answer(&mut self, key: &IdempotencyKey) -> Result<Option<FirstAnswer>, StoreError> {
        let row: Option<(Vec<u8>, Option<String>)> =
            on!(self.connection(), |conn| idempotency_key::table
                .find(key.slot.0.as_slice())
                .select((dsl::body, dsl::answer))
                .first(conn)
                .optional())
            .map_err(store_error)?;
        let Some((body, Some(answer))) = row else {
            return Ok(None);
        };
        let body = <[u8; 32]>::try_from(body)
            .map_err(|_| StoreError::Failed("an idempotency key of another length".to_owned()))?;
        Ok(Some(FirstAnswer { body: Digest(body), answer }))
    }

    fn forget_expired(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let expired = idempotency_key::table
            .filter(dsl::expires_at.le(At(at)))
            .order(dsl::expires_at)
            .select(dsl::slot)
            .limit(limit);
        on!(self.connection(), |conn| {
            let slots: Vec<Vec<u8>> = match expired.load(conn) {
                Ok(slots) => slots,
                Err(error) => return Err(store_error(error)),
            };
            diesel::delete(idempotency_key::table.filter(dsl::slot.eq_any(slots))).execute(conn)
        })
        .map_err(store_error)
    }
}
