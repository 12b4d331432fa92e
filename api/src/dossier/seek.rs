//! Finding a dossier for somebody: here, and in the system that keeps it.

use actix_web::HttpRequest;
use domain::dossier::{self, Claim, Dossier, DossierCode, LookUp};
use infra::{database::Transaction, dossier::DossierSystem};

use crate::{
    App,
    limits::Limited,
    problem::{ApiError, Code},
};

/// After how many seconds to try again where the system that keeps a dossier does not answer.
const AWAY: u32 = 30;

/// A dossier that was found for whoever proved that it is theirs.
pub(super) struct Found {
    pub(super) dossier: Dossier,
    /// Whether the system that keeps it was asked in vain: it may stand otherwise by now.
    pub(super) stale: bool,
}

/// The dossier `code`, if `claim` is true of it. Where a system can be asked it is, unless it told
/// of the dossier within the last minute: for a code that nobody has as for a wrong proof, so that
/// neither the answer nor its time tells one from the other.
///
/// # Errors
/// [`Code::NotFound`] where there is no such dossier or the claim is not true,
/// [`Code::Unavailable`] where nobody knows because the system does not answer, and
/// [`Code::RateLimited`] where too many look-ups were wrong.
pub(super) async fn seek(
    app: &App,
    request: &HttpRequest,
    code: DossierCode,
    claim: Claim,
) -> Result<Found, ApiError> {
    app.limits.admit(Limited::DossierLookUp, request)?;
    let address = app.source(app.limits.source(request));
    let asked = LookUp { code, claim, address };
    let known = look_here(app, asked.clone()).await?;
    let fresh = known.as_ref().is_some_and(|dossier| dossier.is_fresh(app.now().at));
    match app.dossiers.as_deref() {
        Some(system) if !fresh => ask(app, system, asked, known).await,
        _ => found(known, false),
    }
}

async fn look_here(app: &App, asked: LookUp) -> Result<Option<Dossier>, ApiError> {
    let (now, keys, rates) = (app.now(), app.keys.clone(), app.settings.look_up_rates());
    let look = app.database.write(move |tx| dossier::look_up(tx, &*keys, &now, &asked, &rates));
    Ok(look.await?)
}

/// Asks `system`, and looks once more.
async fn ask(
    app: &App,
    system: &dyn DossierSystem,
    asked: LookUp,
    known: Option<Dossier>,
) -> Result<Found, ApiError> {
    let answer = match (system.ask(&asked.code).await, known.is_some()) {
        (Ok(answer), _) => answer,
        (Err(away), was_known) => {
            tracing::warn!(%away, "the system that keeps dossiers does not answer");
            metrics::counter!("dossier_system_away_total").increment(1);
            let nobody_knows = || ApiError::new(Code::Unavailable).retry_after(AWAY);
            if was_known {
                return found(known, true);
            }
            let (now, keys, rates) = (app.now(), app.keys.clone(), app.settings.look_up_rates());
            let note = move |tx: &mut Transaction<'_>| {
                dossier::note_no_answer(tx, &*keys, &now, &asked, &rates)
            };
            app.database.write(note).await?;
            return Err(nobody_knows());
        }
    };
    let (now, keys, rates) = (app.now(), app.keys.clone(), app.settings.look_up_rates());
    let asked = (asked, known.is_some());
    let look = app
        .database
        .write(move |tx| dossier::look_after_asking(tx, &*keys, &now, asked, answer, &rates));
    found(look.await?, false)
}

fn found(dossier: Option<Dossier>, stale: bool) -> Result<Found, ApiError> {
    let dossier = dossier.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(Found { dossier, stale })
}
