//! Handing a call over to another agency.

use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    directory::AgencyCode,
    emergency::{self, EmergencyId, OfferError, Transfer, TransferId},
    idempotency::once,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    handling::{Nothing, act, because},
    view::QueuedView,
};
use crate::{
    App,
    extract::{Json, Path, Repeatable, filled_in},
    identity::Dispatcher,
    problem::{ApiError, FieldCode},
};

/// To whom an emergency is offered.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfferTransfer {
    /// The code of the agency.
    #[schema(example = "fire")]
    agency_id: String,
    /// 1 to 500 characters, for colleagues.
    reason: Option<String>,
}

/// Why an emergency is not taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RejectTransfer {
    /// 1 to 500 characters, for those who offered it.
    reason: String,
}

/// An offer to hand an emergency over.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TransferView {
    /// Its id.
    id: Uuid,
    /// To whom it is offered.
    agency_id: String,
    /// Who answers for the emergency until then.
    from_agency_id: String,
    /// By whom.
    staff_id: Uuid,
    /// Their name.
    username: String,
    /// When.
    offered_at: DateTime<Utc>,
}

/// What came of answering an offer.
#[derive(Debug, Serialize, ToSchema)]
struct RejectedView {
    /// The offer.
    id: Uuid,
    /// `rejected`.
    status: &'static str,
}

impl From<&Transfer> for TransferView {
    fn from(transfer: &Transfer) -> Self {
        Self {
            id: transfer.id.uuid(),
            agency_id: transfer.to.to_string(),
            from_agency_id: transfer.from.to_string(),
            staff_id: transfer.staff.uuid(),
            username: transfer.username.clone(),
            offered_at: transfer.at,
        }
    }
}

impl From<OfferError> for ApiError {
    fn from(error: OfferError) -> Self {
        match error {
            OfferError::UnknownAgency => Self::field("/agency_id", FieldCode::Unknown),
            OfferError::SameAgency => Self::field("/agency_id", FieldCode::NotSelectable),
            OfferError::Handling(error) => error.into(),
        }
    }
}

/// Offer an emergency to another agency
///
/// Its holder stays responsible until a person there accepts. Its dispatchers see it in their queue
/// and feed meanwhile. One offer at a time; the same one again is the one that stands.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(
        ("id" = Uuid, Path, description = "The emergency"),
        ("Idempotency-Key" = Option<String>, Header, description = "Repeats the request"),
    ),
    request_body = OfferTransfer,
    responses(
        (status = 201, description = "The offer", body = TransferView),
        (status = 409, description = "Problem `not_holder`, or `action_not_allowed`: it is offered to another agency"),
        (status = 422, description = "Problem `validation_failed`: there is no such agency, or it answers for it already"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/transfers")]
pub(super) async fn offer(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path(id): Path<EmergencyId>,
    key: Repeatable,
    Json(body): Json<OfferTransfer>,
) -> Result<HttpResponse, ApiError> {
    let who = dispatcher.staff().id.uuid();
    let key = key.bind(&*app.keys, &format!("emergency.transfer {id}"), Some(who), &body);
    let unknown = || ApiError::field("/agency_id", FieldCode::Unknown);
    let to: AgencyCode = body.agency_id.parse().map_err(|_| unknown())?;
    let (now, reason) = (app.now(), because(body.reason)?);
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let offering = app.database.write(move |tx| {
        once(tx, &now, key.as_ref(), |tx| {
            emergency::offer_transfer(tx, &now, &dispatcher, id, (&to, reason.as_deref()))
        })
    });
    Ok(HttpResponse::Created().json(TransferView::from(&offering.await?)))
}

/// Take an offer back
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(
        ("id" = Uuid, Path, description = "The emergency"),
        ("transfer" = Uuid, Path, description = "The offer"),
    ),
    responses(
        (status = 200, description = "It is offered no more", body = QueuedView),
        (status = 409, description = "Problem `not_holder`, or `action_not_allowed`: it was answered"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/transfers/{transfer}/withdraw")]
pub(super) async fn withdraw(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path((id, transfer)): Path<(Uuid, TransferId)>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    act(&app, dispatcher, id, move |tx, now, by, id| {
        emergency::withdraw_transfer(tx, now, by, (id, transfer))
    })
    .await
}

/// Take an emergency that is offered to one's agency
///
/// The agency answers for it from now on, and the caller holds it. Whoever offers it cannot take it.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(
        ("id" = Uuid, Path, description = "The emergency"),
        ("transfer" = Uuid, Path, description = "The offer"),
    ),
    responses(
        (status = 200, description = "The caller holds it", body = QueuedView),
        (status = 409, description = "Problem `action_not_allowed`: the offer is gone, or another's to answer"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/transfers/{transfer}/accept")]
pub(super) async fn accept(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path((id, transfer)): Path<(Uuid, TransferId)>,
    Json(Nothing {}): Json<Nothing>,
) -> Result<HttpResponse, ApiError> {
    act(&app, dispatcher, id, move |tx, now, by, id| {
        emergency::accept_transfer(tx, now, by, (id, transfer))
    })
    .await
}

/// Do not take an emergency that is offered to one's agency
///
/// It stays with whoever holds it, who reads the reason among the notes.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(
        ("id" = Uuid, Path, description = "The emergency"),
        ("transfer" = Uuid, Path, description = "The offer"),
    ),
    request_body = RejectTransfer,
    responses(
        (status = 200, description = "It stays where it is", body = RejectedView),
        (status = 409, description = "Problem `action_not_allowed`: the offer is gone, or another's to answer"),
    )
)]
#[post("/v1/dispatch/emergencies/{id}/transfers/{transfer}/reject")]
pub(super) async fn reject(
    app: Data<App>,
    dispatcher: Dispatcher,
    Path((id, transfer)): Path<(EmergencyId, TransferId)>,
    Json(RejectTransfer { reason }): Json<RejectTransfer>,
) -> Result<HttpResponse, ApiError> {
    let (now, reason) = (app.now(), filled_in("/reason", &reason, 500)?);
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let rejecting = app.database.write(move |tx| {
        emergency::reject_transfer(tx, &now, &dispatcher, (id, transfer), &reason)
    });
    rejecting.await?;
    Ok(HttpResponse::Ok().json(RejectedView { id: transfer.uuid(), status: "rejected" }))
}
