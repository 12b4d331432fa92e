//! Units in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{CrewMember, Fix, Unit, UnitId, UnitRepository},
    identity::{InvalidPhone, Phone, StaffId, policy::Scope},
};

use super::{read, written};
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::{
        staff_member,
        unit::{self, dsl},
        unit_crew,
    },
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = unit)]
struct Row {
    id: Id,
    version: i64,
    agency: AsText<AgencyCode>,
    name: String,
    capabilities: String,
    duty_phone: Option<String>,
    labels: String,
    retired: bool,
    on_shift_since: Option<At>,
    position: Option<String>,
}

/// What an edit writes: neither shift nor position.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = unit, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Edit {
    id: Id,
    version: i64,
    agency: AsText<AgencyCode>,
    name: String,
    capabilities: String,
    duty_phone: Option<String>,
    labels: String,
    retired: bool,
}

impl Edit {
    fn of(unit: &Unit) -> Result<Self, StoreError> {
        Ok(Self {
            id: unit.id.into(),
            version: unit.version,
            agency: AsText(unit.agency.clone()),
            name: unit.name.clone(),
            capabilities: written(&unit.capabilities)?,
            duty_phone: unit.duty_phone.as_ref().map(Phone::e164),
            labels: written(&unit.labels)?,
            retired: unit.retired,
        })
    }
}

impl Row {
    fn unit(self, crews: &[(Id, CrewMember)]) -> Result<Unit, StoreError> {
        let own = crews.iter().filter(|(unit, _)| *unit == self.id);
        let number = |error: InvalidPhone| StoreError::Failed(error.to_string());
        Ok(Unit {
            id: self.id.into(),
            version: self.version,
            agency: self.agency.0,
            name: self.name,
            capabilities: read(&self.capabilities)?,
            crew: own.map(|(_, member)| member.clone()).collect(),
            duty_phone: self.duty_phone.map(|phone| phone.parse()).transpose().map_err(number)?,
            labels: read(&self.labels)?,
            retired: self.retired,
            on_shift_since: self.on_shift_since.map(|at| at.0),
            position: self.position.as_deref().map(read).transpose()?,
        })
    }
}

impl UnitRepository for Transaction<'_> {
    fn unit(&mut self, id: UnitId) -> Result<Option<Unit>, StoreError> {
        let rows = on!(self.connection(), |conn| unit::table
            .filter(dsl::id.eq(Id::from(id)))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(self.with_crews(rows)?.pop())
    }

    fn units(&mut self, scope: &Scope) -> Result<Vec<Unit>, StoreError> {
        let rows = on!(self.connection(), |conn| {
            let used = unit::table
                .filter(dsl::retired.eq(false))
                .order((dsl::name, dsl::id))
                .select(Row::as_select());
            match scope {
                Scope::Everything => used.load(conn),
                Scope::Agencies(codes) => {
                    used.filter(dsl::agency.eq_any(codes.iter().map(AgencyCode::as_str))).load(conn)
                }
            }
        })
        .map_err(store_error)?;
        self.with_crews(rows)
    }

    fn units_of(&mut self, staff: StaffId) -> Result<Vec<Unit>, StoreError> {
        let rows = on!(self.connection(), |conn| unit::table
            .filter(dsl::retired.eq(false))
            .filter(
                dsl::id.eq_any(
                    unit_crew::table
                        .filter(unit_crew::staff.eq(Id::from(staff)))
                        .select(unit_crew::unit)
                )
            )
            .order((dsl::name, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        self.with_crews(rows)
    }

    fn put_unit(&mut self, unit: &Unit, from: i64) -> Result<(), StoreError> {
        let row = Edit::of(unit)?;
        let put = if from == 0 {
            on!(self.connection(), |conn| diesel::insert_into(unit::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(conn))
        } else {
            on!(self.connection(), |conn| kept(
                diesel::update(unit::table.find(row.id)).filter(dsl::version.eq(from)).set(&row)
            )
            .execute(conn))
        };
        match put.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => self.put_crew(unit),
        }
    }

    fn put_shift(&mut self, id: UnitId, since: Option<DateTime<Utc>>) -> Result<(), StoreError> {
        on!(self.connection(), |conn| kept(
            diesel::update(unit::table.find(Id::from(id)))
                .set(dsl::on_shift_since.eq(since.map(At)))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn put_position(&mut self, id: UnitId, fix: &Fix) -> Result<bool, StoreError> {
        let (position, at) = (written(fix)?, At(fix.fixed_at));
        let put = on!(self.connection(), |conn| kept(
            diesel::update(unit::table.find(Id::from(id)))
                .filter(dsl::position_at.is_null().or(dsl::position_at.assume_not_null().lt(at)))
                .set((dsl::position.eq(&position), dsl::position_at.eq(at)))
        )
        .execute(conn))
        .map_err(store_error)?;
        Ok(put == 1)
    }
}

impl Transaction<'_> {
    /// The units in `rows`, each with its crew.
    fn with_crews(&mut self, rows: Vec<Row>) -> Result<Vec<Unit>, StoreError> {
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        let crews: Vec<(Id, Id, String)> = on!(self.connection(), |conn| unit_crew::table
            .inner_join(staff_member::table.on(staff_member::id.eq(unit_crew::staff)))
            .filter(unit_crew::unit.eq_any(&ids))
            .order(staff_member::username)
            .select((unit_crew::unit, staff_member::id, staff_member::username))
            .load(conn))
        .map_err(store_error)?;
        let member =
            |(unit, id, username): (Id, Id, String)| (unit, CrewMember { id: id.into(), username });
        let crews: Vec<_> = crews.into_iter().map(member).collect();
        rows.into_iter().map(|row| row.unit(&crews)).collect()
    }

    fn put_crew(&mut self, unit: &Unit) -> Result<(), StoreError> {
        let id = Id::from(unit.id);
        let member = |member: &CrewMember| {
            (unit_crew::unit.eq(id), unit_crew::staff.eq(Id::from(member.id)))
        };
        let crew: Vec<_> = unit.crew.iter().map(member).collect();
        on!(self.connection(), |conn| {
            diesel::delete(unit_crew::table.filter(unit_crew::unit.eq(id)))
                .execute(conn)
                .and_then(|_| diesel::insert_into(unit_crew::table).values(&crew).execute(conn))
        })
        .map(|_| ())
        .map_err(store_error)
    }
}
