//! Bringing a calendar into the store.

use domain::{
    Moment, StoreError,
    audit::{Actor, record_of},
    directory::{CalendarEntry, PostingRepository as _, calendar_changes, entered},
    event::EventLog as _,
};
use uuid::Uuid;

use crate::database::{Database, Transaction};

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

/// Makes the notices of the calendar `name` say what its `entries` say, as `by` wants it. The same
/// entries again change nothing.
///
/// # Errors
/// [`StoreError`] when the store cannot take it; [`StoreError::Stale`] when somebody else imports
/// the calendar at the same time: theirs counts.
pub async fn import_calendar(
    database: &Database,
    now: &Moment,
    name: &str,
    by: Actor,
    entries: Vec<CalendarEntry>,
) -> Result<CalendarReport, StoreError> {
    let known = database.read(|tx| tx.postings()).await?;
    let changes = calendar_changes(now, name, &known, entries);
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
