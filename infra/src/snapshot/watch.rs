//! The snapshot in force, and its replacement.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use arc_swap::ArcSwap;
use domain::{
    Moment, StoreError,
    catalogue::{RuleRepository as _, RuleVersion, latest},
    directory::{AgencyRepository as _, AgencyTree, shipped_agencies},
    event::Topic,
};
use tokio::sync::Notify;

use super::{Coding, Prepared, Snapshot, records::Records};
use crate::{
    database::{Database, Transaction},
    dataset::{Version, active_versions, sweep},
    directory::KnownAgencies,
    event::FeedEvent,
};

/// How often the store is asked whether other data was put in force, while nothing else happens.
const POLL: Duration = Duration::from_secs(1);
/// After how many polls loads that died are swept.
const SWEEP: usize = 60;

/// The snapshot in force.
pub struct Snapshots {
    database: Database,
    /// Where big bodies are kept compressed over restarts.
    cache: Option<PathBuf>,
    current: ArcSwap<Snapshot>,
    agencies: Arc<KnownAgencies>,
    rules_changed: Notify,
}

impl Snapshots {
    /// Makes the first snapshot; `known`, made from the same data by another store of this
    /// process, saves the work. `cache` is a folder where compressed bodies may be kept.
    ///
    /// # Errors
    /// [`StoreError`] when the data cannot be read.
    pub async fn open(
        database: &Database,
        cache: Option<PathBuf>,
        known: Option<Arc<Snapshot>>,
    ) -> Result<Self, StoreError> {
        let known = match known {
            Some(known) if holds(&known, database).await? => Some(known),
            _ => None,
        };
        let snapshot = match known {
            Some(known) => known,
            None => made(database, None, cache.clone()).await?,
        };
        let agencies = Arc::new(KnownAgencies::new(snapshot.agencies.clone()));
        let current = ArcSwap::new(snapshot);
        Ok(Self {
            database: database.clone(),
            cache,
            current,
            agencies,
            rules_changed: Notify::new(),
        })
    }

    /// The agencies, which are known at once when they change, long before a snapshot holds them.
    #[must_use]
    pub const fn agencies(&self) -> &Arc<KnownAgencies> {
        &self.agencies
    }

    /// The snapshot in force.
    #[must_use]
    pub fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Takes in an event: how an agency stands now, or that a rule about words was changed.
    pub fn hear(&self, event: &FeedEvent) {
        self.agencies.hear(event);
        if event.is_about(Topic::System) && RuleVersion::is_told_by(&event.kind) {
            self.rules_changed.notify_one();
        }
    }

    /// Replaces the snapshot if other data was put in force, or agencies or rules have changed. Says
    /// whether it did.
    ///
    /// # Errors
    /// [`StoreError`] when the data cannot be read; the snapshot stays as it is.
    pub async fn refresh(&self) -> Result<bool, StoreError> {
        let standing = self.database.read(standing).await?;
        let before = self.current();
        let same_data = is_same(&before.versions, &standing.versions)
            && before.agencies == *self.agencies.tree();
        if same_data && standing.is_of(&before) {
            return Ok(false);
        }
        if same_data {
            self.current.store(reworded(&self.database, before).await?);
            tracing::info!("other rules about words are in force");
            return Ok(true);
        }
        let snapshot = made(&self.database, Some(before), self.cache.clone()).await?;
        self.agencies.begin_with(&snapshot.agencies);
        self.current.store(snapshot);
        tracing::info!("other open data is in force");
        Ok(true)
    }

    /// Refreshes for as long as the process lives, and sweeps loads that died.
    pub async fn watch(&self, now: &(dyn Fn() -> Moment + Sync)) {
        for round in 1_usize.. {
            let changed = async {
                tokio::select! {
                    () = self.agencies.changed() => {}
                    () = self.rules_changed.notified() => {}
                }
            };
            let _ = tokio::time::timeout(POLL, changed).await;
            let refreshed = self.refresh().await.map(|_| ());
            let swept =
                if round.is_multiple_of(SWEEP) { sweep(&self.database, now).await } else { Ok(()) };
            if let Err(error) = refreshed.and(swept) {
                tracing::warn!(%error, "the open data could not be looked after; trying again");
            }
        }
    }
}

/// Whether `known` holds what stands in the store.
async fn holds(known: &Snapshot, database: &Database) -> Result<bool, StoreError> {
    let (standing, changed, history) = database
        .read(|tx| {
            Ok::<_, StoreError>((standing(tx)?, tx.changed_agencies()?, tx.catalogue_history()?))
        })
        .await?;
    let agencies = AgencyTree::new(shipped_agencies(&known.communes), changed);
    Ok(standing.is_of(known) && known.agencies == agencies && known.history == history)
}

/// What is in force in the store.
struct Standing {
    versions: Vec<Version>,
    rule_versions: i64,
}

impl Standing {
    /// Whether `snapshot` was made of the same.
    fn is_of(&self, snapshot: &Snapshot) -> bool {
        is_same(&snapshot.versions, &self.versions) && snapshot.rule_versions == self.rule_versions
    }
}

fn standing(tx: &mut Transaction<'_>) -> Result<Standing, StoreError> {
    Ok(Standing { versions: active_versions(tx)?, rule_versions: tx.count_rule_versions()? })
}

/// Whether two lists of versions hold the same data, perhaps in different stores.
fn is_same(some: &[Version], others: &[Version]) -> bool {
    let content = |version: &Version| (version.dataset, version.digest.clone());
    some.iter().map(content).eq(others.iter().map(content))
}

/// A snapshot of the data in force, with what has not changed since the one `before`.
async fn made(
    database: &Database,
    before: Option<Arc<Snapshot>>,
    cache: Option<PathBuf>,
) -> Result<Arc<Snapshot>, StoreError> {
    let records = database.snapshot(Records::read).await?;
    let making = tokio::task::spawn_blocking(move || {
        let snapshot = Snapshot::new(records, before.as_deref())
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        if let Some(cache) = cache {
            for body in [&snapshot.full_outlines, &snapshot.simplified_outlines] {
                // One that was taken over is, or is being, compressed already.
                if Arc::strong_count(body) == 1 {
                    compress(Arc::clone(body), &cache);
                }
            }
        }
        Ok(Arc::new(snapshot))
    });
    making.await.map_err(|failure| StoreError::Failed(failure.to_string()))?
}

/// A snapshot of the same data as the one `before`, searched by the rules as they stand now: nothing
/// else is read or made.
async fn reworded(database: &Database, before: Arc<Snapshot>) -> Result<Arc<Snapshot>, StoreError> {
    let rules = |tx: &mut Transaction<'_>| {
        Ok::<_, StoreError>((tx.rule_versions()?, tx.count_rule_versions()?))
    };
    let (versions, count) = database.snapshot(rules).await?;
    let making = tokio::task::spawn_blocking(move || before.reworded(latest(versions), count));
    making.await.map(Arc::new).map_err(|failure| StoreError::Failed(failure.to_string()))
}

/// Compresses a big body as far as can be: from the cache where it is in it, else quickly now and
/// thoroughly in the background. Without a cache it is left to whoever asks first.
fn compress(body: Arc<Prepared>, cache: &Path) {
    let file = cache.join(format!("{}.br", body.digest()));
    if let Ok(brotli) = std::fs::read(&file)
        && body.is_held_by(&brotli)
    {
        return body.adopt(brotli);
    }
    drop(body.form(Some(Coding::Brotli)));
    let thoroughly = move || {
        let brotli = body.compressed_thoroughly();
        if let Err(error) = keep(&file, &brotli) {
            tracing::warn!(%error, "a compressed body could not be kept for the next start");
        }
        body.adopt(brotli);
    };
    if let Err(error) = thread::Builder::new().name("compressor".to_owned()).spawn(thoroughly) {
        tracing::warn!(%error, "a body stays quickly compressed");
    }
}

/// Writes the file in one move, so that a half-written one is never read.
fn keep(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let part = file.with_extension("part");
    std::fs::write(&part, bytes)?;
    std::fs::rename(part, file)
}
