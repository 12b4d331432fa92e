//! My emergency contacts.

use actix_web::{HttpResponse, get, put, web::Data};
use domain::personal::{self, EmergencyContact};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::EmergencyContactView;
use crate::{
    App,
    extract::Json,
    identity::Citizen,
    problem::{ApiError, FieldCode},
};

/// Whom to tell, in this order.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmergencyContactsView {
    /// At most five.
    items: Vec<EmergencyContactView>,
}

impl From<Vec<EmergencyContact>> for EmergencyContactsView {
    fn from(contacts: Vec<EmergencyContact>) -> Self {
        Self { items: contacts.into_iter().map(EmergencyContactView::from).collect() }
    }
}

impl EmergencyContactsView {
    fn contacts(&self) -> Result<Vec<EmergencyContact>, ApiError> {
        if self.items.len() > EmergencyContact::MOST {
            return Err(ApiError::field("/items", FieldCode::TooLong));
        }
        let read = |(index, contact): (usize, &EmergencyContactView)| {
            let EmergencyContactView { name, phone, relation } = contact;
            EmergencyContact::read(name, phone, relation.as_deref()).map_err(|wrong| {
                ApiError::field(format!("/items/{index}/{}", wrong.0), FieldCode::WrongForm)
            })
        };
        self.items.iter().enumerate().map(read).collect()
    }
}

/// My emergency contacts
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "In their order", body = EmergencyContactsView))
)]
#[get("/v1/me/emergency-contacts")]
pub(super) async fn emergency_contacts(
    app: Data<App>,
    citizen: Citizen,
) -> Result<HttpResponse, ApiError> {
    let contacts = app.database.read(move |tx| personal::emergency_contacts(tx, &citizen)).await?;
    Ok(HttpResponse::Ok().json(EmergencyContactsView::from(contacts)))
}

/// Keep my emergency contacts
///
/// Those who handle the caller's own emergency see them, while the caller agrees to that.
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses(
        (status = 200, description = "As they are kept", body = EmergencyContactsView),
        (status = 409, description = "Problem `consent_required`: agree to it first"),
    )
)]
#[put("/v1/me/emergency-contacts")]
pub(super) async fn keep_emergency_contacts(
    app: Data<App>,
    citizen: Citizen,
    Json(body): Json<EmergencyContactsView>,
) -> Result<HttpResponse, ApiError> {
    let contacts = body.contacts()?;
    let kept = contacts.clone();
    app.database
        .write(move |tx| personal::keep_emergency_contacts(tx, &citizen, &contacts))
        .await?;
    Ok(HttpResponse::Ok().json(EmergencyContactsView::from(kept)))
}
