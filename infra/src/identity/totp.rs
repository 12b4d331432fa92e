//! Authenticator apps: their secrets and codes, and both in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    Moment, StoreError,
    identity::{Authenticators, Enrolment, StaffId, StaffMember, Totp, TotpRepository},
    secret::Digest,
};
use totp_rs::Builder;
use zeroize::Zeroizing;

use super::Keyring;
use crate::{
    columns::Id,
    connection::on,
    database::{Transaction, store_error},
    schema::{recovery_code, staff_totp},
};

/// The name of this service in the app.
const ISSUER: &str = "C-ThaiNguyen";

impl Authenticators for Keyring {
    fn draw(&self, now: &Moment, member: &StaffMember) -> (Vec<u8>, Enrolment) {
        let secret = Zeroizing::new(now.random::<20>());
        let sealed = self.sealer().seal(now.random(), &place(member.id), secret.as_slice());
        // A username has none of the characters that an address in an app cannot have.
        let app = Builder::new()
            .with_secret(secret.to_vec())
            .with_account_name(member.username.as_str())
            .with_issuer(Some(ISSUER))
            .build_noncompliant();
        let uri = app.to_url().unwrap_or_default();
        (sealed, Enrolment { secret: app.secret().to_base32(), uri })
    }

    fn step(&self, staff: StaffId, sealed: &[u8], code: &str, at: DateTime<Utc>) -> Option<i64> {
        let secret = self.sealer().open(&place(staff), sealed).map(Zeroizing::new).ok()?;
        let app = Builder::new().with_secret(secret.to_vec()).build_noncompliant();
        let step = app.check(code, u64::try_from(at.timestamp()).ok()?)?;
        i64::try_from(step).ok()
    }
}

/// What a sealed secret is bound to.
fn place(staff: StaffId) -> Vec<u8> {
    [b"staff_totp".as_slice(), staff.uuid().as_bytes()].concat()
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

impl From<Row> for Totp {
    fn from(row: Row) -> Self {
        Self { secret: row.secret, pending: row.pending, last_step: row.last_step }
    }
}

impl TotpRepository for Transaction<'_> {
    fn totp_of(&mut self, staff: StaffId) -> Result<Option<Totp>, StoreError> {
        on!(self.connection(), |conn| staff_totp::table
            .find(Id::from(staff))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map(|row| row.map(Totp::from))
        .map_err(store_error)
    }

    fn put_totp(&mut self, staff: StaffId, totp: &Totp) -> Result<(), StoreError> {
        let row = Row {
            staff: staff.into(),
            secret: totp.secret.clone(),
            pending: totp.pending.clone(),
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
        on!(self.connection(), |conn| diesel::update(staff_totp::table.find(Id::from(staff)))
            .filter(staff_totp::last_step.lt(step))
            .set(staff_totp::last_step.eq(step))
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
