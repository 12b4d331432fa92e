//! What changed in the lists of places and notices, for phones that keep them.
//!
//! The lists themselves are made in memory, of what was imported and entered. Here stands each record
//! as it was seen last and when it changed, so that every process gives the same answer, and a phone
//! that was away for months hears of what vanished meanwhile.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::{prelude::*, upsert::excluded};
use domain::{Moment, StoreError};
use uuid::Uuid;

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Database, Transaction, store_error},
    schema::{directory_change as change, directory_list as list},
};

/// So many changes are noted in one unit of work: nobody waits long for the writer.
const AT_ONCE: usize = 100;

/// How far somebody has followed a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPlace {
    /// Of which making of the list.
    pub epoch: Uuid,
    /// Up to which change.
    pub position: i64,
}

/// What became of something in a list.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct ListChange {
    /// Its id.
    pub id: String,
    /// The place of the change.
    pub position: i64,
    at: At,
    /// What it says now, JSON; nothing where it vanished.
    pub record: Option<String>,
}

impl ListChange {
    /// When it was noted.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at.0
    }
}

/// Notes how the list called `name` stands: the id of each thing in it, and what it says. Answers how
/// much has changed.
///
/// # Errors
/// [`StoreError`] when the store cannot take it; what was not noted is noted the next time.
pub async fn note_list(
    database: &Database,
    now: &Moment,
    name: &'static str,
    records: Vec<(String, String)>,
) -> Result<usize, StoreError> {
    let known = database.read(move |tx| tx.noted_records(name)).await?;
    let there: HashSet<&String> = records.iter().map(|(id, _)| id).collect();
    let gone = known.iter().filter(|(id, record)| record.is_some() && !there.contains(id));
    let mut changes: Vec<_> = gone.map(|(id, _)| (id.clone(), None)).collect();
    let news = records.iter().filter(|(id, record)| known.get(id) != Some(&Some(record.clone())));
    changes.extend(news.map(|(id, record)| (id.clone(), Some(record.clone()))));
    for some in changes.chunks(AT_ONCE) {
        let (some, now) = (some.to_vec(), now.clone());
        database.write(move |tx| tx.note_changes(name, &some, &now)).await?;
    }
    Ok(changes.len())
}

impl Transaction<'_> {
    /// How far the list called `name` has come; nothing where it was never noted.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub fn list_place(&mut self, name: &str) -> Result<Option<ListPlace>, StoreError> {
        let head: Option<(Id, i64)> = on!(self.connection(), |conn| list::table
            .find(name)
            .select((list::epoch, list::position))
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(head.map(|(epoch, position)| ListPlace { epoch: epoch.0, position }))
    }

    /// The changes of the list called `name` after the one at `position`, and since `since`, at most
    /// `limit`, in their order.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub fn list_changes(
        &mut self,
        name: &str,
        (position, since): (i64, Option<DateTime<Utc>>),
        limit: usize,
    ) -> Result<Vec<ListChange>, StoreError> {
        let since = At(since.unwrap_or(DateTime::UNIX_EPOCH));
        on!(self.connection(), |conn| change::table
            .filter(change::list.eq(name))
            .filter(change::position.gt(position))
            .filter(change::changed_at.ge(since))
            .order(change::position)
            .select((change::id, change::position, change::changed_at, change::record))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)
    }

    fn noted_records(&mut self, name: &str) -> Result<HashMap<String, Option<String>>, StoreError> {
        let rows: Vec<(String, Option<String>)> = on!(self.connection(), |conn| change::table
            .filter(change::list.eq(name))
            .select((change::id, change::record))
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().collect())
    }

    /// Notes `changes`. The row of the list stays locked until the commit, so that whoever follows it
    /// by positions misses nothing.
    fn note_changes(
        &mut self,
        name: &str,
        changes: &[(String, Option<String>)],
        now: &Moment,
    ) -> Result<(), StoreError> {
        let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
        let begin = (list::list.eq(name), list::epoch.eq(Id(now.new_id::<ListPlace>().uuid())));
        let begin = (begin, list::position.eq(0_i64));
        on!(self.connection(), |conn| diesel::insert_into(list::table)
            .values(begin)
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        let last: i64 = on!(self.connection(), |conn| diesel::update(list::table.find(name))
            .set(list::position.eq(list::position + count))
            .returning(list::position)
            .get_result(conn))
        .map_err(store_error)?;
        for (position, (id, record)) in (last - count + 1..).zip(changes) {
            let row = (
                change::list.eq(name),
                change::id.eq(id),
                change::position.eq(position),
                change::changed_at.eq(At(now.at)),
                change::record.eq(record.as_deref()),
            );
            on!(self.connection(), |conn| diesel::insert_into(change::table)
                .values(row)
                .on_conflict((change::list, change::id))
                .do_update()
                .set((
                    change::position.eq(excluded(change::position)),
                    change::changed_at.eq(excluded(change::changed_at)),
                    change::record.eq(excluded(change::record)),
                ))
                .execute(conn))
            .map_err(store_error)?;
        }
        Ok(())
    }
}
