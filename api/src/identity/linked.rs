//! The identities by which somebody signs in.

use actix_web::{HttpResponse, delete, get, web::Data};
use chrono::{DateTime, Utc};
use domain::identity::{self, LinkedId, LinkedIdentity, UnlinkError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Citizen, JustSignedIn};
use crate::{
    App,
    extract::Path,
    page::PageView,
    problem::{ApiError, Code},
};

/// An identity at a provider that opens the caller's account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IdentityView {
    /// Its id.
    id: Uuid,
    /// The provider.
    issuer: String,
    /// The name of the person there, where the provider tells it.
    full_name: Option<String>,
    /// Since when it opens the account.
    linked_at: DateTime<Utc>,
}

impl From<LinkedIdentity> for IdentityView {
    fn from(LinkedIdentity { id, identity, linked_at }: LinkedIdentity) -> Self {
        Self {
            id: id.uuid(),
            issuer: identity.issuer,
            full_name: identity.full_name.map(|name| name.as_str().to_owned()),
            linked_at,
        }
    }
}

impl From<UnlinkError> for ApiError {
    fn from(error: UnlinkError) -> Self {
        match error {
            UnlinkError::NotFound => Self::new(Code::NotFound),
            UnlinkError::LastWay => Self::new(Code::LastWayIn),
            UnlinkError::Store(error) => error.into(),
        }
    }
}

/// The identities by which I sign in
#[utoipa::path(
    tag = "identity",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "The first linked first", body = PageView<IdentityView>))
)]
#[get("/v1/me/identities")]
pub(super) async fn identities(app: Data<App>, citizen: Citizen) -> Result<HttpResponse, ApiError> {
    let linked = app.database.read(move |tx| identity::linked_identities(tx, &citizen)).await?;
    let items: Vec<_> = linked.into_iter().map(IdentityView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Let an identity open my account no more
///
/// Only within half an hour after signing in. Every other session ends.
#[utoipa::path(
    tag = "identity",
    security(("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The identity")),
    responses(
        (status = 204, description = "It opens the account no more"),
        (status = 403, description = "Problem `sign_in_again`"),
        (status = 409, description = "Problem `last_way_in`: there is no phone and no other identity"),
    )
)]
#[delete("/v1/me/identities/{id}")]
pub(super) async fn unlink(
    app: Data<App>,
    JustSignedIn(who): JustSignedIn,
    Path(id): Path<LinkedId>,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    app.database.write(move |tx| identity::unlink(tx, &now, &who, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
