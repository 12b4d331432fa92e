//! What was asked and not found.

use std::time::Duration;

use actix_web::{HttpResponse, get, web::Data};
use chrono::{NaiveDate, TimeDelta};
use domain::{
    Moment, StoreError,
    catalogue::{Unanswered, UnansweredLog as _},
};
use infra::database::{Database, Transaction};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Tallies;
use crate::{
    App, Surroundings,
    extract::Query,
    identity::ChiefAdministrator,
    page::{self, PageQuery, PageView},
    problem::ApiError,
};

/// The name of this list in its cursors.
const LIST: &str = "search_unanswered";

/// How often what was counted is written down.
const MINUTE: Duration = Duration::from_mins(1);

/// A query that found nothing, and how often several people asked it on a day.
#[derive(Debug, Serialize, Deserialize, PartialEq, ToSchema)]
struct UnansweredView {
    /// The day, UTC.
    day: NaiveDate,
    /// What was asked, in lower case, its beginning, without numbers and addresses.
    query: String,
    /// How often.
    times: i64,
}

impl From<Unanswered> for UnansweredView {
    fn from(Unanswered { day, query, times }: Unanswered) -> Self {
        Self { day, query, times }
    }
}

impl From<UnansweredView> for Unanswered {
    fn from(UnansweredView { day, query, times }: UnansweredView) -> Self {
        Self { day, query, times }
    }
}

/// What was asked and not found
///
/// Only what several people asked on one day, so that nobody is in it. Newest day first, of a day
/// those asked most often.
#[utoipa::path(
    tag = "administration",
    security(("bearer" = ["run_province"])),
    params(PageQuery),
    responses((status = 200, description = "The queries", body = PageView<UnansweredView>))
)]
#[get("/v1/admin/search/unanswered")]
pub(super) async fn list_unanswered(
    app: Data<App>,
    _by: ChiefAdministrator,
    Query(query): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let limit = page::limit(query.limit)?;
    let after = query.cursor.as_deref().map(|cursor| page::key::<UnansweredView>(LIST, cursor));
    let after = after.transpose()?.map(Unanswered::from);
    let read = move |tx: &mut Transaction<'_>| tx.unanswered(after.as_ref(), limit + 1);
    let mut items: Vec<UnansweredView> =
        app.database.read(read).await?.into_iter().map(UnansweredView::from).collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let next_cursor = items.last().filter(|_| more).map(|last| page::cursor(LIST, last));
    let page = PageView { items, next_cursor };
    Ok(HttpResponse::Ok().json(page))
}

/// Writes down what was counted, and forgets what is older than it is `kept`.
///
/// # Errors
/// [`StoreError`] when the store cannot take it: what was counted is lost then.
pub(crate) async fn write_down(
    database: &Database,
    tallies: &Tallies,
    now: &Moment,
    kept: TimeDelta,
) -> Result<(), StoreError> {
    let told = tallies.tell();
    let oldest = (now.at - kept).date_naive();
    database
        .write(move |tx| {
            tx.count_unanswered(&told)?;
            tx.forget_unanswered(oldest)
        })
        .await
}

/// Writes down what was counted for as long as the process lives.
pub(crate) async fn keep(
    database: Database,
    tallies: Tallies,
    surroundings: Surroundings,
    kept: TimeDelta,
) {
    loop {
        tokio::time::sleep(MINUTE).await;
        if let Err(error) = write_down(&database, &tallies, &surroundings.now(), kept).await {
            tracing::warn!(%error, "unanswered queries could not be written down");
        }
    }
}
