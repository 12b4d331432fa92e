//! What the app has to know before anything else.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::directory::EMERGENCY_NUMBERS;
use infra::dataset::Version;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App,
    extract::{Nothing, Query},
    lookup::{Freshness, json, send},
    settings::{Feature, Settings},
};

/// What the app has to know before anything else.
#[derive(Debug, Serialize, ToSchema)]
struct AppConfigView<'s> {
    /// The oldest version of the app that still works with this server.
    #[schema(example = "1.0.0")]
    minimum_app_version: &'s str,
    /// Which parts of the app are on.
    features: BTreeMap<&'static str, bool>,
    /// How people sign in.
    sign_in: SignInView,
    /// The version of each list of open data: what the app keeps of a list is current while this
    /// stays the same.
    data: BTreeMap<&'static str, &'s str>,
    /// What holds for emergency calls.
    emergency: EmergencyView,
}

/// The ways to sign in, and which are on.
#[derive(Debug, Serialize, ToSchema)]
struct SignInView {
    /// By a code to the phone.
    phone: bool,
    /// With a provider of identities, from `/v1/auth/oidc/start`.
    openid: bool,
}

/// What holds for emergency calls.
#[derive(Debug, Serialize, ToSchema)]
struct EmergencyView {
    /// Whether a dispatcher is on duty now. Where not, the app offers the numbers first.
    staffed: bool,
    /// The numbers to dial, always.
    numbers: Vec<NumberView>,
}

/// A number to dial.
#[derive(Debug, Serialize, ToSchema)]
struct NumberView {
    /// The number.
    #[schema(example = "113")]
    number: &'static str,
    /// Who answers.
    name: &'static str,
}

/// What the app has to know before anything else
#[utoipa::path(
    tag = "system",
    responses(
        (status = 200, description = "The configuration of the app", body = AppConfigView<'_>),
        (status = 304, description = "As the client has it"),
    )
)]
#[get("/v1/app/config")]
pub(super) async fn app_config(
    request: HttpRequest,
    app: Data<App>,
    _: Query<Nothing>,
) -> HttpResponse {
    let snapshot = app.snapshot();
    let staffed = app.staffing.is_staffed(app.now().at);
    let view = || AppConfigView::new(&app.settings, &snapshot.versions, staffed);
    let body = snapshot.shelf.body(&name(&app.settings, staffed), || json(&view()));
    send(&request, &body, Freshness::News)
}

/// The name of the body on the shelf: everything that it depends on beside the snapshot.
fn name(settings: &Settings, staffed: bool) -> String {
    let (oldest, off) = (&settings.minimum_app_version, &settings.features_off);
    let openid = settings.oidc_issuer.is_some();
    format!("app-config {staffed} {oldest} {off:?} {openid}")
}

impl<'s> AppConfigView<'s> {
    fn new(settings: &'s Settings, versions: &'s [Version], staffed: bool) -> Self {
        let on = |feature: Feature| !settings.features_off.contains(&feature);
        let data = versions.iter().map(|version| (version.dataset.as_str(), &*version.digest));
        let numbers = EMERGENCY_NUMBERS.map(|(number, name)| NumberView { number, name });
        Self {
            minimum_app_version: &settings.minimum_app_version,
            features: Feature::ALL.into_iter().map(|each| (each.as_str(), on(each))).collect(),
            sign_in: SignInView {
                phone: on(Feature::SignInByPhone),
                openid: settings.oidc_issuer.is_some(),
            },
            data: data.collect(),
            emergency: EmergencyView { staffed, numbers: numbers.into() },
        }
    }
}
