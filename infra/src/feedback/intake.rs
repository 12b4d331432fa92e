//! How reports came in, in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    feedback::{
        Channel, Contact, Intake, IntakeRepository, ListKey, OnBehalf, Report, ReportId, Stretch,
    },
    identity::business::BusinessId,
    page::Page,
};

use super::{
    repository::{one_more, page},
    row::Row as ReportRow,
};
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Transaction, store_error},
    schema::{
        feedback_intake::{self, dsl},
        feedback_report,
    },
    vault::Column,
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = feedback_intake, treat_none_as_default_value = false)]
struct Row {
    report: Id,
    business: Option<Id>,
    site: Option<Id>,
    channel: AsText<Channel>,
    contact: Option<Vec<u8>>,
    taken_by: Option<Id>,
    submitted_at: At,
    contact_look_at: Option<At>,
}

impl IntakeRepository for Transaction<'_> {
    fn add_intake(
        &mut self,
        id: ReportId,
        at: DateTime<Utc>,
        intake: &Intake,
    ) -> Result<(), StoreError> {
        let vault = self.vault()?;
        let seal = |contact: &Contact| {
            let contact = serde_json::to_vec(contact).unwrap_or_default();
            vault.seal(Column::FEEDBACK_INTAKE_CONTACT, id.uuid(), &contact)
        };
        let row = Row {
            report: id.into(),
            business: intake.business.map(|business| business.id.into()),
            site: intake.business.and_then(|business| business.site).map(Id::from),
            channel: AsText(intake.channel),
            contact: intake.contact.as_ref().map(seal),
            taken_by: intake.taken_by.map(Id::from),
            submitted_at: At(at),
            contact_look_at: intake.contact.as_ref().map(|_| At(at)),
        };
        on!(self.connection(), |conn| diesel::insert_into(feedback_intake::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn intake_of(&mut self, id: ReportId) -> Result<Option<Intake>, StoreError> {
        let vault = self.vault()?;
        let row: Option<Row> = on!(self.connection(), |conn| feedback_intake::table
            .find(Id::from(id))
            .select(Row::as_select())
            .first(conn)
            .optional())
        .map_err(store_error)?;
        let Some(row) = row else { return Ok(None) };
        let open = |sealed: Vec<u8>| {
            let text = vault.open_text(Column::FEEDBACK_INTAKE_CONTACT, id.uuid(), &sealed)?;
            let unreadable = |_| StoreError::Failed("a contact cannot be read".to_owned());
            serde_json::from_str::<Contact>(&text).map_err(unreadable)
        };
        let (site, channel) = (row.site.map(Id::into), row.channel.0);
        Ok(Some(Intake {
            channel,
            business: row.business.map(|id| OnBehalf { id: id.into(), site }),
            contact: row.contact.map(open).transpose()?,
            taken_by: row.taken_by.map(Id::into),
        }))
    }

    fn of_business(
        &mut self,
        business: BusinessId,
        stretch: Stretch,
    ) -> Result<Page<Report, ListKey>, StoreError> {
        let rows: Vec<ReportRow> = on!(self.connection(), |conn| {
            let mut query = feedback_intake::table
                .inner_join(
                    feedback_report::table.on(feedback_report::id.eq(feedback_intake::report)),
                )
                .select(ReportRow::as_select())
                .filter(dsl::business.eq(Id::from(business)))
                .into_boxed();
            if let Some(ListKey { at, id }) = stretch.after {
                query = query
                    .filter(dsl::submitted_at.le(At(at)))
                    .filter(dsl::submitted_at.lt(At(at)).or(dsl::report.lt(Id::from(id))));
            }
            query
                .order((dsl::submitted_at.desc(), dsl::report.desc()))
                .limit(one_more(stretch))
                .load(conn)
        })
        .map_err(store_error)?;
        page(rows, stretch, |report| report.submitted_at)
    }
}
