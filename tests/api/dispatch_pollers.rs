//! Many who follow: they cost the store no more than one does, and each sees what is theirs.

use std::time::Duration;

use chrono::TimeDelta;
use domain::identity::Role;
use futures_util::future::join_all;
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, tamper};

use crate::{
    every_store,
    units::{claimed, on_shift, responder},
};

const CALLS: &str = "/v1/emergencies";
const EVENTS: &str = "/v1/dispatch/events";
/// How many follow at once.
const CROWD: usize = 1_000;

async fn raise(service: &Service, call: Value) -> (String, Caller) {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    let caller = service.anonymous().bearing(raised["token"].as_str().unwrap());
    (raised["id"].as_str().unwrap().to_owned(), caller)
}

/// A page of a feed, and where to go on.
async fn page(caller: &Caller, path: &str, after: &str) -> (Vec<Value>, String) {
    let page = caller.get(&format!("{path}?after={after}&wait_s=10")).await.expect(200);
    let items = page["items"].as_array().unwrap().clone();
    (items, page["next_cursor"].as_str().unwrap().to_owned())
}

/// What a stream says first that goes on after the event `last`.
async fn streamed(caller: &Caller, path: &str, last: &str) -> String {
    let resumed = caller.request(Method::GET, path).header("Accept", "text/event-stream");
    let mut resumed = resumed.header("Last-Event-ID", last).send().await.unwrap();
    let mut text = String::new();
    while !text.contains("data: ") {
        let chunk = tokio::time::timeout(Duration::from_secs(20), resumed.chunk()).await;
        let chunk = chunk.expect("an event in time").unwrap().expect("the stream goes on");
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    text
}

#[apply(every_store)]
#[actix_web::test]
async fn a_thousand_polls_ask_the_store_for_nothing(#[case] store: Store) {
    let limits = [("CTN_LIMITS", "off")];
    let service = Service::configured(store.fresh().await, &limits).await;
    let fire = service.staff("fire", Role::Dispatcher, "fire").await;
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let (_, start) = page(&fire, EVENTS, "").await;
    let (call, _) = raise(&service, json!({ "kind": "fire" })).await;
    assert_eq!(page(&fire, EVENTS, &start).await.0.len(), 1);
    let url = service.app.database.url();
    tamper(url, "ALTER TABLE event RENAME TO event_gone");
    let polls = (0..CROWD).map(|number| {
        let (caller, own) = if number % 10 == 0 { (&fire, true) } else { (&police, false) };
        let (caller, path) = (caller.clone(), format!("{EVENTS}?after={start}&wait_s=0"));
        let call = &call;
        async move {
            let page = caller.get(&path).await.expect(200);
            let seen = page["items"].as_array().unwrap();
            assert_eq!(seen.len(), usize::from(own));
            assert!(!own || seen[0]["emergency_id"] == call.as_str());
        }
    });
    let mut polls: Vec<_> = polls.collect();
    while !polls.is_empty() {
        let some = polls.split_off(polls.len().saturating_sub(100));
        join_all(some).await;
    }
    // The log is gone indeed: calls wait for it on disk.
    service.anonymous().post(CALLS, json!({ "kind": "child" })).await.expect(202);
    tamper(url, "ALTER TABLE event_gone RENAME TO event");
}

#[apply(every_store)]
#[actix_web::test]
async fn all_who_wait_are_told_at_once(#[case] store: Store) {
    let service = store.service().await;
    let fire = service.staff("fire", Role::Dispatcher, "fire").await;
    let (_, start) = page(&fire, EVENTS, "").await;
    let waiting = (0..50).map(|_| page(&fire, EVENTS, &start));
    let (told, (call, _)) = tokio::join!(join_all(waiting), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        raise(&service, json!({ "kind": "fire" })).await
    });
    for (items, _) in told {
        assert_eq!(items.len(), 1);
        assert_eq!(items[0]["emergency_id"], call.as_str());
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_caller_s_feed_resumes_and_is_nobody_else_s(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let (id, mine) = raise(&service, json!({ "kind": "fire" })).await;
    let (_, other) = raise(&service, json!({ "kind": "fire" })).await;
    let feed = format!("{CALLS}/{id}/events");
    let (first, cursor) = page(&mine, &feed, "").await;
    assert_eq!(first.len(), 1);
    dispatcher.post(&format!("/v1/dispatch/emergencies/{id}/claim"), json!({})).await.expect(200);
    let (news, next) = page(&mine, &feed, &cursor).await;
    assert_eq!(news[0]["type"], "emergency.claimed");
    assert_ne!(next, cursor);
    assert_eq!(page(&mine, &feed, &cursor).await.0, news, "the same cursor, the same answer");
    let text = streamed(&mine, &feed, &cursor).await;
    assert!(text.contains("emergency.claimed") && !text.contains("emergency.received"), "{text}");
    assert!(text.contains("event: advice\ndata: {\"staffed\":"), "{text}");
    let unknown = api::page::cursor("emergency-events", &1_000_000);
    let expired = mine.get(&format!("{feed}?after={unknown}")).await.expect(410);
    assert_eq!(expired["code"], "cursor_expired");
    other.get(&feed).await.expect(404);
    service.anonymous().get(&feed).await.expect(401);
    dispatcher.get(&feed).await.expect(403);
    assert_eq!(mine.get(&format!("{feed}?wait_s=31")).await.status(), 422);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_caller_is_told_of_positions_at_most_every_five_seconds(#[case] store: Store) {
    let service = store.service().await;
    let (id, mine) = raise(&service, json!({ "kind": "fire" })).await;
    for second in 0..11 {
        let point = json!({ "lat": 21.5 + f64::from(second) / 100.0, "lon": 105.8 });
        mine.post(&format!("{CALLS}/{id}/locations"), point).await.expect(200);
        service.clock.advance(TimeDelta::seconds(1));
    }
    mine.post(&format!("{CALLS}/{id}/cancellation"), json!({})).await.expect(200);
    let (mut told, mut cursor) = (Vec::new(), String::new());
    while !told.contains(&json!("emergency.cancelled")) {
        let (items, next) = page(&mine, &format!("{CALLS}/{id}/events"), &cursor).await;
        told.extend(items.iter().map(|item| item["type"].clone()));
        cursor = next;
    }
    assert_eq!(told.iter().filter(|kind| *kind == "emergency.location").count(), 3, "{told:?}");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_crew_follows_what_its_unit_is_sent_to_and_resumes(#[case] store: Store) {
    let service = store.service().await;
    let (crew, id) = responder(&service, "lan", "fire").await;
    let unit = on_shift(&service, "fire", "Xe 01", &[&id]).await;
    let holder = service.staff("holder", Role::Dispatcher, "fire").await;
    raise(&service, json!({ "kind": "fire" })).await;
    let desk = claimed(&service, &holder, json!({ "kind": "fire" })).await;
    let (_, start) = page(&holder, EVENTS, "").await;
    let sent = holder.post(&format!("{desk}/dispatches"), json!({ "unit_id": unit })).await;
    sent.expect(201);
    let (told, next) = page(&crew, EVENTS, &start).await;
    assert_eq!(told[0]["type"], "emergency.dispatched");
    assert!(desk.ends_with(told[0]["emergency_id"].as_str().unwrap()));
    raise(&service, json!({ "kind": "fire" })).await;
    holder.post(&format!("{desk}/notes"), json!({ "text": "Cẩn thận" })).await.expect(201);
    let (more, _) = page(&crew, EVENTS, &next).await;
    assert!(more.iter().all(|event| event["emergency_id"] == told[0]["emergency_id"]), "{more:?}");
    let text = streamed(&crew, EVENTS, &start).await;
    assert!(
        text.contains("emergency.dispatched") && !text.contains("emergency.received"),
        "{text}"
    );
}
