//! The records of emergencies in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    emergency::{EmergencyId, Kind, Part, Priority, Record, RecordRepository, Status},
    event::{Position, RecordedEvent, Topic},
    identity::policy::Scope,
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::{emergency, emergency_record, event_bookmark, legal_hold},
};

/// The name of the bookmark.
const READER: &str = "emergency_record";

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = emergency_record, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    emergency_id: Id,
    received_at: At,
    status: AsText<Status>,
    kind: Option<AsText<Kind>>,
    priority: AsText<Priority>,
    agency: AsText<AgencyCode>,
    drill: bool,
    claimed_at: Option<At>,
    dispatched_at: Option<At>,
    en_route_at: Option<At>,
    on_scene_at: Option<At>,
    ended_at: Option<At>,
    disposition: Option<String>,
    // When something happens anew, what was taken may be there again: it is taken again in time.
    locations_taken_at: Option<At>,
    medical_taken_at: Option<At>,
    words_taken_at: Option<At>,
}

impl From<&Record> for Row {
    fn from(record: &Record) -> Self {
        Self {
            emergency_id: record.emergency.into(),
            received_at: At(record.received_at),
            status: AsText(record.status),
            kind: record.kind.map(AsText),
            priority: AsText(record.priority),
            agency: AsText(record.agency.clone()),
            drill: record.drill,
            claimed_at: record.claimed_at.map(At),
            dispatched_at: record.dispatched_at.map(At),
            en_route_at: record.en_route_at.map(At),
            on_scene_at: record.on_scene_at.map(At),
            ended_at: record.ended_at.map(At),
            disposition: record.disposition.clone(),
            locations_taken_at: None,
            medical_taken_at: None,
            words_taken_at: None,
        }
    }
}

impl From<Row> for Record {
    fn from(row: Row) -> Self {
        Self {
            emergency: row.emergency_id.into(),
            received_at: row.received_at.0,
            status: row.status.0,
            kind: row.kind.map(|kind| kind.0),
            priority: row.priority.0,
            agency: row.agency.0,
            drill: row.drill,
            claimed_at: row.claimed_at.map(|at| at.0),
            dispatched_at: row.dispatched_at.map(|at| at.0),
            en_route_at: row.en_route_at.map(|at| at.0),
            on_scene_at: row.on_scene_at.map(|at| at.0),
            ended_at: row.ended_at.map(|at| at.0),
            disposition: row.disposition,
        }
    }
}

impl RecordRepository for Transaction<'_> {
    fn records_read_to(&mut self) -> Result<Position, StoreError> {
        let position: Option<i64> = on!(self.connection(), |conn| event_bookmark::table
            .find(READER)
            .select(event_bookmark::position)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(Position(position.unwrap_or_default()))
    }

    fn mark_records_read(&mut self, from: Position, to: Position) -> Result<(), StoreError> {
        let (reader, position) = (event_bookmark::reader, event_bookmark::position);
        on!(self.connection(), |conn| diesel::insert_into(event_bookmark::table)
            .values((reader.eq(READER), position.eq(0_i64)))
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        let standing = event_bookmark::table.find(READER).filter(position.eq(from.0));
        let moved =
            on!(self.connection(), |conn| kept(diesel::update(standing).set(position.eq(to.0)))
                .execute(conn))
            .map_err(store_error)?;
        if moved == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }

    fn emergency_events(
        &mut self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<RecordedEvent>, StoreError> {
        self.recorded_after(after, Topic::Emergency, i64::try_from(limit).unwrap_or(i64::MAX))
    }

    fn records_of(&mut self, some: &[EmergencyId]) -> Result<Vec<Record>, StoreError> {
        let some = some.iter().copied().map(Id::from);
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency_record::table
            .filter(emergency_record::emergency_id.eq_any(some))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Record::from).collect())
    }

    fn save_records(&mut self, records: &[Record]) -> Result<(), StoreError> {
        for row in records.iter().map(Row::from) {
            on!(self.connection(), |conn| diesel::insert_into(emergency_record::table)
                .values(&row)
                .on_conflict(emergency_record::emergency_id)
                .do_update()
                .set(&row)
                .execute(conn))
            .map_err(store_error)?;
        }
        Ok(())
    }

    fn records_between(
        &mut self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        agencies: &Scope,
    ) -> Result<Vec<Record>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| {
            let received = emergency_record::table
                .filter(emergency_record::received_at.ge(At(from)))
                .filter(emergency_record::received_at.lt(At(to)))
                .select(Row::as_select());
            match agencies {
                Scope::Everything => received.load(conn),
                Scope::Agencies(codes) => received
                    .filter(emergency_record::agency.eq_any(codes.iter().map(AgencyCode::as_str)))
                    .load(conn),
            }
        })
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Record::from).collect())
    }

    fn due_to_lose(
        &mut self,
        part: Part,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<EmergencyId>, StoreError> {
        use emergency_record::dsl;
        let held = self.held_emergencies()?;
        let ids: Vec<Id> = on!(self.connection(), |conn| {
            let ended = dsl::emergency_record
                .filter(dsl::ended_at.le(At(at)))
                .filter(dsl::emergency_id.ne_all(held))
                .order(dsl::ended_at)
                .select(dsl::emergency_id)
                .limit(i64::try_from(limit).unwrap_or(i64::MAX));
            match part {
                Part::Locations => ended.filter(dsl::locations_taken_at.is_null()).load(conn),
                Part::Medical => ended.filter(dsl::medical_taken_at.is_null()).load(conn),
                Part::Words => ended.filter(dsl::words_taken_at.is_null()).load(conn),
            }
        })
        .map_err(store_error)?;
        Ok(ids.into_iter().map(EmergencyId::from).collect())
    }

    fn take_part(
        &mut self,
        part: Part,
        some: &[EmergencyId],
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        use emergency_record::dsl;
        let some: Vec<Id> = some.iter().copied().map(Id::from).collect();
        match part {
            Part::Locations => self.erase_places_of(&some)?,
            Part::Medical => self.erase_medical_of(&some)?,
            Part::Words => self.erase_words_of(&some)?,
        }
        on!(self.connection(), |conn| {
            let records =
                diesel::update(emergency_record::table.filter(dsl::emergency_id.eq_any(&some)));
            match part {
                Part::Locations => records.set(dsl::locations_taken_at.eq(At(at))).execute(conn),
                Part::Medical => records.set(dsl::medical_taken_at.eq(At(at))).execute(conn),
                Part::Words => records.set(dsl::words_taken_at.eq(At(at))).execute(conn),
            }
        })
        .map(|_| ())
        .map_err(store_error)
    }
}

impl Transaction<'_> {
    /// The emergencies that legal holds name, or whose callers they name.
    fn held_emergencies(&mut self) -> Result<Vec<Id>, StoreError> {
        let standing = || {
            legal_hold::table.filter(legal_hold::lifted_at.is_null()).select(legal_hold::subject)
        };
        let mut held: Vec<Id> =
            on!(self.connection(), |conn| standing().load(conn)).map_err(store_error)?;
        let of_people = emergency::table
            .filter(emergency::citizen.assume_not_null().eq_any(standing()))
            .select(emergency::id);
        let theirs: Vec<Id> =
            on!(self.connection(), |conn| of_people.load(conn)).map_err(store_error)?;
        held.extend(theirs);
        Ok(held)
    }
}
