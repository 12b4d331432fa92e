//! What the clock does with media, every minute: what nobody linked goes, all files of what goes,
//! and the metadata of what is nobody's any more.

use std::{sync::Arc, time::Duration};

use domain::{
    Moment, StoreError,
    media::{self, Media, MediaRepository as _, State},
};
use infra::database::{Database, Transaction};

use super::Darkroom;
use crate::{App, Surroundings};

const MINUTE: Duration = Duration::from_mins(1);
/// How many one unit of work takes: nobody waits long behind it.
const CHUNK: usize = 50;

/// Does at once what is done every minute by itself: sweeps what expired, was given up or erased,
/// and its files. Every replica may do it at once.
///
/// # Errors
/// [`StoreError`] when store or files cannot be reached.
pub async fn tick(app: &App) -> Result<(), StoreError> {
    sweep(&app.database, &app.media, &app.now()).await
}

async fn sweep(database: &Database, darkroom: &Darkroom, now: &Moment) -> Result<(), StoreError> {
    let mut left = true;
    while left {
        let now = now.clone();
        let doom = move |tx: &mut Transaction<'_>| media::doom_expired(tx, &now, CHUNK);
        left = database.write(doom).await? >= CHUNK;
    }
    let at = now.clone();
    let bared = database.read(move |tx| media::to_be_bared(tx, &at, CHUNK)).await?;
    let mut outcome = Ok(());
    for media in bared {
        let bared = bare(database, darkroom, media).await;
        outcome = outcome.and(bared);
    }
    for state in [State::Doomed, State::Swept] {
        let at = now.at;
        let mut left = true;
        while left {
            let due = database.read(move |tx| tx.media_due(state, at, CHUNK)).await?;
            left = false;
            for media in due {
                // What cannot be done with one is no reason to leave the others.
                let removed = remove(database, darkroom, now, media).await;
                left |= removed.is_ok();
                outcome = outcome.and(removed);
            }
        }
    }
    outcome
}

/// Takes the metadata out of the files of `media`, which is nobody's any more.
async fn bare(database: &Database, darkroom: &Darkroom, media: Media) -> Result<(), StoreError> {
    darkroom.files.bare(media.id).await?;
    database.write(move |tx| media::bared(tx, &media)).await
}

/// Removes the files of `media`.
async fn remove(
    database: &Database,
    darkroom: &Darkroom,
    now: &Moment,
    media: Media,
) -> Result<(), StoreError> {
    darkroom.files.remove_all(media.id).await?;
    let now = now.clone();
    database.write(move |tx| media::swept(tx, &now, &media)).await
}

/// Does what is due for as long as the process lives.
pub(crate) async fn run(database: Database, darkroom: Arc<Darkroom>, surroundings: Surroundings) {
    loop {
        tokio::time::sleep(MINUTE).await;
        if let Err(error) = sweep(&database, &darkroom, &surroundings.now()).await {
            tracing::warn!(%error, "media could not be swept; trying again");
        }
    }
}
