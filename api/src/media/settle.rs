//! All of it is there: what it is, and what can be shown of it.

use domain::{
    StoreError,
    idempotency::{IdempotencyKey, OnceError, once},
    media::{self, Media, MediaId, MediaRepository as _},
};
use infra::database::Transaction;

use super::reply::flawed;
use crate::{
    App,
    problem::{ApiError, Code},
};

/// Looks at all of `media`, and writes down what it is. What is not fit goes, with all its files,
/// unless it is kept `all_the_same`. Done again it stays as it is.
///
/// # Errors
/// What is wrong with it.
pub(crate) async fn settle(app: &App, media: Media, all_the_same: bool) -> Result<Media, ApiError> {
    if media.is_whole() {
        return Ok(media);
    }
    let id = media.id;
    let parts = app.database.read(move |tx| tx.parts(id)).await?;
    let found = app.media.workshop.look_at(&media, &parts, all_the_same).await?;
    if let Some(flaw) = found.flaw.filter(|_| !all_the_same) {
        discard(app, &media).await?;
        return Err(flawed(flaw));
    }
    let settled = app.database.write(move |tx| media::settle(tx, &media, &found)).await?;
    if let Err(error) = app.media.files.remove_parts(id).await {
        tracing::warn!(%error, "parts of an upload stay until they are swept");
    }
    Ok(settled)
}

/// Lets `media` go, with all its files.
pub(super) async fn discard(app: &App, media: &Media) -> Result<(), ApiError> {
    let (now, id) = (app.now(), media.id);
    app.database.write(move |tx| media::refuse(tx, &now, id)).await?;
    if let Err(error) = app.media.files.remove_all(id).await {
        tracing::warn!(%error, "files of what was refused stay until they are swept");
    }
    Ok(())
}

/// The media that was uploaded first under `key` with the same content, which is `settled` where
/// there was none.
///
/// # Errors
/// [`Code::IdempotencyKeyReused`] where the content was another.
pub(crate) async fn first(
    app: &App,
    key: Option<IdempotencyKey>,
    settled: Media,
) -> Result<Media, ApiError> {
    let Some(key) = key else { return Ok(settled) };
    let (now, id) = (app.now(), settled.id);
    let claim = move |tx: &mut Transaction<'_>| {
        let first = once(tx, &now, Some(&key), |_| Ok::<MediaId, StoreError>(id))?;
        Ok::<_, OnceError<StoreError>>((first, tx.media(first)?))
    };
    let (first, known) = match app.database.write(claim).await {
        Ok(found) => found,
        Err(error) => {
            discard(app, &settled).await?;
            return Err(error.into());
        }
    };
    if first == id {
        return Ok(settled);
    }
    discard(app, &settled).await?;
    known.filter(Media::is_whole).ok_or_else(|| ApiError::new(Code::UploadGone))
}
