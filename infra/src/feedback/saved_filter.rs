//! Queues that officers look at again and again, in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{SavedFilter, SavedFilterId, SavedFilterRepository},
    identity::StaffId,
};

use super::setup::changed;
use crate::{
    columns::{AsText, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::feedback_filter::{self, dsl},
};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = feedback_filter)]
struct Row {
    id: Id,
    version: i64,
    staff: Id,
    agency: AsText<AgencyCode>,
    shared: bool,
    name: String,
    query: String,
}

impl From<Row> for SavedFilter {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            version: row.version,
            staff: row.staff.into(),
            agency: row.agency.0,
            shared: row.shared,
            name: row.name,
            query: row.query,
        }
    }
}

impl SavedFilterRepository for Transaction<'_> {
    fn saved_filters(
        &mut self,
        staff: StaffId,
        agency: &AgencyCode,
    ) -> Result<Vec<SavedFilter>, StoreError> {
        let shared = dsl::agency.eq(agency.as_str()).and(dsl::shared);
        let rows: Vec<Row> = on!(self.connection(), |conn| feedback_filter::table
            .filter(dsl::staff.eq(Id::from(staff)).or(shared))
            .order((dsl::name, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(SavedFilter::from).collect())
    }

    fn put_saved_filter(&mut self, filter: &SavedFilter, from: i64) -> Result<(), StoreError> {
        let row = Row {
            id: filter.id.into(),
            version: filter.version,
            staff: filter.staff.into(),
            agency: AsText(filter.agency.clone()),
            shared: filter.shared,
            name: filter.name.clone(),
            query: filter.query.clone(),
        };
        changed(if from == 0 {
            on!(self.connection(), |conn| diesel::insert_into(feedback_filter::table)
                .values(&row)
                .execute(conn))
        } else {
            on!(self.connection(), |conn| diesel::update(feedback_filter::table.find(row.id))
                .filter(dsl::version.eq(from))
                .set(&row)
                .execute(conn))
        })
    }

    fn remove_saved_filter(&mut self, id: SavedFilterId, from: i64) -> Result<(), StoreError> {
        let filter =
            feedback_filter::table.filter(dsl::id.eq(Id::from(id))).filter(dsl::version.eq(from));
        changed(on!(self.connection(), |conn| diesel::delete(filter).execute(conn)))
    }
}
