//! Column types that both stores keep natively, so that one schema serves both.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use diesel::{
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{BigInt, Binary, Text, Timestamptz, Uuid as PgUuid},
    sqlite::{Sqlite, SqliteValue},
};
use domain::{StoreError, secret::Digest};
use uuid::Uuid;

/// The SQL side of the column types.
pub mod sql {
    use diesel::{
        query_builder::QueryId,
        sql_types::{SqlOrd, SqlType},
    };

    /// `timestamptz` on PostgreSQL, integer microseconds since 1970 on SQLite.
    #[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
    #[diesel(sqlite_type(name = "Long"), postgres_type(oid = 1184, array_oid = 1185))]
    pub struct At;

    impl SqlOrd for At {}

    /// `uuid` on PostgreSQL, 16 bytes on SQLite.
    #[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
    #[diesel(sqlite_type(name = "Binary"), postgres_type(oid = 2950, array_oid = 2951))]
    pub struct Id;

    impl SqlOrd for Id {}
}

/// An instant in a column.
#[derive(AsExpression, Clone, Copy, Debug, FromSqlRow, PartialEq, Eq, PartialOrd, Ord)]
#[diesel(sql_type = sql::At)]
pub struct At(pub DateTime<Utc>);

impl ToSql<sql::At, Sqlite> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.timestamp_micros());
        Ok(IsNull::No)
    }
}

impl ToSql<sql::At, Pg> for At {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Timestamptz, Pg>::to_sql(&self.0, out)
    }
}

impl FromSql<sql::At, Sqlite> for At {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        DateTime::from_timestamp_micros(micros)
            .map(Self)
            .ok_or_else(|| format!("{micros} microseconds are out of range").into())
    }
}

impl FromSql<sql::At, Pg> for At {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        FromSql::<Timestamptz, Pg>::from_sql(value).map(Self)
    }
}

/// A UUID in a column.
#[derive(AsExpression, Clone, Copy, Debug, FromSqlRow, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[diesel(sql_type = sql::Id)]
pub struct Id(pub Uuid);

impl<T> From<domain::Id<T>> for Id {
    fn from(id: domain::Id<T>) -> Self {
        Self(id.uuid())
    }
}

impl<T> From<Id> for domain::Id<T> {
    fn from(id: Id) -> Self {
        id.0.into()
    }
}

impl ToSql<sql::Id, Sqlite> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}

impl ToSql<sql::Id, Pg> for Id {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<PgUuid, Pg>::to_sql(&self.0, out)
    }
}

impl FromSql<sql::Id, Sqlite> for Id {
    fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        Ok(Self(Uuid::from_slice(&bytes)?))
    }
}

impl FromSql<sql::Id, Pg> for Id {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        FromSql::<PgUuid, Pg>::from_sql(value).map(Self)
    }
}

/// A value in a text column, in the form that it displays and parses.
#[derive(AsExpression, Clone, Debug, FromSqlRow, PartialEq, Eq)]
#[diesel(sql_type = Text)]
pub struct AsText<T: fmt::Debug>(pub T);

impl<T: fmt::Debug + fmt::Display> ToSql<Text, Sqlite> for AsText<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}

impl<T: fmt::Debug + fmt::Display> ToSql<Text, Pg> for AsText<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        use std::io::Write as _;
        write!(out, "{}", self.0)?;
        Ok(IsNull::No)
    }
}

impl<T, DB> FromSql<Text, DB> for AsText<T>
where
    DB: diesel::backend::Backend,
    String: FromSql<Text, DB>,
    T: fmt::Debug + FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(String::from_sql(value)?.parse()?))
    }
}
/// A digest as a column keeps it.
pub(crate) fn bytes(digest: Digest) -> Vec<u8> {
    digest.0.to_vec()
}

/// The digest that a column keeps.
pub(crate) fn digest(bytes: Vec<u8>) -> Result<Digest, StoreError> {
    bytes
        .try_into()
        .map(Digest)
        .map_err(|_| StoreError::Failed("a digest has the wrong length".to_owned()))
}
