//! My devices.

use actix_web::{HttpResponse, delete, get, post, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    idempotency::once,
    identity::DeviceName,
    personal::{self, Device, PersonalError, Platform, PushToken},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    App,
    extract::{Json, Path, Repeatable, made},
    identity::Citizen,
    page::PageView,
    problem::{ApiError, FieldCode},
};

/// A device that can be woken.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterDevice {
    /// Its own choice; told again under it, it is the same device.
    id: Option<Uuid>,
    /// `android`, `ios` or `web`.
    platform: String,
    /// What it calls itself.
    name: Option<String>,
    /// By what it is woken.
    push_token: Option<String>,
}

/// A device of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeviceView {
    id: Uuid,
    platform: &'static str,
    name: Option<String>,
    /// Whether it can be woken. By what is nobody's business, not even the caller's.
    wakeable: bool,
    registered_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
}

impl From<Device> for DeviceView {
    fn from(device: Device) -> Self {
        Self {
            id: device.id.uuid(),
            platform: device.platform.as_str(),
            name: device.name.map(|name| name.as_str().to_owned()),
            wakeable: device.push_token.is_some(),
            registered_at: device.registered_at,
            seen_at: device.seen_at,
        }
    }
}

/// Tell of this device
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Kept for 24 hours")),
    responses(
        (status = 201, description = "The device", body = DeviceView),
        (status = 409, description = "Problem `consent_required`, or `id_taken`"),
    )
)]
#[post("/v1/me/devices")]
pub(super) async fn register_device(
    app: Data<App>,
    citizen: Citizen,
    key: Repeatable,
    Json(body): Json<RegisterDevice>,
) -> Result<HttpResponse, ApiError> {
    let key = key.bind(&*app.keys, "device.register", Some(citizen.id.uuid()), &body);
    let wrong = |field: &str| ApiError::field(format!("/{field}"), FieldCode::WrongForm);
    let platform: Platform = body.platform.parse().map_err(|_| wrong("platform"))?;
    let token = body.push_token.as_deref();
    let token = token.map(|token| PushToken::read(token).ok_or_else(|| wrong("push_token")));
    let token = token.transpose()?;
    let told = (body.id.map(Into::into), platform, body.name.as_deref().and_then(DeviceName::read));
    let now = app.now();
    let registering = app.database.write(move |tx| {
        let registered = once(tx, &now, key.as_ref(), |tx| {
            personal::register_device(tx, &now, &citizen, told, token).map(|device| device.id)
        })?;
        let all = personal::devices_of(tx, &citizen);
        made(all, |device| device.id == registered, PersonalError::NotFound)
    });
    Ok(HttpResponse::Created().json(DeviceView::from(registering.await?)))
}

/// My devices
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    responses((status = 200, description = "The last seen first", body = PageView<DeviceView>))
)]
#[get("/v1/me/devices")]
pub(super) async fn devices(app: Data<App>, citizen: Citizen) -> Result<HttpResponse, ApiError> {
    let devices = app.database.read(move |tx| personal::devices_of(tx, &citizen)).await?;
    let items = devices.into_iter().map(DeviceView::from).collect();
    Ok(HttpResponse::Ok().json(PageView { items, next_cursor: None }))
}

/// Forget a device
#[utoipa::path(
    tag = "personal",
    security(("bearer" = ["use_account"])),
    params(("id" = Uuid, Path, description = "The device")),
    responses((status = 204, description = "It is forgotten"))
)]
#[delete("/v1/me/devices/{id}")]
pub(super) async fn remove_device(
    app: Data<App>,
    citizen: Citizen,
    Path(id): Path<Uuid>,
) -> Result<HttpResponse, ApiError> {
    app.database.write(move |tx| personal::remove_device(tx, &citizen, id.into())).await?;
    Ok(HttpResponse::NoContent().finish())
}
