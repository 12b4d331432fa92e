//! One-time passwords in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    identity::{ChallengeId, OtpChallenge, OtpRepository, Phone},
};

use super::{digest, unreadable};
use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::otp_challenge,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = otp_challenge, primary_key(phone), treat_none_as_default_value = false)]
struct Row {
    phone: String,
    id: Id,
    code: Vec<u8>,
    requested_at: At,
    streak: i32,
    tries: i32,
    source: Option<Vec<u8>>,
}

impl From<&OtpChallenge> for Row {
    fn from(challenge: &OtpChallenge) -> Self {
        Self {
            phone: challenge.phone.e164(),
            id: challenge.id.into(),
            code: challenge.code.0.to_vec(),
            requested_at: At(challenge.requested_at),
            streak: i32::try_from(challenge.streak).unwrap_or(i32::MAX),
            tries: i32::try_from(challenge.tries).unwrap_or(i32::MAX),
            source: challenge.source.map(|source| source.0.to_vec()),
        }
    }
}

impl TryFrom<Row> for OtpChallenge {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            phone: row.phone.parse().map_err(unreadable("otp_challenge.phone"))?,
            code: digest(&row.code)?,
            requested_at: row.requested_at.0,
            streak: row.streak.unsigned_abs(),
            tries: row.tries.unsigned_abs(),
            source: row.source.as_deref().map(digest).transpose()?,
        })
    }
}

impl OtpRepository for Transaction<'_> {
    fn challenge_of(&mut self, phone: &Phone) -> Result<Option<OtpChallenge>, StoreError> {
        on!(self.connection(), |conn| otp_challenge::table
            .find(phone.e164())
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(OtpChallenge::try_from)
        .transpose()
    }

    fn put_challenge(
        &mut self,
        challenge: &OtpChallenge,
        before: Option<ChallengeId>,
    ) -> Result<(), StoreError> {
        let row = Row::from(challenge);
        let put = match before {
            None => on!(self.connection(), |conn| diesel::insert_into(otp_challenge::table)
                .values(row)
                .on_conflict_do_nothing()
                .execute(conn)),
            Some(before) => on!(self.connection(), |conn| diesel::update(otp_challenge::table)
                .filter(otp_challenge::id.eq(Id::from(before)))
                .set(row)
                .execute(conn)),
        };
        match put.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    fn spend_try(&mut self, id: ChallengeId) -> Result<Option<OtpChallenge>, StoreError> {
        let limit = i32::try_from(OtpChallenge::TRIES).unwrap_or(i32::MAX);
        on!(self.connection(), |conn| diesel::update(otp_challenge::table)
            .filter(otp_challenge::id.eq(Id::from(id)))
            .filter(otp_challenge::tries.lt(limit))
            .set(otp_challenge::tries.eq(otp_challenge::tries + 1))
            .returning(Row::as_returning())
            .get_result(conn)
            .optional())
        .map_err(store_error)?
        .map(OtpChallenge::try_from)
        .transpose()
    }

    fn remove_challenge(&mut self, id: ChallengeId) -> Result<bool, StoreError> {
        on!(self.connection(), |conn| diesel::delete(otp_challenge::table)
            .filter(otp_challenge::id.eq(Id::from(id)))
            .execute(conn))
        .map(|rows| rows > 0)
        .map_err(store_error)
    }

    fn forget_challenges(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(otp_challenge::table)
            .filter(otp_challenge::requested_at.lt(At(at)))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}
