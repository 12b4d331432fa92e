//! The dispatchers' event feed.

use std::{str::FromStr, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use domain::{
    directory::AgencyCode,
    emergency::{Called, UnitId},
    identity::{Access, policy},
};
use infra::event::FeedEvent;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::{
    App,
    emergency::following::{Accept, Following, Wait, cursor},
    extract::Query,
    identity::{By, Dispatcher, OnCall, SignedIn},
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
    /// Whether to be told of the calls, too, that the service makes itself.
    probes: Option<bool>,
}

/// What happens to emergencies
///
/// A long poll, or with `Accept: text/event-stream` a stream that goes on after `Last-Event-ID`.
/// Never skips, never repeats within a cursor. Dispatchers who follow count as being there; the crews
/// of units follow what their own unit is sent to, and nothing else.
#[utoipa::path(
    tag = "dispatch",
    security(("bearer" = ["take_part"])),
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
    by: OnCall,
    SignedIn(access): SignedIn,
    Query(parameters): Query<EventParameters>,
) -> Result<HttpResponse, ApiError> {
    let EventParameters { after, wait_s, limit, types, probes } = parameters;
    let wait = Wait::of(&request, after.as_deref(), wait_s, limit)?;
    let reached = reached(&app, &by).await;
    let seen = move |event: &FeedEvent| {
        let kept = types.as_deref().is_none_or(|types| types.split(',').any(|t| t == event.kind));
        kept && (probes == Some(true) || !is_probe(event)) && reached(event)
    };
    let following = Following {
        feed: Arc::clone(app.feed()),
        accept: Box::new(seen),
        write: Box::new(|event| event.wire(wire)),
        alive: stands(app.clone(), access),
        present: sign_of(app, by.dispatcher().map(By)),
        beside: None,
    };
    following.answer(wait).await
}

/// Which events `by` may know of: dispatchers by their agency, as the agencies stand by then, since
/// who follows for hours loses and wins what is moved meanwhile, and what is offered to another
/// agency, or another one was called to, is told to both; crews by the units that an event names.
async fn reached(app: &Data<App>, by: &OnCall) -> Box<Accept> {
    let Some(dispatcher) = by.dispatcher() else {
        let (crews, staff) = (Arc::clone(&app.crews), by.staff().id);
        return Box::new(move |event| names_one_of(event, |unit| crews.has_aboard(unit, staff)));
    };
    app.staffing.saw(&app.database, &dispatcher, app.now().at).await;
    let (app, own) = (app.clone(), dispatcher.staff().agency.clone());
    Box::new(move |event| {
        let agencies = app.agencies.tree();
        let reached = |agency: &AgencyCode| policy::reaches(&agencies, &own, agency);
        event.agency.as_ref().is_some_and(reached)
            || named::<AgencyCode>(event, "offered_to").as_ref().is_some_and(reached)
            || named::<Called>(event, "called").is_some_and(|called| called.includes(reached))
    })
}

/// Whether the service made the call itself.
fn is_probe(event: &FeedEvent) -> bool {
    event.data.contains(r#""probe":true"#)
}

/// Whether one of somebody's `own` units is bound by the emergency of `event`, or was until then.
fn names_one_of(event: &FeedEvent, own: impl Fn(UnitId) -> bool) -> bool {
    #[derive(Deserialize)]
    struct Named {
        unit_id: Option<UnitId>,
        #[serde(default)]
        units: Vec<UnitId>,
    }
    let named: Option<Named> = serde_json::from_str(&event.data).ok();
    named.is_some_and(|named| named.unit_id.iter().chain(&named.units).any(|&unit| own(unit)))
}

/// Whom an event names beside the agency that answers: to whom the emergency was `offered_to` by
/// then, or who was `called`. Few do: most events are not read for it.
fn named<T: FromStr>(event: &FeedEvent, field: &str) -> Option<T> {
    if !event.data.contains(&format!("\"{field}\":")) {
        return None;
    }
    let data: Value = serde_json::from_str(&event.data).ok()?;
    data.get(field)?.as_str()?.parse().ok()
}

/// Whether the follower may go on: until their access token ends or is revoked.
fn stands(app: Data<App>, access: Access) -> Box<dyn Fn() -> bool + Send + Sync> {
    Box::new(move || app.tokens.stands(&access, app.now().at))
}

/// That a stream is open is a sign of the dispatcher.
fn sign_of(app: Data<App>, dispatcher: Option<Dispatcher>) -> Box<dyn Fn() + Send + Sync> {
    let Some(dispatcher) = dispatcher else { return Box::new(|| ()) };
    let staff = dispatcher.staff().id;
    Box::new(move || {
        let at = app.now().at;
        if app.staffing.is_owed(staff, at) {
            let app = app.clone();
            tokio::spawn(async move { app.staffing.note(&app.database, staff, at).await });
        }
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
