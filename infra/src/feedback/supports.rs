//! Whom reports concern, too, in the store.

use chrono::{DateTime, Utc};
use diesel::{dsl::sql, prelude::*, sql_query, sql_types::BigInt};
use domain::{
    StoreError,
    feedback::{ListKey, PublicReport, ReportId, Stretch, Support, Supports},
    identity::CitizenId,
    page::Page,
    secret::Digest,
};

use super::notice_board::Row;
use crate::{
    columns::{self, At, Id, bytes},
    connection::{Connection, on},
    database::{Transaction, store_error},
    kept::kept,
    schema::{
        feedback_public, feedback_report,
        feedback_support::{self, dsl},
    },
};

impl Supports for Transaction<'_> {
    fn add_support(&mut self, support: &Support) -> Result<bool, StoreError> {
        let report = Id::from(support.report);
        let row = (
            dsl::report.eq(report),
            dsl::mark.eq(bytes(support.mark)),
            dsl::citizen.eq(support.citizen.map(Id::from)),
            dsl::at.eq(At(support.at)),
        );
        let added = on!(self.connection(), |conn| diesel::insert_into(feedback_support::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        if added > 0 {
            self.count_support(report, 1)?;
        }
        Ok(added > 0)
    }

    fn remove_support(&mut self, report: ReportId, mark: Digest) -> Result<bool, StoreError> {
        let report = Id::from(report);
        let known = feedback_support::table.find((report, bytes(mark)));
        let removed = on!(self.connection(), |conn| diesel::delete(known).execute(conn))
            .map_err(store_error)?;
        if removed > 0 {
            self.count_support(report, -1)?;
        }
        Ok(removed > 0)
    }

    fn supports_of(&mut self, reports: &[ReportId]) -> Result<Vec<(ReportId, i64)>, StoreError> {
        if reports.is_empty() {
            return Ok(Vec::new());
        }
        let reports: Vec<Id> = reports.iter().copied().map(Id::from).collect();
        let counts = feedback_report::table
            .filter(feedback_report::id.eq_any(&reports))
            .select((feedback_report::id, sql::<BigInt>("supports")));
        let rows: Vec<(Id, i64)> =
            on!(self.connection(), |conn| kept(counts).load(conn)).map_err(store_error)?;
        Ok(rows.into_iter().map(|(report, supports)| (report.into(), supports)).collect())
    }

    fn supported_by(
        &mut self,
        citizen: CitizenId,
        stretch: Stretch,
    ) -> Result<Page<(PublicReport, DateTime<Utc>), ListKey>, StoreError> {
        let rows: Vec<(Row, At)> = on!(self.connection(), |conn| {
            let mut query = feedback_support::table
                .inner_join(feedback_public::table.on(feedback_public::report.eq(dsl::report)))
                .filter(dsl::citizen.eq(Id::from(citizen)))
                .select((Row::as_select(), dsl::at))
                .into_boxed();
            if let Some(ListKey { at, id }) = stretch.after {
                query = query
                    .filter(dsl::at.le(At(at)))
                    .filter(dsl::at.lt(At(at)).or(dsl::report.lt(Id::from(id))));
            }
            query.order((dsl::at.desc(), dsl::report.desc())).limit(one_more(stretch)).load(conn)
        })
        .map_err(store_error)?;
        since(rows, stretch)
    }

    fn supports_by(
        &mut self,
        citizen: CitizenId,
    ) -> Result<Vec<(ReportId, DateTime<Utc>)>, StoreError> {
        let rows: Vec<(Id, At)> = on!(self.connection(), |conn| feedback_support::table
            .filter(dsl::citizen.eq(Id::from(citizen)))
            .order(dsl::at)
            .select((dsl::report, dsl::at))
            .load(conn))
        .map_err(store_error)?;
        Ok(rows.into_iter().map(|(report, at)| (report.into(), at.0)).collect())
    }
}

/// One row more than asked for, to see whether more follow.
pub(super) fn one_more(stretch: Stretch) -> i64 {
    i64::try_from(stretch.limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// A page of what hangs, each with the instant by which it is ordered.
pub(super) fn since(
    rows: Vec<(Row, At)>,
    stretch: Stretch,
) -> Result<Page<(PublicReport, DateTime<Utc>), ListKey>, StoreError> {
    let reports = rows.into_iter().map(|(row, at)| Ok((row.report()?.1, at.0)));
    let reports = reports.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Page::cut(reports, stretch.limit, |(report, at)| ListKey { at: *at, id: report.id }))
}

impl Transaction<'_> {
    fn count_support(&mut self, report: Id, more: i64) -> Result<(), StoreError> {
        // The report comes first, as where an officer changes it: nobody waits for each other.
        let counted =
            |id| format!("UPDATE feedback_report SET supports = supports + {more} WHERE id = {id}");
        match self.connection() {
            Connection::Sqlite(conn) => {
                sql_query(counted("?")).bind::<columns::sql::Id, _>(report).execute(conn)
            }
            Connection::Postgres(conn) => {
                sql_query(counted("$1")).bind::<columns::sql::Id, _>(report).execute(conn)
            }
        }
        .map_err(store_error)?;
        let hanging = feedback_public::table.filter(feedback_public::report.eq(report));
        on!(self.connection(), |conn| kept(
            diesel::update(hanging)
                .set(feedback_public::supports.eq(feedback_public::supports + more))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    /// Takes away at most `limit` of what `citizen` supports, follows and said, and says how much
    /// that was.
    pub(crate) fn leave_reports(
        &mut self,
        citizen: CitizenId,
        limit: i64,
    ) -> Result<usize, StoreError> {
        let id = Id::from(citizen);
        let marks: Vec<(Id, Vec<u8>)> = on!(self.connection(), |conn| feedback_support::table
            .filter(dsl::citizen.eq(id))
            .limit(limit)
            .select((dsl::report, dsl::mark))
            .load(conn))
        .map_err(store_error)?;
        for (report, mark) in &marks {
            let known = feedback_support::table.find((report, mark));
            on!(self.connection(), |conn| diesel::delete(known).execute(conn))
                .map_err(store_error)?;
            self.count_support(*report, -1)?;
        }
        let said = self.erase_comments(citizen, limit)?;
        Ok(marks.len() + said + self.stop_following(citizen)?)
    }
}
