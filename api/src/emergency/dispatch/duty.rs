//! Who is on duty.

use actix_web::{HttpResponse, get, put, web::Data};
use chrono::{DateTime, Utc};
use domain::emergency::{self, Duty};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{App, extract::Json, identity::Dispatcher, problem::ApiError};

/// Whether the caller is on duty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PutDuty {
    /// On, or off.
    on: bool,
}

/// Who is on duty.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DutyView {
    /// Whether the caller is.
    on: bool,
    /// Whether anybody is whom the caller's agency answers for.
    staffed: bool,
    /// Everybody of them who is.
    present: Vec<PresentView>,
}

/// A dispatcher on duty.
#[derive(Debug, Serialize, ToSchema)]
struct PresentView {
    /// Their id.
    staff_id: Uuid,
    /// Their name.
    username: String,
    /// Their agency.
    agency: String,
    /// Since when they are on duty.
    since: DateTime<Utc>,
    /// The last sign of them: they follow the event feed, or act.
    seen_at: DateTime<Utc>,
}

impl DutyView {
    fn of(duties: &[Duty], dispatcher: &Dispatcher) -> Self {
        let known = duties.iter().filter(|duty| duty.is_known_to(dispatcher));
        let present: Vec<_> = known.map(PresentView::from).collect();
        let own = dispatcher.staff().id.uuid();
        Self {
            on: present.iter().any(|present| present.staff_id == own),
            staffed: !present.is_empty(),
            present,
        }
    }
}

impl From<&Duty> for PresentView {
    fn from(duty: &Duty) -> Self {
        Self {
            staff_id: duty.staff.uuid(),
            username: duty.username.clone(),
            agency: duty.agency.to_string(),
            since: duty.since,
            seen_at: duty.seen_at,
        }
    }
}

/// Go on or off duty
///
/// Whoever is on duty counts as there while they follow the event feed or act, and two minutes
/// longer.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    request_body = PutDuty,
    responses((status = 200, description = "Who is on duty now", body = DutyView))
)]
#[put("/v1/dispatch/duty")]
pub(super) async fn put_duty(
    app: Data<App>,
    dispatcher: Dispatcher,
    Json(PutDuty { on }): Json<PutDuty>,
) -> Result<HttpResponse, ApiError> {
    let (now, caller) = (app.now(), dispatcher.clone());
    let duties = app
        .database
        .write(move |tx| {
            if on {
                emergency::go_on_duty(tx, &now, &caller)?;
            } else {
                emergency::go_off_duty(tx, &now, &caller)?;
            }
            emergency::on_duty(tx, &now)
        })
        .await?;
    let view = DutyView::of(&duties, &dispatcher);
    app.staffing.learn(duties);
    Ok(HttpResponse::Ok().json(view))
}

/// Who is on duty
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    responses((status = 200, description = "Who is on duty", body = DutyView))
)]
#[get("/v1/dispatch/duty")]
pub(super) async fn show_duty(
    app: Data<App>,
    dispatcher: Dispatcher,
) -> Result<HttpResponse, ApiError> {
    let now = app.now();
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let duties = app.database.read(move |tx| emergency::on_duty(tx, &now)).await?;
    Ok(HttpResponse::Ok().json(DutyView::of(&duties, &dispatcher)))
}
