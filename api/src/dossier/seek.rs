//! Finding a dossier for somebody.

use actix_web::HttpRequest;
use domain::dossier::{self, Claim, Dossier, DossierCode, LookUp};

use crate::{
    App,
    limits::Limited,
    problem::{ApiError, Code},
};

/// A dossier that was found for whoever proved that it is theirs.
pub(super) struct Found {
    pub(super) dossier: Dossier,
    /// Whether the system that keeps it was asked in vain: it may stand otherwise by now.
    pub(super) stale: bool,
}

/// The dossier `code`, if `claim` is true of it.
///
/// # Errors
/// [`Code::NotFound`] where there is no such dossier or the claim is not true: nobody can tell one
/// from the other. [`Code::RateLimited`] where too many were wrong.
pub(super) async fn seek(
    app: &App,
    request: &HttpRequest,
    code: DossierCode,
    claim: Claim,
) -> Result<Found, ApiError> {
    app.limits.admit(Limited::DossierLookUp, request)?;
    let address = app.source(app.limits.source(request));
    let asked = LookUp { code, claim, address };
    let (now, keys, rates) = (app.now(), app.keys.clone(), app.settings.look_up_rates());
    let found =
        app.database.write(move |tx| dossier::look_up(tx, &*keys, &now, &asked, &rates)).await?;
    let dossier = found.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(Found { dossier, stale: false })
}
