//! Adding and changing units.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, patch, post, web::Data};
use domain::{
    directory::AgencyCode,
    emergency::{
        self, Capability, KeepUnitError, NewUnit, UnitChange, UnitError, UnitId, UnitNow,
        UnitStatus,
    },
    idempotency::once,
    identity::{OnCall, Phone, Quartermaster as QuartermasterProof, StaffId},
};
use infra::database::Transaction;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::{UnitView, answer};
use crate::{
    App,
    extract::{Change, IfMatch, Json, Path, Repeatable, filled_in, stale},
    identity::Quartermaster,
    problem::{ApiError, Code, FieldCode, Language},
};

/// The longest name and label, in characters.
const NAME: usize = 80;
/// The largest crew.
const CREW: usize = 40;

/// A unit to add.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddUnit {
    /// Whose it is; of the caller's agency when absent.
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyCode>,
    /// What it is called on the radio, at most 80 characters.
    name: String,
    /// What it can do, by the codes of `/v1/dispatch/capabilities`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    capabilities: Vec<Capability>,
    /// Who drives with it: responders, by the ids of their accounts.
    #[serde(default)]
    crew: Vec<Uuid>,
    /// The number of the phone that lies in it: the crew is told there what they do not see.
    duty_phone: Option<String>,
    /// The centre's own words for states of units: `{"en_route": "Đang chạy"}`.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    labels: BTreeMap<UnitStatus, String>,
}

/// What to change about a unit; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeUnit {
    /// What it is called on the radio.
    name: Option<String>,
    /// What it can do.
    #[schema(value_type = Option<Vec<String>>)]
    capabilities: Option<Vec<Capability>>,
    /// Who drives with it.
    crew: Option<Vec<Uuid>>,
    /// The number of the phone that lies in it; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    duty_phone: Change<String>,
    /// The centre's own words for states of units.
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    labels: Option<BTreeMap<UnitStatus, String>>,
    /// Whether it is not used any more.
    retired: Option<bool>,
}

impl AddUnit {
    fn checked(self) -> Result<NewUnit, ApiError> {
        Ok(NewUnit {
            agency: self.agency,
            name: filled_in("/name", &self.name, NAME)?,
            capabilities: each_once(self.capabilities),
            crew: crew(&self.crew)?,
            duty_phone: self.duty_phone.map(|phone| number(&phone)).transpose()?,
            labels: labels(self.labels)?,
        })
    }
}

impl ChangeUnit {
    fn checked(self) -> Result<UnitChange, ApiError> {
        Ok(UnitChange {
            name: self.name.map(|name| filled_in("/name", &name, NAME)).transpose()?,
            capabilities: self.capabilities.map(each_once),
            crew: self.crew.map(|ids| crew(&ids)).transpose()?,
            duty_phone: match self.duty_phone {
                Change::Keep => None,
                Change::Clear => Some(None),
                Change::Set(phone) => Some(Some(number(&phone)?)),
            },
            labels: self.labels.map(labels).transpose()?,
            retired: self.retired,
        })
    }
}

fn each_once(mut capabilities: Vec<Capability>) -> Vec<Capability> {
    capabilities.sort_unstable();
    capabilities.dedup();
    capabilities
}

fn crew(ids: &[Uuid]) -> Result<Vec<StaffId>, ApiError> {
    if ids.len() > CREW {
        return Err(ApiError::field("/crew", FieldCode::TooLong));
    }
    Ok(ids.iter().copied().map(StaffId::from).collect())
}

fn number(phone: &str) -> Result<Phone, ApiError> {
    phone.parse().map_err(|_| ApiError::field("/duty_phone", FieldCode::WrongForm))
}

fn labels(labels: BTreeMap<UnitStatus, String>) -> Result<BTreeMap<UnitStatus, String>, ApiError> {
    let word = |(status, label): (UnitStatus, String)| {
        Ok((status, filled_in(&format!("/labels/{status}"), &label, NAME)?))
    };
    labels.into_iter().map(word).collect()
}

impl From<KeepUnitError> for ApiError {
    fn from(error: KeepUnitError) -> Self {
        match error {
            KeepUnitError::NotFound => Self::new(Code::NotFound),
            KeepUnitError::OutOfReach => Self::new(Code::Forbidden),
            KeepUnitError::NoResponder { index } => {
                Self::field(format!("/crew/{index}"), FieldCode::Unknown)
            }
            KeepUnitError::Seen { version } => stale(version),
            KeepUnitError::Store(error) => error.into(),
        }
    }
}

/// The unit `id` as whoever keeps it sees it.
fn shown(
    tx: &mut Transaction<'_>,
    by: &QuartermasterProof,
    id: UnitId,
) -> Result<UnitNow, KeepUnitError> {
    let by = OnCall::try_from(by.staff().clone()).map_err(|_| KeepUnitError::NotFound)?;
    emergency::unit(tx, &by, id).map_err(|error| match error {
        UnitError::NotFound => KeepUnitError::NotFound,
        UnitError::Store(error) => error.into(),
    })
}

/// Add a unit
///
/// Of an agency that the caller reaches. It is off shift until its crew or a dispatcher says
/// otherwise.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["keep_units"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "Added", body = UnitView),
        (status = 403, description = "Problem `forbidden`: the agency is out of reach"),
        (status = 422, description = "Problem `validation_failed` or `idempotency_key_reused`"),
    )
)]
#[post("/v1/dispatch/units")]
pub(super) async fn add_unit(
    app: Data<App>,
    request: HttpRequest,
    by: Quartermaster,
    key: Repeatable,
    Json(body): Json<AddUnit>,
) -> Result<HttpResponse, ApiError> {
    let (now, language) = (app.now(), Language::of(request.headers()));
    let (at, key) = (now.at, key.bind(&*app.keys, "unit.add", Some(by.staff().id.uuid()), &body));
    let new = body.checked()?;
    let add = move |tx: &mut Transaction<'_>| {
        let id = once(tx, &now, key.as_ref(), |tx| emergency::add_unit(tx, &now, &by, new))?;
        Ok::<_, ApiError>(shown(tx, &by, id)?)
    };
    Ok(answer(&mut HttpResponse::Created(), app.database.write(add).await?, language, at))
}

/// Change a unit
///
/// Its `ETag` is what a change names in `If-Match`; shift and position do not change it.
#[utoipa::path(
    tag = "units",
    security(("bearer" = ["keep_units"])),
    params(("id" = Uuid, Path, description = "The unit")),
    responses(
        (status = 200, description = "As it is now", body = UnitView),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    )
)]
#[patch("/v1/dispatch/units/{id}")]
pub(super) async fn change_unit(
    app: Data<App>,
    request: HttpRequest,
    by: Quartermaster,
    Path(id): Path<UnitId>,
    IfMatch(seen): IfMatch,
    Json(body): Json<ChangeUnit>,
) -> Result<HttpResponse, ApiError> {
    let (now, language) = (app.now(), Language::of(request.headers()));
    let (at, change) = (now.at, body.checked()?);
    let put = move |tx: &mut Transaction<'_>| {
        emergency::change_unit(tx, &now, &by, (id, seen), change)?;
        shown(tx, &by, id)
    };
    Ok(answer(&mut HttpResponse::Ok(), app.database.write(put).await?, language, at))
}
