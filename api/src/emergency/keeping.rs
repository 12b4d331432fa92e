//! Storing what is asked of intake, or keeping it beside the store until that is back.

use std::{fmt::Display, sync::Arc, time::Duration};

use actix_web::HttpResponse;
use domain::{
    Moment, StoreError,
    emergency::{Deferred, RaiseError},
};
use infra::{
    database::{Transaction, is_full},
    emergency::{Answer, Spool, SpoolError},
    reserve::Reserve,
};

use super::{
    receipts::{Receipts, Texter},
    view::CallView,
};
use crate::{
    App, Surroundings,
    problem::{ApiError, Code, Language},
};

/// How long a caller waits for the store before the call goes into the spool.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);
/// How often the store is asked whether it takes what waits in the spool.
const CATCH_UP: Duration = Duration::from_secs(1);
/// How often room that was given back is held anew.
const HOLD: Duration = Duration::from_mins(1);

/// What became of a request to intake.
pub(super) enum Kept<T> {
    /// The store has it.
    Stored(T),
    /// The spool has it.
    Deferred(Arc<Deferred>),
}

/// Does `work` in the store. Where that cannot commit it, keeps what was `asked` in the spool.
pub(super) async fn store_or_keep<T, F>(
    app: &App,
    now: &Moment,
    asked: Deferred,
    work: F,
) -> Result<Kept<T>, ApiError>
where
    F: Fn(&mut Transaction<'_>, &Moment, &Deferred) -> Result<T, RaiseError>,
    F: Clone + Send + 'static,
    T: Send + 'static,
{
    let asked = Arc::new(asked);
    let store = || {
        let (asked, now, work) = (Arc::clone(&asked), now.clone(), work.clone());
        stored(app, move |tx| work(tx, &now, &asked))
    };
    let mut stored = store().await;
    if stored.as_ref().is_err_and(|RaiseError::Store(error)| is_full(error)) && release(app).await {
        stored = store().await;
    }
    match stored {
        Ok(done) => Ok(Kept::Stored(done)),
        Err(error) => {
            tracing::error!(%error, "a call for help goes into the spool");
            keep(app, now, &asked).await.map_err(|error| not_kept(&error))?;
            Ok(Kept::Deferred(asked))
        }
    }
}

async fn stored<T: Send + 'static>(
    app: &App,
    work: impl Fn(&mut Transaction<'_>) -> Result<T, RaiseError> + Send + 'static,
) -> Result<T, RaiseError> {
    let late = |_| StoreError::Unavailable("no answer in time".to_owned()).into();
    tokio::time::timeout(PATIENCE, app.database.write_together(work))
        .await
        .unwrap_or_else(|out| Err(late(out)))
}

async fn keep(app: &App, now: &Moment, asked: &Deferred) -> Result<(), SpoolError> {
    metrics::counter!("emergency_calls_spooled_total").increment(1);
    match app.spool.keep(asked.clone(), now.clone()).await {
        Err(error) if error.is_full() && release(app).await => {
            app.spool.keep(asked.clone(), now.clone()).await
        }
        kept => kept,
    }
}

/// Gives back the room that is held on the disk. Says whether there was any.
async fn release(app: &App) -> bool {
    let reserve = Arc::clone(&app.reserve);
    tokio::task::spawn_blocking(move || reserve.release()).await.unwrap_or_default()
}

/// Nothing could keep the call; the caller is told what to dial.
fn not_kept(error: &impl Display) -> ApiError {
    tracing::error!(%error, "A CALL FOR HELP COULD NOT BE KEPT");
    metrics::counter!("emergency_calls_not_stored_total").increment(1);
    ApiError::new(Code::CallNotStored).retry_after(2)
}

/// The answer to a request that waits in the spool.
pub(super) fn answer(
    asked: &Deferred,
    app: &App,
    now: &Moment,
    language: Language,
) -> HttpResponse {
    HttpResponse::Accepted().json(CallView::of_deferred(asked, app, now, language))
}

/// Brings what waits in `spool` to the store, for as long as the process lives, and sends `receipts` to
/// those who called by text message.
pub(crate) async fn catch_up(spool: Spool, surroundings: Surroundings, receipts: Receipts) {
    let entropy = surroundings.now().entropy();
    let answer: Box<Answer> = Box::new(move |asked, hearing| {
        let (now, receipts) = (surroundings.now(), receipts.clone());
        let to = Texter::of(asked);
        Box::pin(async move { receipts.send(now, to, hearing).await })
    });
    loop {
        if let Err(error) = spool.catch_up(&entropy, &answer).await {
            tracing::warn!(%error, waiting = spool.waiting(), "calls wait for the store");
        }
        tokio::time::sleep(CATCH_UP).await;
    }
}

/// Holds room on the disk, for as long as the process lives.
pub async fn hold(reserve: Arc<Reserve>) {
    loop {
        let held = Arc::clone(&reserve);
        match tokio::task::spawn_blocking(move || held.hold()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "no room on the disk can be held in reserve"),
            Err(failure) => {
                tracing::error!(%failure, "the reserve on the disk is not looked after");
            }
        }
        tokio::time::sleep(HOLD).await;
    }
}
