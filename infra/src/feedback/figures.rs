//! What of reports is counted, in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{Counted, Course, FigureRepository, Selection, Status},
    identity::{CitizenId, policy::Scope},
    territory::CommuneCode,
};

use super::row::unreadable;
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{
        feedback_public,
        feedback_report::{self, dsl},
    },
};

/// What of a report counts, as a row: not its words.
#[derive(Queryable, Selectable)]
#[diesel(table_name = feedback_report)]
pub(super) struct CountedRow {
    category: String,
    commune: Option<AsText<CommuneCode>>,
    agency: AsText<AgencyCode>,
    status: AsText<Status>,
    status_since: At,
    submitted_at: At,
    due_at: At,
    resolved_at: Option<At>,
    course: String,
}

impl CountedRow {
    /// What counts, and the course that the report took.
    pub(super) fn read(self) -> Result<(Counted, Course), StoreError> {
        let course: Course =
            serde_json::from_str(&self.course).map_err(|error| unreadable(&error))?;
        let counted = Counted {
            category: self.category,
            commune: self.commune.map(|commune| commune.0),
            agency: self.agency.0,
            status: self.status.0,
            status_since: self.status_since.0,
            submitted_at: self.submitted_at.0,
            due_at: self.due_at.0,
            resolved_at: self.resolved_at.map(|at| at.0),
            extended: course.extended_from.is_some(),
            reopened: course.reopened > 0,
            stars: course.rating.map(|rating| rating.stars),
        };
        Ok((counted, course))
    }
}

impl FigureRepository for Transaction<'_> {
    fn counted(
        &mut self,
        selection: &Selection,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Counted>, StoreError> {
        let rows: Vec<CountedRow> = on!(self.connection(), |conn| {
            let mut query = feedback_report::table
                .filter(dsl::submitted_at.ge(At(from)))
                .filter(dsl::submitted_at.lt(At(to)))
                .select(CountedRow::as_select())
                .into_boxed();
            if let Scope::Agencies(codes) = &selection.agencies {
                query = query.filter(dsl::agency.eq_any(codes.iter().map(AgencyCode::as_str)));
            }
            if !selection.categories.is_empty() {
                query = query.filter(dsl::category.eq_any(&selection.categories));
            }
            if let Some(commune) = selection.commune {
                query = query.filter(dsl::commune.eq(AsText(commune)));
            }
            if selection.public {
                query = query
                    .filter(dsl::published_at.is_not_null())
                    .filter(dsl::confidential.eq(false));
            }
            query.load(conn)
        })
        .map_err(store_error)?;
        let shown =
            |(_, course): &(Counted, Course)| !selection.public || course.legal_track.is_none();
        let read = rows.into_iter().map(CountedRow::read);
        let read = read.filter(|row| row.as_ref().map_or(true, shown));
        read.map(|row| row.map(|(counted, _)| counted)).collect()
    }

    fn counted_of(&mut self, citizen: CitizenId, limit: usize) -> Result<Vec<Counted>, StoreError> {
        let rows: Vec<CountedRow> = on!(self.connection(), |conn| feedback_report::table
            .filter(dsl::reporter.eq(Id::from(citizen)))
            .order((dsl::submitted_at.desc(), dsl::id.desc()))
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(CountedRow::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| Ok(row.read()?.0)).collect()
    }

    fn supports_of_citizen(&mut self, citizen: CitizenId) -> Result<i64, StoreError> {
        let supports: Vec<i64> = on!(self.connection(), |conn| feedback_report::table
            .inner_join(feedback_public::table.on(feedback_public::report.eq(dsl::id)))
            .filter(dsl::reporter.eq(Id::from(citizen)))
            .filter(feedback_public::supports.gt(0))
            .select(feedback_public::supports)
            .load(conn))
        .map_err(store_error)?;
        Ok(supports.into_iter().sum())
    }
}
