//! Which reports have to be looked at anew, because what strangers see of them changed.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;
use uuid::Uuid;

/// The reports that changed, until somebody takes them up.
#[derive(Default)]
pub(crate) struct Restock {
    reports: Mutex<HashSet<Uuid>>,
    added: Notify,
}

impl Restock {
    /// Adds `reports`, and wakes whoever waits for some.
    pub(crate) fn add(&self, reports: Vec<Uuid>) {
        if !reports.is_empty() {
            self.reports().extend(reports);
            self.added.notify_one();
        }
    }

    /// Takes up at most `limit` of them.
    pub(super) fn take(&self, limit: usize) -> Taken<'_> {
        let mut reports = self.reports();
        let some: Vec<Uuid> = reports.iter().take(limit).copied().collect();
        for report in &some {
            reports.remove(report);
        }
        Taken { from: self, reports: some }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.reports().is_empty()
    }

    /// Waits until there are some.
    pub(super) async fn added(&self) {
        self.added.notified().await;
    }

    fn reports(&self) -> MutexGuard<'_, HashSet<Uuid>> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reports that somebody took up. Dropped before they were done, they are there for others again.
pub(super) struct Taken<'a> {
    from: &'a Restock,
    reports: Vec<Uuid>,
}

impl Taken<'_> {
    pub(super) fn reports(&self) -> &[Uuid] {
        &self.reports
    }

    pub(super) fn done(&mut self) {
        self.reports.clear();
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.from.add(std::mem::take(&mut self.reports));
    }
}
