//! Posted notices, in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    directory::{AgencyCode, Area, Notice, NoticeKind, Posting, PostingId, PostingRepository},
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::notice::{self, dsl},
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = notice,
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
struct Row {
    id: Id,
    agency: AsText<AgencyCode>,
    calendar: Option<String>,
    kind: String,
    title: String,
    text: String,
    area: AsText<Area>,
    starts_at: At,
    ends_at: Option<At>,
    source: String,
    version: i64,
    withdrawn_at: Option<At>,
}

impl From<&Posting> for Row {
    fn from(posting: &Posting) -> Self {
        let notice = &posting.notice;
        Self {
            id: posting.id.into(),
            agency: AsText(posting.agency.clone()),
            calendar: posting.calendar.clone(),
            kind: notice.kind.to_string(),
            title: notice.title.clone(),
            text: notice.text.clone(),
            area: AsText(notice.area()),
            starts_at: At(notice.starts_at),
            ends_at: notice.ends_at.map(At),
            source: notice.source.clone(),
            version: posting.version,
            withdrawn_at: posting.withdrawn_at.map(At),
        }
    }
}

impl From<Row> for Posting {
    fn from(row: Row) -> Self {
        let id = PostingId::from(row.id);
        Self {
            id,
            agency: row.agency.0,
            calendar: row.calendar,
            notice: Notice {
                id: id.to_string(),
                // Another version of this program may know more kinds.
                kind: row.kind.parse().unwrap_or(NoticeKind::Other),
                title: row.title,
                text: row.text,
                communes: row.area.0.communes().map(<[_]>::to_vec).unwrap_or_default(),
                starts_at: row.starts_at.0,
                ends_at: row.ends_at.map(|at| at.0),
                source: row.source,
            },
            version: row.version,
            withdrawn_at: row.withdrawn_at.map(|at| at.0),
        }
    }
}

impl PostingRepository for Transaction<'_> {
    fn posting(&mut self, id: PostingId) -> Result<Option<Posting>, StoreError> {
        let row: Option<Row> = on!(self.connection(), |conn| notice::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(row.map(Posting::from))
    }

    fn postings(&mut self) -> Result<Vec<Posting>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| notice::table
            .order((dsl::starts_at, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Posting::from).collect())
    }

    fn put_posting(&mut self, posting: &Posting, from: i64) -> Result<(), StoreError> {
        let row = Row::from(posting);
        let put = if from == 0 {
            on!(self.connection(), |conn| diesel::insert_into(notice::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(conn))
        } else {
            on!(self.connection(), |conn| diesel::update(notice::table.find(row.id))
                .filter(dsl::version.eq(from))
                .set(&row)
                .execute(conn))
        };
        match put.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    fn forget_postings(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let old: Vec<Id> = on!(self.connection(), |conn| notice::table
            .filter(dsl::ends_at.lt(At(at)).or(dsl::withdrawn_at.lt(At(at))))
            .select(dsl::id)
            .limit(limit)
            .load(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(notice::table.filter(dsl::id.eq_any(&old)))
            .execute(conn))
        .map_err(store_error)
    }
}
