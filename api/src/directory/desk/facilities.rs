//! What staff know better about a facility than the list it was imported with.

use actix_web::{HttpResponse, get, http::header::ETag, patch, web::Data};
use domain::directory::{
    self, BestKnown, CorrectError, Correction, Facility, FacilityChange, InvalidOpeningHours,
    OpeningHours,
};
use infra::database::Transaction;
use serde::Deserialize;
use utoipa::ToSchema;

use super::notices::show;
use crate::{
    App,
    directory::{agencies::number, facility_view::FacilityView, places::Places},
    extract::{Change, IfMatch, Json, Path, stale, version_tag},
    identity::Clerk,
    problem::{ApiError, Code, FieldCode},
};

/// What is known better about a facility; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CorrectFacility {
    /// When it is open, as OpenStreetMap writes it; `null` for what its list says.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Mo-Fr 07:30-11:30,13:30-17:00; PH off")]
    opening_hours: Change<String>,
    /// Its telephone number, which is thereby confirmed; `null` for what its list says.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    phone: Change<String>,
}

impl From<CorrectError> for ApiError {
    fn from(error: CorrectError) -> Self {
        match error {
            CorrectError::NotFound => Self::new(Code::NotFound),
            CorrectError::Seen { version } => stale(version),
            CorrectError::Store(error) => error.into(),
        }
    }
}

impl CorrectFacility {
    /// What was sent, checked.
    fn checked(self) -> Result<FacilityChange, ApiError> {
        Ok(FacilityChange {
            opening_hours: match self.opening_hours {
                Change::Keep => None,
                Change::Clear => Some(None),
                Change::Set(text) => Some(Some(hours(&text)?)),
            },
            phone: match self.phone {
                Change::Keep => None,
                Change::Clear => Some(None),
                Change::Set(text) => Some(Some(number(&text)?)),
            },
        })
    }
}

fn hours(text: &str) -> Result<OpeningHours, ApiError> {
    let wrong = |_: InvalidOpeningHours| ApiError::field("/opening_hours", FieldCode::WrongForm);
    text.parse().map_err(wrong)
}

/// The facility `id` as its list has it.
fn listed(places: &Places, id: &str) -> Result<Facility, ApiError> {
    places.find(id).cloned().ok_or(ApiError::new(Code::NotFound))
}

fn answer(places: &Places, facility: &Facility, correction: &Correction) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(ETag(version_tag(correction.version)))
        .json(places.view_of(BestKnown { facility, correction: Some(correction) }, None))
}

/// A facility of the desk
///
/// The `ETag` is what a correction names in `If-Match`. The agency of its commune answers for it;
/// where the commune is not known, the province.
#[utoipa::path(
    tag = "directory desk",
    security(("bearer" = ["keep_directory"])),
    params(("id" = String, Path, description = "The facility")),
    responses(
        (status = 200, description = "The facility", body = FacilityView<'_>),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
    )
)]
#[get("/v1/desk/facilities/{id}")]
pub(super) async fn open_facility(
    app: Data<App>,
    by: Clerk,
    Path(id): Path<String>,
) -> Result<HttpResponse, ApiError> {
    let places = Places::now(&app);
    let facility = listed(&places, &id)?;
    let seen = facility.clone();
    let read = move |tx: &mut Transaction<'_>| directory::correction_of(tx, &by, &seen);
    let correction = app.database.read(read).await?;
    Ok(answer(&places, &facility, &correction))
}

/// Correct a facility
///
/// When it is open, and by which number it is reached. What was corrected outlives imports.
#[utoipa::path(
    tag = "directory desk",
    security(("bearer" = ["keep_directory"])),
    params(("id" = String, Path, description = "The facility")),
    responses(
        (status = 200, description = "As it is now", body = FacilityView<'_>),
        (status = 404, description = "Problem `not_found`: none, or out of reach"),
        (status = 412, description = "Problem `precondition_failed`: changed since it was seen"),
        (status = 422, description = "Problem `validation_failed`"),
        (status = 428, description = "Problem `precondition_required`: no `If-Match`"),
    )
)]
#[patch("/v1/desk/facilities/{id}")]
pub(super) async fn correct_facility(
    app: Data<App>,
    by: Clerk,
    Path(id): Path<String>,
    IfMatch(seen): IfMatch,
    Json(body): Json<CorrectFacility>,
) -> Result<HttpResponse, ApiError> {
    let (now, change, places) = (app.now(), body.checked()?, Places::now(&app));
    let facility = listed(&places, &id)?;
    let corrected = facility.clone();
    let put = move |tx: &mut Transaction<'_>| {
        directory::correct_facility(tx, &now, &by, (&corrected, seen), change)
    };
    let correction = app.database.write(put).await?;
    show(&app).await?;
    Ok(answer(&places, &facility, &correction))
}
