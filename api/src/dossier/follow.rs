//! The dossiers that somebody follows.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web::Data};
use domain::{
    dossier::{self, Claim, DossierId, FollowError},
    idempotency::{OnceError, once},
    identity,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    proof::{self, Proof},
    seek::{Found, seek},
    view::FollowedView,
};
use crate::{
    App,
    extract::{Json, Path, Repeatable},
    identity::Citizen,
    page::PageView,
    problem::{ApiError, Code, FieldCode},
};

/// A dossier to follow.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FollowDossier {
    /// The code on its receipt, however it is typed.
    code: String,
    /// Not needed where the dossier names the number that the caller signs in with.
    proof: Option<Proof>,
}

/// The dossiers I follow
#[utoipa::path(
    tag = "dossier",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "The latest first", body = PageView<FollowedView>))
)]
#[get("/v1/me/dossiers")]
pub(super) async fn followed(app: Data<App>, citizen: Citizen) -> Result<HttpResponse, ApiError> {
    let followed = app.database.read(move |tx| dossier::followed(tx, &citizen)).await?;
    let view = |(dossier, since)| FollowedView::of(&app, &Found { dossier, stale: false }, since);
    let items: Vec<_> = followed.into_iter().map(view).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Follow a dossier
///
/// Whoever follows one is told in the app when its status changes. It takes what a look-up takes,
/// or nothing where the dossier names the caller's own number; wrong tries count alike.
#[utoipa::path(
    tag = "dossier",
    security(("bearer" = ["use_account"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "It is followed, from now on or already", body = FollowedView),
        (status = 404, description = "Problem `not_found`: no such dossier, or the proof is wrong"),
        (status = 409, description = "Problem `too_many`: fifty are the most"),
        (status = 429, description = "Problem `rate_limited`"),
        (status = 503, description = "Problem `unavailable`: nobody knows, for the office's system is away"),
    )
)]
#[post("/v1/me/dossiers")]
pub(super) async fn follow(
    app: Data<App>,
    request: HttpRequest,
    citizen: Citizen,
    key: Repeatable,
    Json(body): Json<FollowDossier>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "dossier.follow", Some(citizen.id.uuid()), &body);
    let code = proof::code(&body.code)?;
    let claim = match body.proof {
        Some(proof) => proof.claim()?,
        None => own_phone(&app, &citizen).await?,
    };
    let Found { dossier, stale } = seek(&app, &request, code, claim).await?;
    let now = app.now();
    let following = app.database.write(move |tx| {
        // Following twice is following once: under a key, only the body has to be the same.
        once(tx, &now, key.as_ref(), |_| Ok::<_, FollowError>(()))?;
        dossier::follow(tx, &now, &citizen, &dossier.code).map_err(OnceError::Work)
    });
    let (dossier, since) = following.await?;
    Ok(HttpResponse::Created().json(FollowedView::of(&app, &Found { dossier, stale }, since)))
}

/// The number that `citizen` signs in with, as a claim.
async fn own_phone(app: &App, citizen: &Citizen) -> Result<Claim, ApiError> {
    let who = citizen.0.clone();
    let account = app.database.read(move |tx| identity::account(tx, &who)).await?;
    let account = account.ok_or_else(|| ApiError::new(Code::Unauthorized))?;
    let missing = || ApiError::field("/proof", FieldCode::Missing);
    account.phone.map(Claim::Phone).ok_or_else(missing)
}

/// Follow a dossier no more
#[utoipa::path(
    tag = "dossier",
    security(("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The id under which it is followed")),
    responses(
        (status = 204, description = "It is not followed any more"),
        (status = 404, description = "Problem `not_found`: it was not"),
    )
)]
#[delete("/v1/me/dossiers/{id}")]
pub(super) async fn unfollow(
    app: Data<App>,
    citizen: Citizen,
    Path(id): Path<DossierId>,
) -> Result<HttpResponse, ApiError> {
    app.database.write(move |tx| dossier::unfollow(tx, &citizen, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
