//! The keys of the systems of businesses.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    identity::{
        CitizenId,
        business::{ApiKey, ApiKeyId, ApiKeyRepository, BusinessId, KeyScope, UnknownName},
    },
};

use crate::{
    columns::{At, Id, bytes, digest},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::api_key::{self, dsl},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = api_key, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    business: Id,
    name: String,
    prefix: String,
    secret: Vec<u8>,
    /// With spaces between.
    scopes: String,
    made_at: At,
    expires_at: At,
    used_at: Option<At>,
    made_by: Option<Id>,
}

impl From<&ApiKey> for Row {
    fn from(key: &ApiKey) -> Self {
        let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
        Self {
            id: key.id.into(),
            business: key.business.into(),
            name: key.name.clone(),
            prefix: key.prefix.clone(),
            secret: bytes(key.secret),
            scopes: scopes.join(" "),
            made_at: At(key.made_at),
            expires_at: At(key.expires_at),
            used_at: key.used_at.map(At),
            made_by: key.made_by.map(Id::from),
        }
    }
}

impl TryFrom<Row> for ApiKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let unreadable = |error: UnknownName| StoreError::Failed(error.to_string());
        let scopes = row.scopes.split_whitespace().map(str::parse::<KeyScope>);
        Ok(Self {
            id: row.id.into(),
            business: row.business.into(),
            name: row.name,
            prefix: row.prefix,
            secret: digest(row.secret)?,
            scopes: scopes.collect::<Result<_, _>>().map_err(unreadable)?,
            made_at: row.made_at.0,
            expires_at: row.expires_at.0,
            used_at: row.used_at.map(|at| at.0),
            made_by: row.made_by.map(CitizenId::from),
        })
    }
}

impl ApiKeyRepository for Transaction<'_> {
    fn add_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        let row = Row::from(key);
        on!(self.connection(), |conn| diesel::insert_into(api_key::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn api_keys(&mut self, business: BusinessId) -> Result<Vec<ApiKey>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| api_key::table
            .filter(dsl::business.eq(Id::from(business)))
            .order((dsl::made_at, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(ApiKey::try_from).collect()
    }

    fn keys_made_by(&mut self, citizen: CitizenId) -> Result<Vec<ApiKey>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| api_key::table
            .filter(dsl::made_by.eq(Id::from(citizen)))
            .order((dsl::made_at, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(ApiKey::try_from).collect()
    }

    fn api_key_with(&mut self, prefix: &str) -> Result<Option<ApiKey>, StoreError> {
        on!(self.connection(), |conn| api_key::table
            .filter(dsl::prefix.eq(prefix))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?
        .map(ApiKey::try_from)
        .transpose()
    }

    fn note_key_use(&mut self, id: ApiKeyId, at: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self.connection(), |conn| kept(
            diesel::update(api_key::table.find(Id::from(id))).set(dsl::used_at.eq(At(at)))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn remove_api_key(&mut self, business: BusinessId, id: ApiKeyId) -> Result<bool, StoreError> {
        let of_business = dsl::business.eq(Id::from(business));
        let removed = on!(self.connection(), |conn| diesel::delete(
            api_key::table.find(Id::from(id)).filter(of_business)
        )
        .execute(conn))
        .map_err(store_error)?;
        Ok(removed == 1)
    }

    fn remove_api_keys(&mut self, business: BusinessId) -> Result<(), StoreError> {
        let of_business = api_key::table.filter(dsl::business.eq(Id::from(business)));
        on!(self.connection(), |conn| diesel::delete(of_business).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }
}
