//! Dossiers in the store.

use chrono::{DateTime, Utc};
use diesel::{
    dsl::{case_when, not},
    prelude::*,
};
use domain::{
    StoreError,
    dossier::{Dossier, DossierCode, DossierId, DossierRepository, Proofs},
    identity::CitizenId,
};

use super::row::{ProofsRow, Row};
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{
        citizen,
        dossier::{self, dsl},
        dossier_follower,
    },
};

impl DossierRepository for Transaction<'_> {
    fn proofs(&mut self, code: &DossierCode) -> Result<Option<Proofs>, StoreError> {
        let row: Option<ProofsRow> = on!(self.connection(), |conn| dossier::table
            .filter(dsl::code.eq(code.as_str()))
            .select(ProofsRow::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(Proofs::try_from).transpose()
    }

    fn dossier(&mut self, code: &DossierCode) -> Result<Option<Dossier>, StoreError> {
        let vault = self.vault()?;
        let row: Option<Row> = on!(self.connection(), |conn| dossier::table
            .filter(dsl::code.eq(code.as_str()))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(|row| row.dossier(vault)).transpose()
    }

    fn hold_dossier(&mut self, code: &DossierCode) -> Result<Option<Dossier>, StoreError> {
        let vault = self.vault()?;
        // An update that changes nothing, so that the row stays locked until the commit.
        let row: Option<Row> = on!(self.connection(), |conn| diesel::update(dossier::table)
            .filter(dsl::code.eq(code.as_str()))
            .set(dsl::heard_at.eq(dsl::heard_at))
            .returning(Row::as_returning())
            .get_result(conn)
            .optional())
        .map_err(store_error)?;
        row.map(|row| row.dossier(vault)).transpose()
    }

    fn add_dossier(&mut self, dossier: &Dossier) -> Result<bool, StoreError> {
        let row = Row::of(dossier, self.vault()?)?;
        on!(self.connection(), |conn| diesel::insert_into(dossier::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map(|added| added == 1)
        .map_err(store_error)
    }

    fn keep_dossier(&mut self, dossier: &Dossier) -> Result<(), StoreError> {
        let row = Row::of(dossier, self.vault()?)?;
        on!(self.connection(), |conn| diesel::update(dossier::table.find(Id::from(dossier.id)))
            .set(row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn take_unheard_dossiers(
        &mut self,
        before: DateTime<Utc>,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<DossierCode>, StoreError> {
        let followed = dossier_follower::table.select(dossier_follower::dossier);
        let codes: Vec<AsText<DossierCode>> = on!(self.connection(), |conn| dossier::table
            .filter(not(dsl::is_final))
            .filter(dsl::heard_at.lt(At(before)))
            .filter(dsl::asked_at.is_null().or(dsl::asked_at.lt(At(before)).assume_not_null()))
            .filter(dsl::id.eq_any(followed))
            .order(
                case_when(dsl::asked_at.gt(dsl::heard_at.nullable()), dsl::asked_at)
                    .otherwise(dsl::heard_at.nullable()),
            )
            .select(dsl::code)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        let taken = dossier::table.filter(dsl::code.eq_any(codes.clone()));
        on!(self.connection(), |conn| diesel::update(taken)
            .set(dsl::asked_at.eq(At(at)))
            .execute(conn))
        .map_err(store_error)?;
        Ok(codes.into_iter().map(|code| code.0).collect())
    }

    fn follow_dossier(
        &mut self,
        citizen: CitizenId,
        id: DossierId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let row = (
            dossier_follower::dossier.eq(Id::from(id)),
            dossier_follower::citizen.eq(Id::from(citizen)),
            dossier_follower::since.eq(At(at)),
        );
        on!(self.connection(), |conn| diesel::insert_into(dossier_follower::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn unfollow_dossier(&mut self, citizen: CitizenId, id: DossierId) -> Result<bool, StoreError> {
        let followed = dossier_follower::table.find((Id::from(id), Id::from(citizen)));
        on!(self.connection(), |conn| diesel::delete(followed).execute(conn))
            .map(|rows| rows > 0)
            .map_err(store_error)
    }

    fn dossiers_followed_by(
        &mut self,
        citizen: CitizenId,
    ) -> Result<Vec<(Dossier, DateTime<Utc>)>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<(Row, At)> = on!(self.connection(), |conn| dossier_follower::table
            .inner_join(dossier::table.on(dsl::id.eq(dossier_follower::dossier)))
            .filter(dossier_follower::citizen.eq(Id::from(citizen)))
            .order((dossier_follower::since.desc(), dsl::id.desc()))
            .select((Row::as_select(), dossier_follower::since))
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|(row, since)| Ok((row.dossier(vault)?, since.0))).collect()
    }

    fn followers_of_dossier(&mut self, id: DossierId) -> Result<Vec<CitizenId>, StoreError> {
        let followers: Vec<Id> = on!(self.connection(), |conn| dossier_follower::table
            .inner_join(citizen::table.on(citizen::id.eq(dossier_follower::citizen)))
            .filter(dossier_follower::dossier.eq(Id::from(id)))
            .filter(citizen::erased_at.is_null())
            .order(dossier_follower::citizen)
            .select(dossier_follower::citizen)
            .load(conn))
        .map_err(store_error)?;
        Ok(followers.into_iter().map(CitizenId::from).collect())
    }
}
