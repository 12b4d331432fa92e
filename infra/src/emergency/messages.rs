//! What callers and those who help them write to each other, sealed.

use chrono::{DateTime, Utc};
use diesel::{dsl::max, prelude::*};
use domain::{
    StoreError,
    emergency::{EmergencyId, Message, MessageRepository, Progress, Side},
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::emergency_message,
    vault::{Column, Vault},
};

/// How often a place in a conversation is sought while others write into it too.
const ATTEMPTS: u32 = 32;

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = emergency_message, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    emergency_id: Id,
    number: i64,
    client_id: Id,
    side: String,
    staff: Option<Id>,
    username: Option<String>,
    at: At,
    text: Vec<u8>,
    delivered_at: Option<At>,
    read_at: Option<At>,
}

impl Row {
    fn of(message: &Message, vault: &Vault) -> Self {
        let (id, author) = (message.id.uuid(), message.author.as_ref());
        Self {
            id: message.id.into(),
            emergency_id: message.emergency.into(),
            number: message.number,
            client_id: Id(message.client_id),
            side: message.side.as_str().to_owned(),
            staff: author.map(|(staff, _)| Id::from(*staff)),
            username: author.map(|(_, username)| username.clone()),
            at: At(message.at),
            text: vault.seal(Column::EMERGENCY_MESSAGE, id, message.text.as_bytes()),
            delivered_at: message.delivered_at.map(At),
            read_at: message.read_at.map(At),
        }
    }

    fn message(self, vault: &Vault) -> Result<Message, StoreError> {
        let of_caller = self.side == Side::Caller.as_str();
        Ok(Message {
            text: vault.open_text(Column::EMERGENCY_MESSAGE, self.id.0, &self.text)?,
            id: self.id.into(),
            emergency: self.emergency_id.into(),
            number: self.number,
            client_id: self.client_id.0,
            side: if of_caller { Side::Caller } else { Side::Dispatcher },
            author: self.staff.map(Into::into).zip(self.username),
            at: self.at.0,
            delivered_at: self.delivered_at.map(|at| at.0),
            read_at: self.read_at.map(|at| at.0),
        })
    }
}

impl Transaction<'_> {
    /// The one that the same side sent under the same id.
    fn message_sent_as(&mut self, message: &Message) -> Result<Option<Message>, StoreError> {
        let vault = self.vault()?;
        let row: Option<Row> = on!(self.connection(), |conn| emergency_message::table
            .filter(emergency_message::emergency_id.eq(Id::from(message.emergency)))
            .filter(emergency_message::side.eq(message.side.as_str()))
            .filter(emergency_message::client_id.eq(Id(message.client_id)))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(|row| row.message(vault)).transpose()
    }
}

impl MessageRepository for Transaction<'_> {
    fn add_message(&mut self, message: &mut Message) -> Result<bool, StoreError> {
        let conversation = emergency_message::table
            .filter(emergency_message::emergency_id.eq(Id::from(message.emergency)));
        for _ in 0..ATTEMPTS {
            if let Some(known) = self.message_sent_as(message)? {
                *message = known;
                return Ok(false);
            }
            let last: Option<i64> = on!(self.connection(), |conn| conversation
                .select(max(emergency_message::number))
                .first(conn))
            .map_err(store_error)?;
            message.number = last.unwrap_or_default() + 1;
            let row = Row::of(message, self.vault()?);
            let added =
                on!(self.connection(), |conn| diesel::insert_into(emergency_message::table)
                    .values(&row)
                    .on_conflict_do_nothing()
                    .execute(conn))
                .map_err(store_error)?;
            if added == 1 {
                return Ok(true);
            }
        }
        Err(StoreError::Stale)
    }

    fn messages(
        &mut self,
        id: EmergencyId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Message>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency_message::table
            .filter(emergency_message::emergency_id.eq(Id::from(id)))
            .filter(emergency_message::number.gt(after))
            .order(emergency_message::number)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.message(vault)).collect()
    }

    fn mark_messages(
        &mut self,
        id: EmergencyId,
        (side, up_to): (Side, i64),
        progress: Progress,
        at: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let theirs = emergency_message::table
            .filter(emergency_message::emergency_id.eq(Id::from(id)))
            .filter(emergency_message::side.eq(side.as_str()))
            .filter(emergency_message::number.le(up_to));
        let undelivered = theirs.filter(emergency_message::delivered_at.is_null());
        let delivered = on!(self.connection(), |conn| kept(
            diesel::update(undelivered).set(emergency_message::delivered_at.eq(At(at)))
        )
        .execute(conn))
        .map_err(store_error)?;
        if progress == Progress::Delivered {
            return Ok(delivered);
        }
        let unread = theirs.filter(emergency_message::read_at.is_null());
        on!(self.connection(), |conn| kept(
            diesel::update(unread).set(emergency_message::read_at.eq(At(at)))
        )
        .execute(conn))
        .map_err(store_error)
    }
}
