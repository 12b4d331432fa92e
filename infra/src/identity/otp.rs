//! One-time passwords in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    identity::{ChallengeId, OtpChallenge, OtpRepository, Phone},
    secret::Purpose,
};

use super::{digest, unreadable};
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::otp_challenge,
    vault::{Column, Vault},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = otp_challenge)]
struct Row {
    phone_digest: Vec<u8>,
    phone: Vec<u8>,
    id: Id,
    code: Vec<u8>,
    requested_at: At,
    streak: i32,
    tries: i32,
    source: Vec<u8>,
}

impl Row {
    fn of(challenge: &OtpChallenge, vault: &Vault) -> Self {
        let (id, phone) = (challenge.id, challenge.phone.e164());
        Self {
            phone_digest: vault.digest(Purpose::Phone, &phone).0.to_vec(),
            phone: vault.seal(Column::OTP_PHONE, id.uuid(), phone.as_bytes()),
            id: id.into(),
            code: challenge.code.0.to_vec(),
            requested_at: At(challenge.requested_at),
            streak: i32::try_from(challenge.streak).unwrap_or(i32::MAX),
            tries: i32::try_from(challenge.tries).unwrap_or(i32::MAX),
            source: challenge.source.0.to_vec(),
        }
    }

    fn challenge(self, vault: &Vault) -> Result<OtpChallenge, StoreError> {
        let phone = vault.open_text(Column::OTP_PHONE, self.id.0, &self.phone)?;
        Ok(OtpChallenge {
            id: self.id.into(),
            phone: phone.parse().map_err(unreadable("otp_challenge.phone"))?,
            code: digest(&self.code)?,
            requested_at: self.requested_at.0,
            streak: self.streak.unsigned_abs(),
            tries: self.tries.unsigned_abs(),
            source: digest(&self.source)?,
        })
    }
}

impl OtpRepository for Transaction<'_> {
    fn challenges_of(&mut self, phone: &Phone) -> Result<Vec<OtpChallenge>, StoreError> {
        let vault = self.vault()?;
        let digest = vault.digest(Purpose::Phone, &phone.e164());
        let rows: Vec<Row> = on!(self.connection(), |conn| otp_challenge::table
            .filter(otp_challenge::phone_digest.eq(digest.0.as_slice()))
            .order((otp_challenge::requested_at.desc(), otp_challenge::id.desc()))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.challenge(vault)).collect()
    }

    fn add_challenge(&mut self, challenge: &OtpChallenge) -> Result<(), StoreError> {
        let row = Row::of(challenge, self.vault()?);
        on!(self.connection(), |conn| diesel::insert_into(otp_challenge::table)
            .values(row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn spend_try(&mut self, id: ChallengeId) -> Result<Option<OtpChallenge>, StoreError> {
        let vault = self.vault()?;
        let limit = i32::try_from(OtpChallenge::TRIES).unwrap_or(i32::MAX);
        on!(self.connection(), |conn| diesel::update(otp_challenge::table)
            .filter(otp_challenge::id.eq(Id::from(id)))
            .filter(otp_challenge::tries.lt(limit))
            .set(otp_challenge::tries.eq(otp_challenge::tries + 1))
            .returning(Row::as_returning())
            .get_result(conn)
            .optional())
        .map_err(store_error)?
        .map(|row: Row| row.challenge(vault))
        .transpose()
    }

    fn remove_challenge(&mut self, challenge: &OtpChallenge) -> Result<bool, StoreError> {
        let phone = self.vault()?.digest(Purpose::Phone, &challenge.phone.e164());
        let this = otp_challenge::table.find(Id::from(challenge.id));
        let row = otp_challenge::table
            .filter(otp_challenge::phone_digest.eq(phone.0.as_slice()))
            .filter(otp_challenge::source.eq(challenge.source.0.as_slice()));
        let stood = on!(self.connection(), |conn| diesel::delete(this)
            .execute(conn)
            .and_then(|stood| diesel::delete(row).execute(conn).map(|_| stood)));
        stood.map(|stood| stood > 0).map_err(store_error)
    }

    fn forget_challenges(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(otp_challenge::table)
            .filter(otp_challenge::requested_at.lt(At(at)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}
