//! Who acts for businesses, and who is invited to.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    identity::{
        CitizenId,
        business::{
            Business, BusinessId, Invitation, InvitationId, Member, MemberRole,
            MembershipRepository,
        },
    },
    secret::Digest,
};

use super::account;
use crate::{
    columns::{AsText, At, Id, bytes, digest},
    connection::on,
    database::{Transaction, store_error},
    schema::{business, business_invitation, business_member, citizen},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = business_member, treat_none_as_default_value = false)]
struct Row {
    business: Id,
    citizen: Id,
    role: AsText<MemberRole>,
    since: At,
}

impl From<Row> for Member {
    fn from(row: Row) -> Self {
        Self { citizen: row.citizen.into(), role: row.role.0, since: row.since.0 }
    }
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = business_invitation, treat_none_as_default_value = false)]
struct InvitationRow {
    id: Id,
    business: Id,
    phone: Vec<u8>,
    role: AsText<MemberRole>,
    expires_at: At,
    invited_by: Option<Id>,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            business: row.business.into(),
            phone: digest(row.phone)?,
            role: row.role.0,
            expires_at: row.expires_at.0,
            invited_by: row.invited_by.map(CitizenId::from),
        })
    }
}

impl MembershipRepository for Transaction<'_> {
    fn businesses_of(&mut self, citizen: CitizenId) -> Result<Vec<(Business, Member)>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<(account::Row, Row)> = on!(self.connection(), |conn| business_member::table
            .inner_join(business::table.on(business::id.eq(business_member::business)))
            .filter(business_member::citizen.eq(Id::from(citizen)))
            .order((business_member::since, business_member::business))
            .select((account::Row::as_select(), Row::as_select()))
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|(row, member)| Ok((row.business(vault)?, member.into()))).collect()
    }

    fn members(&mut self, business: BusinessId) -> Result<Vec<Member>, StoreError> {
        let standing = citizen::table.filter(citizen::erased_at.is_null()).select(citizen::id);
        let rows: Vec<Row> = on!(self.connection(), |conn| business_member::table
            .filter(business_member::business.eq(Id::from(business)))
            .filter(business_member::citizen.eq_any(standing))
            .order((business_member::since, business_member::citizen))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Member::from).collect())
    }

    fn member(
        &mut self,
        business: BusinessId,
        citizen: CitizenId,
    ) -> Result<Option<Member>, StoreError> {
        let standing = citizen::table.filter(citizen::erased_at.is_null()).select(citizen::id);
        let row: Option<Row> = on!(self.connection(), |conn| business_member::table
            .find((Id::from(business), Id::from(citizen)))
            .filter(business_member::citizen.eq_any(standing))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(row.map(Member::from))
    }

    fn put_member(&mut self, business: BusinessId, member: &Member) -> Result<(), StoreError> {
        let row = Row {
            business: business.into(),
            citizen: member.citizen.into(),
            role: AsText(member.role),
            since: At(member.since),
        };
        on!(self.connection(), |conn| diesel::insert_into(business_member::table)
            .values(&row)
            .on_conflict((business_member::business, business_member::citizen))
            .do_update()
            .set(business_member::role.eq(AsText(member.role)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn remove_member(
        &mut self,
        business: BusinessId,
        citizen: CitizenId,
    ) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(
            business_member::table.find((Id::from(business), Id::from(citizen)))
        )
        .execute(conn))
        .map_err(store_error)?;
        let registered = business::table
            .find(Id::from(business))
            .filter(business::registered_by.eq(Id::from(citizen)));
        on!(self.connection(), |conn| diesel::update(registered)
            .set(business::registered_by.eq(None::<Id>))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn put_invitation(&mut self, invitation: &Invitation) -> Result<(), StoreError> {
        let row = InvitationRow {
            id: invitation.id.into(),
            business: invitation.business.into(),
            phone: bytes(invitation.phone),
            role: AsText(invitation.role),
            expires_at: At(invitation.expires_at),
            invited_by: invitation.invited_by.map(Id::from),
        };
        let earlier = business_invitation::table
            .filter(business_invitation::business.eq(row.business))
            .filter(business_invitation::phone.eq(bytes(invitation.phone)));
        on!(self.connection(), |conn| diesel::delete(earlier).execute(conn).and_then(|_| {
            diesel::insert_into(business_invitation::table).values(&row).execute(conn)
        }))
        .map(|_| ())
        .map_err(store_error)
    }

    fn invitations_of(
        &mut self,
        business: BusinessId,
        at: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError> {
        let rows: Vec<InvitationRow> = on!(self.connection(), |conn| business_invitation::table
            .filter(business_invitation::business.eq(Id::from(business)))
            .filter(business_invitation::expires_at.gt(At(at)))
            .order(business_invitation::id)
            .select(InvitationRow::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Invitation::try_from).collect()
    }

    fn invitations_to(
        &mut self,
        phone: Digest,
        at: DateTime<Utc>,
    ) -> Result<Vec<Invitation>, StoreError> {
        let rows: Vec<InvitationRow> = on!(self.connection(), |conn| business_invitation::table
            .filter(business_invitation::phone.eq(bytes(phone)))
            .filter(business_invitation::expires_at.gt(At(at)))
            .order(business_invitation::id)
            .select(InvitationRow::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Invitation::try_from).collect()
    }

    fn remove_invitation(&mut self, id: InvitationId) -> Result<bool, StoreError> {
        on!(self.connection(), |conn| diesel::delete(business_invitation::table.find(Id::from(id)))
            .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }

    fn remove_invitations_by(
        &mut self,
        business: BusinessId,
        citizen: CitizenId,
    ) -> Result<(), StoreError> {
        let made = business_invitation::table
            .filter(business_invitation::business.eq(Id::from(business)))
            .filter(business_invitation::invited_by.eq(Id::from(citizen)));
        on!(self.connection(), |conn| diesel::delete(made).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }

    fn remove_invitations(&mut self, business: BusinessId) -> Result<(), StoreError> {
        let of_business =
            business_invitation::table.filter(business_invitation::business.eq(Id::from(business)));
        on!(self.connection(), |conn| diesel::delete(of_business).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }
}
