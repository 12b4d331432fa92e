//! The worker that empties the outbox.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::StoreError;
use futures_util::future::try_join_all;

use super::{SmsGateway, outbox::Due};
use crate::{clock::Clock, database::Database};

/// Without any sign the outbox is looked at this often: retries come due, other replicas die.
const POLL: Duration = Duration::from_secs(1);
/// How many messages one look takes.
const CHUNK: i64 = 20;

/// Delivers what is in the outbox, at least once each; what is of no use any more is dropped.
pub struct OutboxWorker {
    database: Database,
    gateway: Arc<dyn SmsGateway>,
}

impl OutboxWorker {
    /// A worker that sends text messages through `gateway`.
    #[must_use]
    pub fn new(database: Database, gateway: Arc<dyn SmsGateway>) -> Self {
        Self { database, gateway }
    }

    /// Works for as long as the process runs.
    pub async fn run(&self, clock: Arc<dyn Clock>) {
        loop {
            match self.tick(clock.now()).await {
                Ok(0) => self.wait().await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "the outbox could not be worked on; trying again");
                    tokio::time::sleep(POLL).await;
                }
            }
        }
    }

    async fn wait(&self) {
        let sign = self.database.wake().outbox.notified();
        drop(tokio::time::timeout(POLL, sign).await);
    }

    /// Tries to deliver what is due at `now`. Says how many messages that were.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be asked or told.
    pub async fn tick(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let due = self.database.write(move |tx| tx.take_due(now, CHUNK)).await?;
        let taken = due.len();
        // All at once: a gateway that is slow must not hold up the last beyond its lease.
        try_join_all(due.into_iter().map(|message| self.deliver(message, now))).await?;
        Ok(taken)
    }

    async fn deliver(&self, message: Due, now: DateTime<Utc>) -> Result<(), StoreError> {
        if message.sms.useful_until.is_some_and(|until| until <= now) {
            metrics::counter!("outbox_expired_total").increment(1);
            return self.database.write(move |tx| tx.delivered(message.id)).await;
        }
        match self.gateway.send(message.id, &message.sms).await {
            Ok(()) => {
                metrics::counter!("outbox_delivered_total").increment(1);
                self.database.write(move |tx| tx.delivered(message.id)).await
            }
            Err(error) => {
                metrics::counter!("outbox_failed_total").increment(1);
                tracing::warn!(message = %message.id, attempt = message.attempt, "not delivered");
                let reason = error.to_string();
                self.database.write(move |tx| tx.not_delivered(&message, now, &reason)).await
            }
        }
    }
}
