//! What I agree to.

use actix_web::{HttpResponse, get, put, web::Data};
use chrono::{DateTime, Utc};
use domain::personal::{self, Consent, ConsentPurpose, Decision};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    App,
    extract::Json,
    identity::Citizen,
    problem::{ApiError, FieldCode},
};

/// A purpose, the text that is agreed to, and what the caller last decided.
#[derive(Debug, Serialize, ToSchema)]
struct ConsentView {
    /// What the data is used for.
    #[schema(value_type = String, example = "medical_card")]
    purpose: ConsentPurpose,
    /// The version of the text of today.
    text_version: u32,
    /// The text of today.
    text: TextView,
    /// Whether the caller agrees to it. Nobody does before they say so.
    granted: bool,
    /// The version of the text they last decided about.
    decided_text_version: Option<u32>,
    /// When they last decided.
    decided_at: Option<DateTime<Utc>>,
}

/// A text in both languages.
#[derive(Debug, Serialize, ToSchema)]
struct TextView {
    vi: &'static str,
    en: &'static str,
}

/// The purposes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConsentsView {
    items: Vec<ConsentView>,
}

impl From<[(ConsentPurpose, Option<Consent>); 4]> for ConsentsView {
    fn from(standing: [(ConsentPurpose, Option<Consent>); 4]) -> Self {
        let items = standing.into_iter().map(|(purpose, last)| {
            let (text_version, vi, en) = purpose.text();
            ConsentView {
                purpose,
                text_version,
                text: TextView { vi, en },
                granted: last.as_ref().is_some_and(Consent::holds),
                decided_text_version: last.as_ref().map(|last| last.text_version),
                decided_at: last.map(|last| last.at),
            }
        });
        Self { items: items.collect() }
    }
}

/// What the caller decides.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decide {
    /// A decision per purpose; what is not named stays.
    items: Vec<DecideOne>,
}

/// A decision about one purpose.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecideOne {
    #[schema(value_type = String)]
    purpose: ConsentPurpose,
    /// The version of the text that was shown.
    text_version: u32,
    granted: bool,
}

impl Decide {
    fn decisions(self) -> Result<Vec<Decision>, ApiError> {
        if self.items.len() > ConsentPurpose::ALL.len() {
            return Err(ApiError::field("/items", FieldCode::TooLong));
        }
        let decision = |DecideOne { purpose, text_version, granted }: DecideOne| Decision {
            purpose,
            text_version,
            granted,
        };
        Ok(self.items.into_iter().map(decision).collect())
    }
}

/// What I agree to
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "Every purpose", body = ConsentsView))
)]
#[get("/v1/me/consents")]
pub(super) async fn consents(app: Data<App>, citizen: Citizen) -> Result<HttpResponse, ApiError> {
    let standing = app.database.read(move |tx| personal::standing(tx, citizen.id)).await?;
    Ok(HttpResponse::Ok().json(ConsentsView::from(standing)))
}

/// Agree, or take it back
///
/// Taking back holds at once, and erases what was kept for that purpose alone.
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses(
        (status = 200, description = "Every purpose as it is now", body = ConsentsView),
        (status = 422, description = "Problem `validation_failed`: agreed to another text"),
    )
)]
#[put("/v1/me/consents")]
pub(super) async fn decide(
    app: Data<App>,
    citizen: Citizen,
    Json(body): Json<Decide>,
) -> Result<HttpResponse, ApiError> {
    let (now, decisions) = (app.now(), body.decisions()?);
    let standing =
        app.database.write(move |tx| personal::decide(tx, &now, &citizen, &decisions)).await?;
    Ok(HttpResponse::Ok().json(ConsentsView::from(standing)))
}
