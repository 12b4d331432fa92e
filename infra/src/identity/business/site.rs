//! Where businesses are.

use diesel::prelude::*;
use domain::{
    StoreError,
    identity::business::{BusinessId, Site, SiteId, SiteRepository},
    territory::{CommuneCode, Position},
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::business_site::{self, dsl},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = business_site, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    name: String,
    commune: AsText<CommuneCode>,
    address: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    added_at: At,
}

impl From<&Site> for Row {
    fn from(site: &Site) -> Self {
        Self {
            id: site.id.into(),
            name: site.name.clone(),
            commune: AsText(site.commune),
            address: site.address.clone(),
            lat: site.position.map(Position::lat),
            lon: site.position.map(Position::lon),
            added_at: At(site.added_at),
        }
    }
}

impl From<Row> for Site {
    fn from(row: Row) -> Self {
        let position = row.lat.zip(row.lon).and_then(|(lat, lon)| Position::new(lat, lon).ok());
        Self {
            id: row.id.into(),
            name: row.name,
            commune: row.commune.0,
            address: row.address,
            position,
            added_at: row.added_at.0,
        }
    }
}

impl SiteRepository for Transaction<'_> {
    fn add_site(&mut self, business: BusinessId, site: &Site) -> Result<(), StoreError> {
        let row = (Row::from(site), dsl::business.eq(Id::from(business)));
        on!(self.connection(), |conn| diesel::insert_into(business_site::table)
            .values(row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn sites(&mut self, business: BusinessId) -> Result<Vec<Site>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| business_site::table
            .filter(dsl::business.eq(Id::from(business)))
            .order((dsl::added_at, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Site::from).collect())
    }

    fn remove_site(&mut self, business: BusinessId, site: SiteId) -> Result<bool, StoreError> {
        let of_business = dsl::business.eq(Id::from(business));
        let removed = on!(self.connection(), |conn| diesel::delete(
            business_site::table.find(Id::from(site)).filter(of_business)
        )
        .execute(conn))
        .map_err(store_error)?;
        Ok(removed == 1)
    }
}
