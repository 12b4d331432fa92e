//! Devices in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    identity::{CitizenId, DeviceName},
    personal::{Device, DeviceId, DeviceRepository, Platform, PushToken},
    secret::Purpose,
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::device::{self, dsl},
    vault::{Column, Vault},
};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = device, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: Id,
    citizen: Id,
    platform: AsText<Platform>,
    name: Option<String>,
    push_token: Option<Vec<u8>>,
    push_token_digest: Option<Vec<u8>>,
    registered_at: At,
    seen_at: At,
}

impl Row {
    fn of(device: &Device, vault: &Vault) -> Self {
        let token = device.push_token.as_ref().map(PushToken::expose);
        let seal =
            |token: &str| vault.seal(Column::DEVICE_PUSH_TOKEN, device.id.uuid(), token.as_bytes());
        Self {
            id: device.id.into(),
            citizen: device.citizen.into(),
            platform: AsText(device.platform),
            name: device.name.as_ref().map(|name| name.as_str().to_owned()),
            push_token: token.map(seal),
            push_token_digest: token
                .map(|token| vault.digest(Purpose::PushToken, token).0.to_vec()),
            registered_at: At(device.registered_at),
            seen_at: At(device.seen_at),
        }
    }

    fn device(self, vault: &Vault) -> Result<Device, StoreError> {
        let open = |sealed: Vec<u8>| vault.open_text(Column::DEVICE_PUSH_TOKEN, self.id.0, &sealed);
        let token = self.push_token.map(open).transpose()?;
        Ok(Device {
            id: self.id.into(),
            citizen: self.citizen.into(),
            platform: self.platform.0,
            name: self.name.as_deref().and_then(DeviceName::read),
            push_token: token.as_deref().and_then(PushToken::read),
            registered_at: self.registered_at.0,
            seen_at: self.seen_at.0,
        })
    }
}

impl DeviceRepository for Transaction<'_> {
    fn put_device(&mut self, device: &Device) -> Result<bool, StoreError> {
        let row = Row::of(device, self.vault()?);
        let elsewhere = dsl::push_token_digest
            .eq(row.push_token_digest.clone())
            .and(dsl::id.ne(row.id))
            .assume_not_null();
        on!(self.connection(), |conn| diesel::delete(device::table.filter(elsewhere))
            .execute(conn))
        .map_err(store_error)?;
        let own = device::table.filter(dsl::id.eq(row.id)).filter(dsl::citizen.eq(row.citizen));
        let saved = on!(self.connection(), |conn| diesel::update(own).set(&row).execute(conn))
            .map_err(store_error)?;
        if saved == 1 {
            return Ok(true);
        }
        on!(self.connection(), |conn| diesel::insert_into(device::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map(|added| added == 1)
        .map_err(store_error)
    }

    fn devices(&mut self, citizen: CitizenId) -> Result<Vec<Device>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| device::table
            .filter(dsl::citizen.eq(Id::from(citizen)))
            .order((dsl::seen_at.desc(), dsl::id.desc()))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.device(vault)).collect()
    }

    fn remove_device(&mut self, citizen: CitizenId, id: DeviceId) -> Result<bool, StoreError> {
        let own = device::table
            .filter(dsl::id.eq(Id::from(id)))
            .filter(dsl::citizen.eq(Id::from(citizen)));
        on!(self.connection(), |conn| diesel::delete(own).execute(conn))
            .map(|rows| rows > 0)
            .map_err(store_error)
    }
}
