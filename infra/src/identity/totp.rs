//! Authenticator apps: their secrets and codes, and both in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    Moment, StoreError,
    identity::{Authenticators, Enrolment, StaffId, StaffMember, Totp, TotpRepository, TotpSecret},
    secret::Digest,
};
use totp_rs::Builder;

use super::Keyring;
use crate::{
    columns::Id,
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::{recovery_code, staff_totp},
    vault::{Column, Vault},
};

/// The name of this service in the app.
const ISSUER: &str = "C-ThaiNguyen";

impl Authenticators for Keyring {
    fn draw(&self, now: &Moment, member: &StaffMember) -> (TotpSecret, Enrolment) {
        let secret = TotpSecret(now.random::<20>().to_vec());
        // A username has none of the characters that an address in an app cannot have.
        let app = Builder::new()
            .with_secret(secret.0.clone())
            .with_account_name(member.username.as_str())
            .with_issuer(Some(ISSUER))
            .build_noncompliant();
        let uri = app.to_url().unwrap_or_default();
        let enrolment = Enrolment { secret: app.secret().to_base32(), uri };
        (secret, enrolment)
    }

    fn step(&self, secret: &TotpSecret, code: &str, at: DateTime<Utc>) -> Option<i64> {
        let app = Builder::new().with_secret(secret.0.clone()).build_noncompliant();
        let step = app.check(code, u64::try_from(at.timestamp()).ok()?)?;
        i64::try_from(step).ok()
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = staff_totp,
    primary_key(staff),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
struct Row {
    staff: Id,
    secret: Option<Vec<u8>>,
    pending: Option<Vec<u8>>,
    last_step: i64,
}

impl Row {
    /// The app in this row, opened.
    fn open(self, vault: &Vault) -> Result<Totp, StoreError> {
        let staff = self.staff.0;
        let open = |column, sealed: Option<Vec<u8>>| {
            let opened = sealed.map(|sealed| vault.open(column, staff, &sealed)).transpose()?;
            Ok::<_, StoreError>(opened.map(TotpSecret))
        };
        Ok(Totp {
            secret: open(Column::TOTP_SECRET, self.secret)?,
            pending: open(Column::TOTP_PENDING, self.pending)?,
            last_step: self.last_step,
        })
    }
}

impl TotpRepository for Transaction<'_> {
    fn totp_of(&mut self, staff: StaffId) -> Result<Option<Totp>, StoreError> {
        on!(self.connection(), |conn| staff_totp::table
            .find(Id::from(staff))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(|row: Row| row.open(self.vault()?))
        .transpose()
    }

    fn put_totp(&mut self, staff: StaffId, totp: &Totp) -> Result<(), StoreError> {
        let vault = self.vault()?;
        let seal = |column, secret: &Option<TotpSecret>| {
            secret.as_ref().map(|secret| vault.seal(column, staff.uuid(), &secret.0))
        };
        let row = Row {
            staff: staff.into(),
            secret: seal(Column::TOTP_SECRET, &totp.secret),
            pending: seal(Column::TOTP_PENDING, &totp.pending),
            last_step: totp.last_step,
        };
        on!(self.connection(), |conn| diesel::insert_into(staff_totp::table)
            .values(&row)
            .on_conflict(staff_totp::staff)
            .do_update()
            .set(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn spend_step(&mut self, staff: StaffId, step: i64) -> Result<bool, StoreError> {
        on!(self.connection(), |conn| kept(
            diesel::update(staff_totp::table.find(Id::from(staff)))
                .filter(staff_totp::last_step.lt(step))
                .set(staff_totp::last_step.eq(step))
        )
        .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }

    fn remove_totp(&mut self, staff: StaffId) -> Result<(), StoreError> {
        self.put_recovery_codes(staff, &[])?;
        on!(self.connection(), |conn| diesel::delete(staff_totp::table.find(Id::from(staff)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn put_recovery_codes(&mut self, staff: StaffId, codes: &[Digest]) -> Result<(), StoreError> {
        let staff = Id::from(staff);
        on!(self.connection(), |conn| diesel::delete(recovery_code::table)
            .filter(recovery_code::staff.eq(staff))
            .execute(conn))
        .map_err(store_error)?;
        for code in codes {
            let code = code.0.as_slice();
            on!(self.connection(), |conn| diesel::insert_into(recovery_code::table)
                .values((recovery_code::digest.eq(code), recovery_code::staff.eq(staff)))
                .execute(conn))
            .map_err(store_error)?;
        }
        Ok(())
    }

    fn spend_recovery_code(&mut self, staff: StaffId, code: Digest) -> Result<bool, StoreError> {
        let code = code.0.as_slice();
        on!(self.connection(), |conn| diesel::delete(recovery_code::table.find(code))
            .filter(recovery_code::staff.eq(Id::from(staff)))
            .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }
}
