//! What this process hears of keys, staff, agencies, places and rules of the search, whichever
//! replica did it.

use std::{sync::Arc, time::Duration};

use infra::{
    database::Database,
    directory::KnownEntries,
    event::FeedEvent,
    feedback::KnownSetup,
    identity::{Keyring, KeyringError, MasterKey, TokenError, Tokens},
    snapshot::Snapshots,
};
use tokio::sync::Notify;

use crate::Surroundings;

/// How long to wait before keys are read again that could not be read.
const PAUSE: Duration = Duration::from_secs(1);

/// Keeps what this process knows of tokens and of the snapshot in step with the event log.
#[derive(Clone)]
pub(crate) struct News {
    tokens: Arc<Tokens>,
    snapshots: Arc<Snapshots>,
    entries: Arc<KnownEntries>,
    setup: Arc<KnownSetup>,
    rotated: Arc<Notify>,
}

impl News {
    /// For `tokens`, `snapshots`, `entries` and `setup`.
    pub(crate) fn new(
        tokens: &Arc<Tokens>,
        snapshots: &Arc<Snapshots>,
        entries: &Arc<KnownEntries>,
        setup: &Arc<KnownSetup>,
    ) -> Self {
        let (tokens, snapshots) = (Arc::clone(tokens), Arc::clone(snapshots));
        let (entries, setup) = (Arc::clone(entries), Arc::clone(setup));
        Self { tokens, snapshots, entries, setup, rotated: Arc::default() }
    }

    /// Takes in what happened. A revocation counts from now on, and so does the place of an agency;
    /// rules, keys and what was entered are read soon.
    pub(crate) fn hear(&self, event: &FeedEvent) {
        self.tokens.revocations().hear(event);
        self.snapshots.hear(event);
        self.entries.hear(event);
        self.setup.hear(event);
        if Keyring::was_rotated(event) {
            self.rotated.notify_one();
        }
    }

    /// Reads the keys anew whenever they were rotated, for as long as the process runs.
    pub(crate) async fn follow_keys(
        self,
        database: Database,
        master_key: MasterKey,
        surroundings: Surroundings,
    ) {
        loop {
            self.rotated.notified().await;
            while let Err(error) = self.read_keys(&database, &master_key, &surroundings).await {
                tracing::error!(%error, "the rotated keys could not be read; trying again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn read_keys(
        &self,
        database: &Database,
        master_key: &MasterKey,
        surroundings: &Surroundings,
    ) -> Result<(), UnreadableKeys> {
        let keys = Keyring::open(database, master_key, surroundings.now()).await?;
        Ok(self.tokens.adopt(&keys)?)
    }
}

/// Why keys could not be read.
#[derive(Debug, thiserror::Error)]
enum UnreadableKeys {
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    #[error(transparent)]
    Token(#[from] TokenError),
}
