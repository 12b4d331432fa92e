//! Figures, and whole cases to hand over.

mod export;
mod facts;
mod figures;
mod page;
mod rows;
mod statistics;

use domain::{StoreError, emergency};
use infra::database::Database;
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(statistics::show_statistics).service(export::export_emergency);
}

/// How many events one unit of work reads: nobody waits long behind it.
const CHUNK: usize = 200;

/// Reads all that happened into the records.
pub(crate) async fn keep_records(database: &Database) -> Result<(), StoreError> {
    keep_up(database, usize::MAX).await
}

/// Reads what happened into the records, in at most `most` units of work. Where another process is
/// reading already, it does the same work.
async fn keep_up(database: &Database, most: usize) -> Result<(), StoreError> {
    for _ in 0..most {
        match database.write(|tx| emergency::keep_records(tx, CHUNK)).await {
            Ok(CHUNK) => {}
            Ok(_) | Err(StoreError::Stale) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
