//! Businesses.

use chrono::{DateTime, Utc};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use domain::{
    StoreError,
    identity::{
        CitizenId,
        business::{
            ApiKeyRepository as _, Business, BusinessId, BusinessRepository,
            MembershipRepository as _, Standing,
        },
    },
    secret::Digest,
    territory::CommuneCode,
};

use crate::{
    columns::{AsText, At, Id, bytes},
    connection::on,
    database::{Transaction, store_error},
    identity::unreadable,
    schema::{
        business::{self, dsl},
        business_member, business_site,
    },
    vault::{Column, Vault},
};

/// The businesses that wait for an officer, written as their index has it.
const WAITING: &str = "standing IN ('pending', 'ownerless')";

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = business, treat_none_as_default_value = false)]
pub(super) struct Row {
    id: Id,
    tax_code: Vec<u8>,
    name: String,
    commune: AsText<CommuneCode>,
    address: Option<String>,
    standing: AsText<Standing>,
    reason: Option<String>,
    registered_at: At,
    registered_by: Option<Id>,
    version: i64,
}

impl Row {
    fn of(business: &Business, vault: &Vault) -> Self {
        let (id, tax_code) = (business.id, business.tax_code.expose().as_bytes());
        Self {
            id: id.into(),
            tax_code: vault.seal(Column::BUSINESS_TAX_CODE, id.uuid(), tax_code),
            name: business.name.clone(),
            commune: AsText(business.commune),
            address: business.address.clone(),
            standing: AsText(business.standing),
            reason: business.reason.clone(),
            registered_at: At(business.registered_at),
            registered_by: business.registered_by.map(Id::from),
            version: business.version,
        }
    }

    pub(super) fn business(self, vault: &Vault) -> Result<Business, StoreError> {
        let tax_code = vault.open_text(Column::BUSINESS_TAX_CODE, self.id.0, &self.tax_code)?;
        Ok(Business {
            id: self.id.into(),
            tax_code: tax_code.parse().map_err(unreadable("business.tax_code"))?,
            name: self.name,
            commune: self.commune.0,
            address: self.address,
            standing: self.standing.0,
            reason: self.reason,
            registered_at: self.registered_at.0,
            registered_by: self.registered_by.map(CitizenId::from),
            version: self.version,
        })
    }
}

impl BusinessRepository for Transaction<'_> {
    fn add_business(&mut self, business: &Business, tax_lookup: Digest) -> Result<(), StoreError> {
        let row = (Row::of(business, self.vault()?), dsl::tax_lookup.eq(bytes(tax_lookup)));
        on!(self.connection(), |conn| diesel::insert_into(business::table)
            .values(row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn business(&mut self, id: BusinessId) -> Result<Option<Business>, StoreError> {
        let vault = self.vault()?;
        on!(self.connection(), |conn| business::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(|row: Row| row.business(vault))
        .transpose()
    }

    fn hold_business(&mut self, id: BusinessId) -> Result<Option<Business>, StoreError> {
        let vault = self.vault()?;
        on!(self.connection(), |conn| diesel::update(business::table.find(Id::from(id)))
            .set(dsl::registered_at.eq(dsl::registered_at))
            .returning(Row::as_returning())
            .get_result(conn)
            .optional())
        .map_err(store_error)?
        .map(|row: Row| row.business(vault))
        .transpose()
    }

    fn is_verified(&mut self, tax_lookup: Digest) -> Result<bool, StoreError> {
        let verified: Option<Id> = on!(self.connection(), |conn| business::table
            .filter(dsl::tax_lookup.eq(bytes(tax_lookup)))
            .filter(dsl::standing.eq(AsText(Standing::Verified)))
            .select(dsl::id)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(verified.is_some())
    }

    fn save_business(&mut self, business: Business) -> Result<Business, StoreError> {
        let version = business.version + 1;
        let saved = on!(self.connection(), |conn| diesel::update(
            business::table.find(Id::from(business.id)).filter(dsl::version.eq(business.version))
        )
        .set((
            dsl::name.eq(&business.name),
            dsl::commune.eq(AsText(business.commune)),
            dsl::address.eq(&business.address),
            dsl::standing.eq(AsText(business.standing)),
            dsl::reason.eq(&business.reason),
            dsl::version.eq(version),
        ))
        .execute(conn))
        .map_err(store_error)?;
        if saved == 1 { Ok(Business { version, ..business }) } else { Err(StoreError::Stale) }
    }

    fn businesses_waiting(
        &mut self,
        communes: Option<&[CommuneCode]>,
        after: Option<(DateTime<Utc>, BusinessId)>,
        limit: usize,
    ) -> Result<Vec<Business>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| {
            let mut query = business::table
                .filter(sql::<Bool>(WAITING))
                .order((dsl::registered_at, dsl::id))
                .select(Row::as_select())
                .limit(i64::try_from(limit).unwrap_or(i64::MAX))
                .into_boxed();
            if let Some(communes) = communes {
                query = query.filter(dsl::commune.eq_any(communes.iter().copied().map(AsText)));
            }
            if let Some((at, id)) = after {
                let same = dsl::registered_at.eq(At(at)).and(dsl::id.gt(Id::from(id)));
                query = query.filter(dsl::registered_at.gt(At(at)).or(same));
            }
            query.load(conn)
        })
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.business(vault)).collect()
    }

    fn remove_business(&mut self, id: BusinessId) -> Result<(), StoreError> {
        self.remove_api_keys(id)?;
        self.remove_invitations(id)?;
        let id = Id::from(id);
        let sites = business_site::table.filter(business_site::business.eq(id));
        let members = business_member::table.filter(business_member::business.eq(id));
        on!(self.connection(), |conn| diesel::delete(sites)
            .execute(conn)
            .and_then(|_| diesel::delete(members).execute(conn))
            .and_then(|_| diesel::delete(business::table.find(id)).execute(conn)))
        .map(|_| ())
        .map_err(store_error)
    }
}
