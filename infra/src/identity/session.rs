//! Sessions and their refresh tokens in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    identity::{DeviceName, Holder, Session, SessionId, SessionRepository, Spent},
    secret::Digest,
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::{refresh_token, session},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = session, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    citizen: Option<Id>,
    staff: Option<Id>,
    device: Option<String>,
    started_at: At,
    last_used_at: At,
    expires_at: At,
}

impl From<&Session> for Row {
    fn from(session: &Session) -> Self {
        let (citizen, staff) = columns(session.holder);
        Self {
            id: session.id.into(),
            citizen,
            staff,
            device: session.device.as_ref().map(|device| device.as_str().to_owned()),
            started_at: At(session.started_at),
            last_used_at: At(session.last_used_at),
            expires_at: At(session.expires_at),
        }
    }
}

impl TryFrom<Row> for Session {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let holder = match (row.citizen, row.staff) {
            (Some(citizen), None) => Holder::Citizen(citizen.into()),
            (None, Some(staff)) => Holder::Staff(staff.into()),
            _ => return Err(StoreError::Failed("session: not one holder".to_owned())),
        };
        Ok(Self {
            id: row.id.into(),
            holder,
            device: row.device.as_deref().and_then(DeviceName::read),
            started_at: row.started_at.0,
            last_used_at: row.last_used_at.0,
            expires_at: row.expires_at.0,
        })
    }
}

/// The columns `citizen` and `staff` for `holder`.
fn columns(holder: Holder) -> (Option<Id>, Option<Id>) {
    match holder {
        Holder::Citizen(id) => (Some(id.into()), None),
        Holder::Staff(id) => (None, Some(id.into())),
    }
}

impl SessionRepository for Transaction<'_> {
    fn add_session(&mut self, session: &Session) -> Result<(), StoreError> {
        let row = Row::from(session);
        on!(self.connection(), |conn| diesel::insert_into(session::table).values(row).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }

    fn session(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        on!(self.connection(), |conn| session::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(Session::try_from)
        .transpose()
    }

    fn sessions_of(
        &mut self,
        holder: Holder,
        at: DateTime<Utc>,
    ) -> Result<Vec<Session>, StoreError> {
        let (citizen, staff) = columns(holder);
        on!(self.connection(), |conn| session::table
            .filter(session::citizen.eq(citizen).or(session::staff.eq(staff)))
            .filter(session::expires_at.gt(At(at)))
            .order((session::last_used_at.desc(), session::id.desc()))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?
        .into_iter()
        .map(Session::try_from)
        .collect()
    }

    fn extend_session(&mut self, session: &Session) -> Result<(), StoreError> {
        let extended = on!(self.connection(), |conn| kept(
            diesel::update(session::table.find(Id::from(session.id))).set((
                session::last_used_at.eq(At(session.last_used_at)),
                session::expires_at.eq(At(session.expires_at)),
            ))
        )
        .execute(conn));
        match extended.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    fn remove_session(&mut self, holder: Holder, id: SessionId) -> Result<bool, StoreError> {
        let (citizen, staff) = columns(holder);
        on!(self.connection(), |conn| diesel::delete(session::table.find(Id::from(id)))
            .filter(session::citizen.eq(citizen).or(session::staff.eq(staff)))
            .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }

    fn remove_sessions(&mut self, holder: Holder) -> Result<(), StoreError> {
        let (citizen, staff) = columns(holder);
        on!(self.connection(), |conn| diesel::delete(session::table)
            .filter(session::citizen.eq(citizen).or(session::staff.eq(staff)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn forget_sessions(&mut self, holder: Holder, at: DateTime<Utc>) -> Result<(), StoreError> {
        let (citizen, staff) = columns(holder);
        on!(self.connection(), |conn| diesel::delete(session::table)
            .filter(session::citizen.eq(citizen).or(session::staff.eq(staff)))
            .filter(session::expires_at.le(At(at)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn add_refresh_token(&mut self, token: Digest, session: SessionId) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::insert_into(refresh_token::table)
            .values((
                refresh_token::digest.eq(token.0.as_slice()),
                refresh_token::session.eq(Id::from(session)),
            ))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn spend_refresh_token(
        &mut self,
        token: Digest,
        at: DateTime<Utc>,
    ) -> Result<Spent, StoreError> {
        let token = token.0.as_slice();
        let first: Option<Id> =
            on!(self.connection(), |conn| diesel::update(refresh_token::table.find(token))
                .filter(refresh_token::used_at.is_null())
                .set(refresh_token::used_at.eq(At(at)))
                .returning(refresh_token::session)
                .get_result(conn)
                .optional())
            .map_err(store_error)?;
        if let Some(session) = first {
            return Ok(Spent::First(session.into()));
        }
        let again: Option<Id> = on!(self.connection(), |conn| refresh_token::table
            .find(token)
            .select(refresh_token::session)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(again.map_or(Spent::Unknown, |session| Spent::Again(session.into())))
    }

    fn forget_refresh_tokens(
        &mut self,
        session: SessionId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(refresh_token::table)
            .filter(refresh_token::session.eq(Id::from(session)))
            .filter(refresh_token::used_at.lt(At(at)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}
