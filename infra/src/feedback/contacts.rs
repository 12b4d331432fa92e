//! How long it is kept how people are reached who reported something at a desk.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    feedback::{ContactRepository, DueContact},
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::feedback_intake::{self, dsl},
};

impl ContactRepository for Transaction<'_> {
    fn due_contacts(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<DueContact>, StoreError> {
        let rows: Vec<(Id, Option<At>)> = on!(self.connection(), |conn| feedback_intake::table
            .filter(dsl::contact_look_at.le(At(at)))
            // Several take them in one order, and so none waits for each other.
            .order((dsl::contact_look_at, dsl::report))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((dsl::report, dsl::contact_look_at))
            .load(conn))
        .map_err(store_error)?;
        let due = |(report, look_at): (Id, Option<At>)| {
            Some(DueContact { report: report.into(), look_at: look_at?.0 })
        };
        Ok(rows.into_iter().filter_map(due).collect())
    }

    fn settle_contact(
        &mut self,
        due: DueContact,
        next: Option<DateTime<Utc>>,
    ) -> Result<bool, StoreError> {
        let known = feedback_intake::table
            .find(Id::from(due.report))
            .filter(dsl::contact_look_at.eq(At(due.look_at)));
        let look_at = dsl::contact_look_at.eq(next.map(At));
        on!(self.connection(), |conn| match next {
            Some(_) => kept(diesel::update(known).set(look_at)).execute(conn),
            None => kept(diesel::update(known).set((look_at, dsl::contact.eq(None::<Vec<u8>>))))
                .execute(conn),
        })
        .map(|settled| settled > 0)
        .map_err(store_error)
    }
}
