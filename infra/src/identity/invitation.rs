//! Invitations of staff in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    identity::{Invitation, InvitationRepository, StaffId},
    secret::Digest,
};

use super::digest;
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::staff_invitation,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = staff_invitation, primary_key(staff), treat_none_as_default_value = false)]
struct Row {
    staff: Id,
    token: Vec<u8>,
    expires_at: At,
}

impl From<&Invitation> for Row {
    fn from(invitation: &Invitation) -> Self {
        Self {
            staff: invitation.staff.into(),
            token: invitation.token.0.to_vec(),
            expires_at: At(invitation.expires_at),
        }
    }
}

impl TryFrom<Row> for Invitation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let token = digest(&row.token)?;
        Ok(Self { token, staff: row.staff.into(), expires_at: row.expires_at.0 })
    }
}

impl InvitationRepository for Transaction<'_> {
    fn put_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        let row = Row::from(invitation);
        on!(self.connection(), |conn| diesel::insert_into(staff_invitation::table)
            .values(&row)
            .on_conflict(staff_invitation::staff)
            .do_update()
            .set(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn invitation(&mut self, token: Digest) -> Result<Option<Invitation>, StoreError> {
        on!(self.connection(), |conn| staff_invitation::table
            .filter(staff_invitation::token.eq(token.0.as_slice()))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(Invitation::try_from)
        .transpose()
    }

    fn remove_invitation(&mut self, token: Digest) -> Result<bool, StoreError> {
        on!(self.connection(), |conn| diesel::delete(staff_invitation::table)
            .filter(staff_invitation::token.eq(token.0.as_slice()))
            .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }

    fn remove_invitation_of(&mut self, staff: StaffId) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(staff_invitation::table.find(Id::from(staff)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}
