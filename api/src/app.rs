//! The application as a value: everything a handler needs, started and stopped as one.

use std::sync::Arc;

use domain::{Entropy, Moment, StoreError};
use infra::{
    clock::{Clock, SystemClock},
    database::{Database, InvalidDatabaseUrl, OpenError},
    entropy::SystemEntropy,
    event::{Feed, Follower},
    notification::{LogGateway, NoGateway, OutboxWorker, SmsGateway},
};
use tokio::task::JoinHandle;

use crate::settings::{Settings, SmsGatewayKind};

/// What surrounds the application: the real world in production, a frozen one in tests.
#[derive(Clone)]
pub struct Surroundings {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes chance.
    pub entropy: Arc<dyn Entropy>,
    /// Sends text messages.
    pub sms: Arc<dyn SmsGateway>,
}

impl Surroundings {
    /// The real world, as `settings` has it.
    #[must_use]
    pub fn real(settings: &Settings) -> Self {
        let sms: Arc<dyn SmsGateway> = match settings.sms_gateway {
            Some(SmsGatewayKind::Log) => Arc::new(LogGateway),
            None => Arc::new(NoGateway),
        };
        Self { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy::default()), sms }
    }
}

/// Everything a handler needs.
pub struct App {
    /// The effective configuration.
    pub settings: Settings,
    /// The store.
    pub database: Database,
    surroundings: Surroundings,
    follower: Follower,
    background: Vec<JoinHandle<()>>,
}

/// Why the application does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store's address is wrong.
    #[error(transparent)]
    Url(#[from] InvalidDatabaseUrl),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder for this process's files cannot be made.
    #[error("the folder {path} cannot be made: {reason}. Correct `var` or its rights")]
    Var {
        /// The folder.
        path: String,
        /// Why.
        reason: String,
    },
}

impl App {
    /// Opens the store, brings it up to date, and starts what works in the background.
    ///
    /// # Errors
    /// [`StartError`] says what is wrong and what to do about it.
    pub async fn start(settings: Settings, surroundings: Surroundings) -> Result<Self, StartError> {
        std::fs::create_dir_all(&settings.var).map_err(|error| StartError::Var {
            path: settings.var.display().to_string(),
            reason: error.to_string(),
        })?;
        let database = Database::open(&settings.database()?).await?;
        let follower = Follower::start(&database).await?;
        let outbox = OutboxWorker::new(database.clone(), Arc::clone(&surroundings.sms));
        let clock = Arc::clone(&surroundings.clock);
        let background = vec![tokio::spawn(async move { outbox.run(clock).await })];
        Ok(Self { settings, database, surroundings, follower, background })
    }

    /// The present moment, for one use case.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment::new(self.surroundings.clock.now(), Arc::clone(&self.surroundings.entropy))
    }

    /// The event log, to follow.
    #[must_use]
    pub fn feed(&self) -> &Arc<Feed> {
        self.follower.feed()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        for task in &self.background {
            task.abort();
        }
    }
}
