//! What administrators change of feedback: what can be reported, and who gets it.

mod categories;
mod rule_view;
mod rules;

use domain::{StoreError, feedback::Categories};
use infra::database::Transaction;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::App;

/// How many reports one unit of work blurs: nobody waits long behind it.
const SOME: u16 = 100;

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

/// Shows only roughly where what hangs of the category `code` is, where that is so by now.
async fn blur(app: &App, categories: &Categories, code: &str) -> Result<(), StoreError> {
    let mut left = categories.find(code).is_some_and(|category| category.blurred);
    while left {
        let code = code.to_owned();
        let some = move |tx: &mut Transaction<'_>| tx.blur_some(&code, SOME);
        left = app.database.write(some).await? > 0;
    }
    Ok(())
}
