//! The service itself: is it well, what can it do, what is it doing.

mod app_config;
mod document;
mod health;
mod measure;

pub(crate) use document::{Document, describe_problems, no_such_route, pages};
pub(crate) use measure::{metrics, recorder};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(app_config::app_config).service(health::healthz).service(health::readyz);
}
