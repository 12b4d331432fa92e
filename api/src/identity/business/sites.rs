//! Where a business is.

use actix_web::{HttpResponse, delete, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    idempotency::{OnceError, once},
    identity::business::{self, BusinessId, NewSite, Site, SiteId},
    territory::Position,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    account::{NAME, address, commune},
    agent::Agent,
};
use crate::{
    App,
    extract::{Json, Path, Repeatable, filled_in},
    page::PageView,
    problem::{ApiError, FieldCode},
};

/// A position, WGS 84 degrees.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Place {
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
}

/// A shop, a works, an office of a business.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SiteView {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// The commune in which it is.
    commune_code: String,
    /// The rest of its address.
    address: Option<String>,
    /// Where exactly.
    location: Option<Place>,
    /// When it was added.
    added_at: DateTime<Utc>,
}

impl From<Site> for SiteView {
    fn from(site: Site) -> Self {
        let place = |position: Position| Place { lat: position.lat(), lon: position.lon() };
        Self {
            id: site.id.uuid(),
            name: site.name,
            commune_code: site.commune.to_string(),
            address: site.address,
            location: site.position.map(place),
            added_at: site.added_at,
        }
    }
}

/// A site to add.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddSite {
    /// What it is called, 1 to 200 characters.
    name: String,
    /// The commune in which it is.
    commune_code: String,
    /// The rest of its address, at most 300 characters.
    #[serde(default)]
    address: Option<String>,
    /// Where exactly.
    #[serde(default)]
    location: Option<Place>,
}

impl AddSite {
    fn checked(&self, app: &App) -> Result<NewSite, ApiError> {
        let position = self.location.map(|Place { lat, lon }| {
            Position::new(lat, lon).map_err(|_| ApiError::field("/location", FieldCode::OutOfRange))
        });
        Ok(NewSite {
            name: filled_in("/name", &self.name, NAME)?,
            commune: commune(app, &self.commune_code)?,
            address: address(self.address.as_deref())?,
            position: position.transpose()?,
        })
    }
}

/// Where a business is
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["act_for_business"])),
    params(("id" = Uuid, Path, description = "The business")),
    responses((status = 200, description = "The oldest first", body = PageView<SiteView>))
)]
#[get("/v1/businesses/{id}/sites")]
pub(super) async fn sites(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
) -> Result<HttpResponse, ApiError> {
    let sites = app.database.read(move |tx| business::sites(tx, &agent, id)).await?;
    let items: Vec<SiteView> = sites.into_iter().map(SiteView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Add a site
///
/// Members, owners, and keys with the scope `sites.write`.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["act_for_business"])),
    params(
        ("id" = Uuid, Path, description = "The business"),
        ("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours"),
    ),
    request_body = AddSite,
    responses(
        (status = 201, description = "The site", body = SiteView),
        (status = 403, description = "Problem `forbidden`: a key without the scope"),
        (status = 409, description = "Problem `too_many`"),
    )
)]
#[post("/v1/businesses/{id}/sites")]
pub(super) async fn add(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
    key: Repeatable,
    Json(body): Json<AddSite>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, &format!("business.site {id}"), Some(agent.id()), &body);
    let (now, new) = (app.now(), body.checked(&app)?);
    let adding = app.database.write(move |tx| {
        let added = once(tx, &now, key.as_ref(), |tx| {
            business::add_site(tx, &now, &agent, id, new).map(|site| site.id)
        })?;
        business::site(tx, &agent, id, added).map_err(OnceError::Work)
    });
    Ok(HttpResponse::Created().json(SiteView::from(adding.await?)))
}

/// Remove a site
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["act_for_business"])),
    params(
        ("id" = Uuid, Path, description = "The business"),
        ("site_id" = Uuid, Path, description = "The site"),
    ),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/v1/businesses/{id}/sites/{site_id}")]
pub(super) async fn remove(
    app: Data<App>,
    Agent(agent): Agent,
    Path((id, site)): Path<(BusinessId, SiteId)>,
) -> Result<HttpResponse, ApiError> {
    app.database.write(move |tx| business::remove_site(tx, &agent, id, site)).await?;
    Ok(HttpResponse::NoContent().finish())
}
