//! The queue of emergencies.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH},
    web::Data,
};
use chrono::{DateTime, Utc};
use domain::{
    directory::AgencyCode,
    emergency::{self, Kind, Order, Queue, QueueFilter, QueuePlace, Status},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view::{QueuedView, is_stale};
use crate::{
    App,
    emergency::{following, overload::OverloadView},
    extract::Query,
    identity::Dispatcher,
    page,
    problem::{ApiError, Code, FieldCode},
};

/// The name of the list in its cursors.
const LIST: &str = "emergencies";

/// Which emergencies, and in which order.
#[derive(Debug, Deserialize, Hash, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QueueParameters {
    /// In these states, separated by commas; the open ones when absent.
    status: Option<String>,
    /// Of this kind.
    kind: Option<String>,
    /// In the commune with this code.
    commune: Option<String>,
    /// That this agency answers for.
    agency: Option<String>,
    /// With this receipt, as a caller read it out.
    receipt: Option<String>,
    /// Whether to show the calls, too, that the service makes itself.
    probes: Option<bool>,
    /// `priority` (then the longest waiting; the default for open ones) or `newest`.
    sort: Option<String>,
    /// Where the page starts.
    cursor: Option<String>,
    /// How many rows at most: 20 when absent, at most 100.
    limit: Option<usize>,
}

/// A page of the queue.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QueueView {
    /// The emergencies.
    items: Vec<QueuedView>,
    /// Where the next page starts; `null` on the last one.
    next_cursor: Option<String>,
    /// How many calls nobody has taken, and how many dispatchers there are, whatever is filtered.
    overload: OverloadView,
    /// From where on to follow `/v1/dispatch/events`: what happened before is in the page.
    events_cursor: String,
}

impl QueueParameters {
    fn filter(&self) -> Result<QueueFilter, ApiError> {
        let statuses = self.status.iter().flat_map(|list| list.split(','));
        let statuses: Vec<Status> =
            statuses.map(|status| parsed("status", status)).collect::<Result<_, _>>()?;
        let filter = QueueFilter {
            statuses,
            kind: self.kind.as_deref().map(|kind| parsed::<Kind>("kind", kind)).transpose()?,
            commune: self.commune.clone(),
            agencies: self
                .agency
                .as_deref()
                .map(|agency| parsed::<AgencyCode>("agency", agency))
                .transpose()?
                .into(),
            receipt: self.receipt.as_deref().map(|r| parsed("receipt", r)).transpose()?,
            order: Order::Urgency,
            since: None,
            probes: self.probes == Some(true),
        };
        let order = match self.sort.as_deref() {
            Some("priority") | None if filter.is_open() => Order::Urgency,
            Some("newest") | None => Order::Newest,
            Some(_) => return Err(unknown("sort")),
        };
        Ok(QueueFilter { order, ..filter })
    }

    fn place(&self) -> Result<Option<QueuePlace>, ApiError> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let (urgency, queued_at, id) = page::key::<(i32, DateTime<Utc>, Uuid)>(LIST, cursor)?;
        Ok(Some(QueuePlace { urgency, queued_at, id: id.into() }))
    }
}

fn parsed<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| unknown(name))
}

fn unknown(name: &str) -> ApiError {
    ApiError::new(Code::InvalidQuery).with_field(format!("/query/{name}"), FieldCode::Unknown)
}

/// The queue of emergencies
///
/// With `events_cursor`, read just before the page, to follow the feed from here without a gap: what
/// happened meanwhile may be in both. The `ETag` stays while nothing but ages changes.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(QueueParameters),
    responses(
        (status = 200, description = "A page of the queue", body = QueueView),
        (status = 304, description = "Nothing but ages changed"),
    )
)]
#[get("/v1/dispatch/emergencies")]
pub(super) async fn list_emergencies(
    app: Data<App>,
    request: HttpRequest,
    dispatcher: Dispatcher,
    Query(parameters): Query<QueueParameters>,
) -> Result<HttpResponse, ApiError> {
    let (filter, after) = (parameters.filter()?, parameters.place()?);
    let (limit, now) = (page::limit(parameters.limit)?, app.now());
    app.staffing.saw(&app.database, &dispatcher, now.at).await;
    let by = dispatcher.clone();
    let queue =
        app.database.read(move |tx| emergency::queue(tx, &by, filter, after, limit)).await?;
    let overload = app.overload.view(&dispatcher, now.at);
    let tag = tag(&queue, &parameters, (&dispatcher, overload), now.at);
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|sent| sent == tag.as_str());
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "private, no-cache"));
    if known {
        return Ok(answer.finish());
    }
    Ok(answer.json(QueueView::of(&queue, overload, &dispatcher, now.at)))
}

impl QueueView {
    fn of(
        queue: &Queue,
        overload: OverloadView,
        dispatcher: &Dispatcher,
        at: DateTime<Utc>,
    ) -> Self {
        let place = |place: &QueuePlace| (place.urgency, place.queued_at, place.id);
        let items = queue.page.items.iter();
        Self {
            items: items.map(|queued| QueuedView::of(queued, dispatcher, at)).collect(),
            next_cursor: queue.page.next.as_ref().map(|next| page::cursor(LIST, &place(next))),
            overload,
            events_cursor: following::cursor(queue.events),
        }
    }
}

/// Made from versions and from what changes once, not from ages.
fn tag(
    queue: &Queue,
    parameters: &QueueParameters,
    (dispatcher, overload): (&Dispatcher, OverloadView),
    at: DateTime<Utc>,
) -> String {
    let mut hasher = DefaultHasher::new();
    let more = queue.page.next.is_some();
    (dispatcher.staff().id, parameters, more, overload.active).hash(&mut hasher);
    for queued in &queue.page.items {
        let emergency = &queued.emergency;
        let stale = is_stale(emergency, at);
        (emergency.id, emergency.version, queued.merged, stale).hash(&mut hasher);
        queued.possible_duplicates.hash(&mut hasher);
    }
    format!("\"{:016x}\"", hasher.finish())
}
