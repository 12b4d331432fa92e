//! Units that were sent, in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{
        Assignment, AssignmentId, AssignmentRepository, AssignmentStatus, EmergencyId, UnitId,
    },
};

use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::assignment::{self, dsl},
};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = assignment, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: Id,
    version: i64,
    emergency_id: Id,
    unit: Id,
    status: AsText<AssignmentStatus>,
    forced: bool,
    assigned_by: Id,
    assigned_at: At,
    seen_at: Option<At>,
    acknowledged_at: Option<At>,
    en_route_at: Option<At>,
    on_scene_at: Option<At>,
    ended_at: Option<At>,
    reason: Option<String>,
    text_at: Option<At>,
    answer_by: Option<At>,
}

impl Row {
    /// The row of `assignment`, in the version that it will have when it is stored.
    fn of(assignment: &Assignment, version: i64) -> Self {
        Self {
            id: assignment.id.into(),
            version,
            emergency_id: assignment.emergency.into(),
            unit: assignment.unit.into(),
            status: AsText(assignment.status),
            forced: assignment.forced,
            assigned_by: assignment.assigned_by.into(),
            assigned_at: At(assignment.assigned_at),
            seen_at: assignment.seen_at.map(At),
            acknowledged_at: assignment.acknowledged_at.map(At),
            en_route_at: assignment.en_route_at.map(At),
            on_scene_at: assignment.on_scene_at.map(At),
            ended_at: assignment.ended_at.map(At),
            reason: assignment.reason.clone(),
            text_at: assignment.text_at.map(At),
            answer_by: assignment.answer_by.map(At),
        }
    }
}

impl From<Row> for Assignment {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            version: row.version,
            emergency: row.emergency_id.into(),
            unit: row.unit.into(),
            status: row.status.0,
            forced: row.forced,
            assigned_by: row.assigned_by.into(),
            assigned_at: row.assigned_at.0,
            seen_at: row.seen_at.map(|at| at.0),
            acknowledged_at: row.acknowledged_at.map(|at| at.0),
            en_route_at: row.en_route_at.map(|at| at.0),
            on_scene_at: row.on_scene_at.map(|at| at.0),
            ended_at: row.ended_at.map(|at| at.0),
            reason: row.reason,
            text_at: row.text_at.map(|at| at.0),
            answer_by: row.answer_by.map(|at| at.0),
        }
    }
}

impl AssignmentRepository for Transaction<'_> {
    fn add_assignment(&mut self, assignment: &Assignment) -> Result<bool, StoreError> {
        let row = Row::of(assignment, assignment.version);
        let added = on!(self.connection(), |conn| diesel::insert_into(assignment::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        Ok(added == 1)
    }

    fn assignment(&mut self, id: AssignmentId) -> Result<Option<Assignment>, StoreError> {
        let row: Option<Row> = on!(self.connection(), |conn| assignment::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(row.map(Assignment::from))
    }

    fn save_assignment(&mut self, assignment: &mut Assignment) -> Result<(), StoreError> {
        let (read, next) = (assignment.version, assignment.version + 1);
        let row = Row::of(assignment, next);
        let saved = on!(self.connection(), |conn| kept(
            diesel::update(assignment::table.find(row.id).filter(dsl::version.eq(read))).set(&row)
        )
        .execute(conn))
        .map_err(store_error)?;
        if saved == 0 {
            return Err(StoreError::Stale);
        }
        assignment.version = next;
        Ok(())
    }

    fn assignments_to(&mut self, emergency: EmergencyId) -> Result<Vec<Assignment>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| assignment::table
            .filter(dsl::emergency_id.eq(Id::from(emergency)))
            .order((dsl::assigned_at, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Assignment::from).collect())
    }

    fn active_assignments(&mut self, units: &[UnitId]) -> Result<Vec<Assignment>, StoreError> {
        let ids = units.iter().copied().map(Id::from);
        let rows: Vec<Row> = on!(self.connection(), |conn| assignment::table
            .filter(dsl::unit.eq_any(ids))
            .filter(dsl::ended_at.is_null())
            .order((dsl::assigned_at, dsl::id))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Assignment::from).collect())
    }

    fn unseen_assignments(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Assignment>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| assignment::table
            .filter(dsl::text_at.le(At(at)))
            .order((dsl::text_at, dsl::id))
            .select(Row::as_select())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Assignment::from).collect())
    }

    fn unanswered_assignments(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Assignment>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| assignment::table
            .filter(dsl::answer_by.le(At(at)))
            .order((dsl::answer_by, dsl::id))
            .select(Row::as_select())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(Assignment::from).collect())
    }
}
