//! My medical card.

use actix_web::{HttpResponse, get, put, web::Data};
use domain::personal::{self, InvalidCard, MedicalCard};

use super::view::MedicalCardView;
use crate::{
    App,
    extract::Json,
    identity::Citizen,
    problem::{ApiError, FieldCode},
};

impl From<InvalidCard> for ApiError {
    fn from(InvalidCard(field): InvalidCard) -> Self {
        Self::field(format!("/{}", field.as_str()), FieldCode::TooLong)
    }
}

/// My medical card
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "The card; empty where none is", body = MedicalCardView))
)]
#[get("/v1/me/medical-card")]
pub(super) async fn medical_card(
    app: Data<App>,
    citizen: Citizen,
) -> Result<HttpResponse, ApiError> {
    let card = app.database.read(move |tx| personal::medical_card(tx, &citizen)).await?;
    Ok(HttpResponse::Ok().json(MedicalCardView::from(card)))
}

/// Keep my medical card
///
/// Those who handle the caller's own emergency see it, while the caller agrees to that. An empty
/// card erases the one before.
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses(
        (status = 200, description = "The card as it is kept", body = MedicalCardView),
        (status = 409, description = "Problem `consent_required`: agree to it first"),
    )
)]
#[put("/v1/me/medical-card")]
pub(super) async fn keep_medical_card(
    app: Data<App>,
    citizen: Citizen,
    Json(body): Json<MedicalCardView>,
) -> Result<HttpResponse, ApiError> {
    let card = MedicalCard::from(body).tidied()?;
    let kept = card.clone();
    app.database.write(move |tx| personal::keep_medical_card(tx, &citizen, &card)).await?;
    Ok(HttpResponse::Ok().json(MedicalCardView::from(kept)))
}
