//! The audit log is sealed within a second, and kept as long as the configuration says.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Moment, StoreError,
    audit::{self, AuditChain as _},
};
use infra::{database::Database, identity::Keyring};

use crate::Surroundings;

/// How often it is looked whether entries wait.
const SEALED_EVERY: Duration = Duration::from_secs(1);
/// After how many looks old entries are forgotten: an hour.
const FORGOTTEN_EVERY: usize = 3_600;
/// How many entries one unit of work takes: nobody waits long behind it.
const CHUNK: usize = 200;

/// Seals what waits, and answers how many entries that were. Every replica may do it at once.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn seal_waiting(
    database: &Database,
    keys: &Arc<Keyring>,
    now: &Moment,
) -> Result<usize, StoreError> {
    let (waiting, oldest) = database.read(|tx| tx.waiting()).await?;
    let age = oldest.map_or(TimeDelta::zero(), |oldest| now.at - oldest);
    metrics::gauge!("audit_oldest_unsealed_seconds").set(age.as_seconds_f64());
    let mut sealed = 0;
    while sealed < waiting {
        let (keys, now) = (Arc::clone(keys), now.clone());
        match database.write(move |tx| audit::seal(tx, &*keys, &now, CHUNK)).await {
            Ok((0, _)) | Err(StoreError::Stale) => break,
            Ok((more, anchor)) => {
                sealed += more;
                if let Some(anchor) = anchor {
                    let (day, position, link) = (anchor.day, anchor.position, anchor.link);
                    tracing::info!(%day, position, link = format!("{link:x}"), "audit log anchored");
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(sealed)
}

/// Forgets what was sealed before `at`, and answers how many entries that were.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn forget_old(
    database: &Database,
    keys: &Arc<Keyring>,
    at: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let mut forgotten = 0;
    loop {
        let keys = Arc::clone(keys);
        match database.write(move |tx| audit::forget_before(tx, &*keys, at, CHUNK)).await {
            Ok(0) | Err(StoreError::Stale) => return Ok(forgotten),
            Ok(more) => forgotten += more,
            Err(error) => return Err(error),
        }
    }
}

/// Does both for as long as the process lives.
pub(crate) async fn keep(
    database: Database,
    keys: Arc<Keyring>,
    surroundings: Surroundings,
    kept: TimeDelta,
) {
    for round in 1_usize.. {
        tokio::time::sleep(SEALED_EVERY).await;
        let now = surroundings.now();
        let sealed = seal_waiting(&database, &keys, &now).await;
        let forgotten = if round.is_multiple_of(FORGOTTEN_EVERY) {
            forget_old(&database, &keys, now.at - kept).await
        } else {
            Ok(0)
        };
        if let Err(error) = sealed.and(forgotten) {
            tracing::warn!(%error, "the audit log could not be looked after; trying again");
        }
    }
}
