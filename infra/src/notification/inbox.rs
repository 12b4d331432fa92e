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
    vault::{Column, Vault},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = inbox_message, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    recipient: Id,
    kind: String,
    text: Vec<u8>,
    subject: Id,
    at: At,
    read_at: Option<At>,
}

impl Row {
    fn of(message: &InboxMessage, vault: &Vault) -> Self {
        let text = vault.seal(Column::INBOX_TEXT, message.id.uuid(), message.text.as_bytes());
        Self {
            id: message.id.into(),
            recipient: Id(message.recipient),
            kind: message.kind.clone(),
            text,
            subject: Id(message.subject),
            at: At(message.at),
            read_at: message.read_at.map(At),
        }
    }

    fn message(self, vault: &Vault) -> Result<InboxMessage, StoreError> {
        let text = vault.open_text(Column::INBOX_TEXT, self.id.0, &self.text)?;
        Ok(InboxMessage {
            id: self.id.into(),
            recipient: self.recipient.0,
            kind: self.kind,
            text,
            subject: self.subject.0,
            at: self.at.0,
            read_at: self.read_at.map(|at| at.0),
        })
    }
}

impl Inbox for Transaction<'_> {
    fn put(&mut self, message: &InboxMessage) -> Result<(), StoreError> {
        let row = Row::of(message, self.vault()?);
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
        let vault = self.vault()?;
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
        rows.into_iter().map(|row| row.message(vault)).collect()
    }
}
