//! The rounds: asking after the dossiers that people follow, so that they are told of changes.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use domain::{
    Moment, StoreError,
    dossier::{self, DossierRepository as _},
};
use infra::{database::Database, dossier::DossierSystem, identity::Keyring};

use crate::Surroundings;

const MINUTE: Duration = Duration::from_mins(1);
/// Who told of a dossier within this time is not asked after it.
const UNHEARD: TimeDelta = TimeDelta::minutes(30);
/// How many dossiers are asked after in one round.
const AT_ONCE: usize = 20;

/// Asks `system` after some of the dossiers that somebody follows, and answers of how many it told.
/// A system that does not answer is left alone until the next round; where only one dossier is
/// answered badly, the others do not wait for it.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn tick(
    database: &Database,
    keys: &Arc<Keyring>,
    system: &dyn DossierSystem,
    now: &Moment,
) -> Result<usize, StoreError> {
    let at = now.at;
    let take = database.write(move |tx| tx.take_unheard_dossiers(at - UNHEARD, at, AT_ONCE));
    let mut told = 0;
    for code in take.await? {
        match system.ask(&code).await {
            Ok(Some(report)) => {
                let (keys, now) = (Arc::clone(keys), now.clone());
                database.write(move |tx| dossier::hear(tx, &*keys, &now, vec![report])).await?;
                told += 1;
            }
            Ok(None) => {}
            Err(away) => {
                tracing::warn!(%away, "the system that keeps dossiers does not answer");
                if !away.is_about_one() {
                    break;
                }
            }
        }
    }
    Ok(told)
}

/// Makes the rounds for as long as the process lives.
pub(crate) async fn make(
    database: Database,
    keys: Arc<Keyring>,
    system: Arc<dyn DossierSystem>,
    surroundings: Surroundings,
) {
    loop {
        tokio::time::sleep(MINUTE).await;
        if let Err(error) = tick(&database, &keys, &*system, &surroundings.now()).await {
            tracing::warn!(%error, "nobody could be asked after dossiers; trying again");
        }
    }
}
