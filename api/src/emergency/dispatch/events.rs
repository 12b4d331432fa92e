//! The dispatchers' event feed.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::{
    directory::AgencyCode,
    identity::{Access, policy},
};
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
    let reached = reached(app.clone(), dispatcher.staff().agency.clone());
    let seen = move |event: &FeedEvent| {
        let kept = types.as_deref().is_none_or(|types| types.split(',').any(|t| t == event.kind));
        kept && reached(event)
    };
    let following = Following {
        feed: Arc::clone(app.feed()),
        accept: Box::new(seen),
        write: Box::new(|event| event.wire(wire)),
        alive: stands(app.clone(), access),
        present: sign_of(app, dispatcher),
    };
    following.answer(wait).await
}

/// Whether somebody of the agency `own` may know of an event, as the agencies stand by then: who
/// follows for hours loses and wins what is moved meanwhile. What is offered to another agency is
/// told to both.
fn reached(app: Data<App>, own: AgencyCode) -> impl Fn(&FeedEvent) -> bool + Send + Sync {
    move |event| {
        let agencies = app.agencies.tree();
        let reached = |agency: &AgencyCode| policy::reaches(&agencies, &own, agency);
        event.agency.as_ref().is_some_and(reached)
            || offered_to(event).as_ref().is_some_and(reached)
    }
}

/// To whom the emergency was offered by then. Few are: most events are not read for it.
fn offered_to(event: &FeedEvent) -> Option<AgencyCode> {
    if !event.data.contains(r#""offered_to""#) {
        return None;
    }
    let data: Value = serde_json::from_str(&event.data).ok()?;
    data.get("offered_to")?.as_str()?.parse().ok()
}

/// Whether the follower may go on: until their access token ends or is revoked.
fn stands(app: Data<App>, access: Access) -> Box<dyn Fn() -> bool + Send + Sync> {
    Box::new(move || app.tokens.stands(&access, app.now().at))
}

/// That a stream is open is a sign of the dispatcher.
fn sign_of(app: Data<App>, dispatcher: Dispatcher) -> Box<dyn Fn() + Send + Sync> {
    Box::new(move || {
        let (app, dispatcher, at) = (app.clone(), dispatcher.clone(), app.now().at);
        tokio::spawn(async move { app.staffing.saw(&app.database, &dispatcher, at).await });
    })
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
