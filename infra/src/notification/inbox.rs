//! The in-app inbox in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    notification::{Inbox, InboxMessage},
};
use uuid::Uuid;

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::inbox_message,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = inbox_message, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    recipient: Id,
    kind: String,
    text: String,
    subject: Id,
    at: At,
    read_at: Option<At>,
}

impl From<&InboxMessage> for Row {
    fn from(message: &InboxMessage) -> Self {
        Self {
            id: message.id.into(),
            recipient: Id(message.recipient),
            kind: message.kind.clone(),
            text: message.text.clone(),
            subject: Id(message.subject),
            at: At(message.at),
            read_at: message.read_at.map(At),
        }
    }
}

impl From<Row> for InboxMessage {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            recipient: row.recipient.0,
            kind: row.kind,
            text: row.text,
            subject: row.subject.0,
            at: row.at.0,
            read_at: row.read_at.map(|at| at.0),
        }
    }
}

impl Inbox for Transaction<'_> {
    fn put(&mut self, message: &InboxMessage) -> Result<(), StoreError> {
        let row = Row::from(message);
        on!(self.connection(), |conn| diesel::insert_into(inbox_message::table)
            .values(&row)
            .execute(conn))
        .map_err(store_error)?;
        Ok(())
    }

    fn of(
        &mut self,
        recipient: Uuid,
        before: Option<domain::Id<InboxMessage>>,
        limit: usize,
    ) -> Result<Vec<InboxMessage>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let newest = domain::Id::<InboxMessage>::from(Uuid::max());
        let rows: Vec<Row> = on!(self.connection(), |conn| inbox_message::table
            .filter(inbox_message::recipient.eq(Id(recipient)))
            .filter(inbox_message::id.lt(Id::from(before.unwrap_or(newest))))
            .order(inbox_message::id.desc())
            .select(Row::as_select())
            .limit(limit)
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(InboxMessage::from).collect())
    }
}
