//! Wanting to know what becomes of a report.

use actix_web::{HttpResponse, delete, post, web::Data};
use domain::feedback;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    extract::Path,
    feedback::public::named,
    identity::Citizen,
    problem::{ApiError, Code},
};

/// Whether the caller follows a report now.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct FollowView {
    /// The report.
    id: Uuid,
    /// Whether they do.
    following: bool,
}

/// Follows a report: whatever becomes of it is told in the caller's inbox.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["use_account"])),
    params(("name" = String, Path, description = "The id or the tracking code")),
    responses(
        (status = 200, description = "It is followed", body = FollowView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 404, description = "Problem `not_found`: none, or not public"),
    ),
)]
#[post("/v1/feedback/{name}/follow")]
pub(in crate::feedback) async fn follow(
    app: Data<App>,
    citizen: Citizen,
    Path(name): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (name, now) = (named(&name)?, app.now());
    let followed =
        app.database.write(move |tx| feedback::follow(tx, &now, &name, citizen.id)).await?;
    let report = followed.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(HttpResponse::Ok().json(FollowView { id: report.id.uuid(), following: true }))
}

/// Follows a report no more.
#[utoipa::path(
    tag = "feedback",
    security(("bearer" = ["use_account"])),
    params(("name" = String, Path, description = "The id or the tracking code")),
    responses(
        (status = 200, description = "It is not followed any more", body = FollowView),
        (status = 401, description = "Problem `unauthorized`"),
        (status = 404, description = "Problem `not_found`: none, or not public"),
    ),
)]
#[delete("/v1/feedback/{name}/follow")]
pub(in crate::feedback) async fn unfollow(
    app: Data<App>,
    citizen: Citizen,
    Path(name): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let name = named(&name)?;
    let left = app.database.write(move |tx| feedback::unfollow(tx, &name, citizen.id)).await?;
    let report = left.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(HttpResponse::Ok().json(FollowView { id: report.id.uuid(), following: false }))
}
