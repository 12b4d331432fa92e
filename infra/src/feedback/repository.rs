//! Reports in the store.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{
        Circle, FeedbackRepository, ListKey, QueueFilter, QueueKey, QueueStretch, Report, ReportId,
        Status, Stretch, Task, TrackingCode, Version,
    },
    identity::{CitizenId, StaffId},
    page::Page,
};

use super::{queue::WAITING, row::Row};
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::feedback_report::{self, dsl},
};

/// How many of somebody's own reports are measured for a circle.
const CANDIDATES: i64 = 100;

impl FeedbackRepository for Transaction<'_> {
    fn insert(&mut self, report: &Report) -> Result<bool, StoreError> {
        let row = Row::from(report);
        let added = on!(self.connection(), |conn| diesel::insert_into(feedback_report::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn));
        added.map(|rows| rows == 1).map_err(store_error)
    }

    fn save(&mut self, report: &Report, version: Version) -> Result<(), StoreError> {
        let row = Row::from(report);
        let unchanged = dsl::id.eq(Id::from(report.id)).and(dsl::version.eq(version.0));
        let saved = on!(self.connection(), |conn| kept(
            diesel::update(feedback_report::table).filter(unchanged).set(&row)
        )
        .execute(conn));
        match saved.map_err(store_error)? {
            0 => Err(StoreError::Stale),
            _ => Ok(()),
        }
    }

    fn find(&mut self, id: ReportId) -> Result<Option<Report>, StoreError> {
        let row: Option<Row> = on!(self.connection(), |conn| feedback_report::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(Report::try_from).transpose()
    }

    fn find_by_code(&mut self, code: &TrackingCode) -> Result<Option<Report>, StoreError> {
        let row: Option<Row> = on!(self.connection(), |conn| feedback_report::table
            .filter(dsl::code.eq(code.as_str()))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        row.map(Report::try_from).transpose()
    }

    fn own_near(
        &mut self,
        citizen: CitizenId,
        category: &str,
        circle: Circle,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<(Report, f64)>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| feedback_report::table
            .select(Row::as_select())
            .filter(dsl::reporter.eq(Id::from(citizen)))
            .filter(dsl::submitted_at.ge(At(since)))
            .filter(dsl::category.eq(category))
            .order(dsl::submitted_at.desc())
            .limit(CANDIDATES)
            .load(conn))
        .map_err(store_error)?;
        let mut near = rows
            .into_iter()
            .map(Report::try_from)
            .filter_map(|report| report.map(|report| measured(circle, report)).transpose())
            .collect::<Result<Vec<_>, _>>()?;
        near.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        near.truncate(limit);
        Ok(near)
    }

    fn of_citizen(
        &mut self,
        citizen: CitizenId,
        stretch: Stretch,
    ) -> Result<Page<Report, ListKey>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| {
            let mut query = feedback_report::table
                .select(Row::as_select())
                .filter(dsl::reporter.eq(Id::from(citizen)))
                .into_boxed();
            if let Some(ListKey { at, id }) = stretch.after {
                query = query
                    .filter(dsl::submitted_at.le(At(at)))
                    .filter(dsl::submitted_at.lt(At(at)).or(dsl::id.lt(Id::from(id))));
            }
            query
                .order((dsl::submitted_at.desc(), dsl::id.desc()))
                .limit(one_more(stretch))
                .load(conn)
        })
        .map_err(store_error)?;
        page(rows, stretch, |report| report.submitted_at)
    }

    fn queue(
        &mut self,
        filter: &QueueFilter,
        stretch: QueueStretch,
    ) -> Result<Page<Report, QueueKey>, StoreError> {
        self.stretch_of_queue(filter, stretch)
    }

    fn tasks(&mut self, officer: StaffId, limit: usize) -> Result<Vec<Task>, StoreError> {
        let rows: Vec<(AsText<Status>, String, At)> =
            on!(self.connection(), |conn| feedback_report::table
                .select((dsl::status, dsl::category, dsl::due_at))
                .filter(dsl::assignee.eq(Id::from(officer)))
                .filter(sql::<Bool>(WAITING))
                .limit(i64::try_from(limit).unwrap_or(i64::MAX))
                .load(conn))
            .map_err(store_error)?;
        let task = |(status, category, due_at): (AsText<Status>, String, At)| Task {
            status: status.0,
            category,
            due_at: due_at.0,
        };
        Ok(rows.into_iter().map(task).collect())
    }

    fn waiting_since(
        &mut self,
        status: Status,
        instant: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Report>, StoreError> {
        // Spelt out, not bound: only so the partial index is used.
        let waiting = sql::<Bool>(&format!("status = '{status}'"));
        let rows: Vec<Row> = on!(self.connection(), |conn| feedback_report::table
            .select(Row::as_select())
            .filter(waiting)
            .filter(dsl::status_since.le(At(instant)))
            .order(dsl::status_since)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Report::try_from).collect()
    }

    fn alarms_due(&mut self, at: DateTime<Utc>, limit: usize) -> Result<Vec<Report>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| feedback_report::table
            .select(Row::as_select())
            .filter(dsl::alarm_at.le(At(at)))
            .order(dsl::alarm_at)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Report::try_from).collect()
    }

    fn answered(
        &mut self,
        category: &str,
        agency: &AgencyCode,
        since: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<TimeDelta>, StoreError> {
        let rows: Vec<(At, Option<At>)> = on!(self.connection(), |conn| feedback_report::table
            .select((dsl::submitted_at, dsl::resolved_at))
            .filter(dsl::category.eq(category))
            .filter(dsl::agency.eq(agency.as_str()))
            .filter(dsl::resolved_at.ge(At(since)))
            .order(dsl::resolved_at.desc())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn))
        .map_err(store_error)?;
        let took = |(from, until): (At, Option<At>)| until.map(|until| until.0 - from.0);
        Ok(rows.into_iter().filter_map(took).collect())
    }

    fn followers(&mut self, leading: ReportId) -> Result<Vec<Report>, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| feedback_report::table
            .select(Row::as_select())
            .filter(dsl::merged_into.eq(Id::from(leading)))
            .order(dsl::id)
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(Report::try_from).collect()
    }
}

/// One row more than asked for, to see whether more follow.
pub(super) fn one_more(stretch: Stretch) -> i64 {
    i64::try_from(stretch.limit).unwrap_or(i64::MAX).saturating_add(1)
}

pub(super) fn page(
    rows: Vec<Row>,
    stretch: Stretch,
    at: impl Fn(&Report) -> DateTime<Utc>,
) -> Result<Page<Report, ListKey>, StoreError> {
    let reports = rows.into_iter().map(Report::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(reports, stretch.limit, |last| ListKey { at: at(last), id: last.id }))
}

/// `report` with its distance from the middle of `circle`, if it lies in it.
fn measured(circle: Circle, report: Report) -> Option<(Report, f64)> {
    let metres = circle.centre.distance_m(report.position?);
    (metres <= circle.radius_m).then(|| (report, metres.round()))
}
