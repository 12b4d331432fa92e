//! Bringing a calendar into the store.

use domain::{
    Moment, StoreError,
    audit::{Actor, record_of},
    directory::{CalendarEntry, PostingRepository as _, calendar_changes, entered},
    event::EventLog as _,
};
use uuid::Uuid;

use crate::{
    database::{Database, Transaction},
    dataset::Reading,
};

/// So many notices are saved in one unit of work: nobody waits long for the writer.
const AT_ONCE: usize = 100;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CalendarReport {
    /// How many notices are new or changed.
    pub changed: usize,
    /// How many were withdrawn: the calendar holds them no more.
    pub withdrawn: usize,
}

/// Makes the notices of the calendar `name` say what was read of it, as `by` wants it. The same again
/// changes nothing. Where an event could not be taken nothing is withdrawn: it may be that one.
///
/// # Errors
/// [`StoreError`] when the store cannot take it; [`StoreError::Stale`] when somebody else imports
/// the calendar at the same time: theirs counts.
pub async fn import_calendar(
    database: &Database,
    now: &Moment,
    name: &str,
    by: Actor,
    reading: Reading<CalendarEntry>,
) -> Result<CalendarReport, StoreError> {
    let known = database.read(|tx| tx.postings()).await?;
    let whole = !reading.doubts.iter().any(|doubt| doubt.refused);
    let changes = calendar_changes(now, name, &known, reading.records, whole);
    let withdrawn = changes.iter().filter(|(posting, _)| posting.withdrawn_at.is_some()).count();
    let report = CalendarReport { changed: changes.len() - withdrawn, withdrawn };
    for some in changes.chunks(AT_ONCE) {
        let (some, now) = (some.to_vec(), now.clone());
        let (name, by) = (name.to_owned(), by.clone());
        let put = move |tx: &mut Transaction<'_>| {
            for (posting, from) in &some {
                tx.put_posting(posting, *from)?;
            }
            record_of(tx, &now, by, "notice.imported", &name, None)?;
            tx.append(&entered(&now, Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())))
        };
        database.write(put).await?;
    }
    Ok(report)
}
