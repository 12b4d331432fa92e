//! The histories of reports in the store.

use diesel::prelude::*;
use domain::{
    StoreError,
    directory::AgencyCode,
    feedback::{Doer, Entry, History, ReportId, Status, Words},
};

use crate::{
    columns::{AsText, At, Id, bytes, digest},
    connection::on,
    database::{Transaction, store_error},
    schema::feedback_entry,
    vault::{Column, Vault},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = feedback_entry, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    report: Id,
    number: i64,
    event: String,
    by_kind: String,
    actor: Option<Id>,
    at: At,
    status: AsText<Status>,
    agency: AsText<AgencyCode>,
    words: Option<Vec<u8>>,
    salt: Option<Vec<u8>>,
    digest: Vec<u8>,
    link: Vec<u8>,
}

impl Row {
    fn of(entry: &Entry, vault: &Vault) -> Self {
        let words = entry.words.as_ref();
        let seal = |words: &Words| {
            vault.seal(Column::FEEDBACK_ENTRY_WORDS, entry.id.uuid(), words.text.as_bytes())
        };
        Self {
            id: entry.id.into(),
            report: entry.report.into(),
            number: entry.number,
            event: entry.event.clone(),
            by_kind: entry.by.kind().to_owned(),
            actor: entry.by.staff().map(Id::from),
            at: At(entry.at),
            status: AsText(entry.status),
            agency: AsText(entry.agency.clone()),
            words: words.map(seal),
            salt: words.map(|words| words.salt.to_vec()),
            digest: bytes(entry.digest),
            link: bytes(entry.link),
        }
    }

    fn entry(self, vault: &Vault) -> Result<Entry, StoreError> {
        let unreadable = || StoreError::Failed("an entry of a report cannot be read".to_owned());
        let open = |(words, salt): (Vec<u8>, Vec<u8>)| {
            let text = vault.open_text(Column::FEEDBACK_ENTRY_WORDS, self.id.0, &words)?;
            let salt = salt.try_into().map_err(|_| unreadable())?;
            Ok::<_, StoreError>(Words { text, salt })
        };
        Ok(Entry {
            words: self.words.zip(self.salt).map(open).transpose()?,
            id: self.id.into(),
            report: self.report.into(),
            number: self.number,
            event: self.event,
            by: Doer::of_kind(&self.by_kind, self.actor.map(Id::into)).map_err(|_| unreadable())?,
            at: self.at.0,
            status: self.status.0,
            agency: self.agency.0,
            digest: digest(self.digest)?,
            link: digest(self.link)?,
        })
    }
}

impl History for Transaction<'_> {
    fn add_to_history(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let row = Row::of(entry, self.vault()?);
        on!(self.connection(), |conn| diesel::insert_into(feedback_entry::table)
            .values(&row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn history_of(&mut self, report: ReportId) -> Result<Vec<Entry>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| feedback_entry::table
            .filter(feedback_entry::report.eq(Id::from(report)))
            .order(feedback_entry::number)
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.entry(vault)).collect()
    }
}
