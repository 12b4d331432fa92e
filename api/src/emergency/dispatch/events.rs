//! The dispatchers' event feed.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use infra::event::FeedEvent;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::{
    App,
    emergency::following::{Following, Wait, cursor},
    extract::Query,
    identity::{Dispatcher, SignedIn},
    problem::ApiError,
};

/// From where on to follow, what, and how long to wait.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventParameters {
    /// The cursor to go on after; empty starts at the oldest event kept.
    after: Option<String>,
    /// How long to wait for the first event, in seconds.
    #[param(minimum = 0, maximum = 30)]
    wait_s: Option<u64>,
    /// How many events at most: 20 when absent, at most 100.
    limit: Option<usize>,
    /// Only these types, separated by commas: `emergency.received,emergency.claimed`.
    types: Option<String>,
}

/// What happens to emergencies
///
/// A long poll, or with `Accept: text/event-stream` a stream that goes on after `Last-Event-ID`.
/// Never skips, never repeats within a cursor. Following counts as being there.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["handle_emergencies"])),
    params(EventParameters),
    responses(
        (status = 200, description = "`{items: [{cursor, type, emergency_id, at, ..}], next_cursor, more}`"),
        (status = 410, description = "Problem `cursor_expired`: load the queue anew"),
    )
)]
#[get("/v1/dispatch/events")]
pub(super) async fn follow_emergencies(
    app: Data<App>,
    request: HttpRequest,
    dispatcher: Dispatcher,
    SignedIn(access): SignedIn,
    Query(parameters): Query<EventParameters>,
) -> Result<HttpResponse, ApiError> {
    let EventParameters { after, wait_s, limit, types } = parameters;
    let wait = Wait::of(&request, after.as_deref(), wait_s, limit)?;
    app.staffing.saw(&app.database, &dispatcher, app.now().at).await;
    let agency = dispatcher.staff().agency.clone();
    let seen = move |event: &FeedEvent| {
        let kept = types.as_deref().is_none_or(|types| types.split(',').any(|t| t == event.kind));
        kept && (agency.is_province() || event.agency.as_ref() == Some(&agency))
    };
    let following = Following {
        feed: Arc::clone(app.feed()),
        accept: Box::new(seen),
        write: Box::new(|event| event.wire(wire)),
        alive: Box::new(move || goes_on(&app, &dispatcher, access.expires_at)),
    };
    following.answer(wait).await
}

/// Whether a stream goes on: until its access token ends. That it is open is a sign of the
/// dispatcher.
fn goes_on(app: &Data<App>, dispatcher: &Dispatcher, until: chrono::DateTime<chrono::Utc>) -> bool {
    let (app, dispatcher, at) = (app.clone(), dispatcher.clone(), app.now().at);
    tokio::spawn(async move { app.staffing.saw(&app.database, &dispatcher, at).await });
    at < until
}

/// What a dispatcher is told of an event.
fn wire(event: &FeedEvent) -> String {
    let mut fields: Map<String, Value> = serde_json::from_str(&event.data).unwrap_or_default();
    fields.insert("cursor".to_owned(), cursor(event.position).into());
    fields.insert("type".to_owned(), event.kind.clone().into());
    fields.insert("emergency_id".to_owned(), event.subject.to_string().into());
    fields.insert("at".to_owned(), serde_json::json!(event.at));
    Value::Object(fields).to_string()
}
