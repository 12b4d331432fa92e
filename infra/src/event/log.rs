//! The event log in the store.

use diesel::{
    dsl::{max, min},
    pg::Pg,
    prelude::*,
    query_builder::AstPass,
    sql_types::{Nullable, Text},
};
use domain::{
    StoreError,
    directory::AgencyCode,
    event::{Event, EventLog, Position, RecordedEvent, Topic},
};
use uuid::Uuid;

use super::{FeedEvent, stamp::next_position};
use crate::{
    columns::{AsText, At, Id, sql},
    connection::{Connection, on},
    database::{Transaction, store_error},
    schema::event,
};

#[derive(Insertable)]
#[diesel(table_name = event, treat_none_as_default_value = false)]
pub(crate) struct NewRow {
    id: Id,
    /// On PostgreSQL it is given out after the commit.
    position: Option<i64>,
    topic: &'static str,
    kind: &'static str,
    subject: Id,
    agency: Option<String>,
    at: At,
    data: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = event)]
struct Row {
    position: Option<i64>,
    kind: String,
    subject: Id,
    at: At,
    data: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = event)]
pub(super) struct StampedRow {
    position: Option<i64>,
    topic: String,
    kind: String,
    subject: Id,
    agency: Option<AsText<AgencyCode>>,
    at: At,
    data: String,
}

impl From<StampedRow> for FeedEvent {
    fn from(row: StampedRow) -> Self {
        Self::new(
            Position(row.position.unwrap_or_default()),
            row.topic,
            row.kind,
            row.subject.0,
            row.agency.map(|agency| agency.0),
            row.at.0,
            row.data,
        )
    }
}

impl From<&Event> for NewRow {
    fn from(event: &Event) -> Self {
        Self {
            id: Id(event.id),
            position: None,
            topic: event.topic.as_str(),
            kind: event.kind,
            subject: Id(event.subject),
            agency: event.agency.as_ref().map(ToString::to_string),
            at: At(event.at),
            data: event.data.to_string(),
        }
    }
}

impl NewRow {
    /// Adds to `out` the statement that adds this event once for each row of `source`.
    pub(crate) fn insert_from<'b>(
        &'b self,
        source: &str,
        mut out: AstPass<'_, 'b, Pg>,
    ) -> QueryResult<()> {
        out.push_sql("INSERT INTO event (id, topic, kind, subject, agency, at, data) SELECT ");
        out.push_bind_param::<sql::Id, _>(&self.id)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(self.topic)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(self.kind)?;
        out.push_sql(", ");
        out.push_bind_param::<sql::Id, _>(&self.subject)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<Text>, _>(&self.agency)?;
        out.push_sql(", ");
        out.push_bind_param::<sql::At, _>(&self.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.data)?;
        out.push_sql(" FROM ");
        out.push_sql(source);
        Ok(())
    }
}

impl EventLog for Transaction<'_> {
    fn append(&mut self, event: &Event) -> Result<(), StoreError> {
        let mut row = NewRow::from(event);
        self.effects.events = true;
        if let Connection::Sqlite(conn) = self.connection() {
            row.position = Some(next_position(conn).map_err(store_error)?);
        }
        on!(self.connection(), |conn| diesel::insert_into(event::table).values(&row).execute(conn))
            .map_err(store_error)?;
        Ok(())
    }

    fn history(&mut self, topic: Topic, subject: Uuid) -> Result<Vec<RecordedEvent>, StoreError> {
        let mut rows: Vec<Row> = on!(self.connection(), |conn| event::table
            .filter(event::subject.eq(Id(subject)))
            .filter(event::topic.eq(topic.as_str()))
            .order(event::id)
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.sort_by_key(|row| row.position.unwrap_or(i64::MAX));
        rows.into_iter().map(recorded).collect()
    }

    fn newest_position(&mut self) -> Result<Position, StoreError> {
        let newest: Option<i64> =
            on!(self.connection(), |conn| event::table.select(max(event::position)).first(conn))
                .map_err(store_error)?;
        Ok(Position(newest.unwrap_or_default()))
    }
}

fn recorded(row: Row) -> Result<RecordedEvent, StoreError> {
    Ok(RecordedEvent {
        position: row.position.map(Position),
        kind: row.kind,
        subject: row.subject.0,
        at: row.at.0,
        data: serde_json::from_str(&row.data)
            .map_err(|error| StoreError::Failed(format!("an event is not JSON: {error}")))?,
    })
}

impl Transaction<'_> {
    /// What was stamped after `after`, in order, at most `limit` events; of one topic, or of all.
    pub(super) fn stamped_after(
        &mut self,
        after: Position,
        topic: Option<Topic>,
        limit: i64,
    ) -> Result<Vec<FeedEvent>, StoreError> {
        let rows: Vec<StampedRow> = on!(self.connection(), |conn| {
            let stamped = event::table
                .filter(event::position.gt(after.0))
                .order(event::position)
                .select(StampedRow::as_select())
                .limit(limit);
            match topic {
                Some(topic) => stamped.filter(event::topic.eq(topic.as_str())).load(conn),
                None => stamped.load(conn),
            }
        })
        .map_err(store_error)?;
        Ok(rows.into_iter().map(FeedEvent::from).collect())
    }

    /// What was stamped after `after` in `topic`, in order, at most `limit` events, for readers who
    /// keep something of their own of it.
    pub(crate) fn recorded_after(
        &mut self,
        after: Position,
        topic: Topic,
        limit: i64,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| event::table
            .filter(event::position.gt(after.0))
            .filter(event::topic.eq(topic.as_str()))
            .order(event::position)
            .select(Row::as_select())
            .limit(limit)
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(recorded).collect()
    }

    /// The oldest and the newest position that are kept.
    pub(super) fn kept_positions(&mut self) -> Result<Option<(Position, Position)>, StoreError> {
        let ends: (Option<i64>, Option<i64>) = on!(self.connection(), |conn| event::table
            .select((min(event::position), max(event::position)))
            .first(conn))
        .map_err(store_error)?;
        Ok(ends.0.zip(ends.1).map(|(oldest, newest)| (Position(oldest), Position(newest))))
    }
}
