//! The list of callers whom somebody should ring back.

use actix_web::{HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use domain::{
    emergency::{self, Awaited, QueuePlace},
    page::Page,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::CallbackView;
use crate::{
    App,
    emergency::dispatch::view::QueuedView,
    extract::Query,
    identity::Dispatcher,
    page::{self, PageQuery},
    problem::ApiError,
};

/// The name of the list in its cursors.
const LIST: &str = "callbacks";

/// A caller whom somebody should ring back.
#[derive(Debug, Serialize, ToSchema)]
struct AwaitedView {
    /// The call. Open it for the whole number.
    emergency: QueuedView,
    /// `missed` (nobody took the call within 60 s), `abandoned` (its caller gave up before),
    /// `silent` (nothing is heard of the phone), `cancelled_while_claimed`.
    reason: &'static str,
    /// Since when.
    since: DateTime<Utc>,
    /// `silent_call`: a ringing phone can give the caller away.
    warning: Option<&'static str>,
    /// What was tried since, oldest first.
    attempts: Vec<CallbackView>,
}

/// Callers whom somebody should ring back. A page may hold fewer than asked for and still go on.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::emergency::dispatch) struct CallbacksView {
    /// The callers, the latest first.
    items: Vec<AwaitedView>,
    /// Where the next page starts; `null` on the last one.
    next_cursor: Option<String>,
}

impl CallbacksView {
    fn of(page: Page<Awaited, QueuePlace>, by: &Dispatcher, at: DateTime<Utc>) -> Self {
        let next = page.next.map(|place| (place.urgency, place.queued_at, place.id));
        let items = page.items.into_iter().map(|awaited| AwaitedView {
            emergency: QueuedView::of(&awaited.queued, by, at),
            reason: awaited.reason.as_str(),
            since: awaited.since,
            warning: awaited.queued.emergency.said.is_silent().then_some("silent_call"),
            attempts: awaited.attempts.into_iter().map(CallbackView::from).collect(),
        });
        let next_cursor = next.map(|next| page::cursor(LIST, &next));
        Self { items: items.collect(), next_cursor }
    }
}

/// Callers whom somebody should ring back
///
/// Of the last three days, until somebody has reached them. After a silent call with a `warning`.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(PageQuery),
    responses((status = 200, description = "The callers", body = CallbacksView))
)]
#[get("/v1/dispatch/callbacks")]
pub(in crate::emergency::dispatch) async fn list_callbacks(
    app: Data<App>,
    dispatcher: Dispatcher,
    Query(PageQuery { limit, cursor }): Query<PageQuery>,
) -> Result<HttpResponse, ApiError> {
    let (now, limit) = (app.now(), page::limit(limit)?);
    let place = |cursor: &str| page::key::<(i32, DateTime<Utc>, Uuid)>(LIST, cursor);
    let after = cursor.as_deref().map(place).transpose()?;
    let after =
        after.map(|(urgency, queued_at, id)| QueuePlace { urgency, queued_at, id: id.into() });
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let (moment, by) = (now.clone(), dispatcher.clone());
    let looking = app.database.read(move |tx| emergency::awaited(tx, &moment, &by, after, limit));
    Ok(HttpResponse::Ok().json(CallbacksView::of(looking.await?, &dispatcher, now.at)))
}
