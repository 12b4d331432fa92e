//! What administrators change of feedback: what can be reported, and who gets it.

mod categories;
mod rule_view;
mod rules;

use domain::StoreError;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::App;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(categories::list_editions)
        .service(categories::show_edition)
        .service(categories::put_category)
        .service(categories::withdraw_category)
        .service(rules::list_rules)
        .service(rules::add_rule)
        .service(rules::dry_run)
        .service(rules::change_rule)
        .service(rules::remove_rule);
}

/// Has this process go at once by what was just changed; others hear of it.
async fn adopt(app: &App) -> Result<(), StoreError> {
    app.feedback.setup().refresh(&app.database).await
}
