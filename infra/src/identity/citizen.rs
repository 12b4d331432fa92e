//! Citizens in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    identity::{CitizenAccount, CitizenId, CitizenRepository, DisplayName, Phone},
};

use super::unreadable;
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::citizen,
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = citizen, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    phone: String,
    display_name: Option<String>,
    created_at: At,
}

impl From<&CitizenAccount> for Row {
    fn from(account: &CitizenAccount) -> Self {
        Self {
            id: account.id.into(),
            phone: account.phone.e164(),
            display_name: account.display_name.as_ref().map(|name| name.as_str().to_owned()),
            created_at: At(account.created_at),
        }
    }
}

impl TryFrom<Row> for CitizenAccount {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let name = row.display_name.as_deref().map(DisplayName::try_from).transpose();
        Ok(Self {
            id: row.id.into(),
            phone: row.phone.parse().map_err(unreadable("citizen.phone"))?,
            display_name: name.map_err(unreadable("citizen.display_name"))?,
            created_at: row.created_at.0,
        })
    }
}

impl CitizenRepository for Transaction<'_> {
    fn add_citizen(&mut self, account: &CitizenAccount) -> Result<(), StoreError> {
        let row = Row::from(account);
        on!(self.connection(), |conn| diesel::insert_into(citizen::table).values(row).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }

    fn citizen(&mut self, id: CitizenId) -> Result<Option<CitizenAccount>, StoreError> {
        on!(self.connection(), |conn| citizen::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(CitizenAccount::try_from)
        .transpose()
    }

    fn citizen_by_phone(&mut self, phone: &Phone) -> Result<Option<CitizenAccount>, StoreError> {
        on!(self.connection(), |conn| citizen::table
            .filter(citizen::phone.eq(phone.e164()))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(CitizenAccount::try_from)
        .transpose()
    }

    fn rename_citizen(
        &mut self,
        id: CitizenId,
        name: Option<&DisplayName>,
    ) -> Result<bool, StoreError> {
        let name = name.map(DisplayName::as_str);
        on!(self.connection(), |conn| diesel::update(citizen::table.find(Id::from(id)))
            .set(citizen::display_name.eq(name))
            .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }
}
