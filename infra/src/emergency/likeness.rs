//! Which calls may be about the same thing.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Bool, Text},
};
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{EmergencyId, LikenessRepository, Trace, Vicinity},
    identity::policy::Scope,
    secret::Purpose,
    territory::Position,
};

use crate::{
    columns::{At, Id, bytes, sql},
    connection::{Connection, on},
    database::{Transaction, store_error},
    kept::kept,
    schema::{emergency, emergency_link, emergency_trace},
};

#[derive(AsChangeset, Insertable)]
#[diesel(table_name = emergency_trace, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    emergency_id: Id,
    version: i64,
    received_at: At,
    lat: Option<f64>,
    lon: Option<f64>,
    phone_digest: Option<Vec<u8>>,
}

/// Two emergencies that are linked.
#[derive(Clone, Copy, Queryable, QueryableByName)]
#[diesel(table_name = emergency_link)]
struct Pair {
    emergency_id: Id,
    other_id: Id,
}

/// The open ones that each of some is linked with, the first so many, in one statement.
const LINKED: &str = "SELECT one.id AS emergency_id, linked.other_id \
    FROM unnest($1) AS one (id) CROSS JOIN LATERAL ( \
        SELECT link.other_id FROM emergency_link AS link \
        JOIN emergency AS other ON other.id = link.other_id \
        WHERE link.emergency_id = one.id AND other.urgency IS NOT NULL \
            AND ($3 OR other.agency = ANY ($4)) \
        ORDER BY link.other_id LIMIT $2) AS linked";

/// The same of one emergency, where a statement costs no round trip.
fn linked_with(
    conn: &mut SqliteConnection,
    id: Id,
    scope: &Scope,
    most: i64,
) -> QueryResult<Vec<Pair>> {
    let mut pairs = emergency_link::table
        .inner_join(emergency::table.on(emergency::id.eq(emergency_link::other_id)))
        .filter(emergency_link::emergency_id.eq(id))
        .filter(emergency::urgency.is_not_null())
        .select((emergency_link::emergency_id, emergency_link::other_id))
        .into_boxed();
    if let Scope::Agencies(codes) = scope {
        pairs = pairs.filter(emergency::agency.eq_any(codes.iter().map(AgencyCode::as_str)));
    }
    kept(pairs.order(emergency_link::other_id).limit(most)).load(conn)
}

impl Transaction<'_> {
    /// By what a number is found without being kept.
    fn phone_digest(&mut self, trace: &Trace) -> Result<Option<Vec<u8>>, StoreError> {
        let vault = self.vault()?;
        Ok(trace.phone.as_ref().map(|phone| bytes(vault.digest(Purpose::Phone, phone))))
    }
}

impl LikenessRepository for Transaction<'_> {
    fn put_trace(&mut self, trace: &Trace) -> Result<bool, StoreError> {
        let id = Id::from(trace.id);
        let row = Row {
            emergency_id: id,
            version: trace.version,
            received_at: At(trace.received_at),
            lat: trace.place.map(Position::lat),
            lon: trace.place.map(Position::lon),
            phone_digest: self.phone_digest(trace)?,
        };
        let older =
            emergency_trace::table.find(id).filter(emergency_trace::version.lt(trace.version));
        let put = on!(self.connection(), |conn| diesel::insert_into(emergency_trace::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn)
            .and_then(|added| match added {
                0 => kept(diesel::update(older).set(&row)).execute(conn),
                added => Ok(added),
            }))
        .map_err(store_error)?;
        Ok(put == 1)
    }

    fn within(
        &mut self,
        vicinity: &Vicinity,
        limit: usize,
    ) -> Result<Vec<EmergencyId>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let phone = self.phone_digest(&vicinity.of)?;
        let (from, until) = vicinity.time;
        let (north, east) = vicinity.reach;
        let about = emergency_trace::table
            .filter(emergency_trace::received_at.between(At(from), At(until)))
            .order(emergency_trace::received_at.desc())
            .select(emergency_trace::emergency_id)
            .limit(limit);
        let mut found: Vec<Id> = Vec::new();
        if phone.is_some() {
            let same = about.filter(emergency_trace::phone_digest.eq(phone));
            found
                .extend(on!(self.connection(), |conn| same.load::<Id>(conn)).map_err(store_error)?);
        }
        if let Some(place) = vicinity.of.place {
            let (lat, lon) = (place.lat(), place.lon());
            let near = about
                .filter(emergency_trace::lat.between(lat - north, lat + north))
                .filter(emergency_trace::lon.between(lon - east, lon + east));
            found
                .extend(on!(self.connection(), |conn| near.load::<Id>(conn)).map_err(store_error)?);
        }
        found.sort_by_key(|id| id.0);
        found.dedup();
        let own = Id::from(vicinity.of.id);
        Ok(found.into_iter().filter(|id| *id != own).map(EmergencyId::from).collect())
    }

    fn link(&mut self, one: EmergencyId, other: EmergencyId) -> Result<bool, StoreError> {
        let pair = |from: EmergencyId, to: EmergencyId| {
            (
                emergency_link::emergency_id.eq(Id::from(from)),
                emergency_link::other_id.eq(Id::from(to)),
            )
        };
        let pairs = vec![pair(one, other), pair(other, one)];
        let added = on!(self.connection(), |conn| diesel::insert_into(emergency_link::table)
            .values(&pairs)
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        Ok(added > 0)
    }

    fn linked(
        &mut self,
        ids: &[EmergencyId],
        scope: &Scope,
        most: usize,
    ) -> Result<Vec<(EmergencyId, EmergencyId)>, StoreError> {
        let ids: Vec<Id> = ids.iter().copied().map(Id::from).collect();
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let pairs: Vec<Pair> = match self.connection() {
            Connection::Sqlite(conn) => {
                let pairs = ids.into_iter().map(|id| linked_with(conn, id, scope, most));
                pairs.collect::<Result<Vec<_>, _>>().map(|pairs| pairs.concat())
            }
            Connection::Postgres(conn) => {
                let (all, codes) = match scope {
                    Scope::Agencies(codes) => {
                        (false, codes.iter().map(AgencyCode::as_str).collect())
                    }
                    Scope::Everything => (true, Vec::new()),
                };
                let pairs =
                    sql_query(LINKED).bind::<Array<sql::Id>, _>(ids).bind::<BigInt, _>(most);
                let pairs = pairs.bind::<Bool, _>(all).bind::<Array<Text>, _>(codes);
                kept(pairs).load(conn)
            }
        }
        .map_err(store_error)?;
        Ok(pairs.iter().map(|pair| (pair.emergency_id.into(), pair.other_id.into())).collect())
    }

    fn forget_traces(&mut self, at: DateTime<Utc>, limit: usize) -> Result<usize, StoreError> {
        let old = emergency_trace::table
            .filter(emergency_trace::received_at.lt(At(at)))
            .select(emergency_trace::emergency_id)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        let old: Vec<Id> = on!(self.connection(), |conn| old.load(conn)).map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_trace::table.filter(emergency_trace::emergency_id.eq_any(old))
        )
        .execute(conn))
        .map_err(store_error)
    }
}
