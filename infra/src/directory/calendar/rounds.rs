//! Whose turn it is to fetch a calendar: of many processes one does.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::StoreError;

use crate::{
    columns::At,
    connection::on,
    database::{Transaction, store_error},
    schema::calendar_round::{self, dsl},
};

impl Transaction<'_> {
    /// Takes the turn to fetch `calendar` at `at`, and answers whether it is one: nobody else has one
    /// before `next`.
    pub(super) fn take_calendar(
        &mut self,
        calendar: &str,
        at: DateTime<Utc>,
        next: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let taken = on!(self.connection(), |conn| diesel::update(calendar_round::table)
            .filter(dsl::calendar.eq(calendar))
            .filter(dsl::due_at.le(At(at)))
            .set(dsl::due_at.eq(At(next)))
            .execute(conn))
        .map_err(store_error)?;
        if taken > 0 {
            return Ok(true);
        }
        let first = (dsl::calendar.eq(calendar), dsl::due_at.eq(At(next)));
        on!(self.connection(), |conn| diesel::insert_into(calendar_round::table)
            .values(first)
            .on_conflict_do_nothing()
            .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }
}
