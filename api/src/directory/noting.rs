//! Noting how the lists of places and notices stand, so that phones can follow them.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use domain::StoreError;
use infra::{
    database::Database,
    directory::{Entered, KnownEntries, note_list},
    snapshot::{Snapshot, Snapshots},
};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::{
    notices::{NoticeView, standing},
    places::Places,
};
use crate::Surroundings;

/// The names of the lists in the store and in cursors.
pub(super) const FACILITIES: &str = "facilities";
pub(super) const NOTICES: &str = "notices";
/// How often it is looked whether a list has changed.
const PAUSE: Duration = Duration::from_secs(1);
/// What a facility says only at a moment, or to somebody who is somewhere.
const PASSING: [&str; 2] = ["open_now", "distance_m"];

/// What was noted last.
type Noted = (Weak<Snapshot>, Weak<Entered>);

/// Notes how the lists stand whenever what they are made of has changed.
#[derive(Clone)]
pub struct Noting {
    database: Database,
    snapshots: Arc<Snapshots>,
    entries: Arc<KnownEntries>,
    surroundings: Surroundings,
    noted: Arc<Mutex<Noted>>,
}

impl Noting {
    /// Nothing was noted yet.
    #[must_use]
    pub fn new(
        database: Database,
        snapshots: Arc<Snapshots>,
        entries: Arc<KnownEntries>,
        surroundings: Surroundings,
    ) -> Self {
        Self { database, snapshots, entries, surroundings, noted: Arc::default() }
    }

    /// Notes how the lists stand, unless they stand as they did.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        let mut noted = self.noted.lock().await;
        let now = self.surroundings.now();
        let (snapshot, entered) = (self.snapshots.current(), self.entries.current());
        if is_noted(&noted, &snapshot, &entered) {
            return Ok(());
        }
        let places =
            Places { snapshot: Arc::clone(&snapshot), entered: Arc::clone(&entered), at: now.at };
        let (facilities, notices) = tokio::task::spawn_blocking(move || lists(&places))
            .await
            .map_err(|failure| StoreError::Failed(failure.to_string()))?;
        note_list(&self.database, &now, FACILITIES, facilities).await?;
        note_list(&self.database, &now, NOTICES, notices).await?;
        *noted = (Arc::downgrade(&snapshot), Arc::downgrade(&entered));
        Ok(())
    }

    /// Does so for as long as the process lives.
    pub(crate) async fn watch(self) {
        loop {
            tokio::time::sleep(PAUSE).await;
            if let Err(error) = self.catch_up().await {
                tracing::warn!(%error, "changes of places could not be noted; trying again");
            }
        }
    }
}

/// Whether it was these that were noted last.
fn is_noted(noted: &Noted, snapshot: &Arc<Snapshot>, entered: &Arc<Entered>) -> bool {
    Weak::as_ptr(&noted.0) == Arc::as_ptr(snapshot)
        && Weak::as_ptr(&noted.1) == Arc::as_ptr(entered)
}

/// The records of a list by their ids.
type List = Vec<(String, String)>;

fn lists(places: &Places) -> (List, List) {
    let facilities = places.all().into_iter();
    let facilities = facilities.map(|found| (found.0.id.clone(), record(&places.view(found))));
    let notices = standing(&places.snapshot, &places.entered).into_iter();
    let notices = notices.map(|notice| (notice.id.clone(), record(&NoticeView::from(notice))));
    (facilities.collect(), notices.collect())
}

fn record(view: &impl Serialize) -> String {
    let mut record = serde_json::to_value(view).unwrap_or_default();
    if let Value::Object(parts) = &mut record {
        parts.retain(|name, _| !PASSING.contains(&name.as_str()));
    }
    record.to_string()
}
