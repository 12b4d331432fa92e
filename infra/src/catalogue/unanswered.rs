//! Unanswered queries in the store.

use chrono::NaiveDate;
use diesel::{prelude::*, upsert::excluded};
use domain::{
    StoreError,
    catalogue::{Unanswered, UnansweredLog},
};

use crate::{
    columns::AsText,
    connection::on,
    database::{Transaction, store_error},
    schema::search_unanswered::{self, dsl},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = search_unanswered)]
struct Row {
    day: AsText<NaiveDate>,
    query: String,
    times: i64,
}

impl From<&Unanswered> for Row {
    fn from(asked: &Unanswered) -> Self {
        Self { day: AsText(asked.day), query: asked.query.clone(), times: asked.times }
    }
}

impl From<Row> for Unanswered {
    fn from(row: Row) -> Self {
        Self { day: row.day.0, query: row.query, times: row.times }
    }
}

impl UnansweredLog for Transaction<'_> {
    fn count_unanswered(&mut self, queries: &[Unanswered]) -> Result<(), StoreError> {
        for row in queries.iter().map(Row::from) {
            on!(self.connection(), |conn| diesel::insert_into(search_unanswered::table)
                .values(&row)
                .on_conflict((dsl::day, dsl::query))
                .do_update()
                .set(dsl::times.eq(dsl::times + excluded(dsl::times)))
                .execute(conn))
            .map_err(store_error)?;
        }
        Ok(())
    }

    fn unanswered(
        &mut self,
        after: Option<&Unanswered>,
        limit: usize,
    ) -> Result<Vec<Unanswered>, StoreError> {
        let rows: Result<Vec<Row>, _> = on!(self.connection(), |conn| {
            let mut query = search_unanswered::table
                .order((dsl::day.desc(), dsl::times.desc(), dsl::query))
                .select(Row::as_select())
                .limit(i64::try_from(limit).unwrap_or(i64::MAX))
                .into_boxed();
            if let Some(after) = after {
                let day = || AsText(after.day);
                let rarer = dsl::times.lt(after.times);
                let next = dsl::times.eq(after.times).and(dsl::query.gt(&after.query));
                query = query.filter(dsl::day.lt(day()).or(dsl::day.eq(day()).and(rarer.or(next))));
            }
            query.load(conn)
        });
        Ok(rows.map_err(store_error)?.into_iter().map(Unanswered::from).collect())
    }

    fn forget_unanswered(&mut self, day: NaiveDate) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(search_unanswered::table)
            .filter(dsl::day.lt(AsText(day)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}
