//! The list of callers whom somebody should ring back.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Callback, CallbackReason, CallbackRepository};
use crate::{
    Moment, StoreError,
    emergency::{
        Emergency, EmergencyRepository, LikenessRepository, Order, QueueFilter, QueuePlace, Queued,
        Status, queued,
    },
    identity::Dispatcher,
    page::Page,
};

/// For how long callers are on the list.
const LISTED_FOR: TimeDelta = TimeDelta::days(3);
/// How many calls one page looks at.
const LOOKED_AT: usize = 500;

/// A caller whom somebody should ring back.
#[derive(Clone, Debug, PartialEq)]
pub struct Awaited {
    /// Their call.
    pub queued: Queued,
    /// Why.
    pub reason: CallbackReason,
    /// Since when.
    pub since: DateTime<Utc>,
    /// What was tried since, oldest first.
    pub attempts: Vec<Callback>,
}

/// The callers of the last three days whom somebody should ring back and whom nobody has reached
/// since, the latest first. A page looks at a bounded number of calls: it may hold fewer callers
/// than asked for, and still say where to go on.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn awaited(
    store: &mut (impl EmergencyRepository + LikenessRepository + CallbackRepository),
    now: &Moment,
    dispatcher: &Dispatcher,
    after: Option<QueuePlace>,
    limit: usize,
) -> Result<Page<Awaited, QueuePlace>, StoreError> {
    let filter = QueueFilter {
        statuses: vec![Status::Received, Status::Claimed, Status::Dispatched, Status::Cancelled],
        agencies: dispatcher.staff().scope(),
        order: Order::Newest,
        since: Some(now.at - LISTED_FOR),
        ..QueueFilter::default()
    };
    let looked_at = store.queue(&filter, after, LOOKED_AT + 1)?;
    let Page { items, next } = Page::cut(looked_at, LOOKED_AT, |last: &Emergency| last.into());
    let due = items.into_iter().filter_map(|emergency| {
        let (reason, since) = emergency.callback(now.at)?;
        Some((emergency, reason, since))
    });
    let due: Vec<_> = due.collect();
    let ids: Vec<_> = due.iter().map(|(emergency, ..)| emergency.id).collect();
    let mut attempts = store.callbacks(&ids)?;
    let mut page = Page { items: Vec::new(), next };
    for (emergency, reason, since) in due {
        let (own, others): (Vec<_>, Vec<_>) =
            attempts.into_iter().partition(|attempt| attempt.emergency == emergency.id);
        attempts = others;
        let own: Vec<_> = own.into_iter().filter(|attempt| attempt.at >= since).collect();
        if own.iter().any(|attempt| attempt.outcome.settles()) {
            continue;
        }
        if page.items.len() == limit {
            page.next = page.items.last().map(|last: &Awaited| (&last.queued.emergency).into());
            break;
        }
        let queued = queued(store, dispatcher, emergency)?;
        page.items.push(Awaited { queued, reason, since, attempts: own });
    }
    Ok(page)
}
