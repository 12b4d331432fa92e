//! What the service does by itself, every minute.

use std::time::Duration;

use chrono::TimeDelta;
use domain::{
    Moment, StoreError,
    allowance::Allowances as _,
    directory::PostingRepository as _,
    emergency::{self, Retention},
    idempotency::IdempotencyLog as _,
    personal::erase_due,
};
use infra::database::Database;

use crate::{Surroundings, emergency::keep_records};

const MINUTE: Duration = Duration::from_mins(1);
/// How many rows one unit of work takes: nobody waits long behind it.
const CHUNK: usize = 50;

/// For how long notices are kept that ended or were withdrawn.
const NOTICES_KEPT: TimeDelta = TimeDelta::days(90);

/// Does what is due at `now`: closes emergencies that were resolved a day ago, forgets idempotency
/// keys that expired, allowances that are whole, old notices and by what calls were compared, erases
/// who asked for it, and learns of new keys. Every replica may do it at once.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn tick(database: &Database, now: &Moment) -> Result<(), StoreError> {
    database.learn_keys().await?;
    let mut left = true;
    while left {
        let now = now.clone();
        left = database
            .write(move |tx| {
                let over = emergency::close_resolved(tx, &now, CHUNK)?;
                let traces = emergency::forget_traces(tx, &now, CHUNK)?;
                let forgotten = tx.forget_expired(now.at, CHUNK)?;
                let whole = tx.forget_allowances(now.at, CHUNK)?;
                let old = tx.forget_postings(now.at - NOTICES_KEPT, CHUNK)?;
                let erased = erase_due(tx, &now, CHUNK)?;
                let most = over.max(traces).max(forgotten).max(whole).max(old);
                Ok::<_, StoreError>(erased || most == CHUNK)
            })
            .await?;
    }
    Ok(())
}

/// Reads what happened into the records of emergencies, and takes from old ones what `retention` does
/// not keep. Every replica may do it at once.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn age(
    database: &Database,
    now: &Moment,
    retention: Retention,
) -> Result<(), StoreError> {
    keep_records(database).await?;
    let mut taken = CHUNK;
    while taken == CHUNK {
        let now = now.clone();
        taken = database.write(move |tx| emergency::forget_old(tx, &now, retention, CHUNK)).await?;
    }
    Ok(())
}

/// Does what is due for as long as the process lives.
pub(crate) async fn run(database: Database, surroundings: Surroundings, retention: Retention) {
    loop {
        tokio::time::sleep(MINUTE).await;
        let now = surroundings.now();
        if let Err(error) = tick(&database, &now).await {
            tracing::warn!(%error, "the chores could not be done; trying again");
        }
        if let Err(error) = age(&database, &now, retention).await {
            tracing::warn!(%error, "old emergencies could not be gone through; trying again");
        }
    }
}
