//! Agencies that were added or changed, in the store.

use diesel::{connection::SimpleConnection as _, prelude::*};
use domain::{
    StoreError,
    directory::{Agency, AgencyCode, AgencyKind, AgencyRepository, Area},
};

use crate::{
    columns::AsText,
    connection::{Connection, on},
    database::{Transaction, store_error},
    schema::agency,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = agency,
    primary_key(code),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
struct Row {
    code: AsText<AgencyCode>,
    parent: Option<AsText<AgencyCode>>,
    name: String,
    kind: AsText<AgencyKind>,
    phone: Option<String>,
    area: AsText<Area>,
    version: i64,
    kinds: String,
}

impl From<&Agency> for Row {
    fn from(agency: &Agency) -> Self {
        Self {
            code: AsText(agency.code.clone()),
            parent: agency.parent.clone().map(AsText),
            name: agency.name.clone(),
            kind: AsText(agency.kind),
            phone: agency.phone.clone(),
            area: AsText(agency.area.clone()),
            version: agency.version,
            kinds: agency.kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" "),
        }
    }
}

impl From<Row> for Agency {
    fn from(row: Row) -> Self {
        Self {
            code: row.code.0,
            parent: row.parent.map(|parent| parent.0),
            name: row.name,
            kind: row.kind.0,
            phone: row.phone,
            area: row.area.0,
            kinds: row.kinds.split_whitespace().filter_map(|kind| kind.parse().ok()).collect(),
            version: row.version,
        }
    }
}

impl AgencyRepository for Transaction<'_> {
    fn changed_agencies(&mut self) -> Result<Vec<Agency>, StoreError> {
        on!(self.connection(), |conn| agency::table.select(Row::as_select()).load(conn))
            .map(|rows| rows.into_iter().map(Agency::from).collect())
            .map_err(store_error)
    }

    fn hold_agencies(&mut self) -> Result<Vec<Agency>, StoreError> {
        match self.connection() {
            // There is one writer at a time.
            Connection::Sqlite(_) => {}
            Connection::Postgres(conn) => conn
                .batch_execute("LOCK TABLE agency IN SHARE ROW EXCLUSIVE MODE")
                .map_err(store_error)?,
        }
        self.changed_agencies()
    }

    fn put_agency(&mut self, agency: &Agency, from: i64) -> Result<(), StoreError> {
        let row = Row::from(agency);
        let code = AsText(agency.code.clone());
        let put = if from == 0 {
            on!(self.connection(), |conn| diesel::insert_into(agency::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(conn))
        } else {
            on!(self.connection(), |conn| diesel::update(agency::table.find(code))
                .filter(agency::version.eq(from))
                .set(&row)
                .execute(conn))
        };
        match put.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }
}
