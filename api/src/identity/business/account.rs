//! Businesses, as those who act for them see them.

use actix_web::{HttpResponse, get, patch, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    idempotency::{OnceError, once},
    identity::business::{
        self, Business, BusinessId, ChangeBusiness, MemberRole, NewBusiness, Standing, TaxCode,
    },
    territory::CommuneCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::agent::Agent;
use crate::{
    App,
    extract::{Change, Json, Path, Repeatable, filled_in},
    identity::Citizen,
    page::PageView,
    problem::{ApiError, FieldCode},
};

/// The most characters of a name.
pub(super) const NAME: usize = 200;
/// The most characters of an address.
pub(super) const ADDRESS: usize = 300;

/// A business.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BusinessView {
    /// Its id.
    id: Uuid,
    /// 10 digits, with `-` and three more for a branch; 12 for a household business.
    #[schema(example = "0100109106")]
    tax_code: String,
    /// What it is called.
    name: String,
    /// The commune of its seat.
    commune_code: String,
    /// The rest of its address.
    address: Option<String>,
    /// `pending`, `verified`, `rejected`, or `ownerless` when its last owner is gone.
    #[schema(value_type = String)]
    standing: Standing,
    /// Why it was rejected.
    reason: Option<String>,
    /// When it was registered.
    registered_at: DateTime<Utc>,
    /// How often it has changed: what an officer names in `If-Match`, in quotation marks.
    version: i64,
    /// What the caller is to it: `owner` or `member`; `null` for its own systems and officers.
    #[schema(value_type = Option<String>)]
    role: Option<MemberRole>,
}

impl BusinessView {
    /// The view of `business` in a list of the desk: the number of a person is masked.
    pub(super) fn listed(business: Business) -> Self {
        let tax_code = business.tax_code.to_string();
        Self { tax_code, ..Self::new(business, None) }
    }

    /// The view of `business` for somebody who is `role` to it.
    pub(super) fn new(business: Business, role: Option<MemberRole>) -> Self {
        Self {
            id: business.id.uuid(),
            tax_code: business.tax_code.expose().to_owned(),
            name: business.name,
            commune_code: business.commune.to_string(),
            address: business.address,
            standing: business.standing,
            reason: business.reason,
            registered_at: business.registered_at,
            version: business.version,
            role,
        }
    }
}

/// A business to register.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterBusiness {
    /// Under which it pays its taxes.
    #[schema(example = "0100109106")]
    tax_code: String,
    /// What it is called, 1 to 200 characters.
    name: String,
    /// The commune of its seat, whose officers verify it.
    commune_code: String,
    /// The rest of its address, at most 300 characters.
    #[serde(default)]
    address: Option<String>,
}

impl RegisterBusiness {
    fn checked(&self, app: &App) -> Result<NewBusiness, ApiError> {
        let wrong = |_| ApiError::field("/tax_code", FieldCode::WrongForm);
        Ok(NewBusiness {
            tax_code: self.tax_code.parse::<TaxCode>().map_err(wrong)?,
            name: filled_in("/name", &self.name, NAME)?,
            commune: commune(app, &self.commune_code)?,
            address: address(self.address.as_deref())?,
        })
    }
}

/// The commune that was sent as `commune_code`: one of the province.
pub(super) fn commune(app: &App, code: &str) -> Result<CommuneCode, ApiError> {
    let known = code.parse().ok().filter(|code| app.snapshot().commune(*code).is_some());
    known.ok_or_else(|| ApiError::field("/commune_code", FieldCode::Unknown))
}

/// What was sent as `address`.
pub(super) fn address(text: Option<&str>) -> Result<Option<String>, ApiError> {
    text.map(|text| filled_in("/address", text, ADDRESS)).transpose()
}

/// Changes to a business; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedBusiness {
    /// What it is called. Afterwards it has to be verified again.
    name: Option<String>,
    /// The commune of its seat. Afterwards it has to be verified again.
    commune_code: Option<String>,
    /// The rest of its address; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    address: Change<String>,
}

impl ChangedBusiness {
    fn checked(&self, app: &App) -> Result<ChangeBusiness, ApiError> {
        let name = self.name.as_deref().map(|name| filled_in("/name", name, NAME));
        let code = self.commune_code.as_deref().map(|code| commune(app, code));
        Ok(ChangeBusiness {
            name: name.transpose()?,
            commune: code.transpose()?,
            address: match &self.address {
                Change::Keep => None,
                Change::Clear => Some(None),
                Change::Set(text) => Some(address(Some(text))?),
            },
        })
    }
}

/// Register a business
///
/// The caller becomes its first owner. It counts for nothing until an officer has verified it.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["use_account"])),
    request_body = RegisterBusiness,
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "It is registered", body = BusinessView),
        (status = 409, description = "Problem `already_exists`, `tax_code_taken` or `too_many`"),
        (status = 422, description = "Problem `validation_failed` or `idempotency_key_reused`"),
    ),
)]
#[post("/v1/businesses")]
pub(super) async fn register(
    app: Data<App>,
    citizen: Citizen,
    key: Repeatable,
    Json(body): Json<RegisterBusiness>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "business.register", Some(citizen.id.uuid()), &body);
    let (now, keys, new) = (app.now(), app.keys.clone(), body.checked(&app)?);
    let registering = app.database.write(move |tx| {
        let id = once(tx, &now, key.as_ref(), |tx| {
            business::register(tx, &*keys, &now, &citizen, new).map(|registered| registered.id)
        })?;
        business::open(tx, &business::Agent::Citizen(citizen.0), id).map_err(OnceError::Work)
    });
    let (registered, seat) = registering.await?;
    Ok(HttpResponse::Created().json(BusinessView::new(registered, seat.role())))
}

/// The businesses I act for
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "The first joined first", body = PageView<BusinessView>))
)]
#[get("/v1/me/businesses")]
pub(super) async fn mine(app: Data<App>, citizen: Citizen) -> Result<HttpResponse, ApiError> {
    let mine = app.database.read(move |tx| business::mine(tx, &citizen)).await?;
    let items = mine.into_iter().map(|(business, role)| BusinessView::new(business, Some(role)));
    Ok(HttpResponse::Ok().json(PageView { items: items.collect(), next_cursor: None }))
}

/// A business
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["act_for_business"])),
    params(("id" = Uuid, Path, description = "The business")),
    responses(
        (status = 200, description = "The business", body = BusinessView),
        (status = 404, description = "Problem `not_found`: none that the caller acts for"),
    )
)]
#[get("/v1/businesses/{id}")]
pub(super) async fn show(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
) -> Result<HttpResponse, ApiError> {
    let (found, seat) = app.database.read(move |tx| business::open(tx, &agent, id)).await?;
    Ok(HttpResponse::Ok().json(BusinessView::new(found, seat.role())))
}

/// Change a business
///
/// Owners only. With another name or commune it has to be verified again.
#[utoipa::path(
    tag = "business",
    security(("bearer" = ["decide_over_business"])),
    params(("id" = Uuid, Path, description = "The business")),
    request_body = ChangedBusiness,
    responses(
        (status = 200, description = "The business as it is now", body = BusinessView),
        (status = 403, description = "Problem `forbidden`: a member, but no owner"),
        (status = 404, description = "Problem `not_found`: none that the caller acts for"),
    )
)]
#[patch("/v1/businesses/{id}")]
pub(super) async fn change(
    app: Data<App>,
    Agent(agent): Agent,
    Path(id): Path<BusinessId>,
    Json(body): Json<ChangedBusiness>,
) -> Result<HttpResponse, ApiError> {
    let change = body.checked(&app)?;
    let changed = app.database.write(move |tx| business::change(tx, &agent, id, change));
    let (changed, seat) = changed.await?;
    Ok(HttpResponse::Ok().json(BusinessView::new(changed, seat.role())))
}
