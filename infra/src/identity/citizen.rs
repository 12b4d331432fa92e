//! Citizens in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    identity::{CitizenAccount, CitizenId, CitizenRepository, DisplayName, Phone},
    secret::Purpose,
};

use super::unreadable;
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::citizen,
    vault::{Column, Vault},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = citizen, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    phone: Vec<u8>,
    phone_digest: Vec<u8>,
    display_name: Option<String>,
    created_at: At,
}

impl Row {
    fn of(account: &CitizenAccount, vault: &Vault) -> Self {
        let id = account.id;
        let phone = account.phone.as_ref().map_or_else(|| no_phone(id), Phone::e164);
        Self {
            id: id.into(),
            phone: vault.seal(Column::CITIZEN_PHONE, id.uuid(), phone.as_bytes()),
            phone_digest: vault.digest(Purpose::Phone, &phone).0.to_vec(),
            display_name: account.display_name.as_ref().map(|name| name.as_str().to_owned()),
            created_at: At(account.created_at),
        }
    }

    fn account(self, vault: &Vault) -> Result<CitizenAccount, StoreError> {
        let name = self.display_name.as_deref().map(DisplayName::try_from).transpose();
        let phone = vault.open_text(Column::CITIZEN_PHONE, self.id.0, &self.phone)?;
        let phone = Some(phone).filter(|phone| *phone != no_phone(self.id.into()));
        let phone = phone.map(|phone| phone.parse()).transpose();
        Ok(CitizenAccount {
            id: self.id.into(),
            phone: phone.map_err(unreadable("citizen.phone"))?,
            display_name: name.map_err(unreadable("citizen.display_name"))?,
            created_at: self.created_at.0,
        })
    }
}

/// What stands in the place of the number where an account has none: something else in each, so
/// that their digests differ.
fn no_phone(id: CitizenId) -> String {
    id.to_string()
}

impl CitizenRepository for Transaction<'_> {
    fn add_citizen(&mut self, account: &CitizenAccount) -> Result<(), StoreError> {
        let row = Row::of(account, self.vault()?);
        on!(self.connection(), |conn| diesel::insert_into(citizen::table).values(row).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }

    fn citizen(&mut self, id: CitizenId) -> Result<Option<CitizenAccount>, StoreError> {
        let vault = self.vault()?;
        on!(self.connection(), |conn| citizen::table
            .find(Id::from(id))
            .filter(citizen::erased_at.is_null())
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(|row: Row| row.account(vault))
        .transpose()
    }

    fn hold_citizen(&mut self, id: CitizenId) -> Result<Option<CitizenAccount>, StoreError> {
        let vault = self.vault()?;
        let standing = citizen::table.find(Id::from(id)).filter(citizen::erased_at.is_null());
        on!(self.connection(), |conn| diesel::update(standing)
            .set(citizen::created_at.eq(citizen::created_at))
            .returning(Row::as_returning())
            .get_result(conn)
            .optional())
        .map_err(store_error)?
        .map(|row: Row| row.account(vault))
        .transpose()
    }

    fn citizen_in_emergency(
        &mut self,
        id: CitizenId,
    ) -> Result<Option<CitizenAccount>, StoreError> {
        let vault = self.vault()?;
        on!(self.connection(), |conn| citizen::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(|row: Row| row.account(vault))
        .transpose()
    }

    fn citizen_by_phone(&mut self, phone: &Phone) -> Result<Option<CitizenAccount>, StoreError> {
        let vault = self.vault()?;
        let digest = vault.digest(Purpose::Phone, &phone.e164());
        on!(self.connection(), |conn| citizen::table
            .filter(citizen::phone_digest.eq(digest.0.as_slice()))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(|row: Row| row.account(vault))
        .transpose()
    }

    fn rename_citizen(
        &mut self,
        id: CitizenId,
        name: Option<&DisplayName>,
    ) -> Result<bool, StoreError> {
        let name = name.map(DisplayName::as_str);
        on!(self.connection(), |conn| kept(
            diesel::update(citizen::table.find(Id::from(id))).set(citizen::display_name.eq(name))
        )
        .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }

    fn change_phone(&mut self, id: CitizenId, phone: &Phone) -> Result<(), StoreError> {
        let (vault, phone) = (self.vault()?, phone.e164());
        let sealed = vault.seal(Column::CITIZEN_PHONE, id.uuid(), phone.as_bytes());
        let digest = vault.digest(Purpose::Phone, &phone).0.to_vec();
        on!(self.connection(), |conn| kept(
            diesel::update(citizen::table.find(Id::from(id)))
                .set((citizen::phone.eq(sealed), citizen::phone_digest.eq(digest)))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}
