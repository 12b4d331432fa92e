//! What changed among places and notices, for phones that keep them.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use chrono::{DateTime, Utc};
use infra::directory::{ListChange, ListPlace};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::noting::{FACILITIES, NOTICES};
use crate::{
    App,
    extract::Query,
    lookup::{Freshness, send_new},
    page::{cursor, key_in, limit},
    problem::{ApiError, Code},
    trim::Fields,
};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListChangesQuery {
    /// What was seen already: `next_cursor` of the page before, however long ago. Without it the
    /// whole list comes.
    after: Option<String>,
    /// Only what changed at this instant or later.
    modified_after: Option<DateTime<Utc>>,
    /// The most rows to answer with, at most 100.
    limit: Option<usize>,
    /// Only these parts of each record, with commas between them.
    #[param(value_type = Option<String>, example = "id,name,kind")]
    fields: Option<Fields>,
}

/// What became of something in a list.
#[derive(Debug, Serialize, ToSchema)]
struct ListChangeView {
    /// Its id.
    id: String,
    /// When its change was noted.
    at: DateTime<Utc>,
    /// Whether it vanished from the list: forget it.
    withdrawn: bool,
    /// What it says now, as the list has it, without what depends on the moment; `null` where it
    /// vanished.
    #[schema(value_type = Option<Object>)]
    record: Option<Value>,
}

/// What changed in a list.
#[derive(Debug, Serialize, ToSchema)]
struct ListChangesView {
    /// The changes, oldest first; each thing at most once, as it stands now.
    items: Vec<ListChangeView>,
    /// Where to go on, also when nothing has changed.
    next_cursor: String,
    /// Whether more is there already.
    more: bool,
}

/// What changed among the facilities
///
/// For phones that keep them: whoever keeps or replaces what comes, and forgets what was withdrawn, has
/// the list. A cursor never grows old; one that this service never gave is answered 410: start again
/// without it. Whether a place is open now follows from its hours.
#[utoipa::path(
    tag = "directory",
    params(ListChangesQuery),
    responses(
        (status = 200, description = "The changes", body = ListChangesView),
        (status = 304, description = "As the client has them"),
        (status = 410, description = "Problem `cursor_expired`"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    )
)]
#[get("/v1/facilities/changes")]
pub(super) async fn list_facility_changes(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<ListChangesQuery>,
) -> Result<HttpResponse, ApiError> {
    query.answer(&request, &app, FACILITIES).await
}

/// What changed among the notices
///
/// For phones that keep them, as with the facilities. A notice is over at its `ends_at`; what was
/// withdrawn before, or is forgotten long after, is told as withdrawn.
#[utoipa::path(
    tag = "directory",
    params(ListChangesQuery),
    responses(
        (status = 200, description = "The changes", body = ListChangesView),
        (status = 304, description = "As the client has them"),
        (status = 410, description = "Problem `cursor_expired`"),
        (status = 422, description = "Problem `invalid_query` or `invalid_cursor`"),
    )
)]
#[get("/v1/notices/changes")]
pub(super) async fn list_notice_changes(
    request: HttpRequest,
    app: Data<App>,
    Query(query): Query<ListChangesQuery>,
) -> Result<HttpResponse, ApiError> {
    query.answer(&request, &app, NOTICES).await
}

impl ListChangesQuery {
    async fn answer(
        &self,
        request: &HttpRequest,
        app: &App,
        list: &'static str,
    ) -> Result<HttpResponse, ApiError> {
        let limit = limit(self.limit)?;
        let seen: Option<(Uuid, i64)> = match self.after.as_deref() {
            Some(after) => key_in("/query/after", list, after)?,
            None => None,
        };
        app.noting.catch_up().await?;
        let (from, since) = (seen.map_or(0, |(_, position)| position), self.modified_after);
        let read = move |tx: &mut infra::database::Transaction<'_>| {
            Ok::<_, domain::StoreError>((
                tx.list_place(list)?,
                tx.list_changes(list, (from, since), limit + 1)?,
            ))
        };
        let (kept, mut changes) = app.database.read(read).await?;
        check(seen, kept)?;
        let more = changes.len() > limit;
        changes.truncate(limit);
        let newest = changes.last().map_or(from, |change| change.position);
        let end = kept.map(|kept| (kept.epoch, newest));
        let items = changes.into_iter().map(|change| view(change, self.fields.as_ref()));
        let view = ListChangesView {
            items: items.collect::<Result<_, _>>()?,
            next_cursor: cursor(list, &end),
            more,
        };
        Ok(send_new(request, &view, Freshness::News))
    }
}

/// Refuses a place that a list which came as far as `place` never gave.
fn check(seen: Option<(Uuid, i64)>, place: Option<ListPlace>) -> Result<(), ApiError> {
    let Some((epoch, position)) = seen else { return Ok(()) };
    let given =
        place.filter(|place| place.epoch == epoch && (0..=place.position).contains(&position));
    given.map(|_| ()).ok_or(ApiError::new(Code::CursorExpired))
}

fn view(change: ListChange, fields: Option<&Fields>) -> Result<ListChangeView, ApiError> {
    let at = change.at();
    let record: Option<Value> =
        change.record.as_deref().and_then(|record| serde_json::from_str(record).ok());
    let trimmed = |record: Value| match fields {
        Some(fields) => fields.of_record(&record),
        None => Ok(record),
    };
    let withdrawn = record.is_none();
    Ok(ListChangeView { id: change.id, at, withdrawn, record: record.map(trimmed).transpose()? })
}
