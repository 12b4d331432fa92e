//! The dispatchers' feed: it neither skips nor repeats.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::identity::Role;
use futures_util::future::join_all;
use insta::{allow_duplicates, assert_json_snapshot};
use reqwest::{Method, Response};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const EVENTS: &str = "/v1/dispatch/events";

async fn raise(service: &Service, call: Value) -> String {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    raised["id"].as_str().unwrap().to_owned()
}

/// A page of the feed after `cursor`.
async fn page(dispatcher: &Caller, cursor: &str, query: &str) -> (Vec<Value>, String) {
    let page = dispatcher.get(&format!("{EVENTS}?after={cursor}&{query}")).await.expect(200);
    let items = page["items"].as_array().unwrap().clone();
    (items, page["next_cursor"].as_str().unwrap().to_owned())
}

#[apply(every_store)]
#[actix_web::test]
async fn an_event_says_what_happened_to_which(#[case] store: Store) {
    let service = store.service().await;
    raise(&service, json!({ "kind": "fire", "phone": "0912345678" })).await;
    let dispatcher = service.dispatcher().await;
    let (items, _) = page(&dispatcher, "", "wait_s=10").await;
    allow_duplicates! {
        assert_json_snapshot!(items, { "[].cursor" => "[cursor]", "[].emergency_id" => "[id]" }, @r#"
        [
          {
            "agency": "fire",
            "at": "2026-11-23T01:02:03.456Z",
            "cursor": "[cursor]",
            "drill": false,
            "emergency_id": "[id]",
            "holder_id": null,
            "kind": "fire",
            "priority": "normal",
            "routed_by": "kind",
            "status": "received",
            "type": "emergency.received",
            "version": 1
          }
        ]
        "#);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn the_feed_goes_on_from_the_queue_without_a_gap(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    raise(&service, json!({ "kind": "fire" })).await;
    page(&dispatcher, "", "wait_s=10").await;
    let queue = dispatcher.get("/v1/dispatch/emergencies").await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 1);
    let cursor = queue["events_cursor"].as_str().unwrap();
    let (nothing, cursor) = page(&dispatcher, cursor, "wait_s=0").await;
    assert_eq!(nothing, [Value::Null; 0]);
    let second = raise(&service, json!({ "kind": "fire" })).await;
    let (news, _) = page(&dispatcher, &cursor, "wait_s=10").await;
    assert_eq!(news.len(), 1);
    assert_eq!(news[0]["emergency_id"], second.as_str());
}

#[apply(every_store)]
#[actix_web::test]
async fn nothing_is_skipped_and_nothing_repeated(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let calls = join_all((0..60).map(|_| raise(&service, json!({ "note": "cháy" }))));
    let follow = async {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        let deadline = Instant::now() + Duration::from_secs(30);
        while seen.len() < 60 {
            assert!(Instant::now() < deadline, "stalled after {}", seen.len());
            let (items, next) = page(&dispatcher, &cursor, "wait_s=5&limit=7").await;
            seen.extend(items.iter().map(|item| item["emergency_id"].as_str().unwrap().to_owned()));
            cursor = next;
        }
        seen
    };
    let (mut raised, mut seen) = tokio::join!(calls, follow);
    raised.sort();
    seen.sort();
    assert_eq!(seen, raised);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_feed_is_filtered_by_agency_and_type(#[case] store: Store) {
    let service = store.service().await;
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let theft = raise(&service, json!({ "kind": "police" })).await;
    raise(&service, json!({ "kind": "fire" })).await;
    let claim = format!("/v1/dispatch/emergencies/{theft}/claim");
    police.post(&claim, json!({})).await.expect(200);
    let types = |items: &[Value]| -> Vec<String> {
        items.iter().map(|item| item["type"].as_str().unwrap().to_owned()).collect()
    };
    let mut all = Vec::new();
    let mut cursor = String::new();
    while all.len() < 2 {
        let (items, next) = page(&police, &cursor, "wait_s=10").await;
        all.extend(items);
        cursor = next;
    }
    assert_eq!(types(&all), ["emergency.received", "emergency.claimed"]);
    assert!(all.iter().all(|item| item["emergency_id"] == theft.as_str()));
    let only = "types=emergency.claimed,emergency.dispatched";
    assert_eq!(types(&page(&police, "", only).await.0), ["emergency.claimed"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn positions_are_told_at_most_every_five_seconds(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let raised = service.anonymous().post(CALLS, json!({ "kind": "fire" })).await.expect(201);
    let mine = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let path = format!("{CALLS}/{}/locations", raised["id"].as_str().unwrap());
    for second in 0..11 {
        let point = json!({ "lat": 21.5 + f64::from(second) / 100.0, "lon": 105.8 });
        mine.post(&path, point).await.expect(200);
        service.clock.advance(TimeDelta::seconds(1));
    }
    raise(&service, json!({ "kind": "police" })).await;
    let (mut told, mut cursor) = (0, String::new());
    loop {
        let (items, next) = page(&dispatcher, &cursor, "wait_s=10").await;
        told += items.iter().filter(|item| item["type"] == "emergency.location").count();
        cursor = next;
        if items.iter().any(|item| item["kind"] == "police") {
            break;
        }
    }
    assert_eq!(told, 3);
}

/// Opens the stream of events after `last`.
async fn stream(caller: &Caller, path: &str, last: &str) -> Response {
    let request = caller.request(Method::GET, path).header("Accept", "text/event-stream");
    let response = request.header("Last-Event-ID", last).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response
}

/// The ids and data of the next `count` events of a stream.
async fn next_events(response: &mut Response, count: usize) -> Vec<(String, Value)> {
    let mut text = String::new();
    loop {
        let events: Vec<_> = text.split("\n\n").filter(|event| is_event(event)).collect();
        if events.len() >= count && text.ends_with("\n\n") {
            return events.into_iter().map(parsed).collect();
        }
        let chunk = tokio::time::timeout(Duration::from_secs(20), response.chunk()).await;
        let chunk = chunk.expect("an event in time").unwrap().expect("the stream goes on");
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
}

/// Whether it is an event of the log: signs of life have no data, and advice has no id.
fn is_event(event: &str) -> bool {
    event.contains("id: ") && event.contains("data: ")
}

fn parsed(event: &str) -> (String, Value) {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    (field("id: ").to_owned(), serde_json::from_str(field("data: ")).unwrap())
}

#[apply(every_store)]
#[actix_web::test]
async fn a_stream_goes_on_after_the_last_event(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let first = raise(&service, json!({ "kind": "fire" })).await;
    let mut open = stream(&dispatcher, EVENTS, "").await;
    let seen = next_events(&mut open, 1).await;
    assert_eq!(seen[0].1["emergency_id"], first.as_str());
    let second = raise(&service, json!({ "kind": "fire" })).await;
    assert_eq!(next_events(&mut open, 1).await[0].1["emergency_id"], second.as_str());
    drop(open);
    let mut resumed = stream(&dispatcher, EVENTS, &seen[0].0).await;
    let again = next_events(&mut resumed, 1).await;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].1["emergency_id"], second.as_str());
}

#[apply(every_store)]
#[actix_web::test]
async fn a_caller_has_a_stream_of_their_own(#[case] store: Store) {
    let service = store.service().await;
    let raised = service.anonymous().post(CALLS, json!({ "kind": "fire" })).await.expect(201);
    let id = raised["id"].as_str().unwrap();
    let mine = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let mut open = stream(&mine, &format!("{CALLS}/{id}/events"), "").await;
    raise(&service, json!({ "kind": "fire" })).await;
    let dispatcher = service.dispatcher().await;
    let claim = format!("/v1/dispatch/emergencies/{id}/claim");
    dispatcher.post(&claim, json!({})).await.expect(200);
    let mut events = next_events(&mut open, 1).await;
    if events.len() < 2 {
        events.extend(next_events(&mut open, 1).await);
    }
    let told: Vec<_> = events.iter().map(|(_, event)| event["type"].clone()).collect();
    assert_eq!(told, ["emergency.received", "emergency.claimed"]);
    assert!(events.iter().all(|(_, event)| event.get("holder_id").is_none()));
}

#[apply(every_store)]
#[actix_web::test]
async fn polls_are_answered_and_streams_end_when_the_service_stops(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let mut open = stream(&dispatcher, EVENTS, "").await;
    let started = Instant::now();
    let poll = format!("{EVENTS}?wait_s=30");
    let (polled, ()) = tokio::join!(dispatcher.get(&poll), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        service.app.feed().close();
    });
    assert_eq!(polled.expect(200)["items"], json!([]));
    let end = async { while open.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(Duration::from_secs(20), end).await.expect("the stream ends");
    assert!(started.elapsed() < Duration::from_secs(25));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_stream_ends_with_its_access_token(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let mut open = stream(&dispatcher, EVENTS, "").await;
    service.clock.advance(TimeDelta::minutes(11));
    raise(&service, json!({ "kind": "fire" })).await;
    let end = async { while open.chunk().await.unwrap().is_some() {} };
    tokio::time::timeout(Duration::from_secs(20), end).await.expect("the stream ends");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_cursor_of_something_else_is_refused(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let refused = dispatcher.get(&format!("{EVENTS}?after=xyz")).await.expect(422);
    assert_eq!(refused["code"], "invalid_cursor");
    let never_given = api::page::cursor("emergency-events", &1_000_000);
    let refused = dispatcher.get(&format!("{EVENTS}?after={never_given}")).await.expect(410);
    assert_eq!(refused["code"], "cursor_expired");
    let refused = dispatcher.get(&format!("{EVENTS}?wait_s=31")).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/query/wait_s");
}
