//! The agencies, as whoever runs the service sees and changes them.

use std::sync::Arc;

use actix_web::{HttpResponse, get, http::header::ETag, patch, post, web::Data};
use domain::{
    directory::{
        self, Agency, AgencyChange, AgencyCode, AgencyKind, AgencyTree, Area, Misplaced,
        PutAgencyError, shipped_agencies,
    },
    emergency::Kind,
    idempotency::once,
    territory::CommuneCode,
};
use infra::{database::Transaction, snapshot::Snapshot};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    App,
    extract::{Change, IfMatch, Json, Path, Query, Repeatable, stale, typed, version_tag},
    identity::{Administrator, ChiefAdministrator},
    page::{self, PageQuery, PageView},
    problem::{ApiError, Code, FieldCode},
};

/// The name of this list in its cursors.
const LIST: &str = "agencies";

/// An agency.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AgencyView {
    /// Its code.
    code: String,
    /// The agency above it; only the province has none.
    parent: Option<String>,
    /// Its name, in Vietnamese.
    name: String,
    /// `province`, `department`, `commune`, `emergency_centre` or `desk`.
    kind: &'static str,
    /// Its telephone number, once it is confirmed.
    phone: Option<String>,
    /// The communes it is responsible for; `null` for the whole province.
    #[schema(value_type = Option<Vec<String>>)]
    communes: Option<Vec<CommuneCode>>,
    /// Which calls for help it answers there: `police`, `fire`, `medical`, `rescue`, `child`, `other`.
    #[schema(value_type = Vec<String>)]
    kinds: Vec<Kind>,
}

impl From<&Agency> for AgencyView {
    fn from(agency: &Agency) -> Self {
        Self {
            code: agency.code.to_string(),
            parent: agency.parent.as_ref().map(ToString::to_string),
            name: agency.name.clone(),
            kind: agency.kind.as_str(),
            phone: agency.phone.clone(),
            communes: agency.area.communes().map(<[_]>::to_vec),
            kinds: agency.kinds.clone(),
        }
    }
}

/// An agency to add.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddAgency {
    /// Its code: 2 to 40 lower-case letters, digits and hyphens.
    #[schema(value_type = String)]
    code: AgencyCode,
    /// The agency above it; the province when absent.
    #[schema(value_type = Option<String>)]
    parent: Option<AgencyCode>,
    /// Its name, in Vietnamese.
    name: String,
    /// `department` or `emergency_centre`.
    #[schema(value_type = String)]
    kind: AgencyKind,
    /// Its telephone number, once it is confirmed.
    phone: Option<String>,
    /// The communes it is responsible for; the whole province when absent.
    #[schema(value_type = Option<Vec<String>>)]
    communes: Option<Vec<CommuneCode>>,
    /// Which calls for help it answers there. Absent, an emergency centre answers those that the
    /// agency above does, and others none.
    #[schema(value_type = Option<Vec<String>>)]
    kinds: Option<Vec<Kind>>,
}

/// What to change about an agency; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeAgency {
    /// Its name.
    name: Option<String>,
    /// The agency above it.
    #[schema(value_type = Option<String>)]
    parent: Option<AgencyCode>,
    /// Its telephone number; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Change<String>,
    /// The communes it is responsible for; `null` for the whole province.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    communes: Change<Vec<CommuneCode>>,
    /// Which calls for help it answers there; none for `[]`.
    #[schema(value_type = Option<Vec<String>>)]
    kinds: Option<Vec<Kind>>,
}

impl From<PutAgencyError> for ApiError {
    fn from(error: PutAgencyError) -> Self {
        match error {
            PutAgencyError::NotFound => Self::new(Code::NotFound),
            PutAgencyError::Taken => Self::new(Code::AlreadyExists),
            PutAgencyError::Seen { version } => stale(version),
            PutAgencyError::Misplaced(Misplaced::NoParent) => {
                Self::field("/parent", FieldCode::Unknown)
            }
            PutAgencyError::Misplaced(Misplaced::Circle) => {
                Self::field("/parent", FieldCode::OutOfRange)
            }
            PutAgencyError::Misplaced(Misplaced::Area) => {
                Self::field("/communes", FieldCode::OutOfRange)
            }
            PutAgencyError::Store(error) => error.into(),
        }
    }
}

/// Refuses an agency that there is not, which was sent as `agency`.
pub(crate) fn check_agency(app: &App, code: &AgencyCode) -> Result<(), ApiError> {
    let known = app.agencies.tree().find(code).is_some();
    if known { Ok(()) } else { Err(ApiError::field("/agency", FieldCode::Unknown)) }
}

/// The area that was sent as `communes`.
fn area(snapshot: &Snapshot, communes: Option<Vec<CommuneCode>>) -> Result<Area, ApiError> {
    let Some(communes) = communes else { return Ok(Area::Province) };
    if communes.is_empty() {
        return Err(ApiError::field("/communes", FieldCode::TooShort));
    }
    known_communes(snapshot, communes).map(Area::Communes)
}

/// What was sent as `communes`, each once; refuses one that there is not.
pub(super) fn known_communes(
    snapshot: &Snapshot,
    mut communes: Vec<CommuneCode>,
) -> Result<Vec<CommuneCode>, ApiError> {
    for (index, code) in communes.iter().enumerate() {
        if snapshot.commune(*code).is_none() {
            return Err(ApiError::field(format!("/communes/{index}"), FieldCode::Unknown));
        }
    }
    communes.sort_unstable();
    communes.dedup();
    Ok(communes)
}

/// The agencies
///
/// A tree by `parent`: the province, its departments, communes and emergency centres. The caller
/// sees their own and those below it.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    params(PageQuery),
    responses((status = 200, description = "By code", body = PageView<AgencyView>))
)]
#[get("/v1/admin/agencies")]
pub(super) async fn list_agencies(
    app: Data<App>,
    by: Administrator,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let limit = page::limit(query.limit)?;
    let tree = app.agencies.tree();
    let reached = tree.agencies().iter().filter(|agency| by.staff().reaches(&agency.code));
    let agencies = reached.cloned().collect();
    let key = |agency: &Agency| agency.code.clone();
    let page = page::page_of(LIST, agencies, limit, query.cursor.as_deref(), key)?;
    let items: Vec<_> = page.items.iter().map(AgencyView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: page.next_cursor }))
}

/// An agency
///
/// The `ETag` is what a change names in `If-Match`.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_service"])),
    params(("code" = String, Path, description = "The agency")),
    responses(
        (status = 200, description = "The agency", body = AgencyView),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
    )
)]
#[get("/v1/admin/agencies/{code}")]
pub(super) async fn show_agency(
    app: Data<App>,
    by: Administrator,
    Path(code): Path<AgencyCode>,
) -> Result<HttpResponse, ApiError> {
    let tree = app.agencies.tree();
    let agency = tree.find(&code).filter(|agency| by.staff().reaches(&agency.code));
    let agency = agency.ok_or_else(|| ApiError::new(Code::NotFound))?;
    Ok(answer(&mut HttpResponse::Ok(), agency))
}

/// Add an agency
///
/// A department or an emergency centre; its area lies within that of the agency above. A call for
/// help goes to the agency of the smallest area that holds its place and answers its kind.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "Added", body = AgencyView),
        (status = 403, description = "Problem `forbidden`: not an administrator of the province"),
        (status = 409, description = "Problem `already_exists`"),
        (status = 422, description = "Problem `validation_failed`: it cannot stand there"),
    )
)]
#[post("/v1/admin/agencies")]
pub(super) async fn add_agency(
    app: Data<App>,
    by: ChiefAdministrator,
    key: Repeatable,
    Json(body): Json<AddAgency>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "agency.add", Some(by.staff().id.uuid()), &body);
    let (now, snapshot) = (app.now(), app.snapshot());
    let shipped = shipped_agencies(&snapshot.communes);
    let agency = agency(&snapshot, &app.agencies.tree(), body)?;
    let adding = app.database.write(move |tx| {
        once(tx, &now, key.as_ref(), |tx| directory::add_agency(tx, &now, &by, shipped, agency))
    });
    let added = adding.await?;
    app.agencies.learn(&added);
    Ok(answer(&mut HttpResponse::Created(), &added))
}

/// Change an agency
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(("code" = String, Path, description = "The agency")),
    responses(
        (status = 200, description = "As it is now", body = AgencyView),
        (status = 403, description = "Problem `forbidden`: not an administrator of the province"),
        (status = 404, description = "Problem `not_found`"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 422, description = "Problem `validation_failed`: it cannot stand there"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    )
)]
#[patch("/v1/admin/agencies/{code}")]
pub(super) async fn change_agency(
    app: Data<App>,
    by: ChiefAdministrator,
    Path(code): Path<AgencyCode>,
    IfMatch(seen): IfMatch,
    Json(body): Json<ChangeAgency>,
) -> Result<HttpResponse, ApiError> {
    let (now, snapshot) = (app.now(), app.snapshot());
    let (shipped, change) = (shipped_agencies(&snapshot.communes), change(&snapshot, body)?);
    let put = move |tx: &mut Transaction<'_>| {
        directory::change_agency(tx, &now, &by, shipped, (&code, seen), change)
    };
    let changed = app.database.write(put).await?;
    app.agencies.learn(&changed);
    Ok(answer(&mut HttpResponse::Ok(), &changed))
}

/// The agency that was sent.
fn agency(
    snapshot: &Arc<Snapshot>,
    tree: &AgencyTree,
    body: AddAgency,
) -> Result<Agency, ApiError> {
    if !AgencyKind::ADDED.contains(&body.kind) {
        return Err(ApiError::field("/kind", FieldCode::NotSelectable));
    }
    let parent = body.parent.unwrap_or_else(AgencyCode::province);
    let above = tree.find(&parent).filter(|_| body.kind == AgencyKind::EmergencyCentre);
    let inherited = || above.map(|above| above.kinds.clone());
    Ok(Agency {
        code: body.code,
        name: named("/name", &body.name)?,
        kind: body.kind,
        phone: body.phone.map(|phone| number(&phone)).transpose()?,
        parent: Some(parent),
        area: area(snapshot, body.communes)?,
        kinds: body.kinds.as_deref().map(each_once).or_else(inherited).unwrap_or_default(),
        version: 0,
    })
}

fn change(snapshot: &Arc<Snapshot>, body: ChangeAgency) -> Result<AgencyChange, ApiError> {
    Ok(AgencyChange {
        name: body.name.map(|name| named("/name", &name)).transpose()?,
        parent: body.parent,
        phone: match body.phone {
            Change::Keep => None,
            Change::Clear => Some(None),
            Change::Set(phone) => Some(Some(number(&phone)?)),
        },
        area: match body.communes {
            Change::Keep => None,
            Change::Clear => Some(Area::Province),
            Change::Set(communes) => Some(area(snapshot, Some(communes))?),
        },
        kinds: body.kinds.as_deref().map(each_once),
    })
}

/// The `kinds` that were sent, each once, in their order.
fn each_once(kinds: &[Kind]) -> Vec<Kind> {
    Kind::ALL.into_iter().filter(|kind| kinds.contains(kind)).collect()
}

/// A line that somebody typed into a field.
fn named(pointer: &str, text: &str) -> Result<String, ApiError> {
    typed(pointer, text).map_err(|_| ApiError::field(pointer, FieldCode::WrongForm))
}

/// A telephone number, long or short: digits, with signs between them for reading.
pub(super) fn number(text: &str) -> Result<String, ApiError> {
    let number = named("/phone", text)?;
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let fits = (3..=15).contains(&digits)
        && number.bytes().all(|byte| byte.is_ascii_digit() || b"+ .-()".contains(&byte));
    if fits { Ok(number) } else { Err(ApiError::field("/phone", FieldCode::WrongForm)) }
}

fn answer(response: &mut actix_web::HttpResponseBuilder, agency: &Agency) -> HttpResponse {
    response.insert_header(ETag(version_tag(agency.version))).json(AgencyView::from(agency))
}
