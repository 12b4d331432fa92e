//! Reading the event log into the records.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Record, RecordRepository};
use crate::{StoreError, emergency::EmergencyId};

/// Reads at most `limit` events on into the records, and says how many there were. Any number of
/// machines may read at once: who finds the bookmark moved has done nothing.
///
/// # Errors
/// [`StoreError::Stale`] when another reader was faster.
pub fn keep_records(store: &mut impl RecordRepository, limit: usize) -> Result<usize, StoreError> {
    let from = store.records_read_to()?;
    let events = store.emergency_events(from, limit)?;
    let Some(to) = events.last().and_then(|event| event.position) else { return Ok(0) };
    store.mark_records_read(from, to)?;
    // The service's own calls are nobody's, and are gone soon.
    let real = || events.iter().filter(|event| event.data.get("probe").is_none());
    let mut some: Vec<_> = real().map(|event| event.subject.into()).collect();
    some.sort_unstable_by_key(|id: &EmergencyId| id.uuid());
    some.dedup();
    let known = store.records_of(&some)?.into_iter();
    let mut records: HashMap<Uuid, Record> =
        known.map(|record| (record.emergency.uuid(), record)).collect();
    for event in real() {
        let known = records.get(&event.subject).cloned();
        if let Some(record) = Record::after(known, event) {
            records.insert(event.subject, record);
        }
    }
    store.save_records(&records.into_values().collect::<Vec<_>>())?;
    Ok(events.len())
}
