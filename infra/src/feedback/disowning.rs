//! Taking whoever was erased from what they reported.

use diesel::prelude::*;
use domain::{
    Moment, StoreError,
    feedback::{Action, Doer, FeedbackRepository as _, NoticeBoard as _, Report, ReportName},
    identity::CitizenId,
    media,
};

use super::row::Row;
use crate::{
    columns::Id,
    connection::on,
    database::{Transaction, store_error},
    schema::{
        feedback_entry,
        feedback_report::{self, dsl},
    },
};

impl Transaction<'_> {
    /// Takes `citizen` from at most `limit` of their reports that are not `held`, and says from how
    /// many. What strangers see of them stays as it hangs: nobody is named there.
    pub(crate) fn disown_reports(
        &mut self,
        now: &Moment,
        citizen: CitizenId,
        held: &[Id],
        limit: i64,
    ) -> Result<usize, StoreError> {
        let rows: Vec<Row> = on!(self.connection(), |conn| feedback_report::table
            .filter(dsl::reporter.eq(Id::from(citizen)))
            .filter(dsl::id.ne_all(held))
            .select(Row::as_select())
            .limit(limit)
            .load(conn))
        .map_err(store_error)?;
        let reports = rows.into_iter().map(Report::try_from).collect::<Result<Vec<_>, _>>()?;
        for report in &reports {
            let shown = self.shown(&ReportName::Id(report.id))?;
            let after = report.clone().disowned(shown.as_ref());
            self.save(&after, report.version)?;
            if after.course.disowned && !after.status.waits_for_an_answer() {
                media::disown(self, now, &after)?;
            }
        }
        self.erase_sayings(&reports.iter().map(|report| report.id.into()).collect::<Vec<_>>())?;
        Ok(reports.len())
    }

    /// Takes what their reporter said with the entries of these reports, also what an officer took down of
    /// it. The chain stays whole.
    fn erase_sayings(&mut self, reports: &[Id]) -> Result<(), StoreError> {
        use feedback_entry::dsl;
        let said = feedback_entry::table.filter(dsl::report.eq_any(reports)).filter(
            dsl::by_kind.eq(Doer::Reporter.kind()).or(dsl::event.eq(Action::Answer.event())),
        );
        let nothing = (dsl::words.eq(None::<Vec<u8>>), dsl::salt.eq(None::<Vec<u8>>));
        on!(self.connection(), |conn| diesel::update(said).set(nothing).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }
}
