//! What this process hears of keys, staff, agencies, crews, places, published reports and rules of the
//! search, whichever replica did it.

use std::{sync::Arc, time::Duration};

use infra::{
    database::Database,
    directory::KnownEntries,
    emergency::KnownCrews,
    event::FeedEvent,
    feedback::{Board, KnownSetup},
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
    crews: Arc<KnownCrews>,
    entries: Arc<KnownEntries>,
    setup: Arc<KnownSetup>,
    board: Arc<Board>,
    rotated: Arc<Notify>,
}

impl News {
    /// For `tokens`, `crews`, `snapshots`, `entries`, `setup` and `board`.
    pub(crate) fn new(
        (tokens, crews): (&Arc<Tokens>, &Arc<KnownCrews>),
        snapshots: &Arc<Snapshots>,
        (entries, setup, board): (&Arc<KnownEntries>, &Arc<KnownSetup>, &Arc<Board>),
    ) -> Self {
        let (tokens, crews) = (Arc::clone(tokens), Arc::clone(crews));
        let snapshots = Arc::clone(snapshots);
        let (entries, setup, board) = (Arc::clone(entries), Arc::clone(setup), Arc::clone(board));
        Self { tokens, crews, snapshots, entries, setup, board, rotated: Arc::default() }
    }

    /// Who drives with which unit, as far as was heard.
    pub(crate) fn crews(&self) -> Arc<KnownCrews> {
        Arc::clone(&self.crews)
    }

    /// Takes in what happened. A revocation counts from now on, and so does the place of an agency;
    /// rules, keys and what was entered are read soon.
    pub(crate) fn hear(&self, event: &FeedEvent) {
        self.tokens.revocations().hear(event);
        self.snapshots.hear(event);
        self.crews.hear(event);
        self.entries.hear(event);
        self.setup.hear(event);
        self.board.hear(event);
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
