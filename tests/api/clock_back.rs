//! The clock of the machine is set back in the middle of everything: a little, as a time server
//! does, or by hours, as a person does who got the time zone wrong.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";

async fn raise(service: &Service, call: Value) -> Value {
    service.anonymous().post(CALLS, call).await.expect(201)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

/// The emergencies that the feed tells of after `cursor`, until there are `many`.
async fn told(dispatcher: &Caller, cursor: &str, many: usize) -> Vec<String> {
    let (mut told, mut cursor) = (Vec::new(), cursor.to_owned());
    for _ in 0..10 {
        let path = format!("/v1/dispatch/events?after={cursor}&wait_s=5&types=emergency.received");
        let page = dispatcher.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap().iter();
        told.extend(items.map(|item| text(item, "emergency_id").to_owned()));
        text(&page, "next_cursor").clone_into(&mut cursor);
        if told.len() >= many {
            break;
        }
    }
    told
}

#[apply(every_store)]
#[actix_web::test]
async fn set_back_by_seconds_it_stops_nobody(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    service.clock.advance(TimeDelta::minutes(2));
    let queue = dispatcher.get("/v1/dispatch/emergencies").await.expect(200);
    let cursor = text(&queue, "events_cursor");
    let body = json!({ "kind": "fire", "secret": "sixteen-and-more-characters" });
    let first = raise(&service, body.clone()).await;
    let claim = format!("/v1/dispatch/emergencies/{}", text(&first, "id"));
    dispatcher.post(&format!("{claim}/claim"), json!({})).await.expect(200);
    service.clock.advance(TimeDelta::seconds(-90));

    let second = raise(&service, json!({ "kind": "medical" })).await;
    let ids = [text(&first, "id").to_owned(), text(&second, "id").to_owned()];
    assert_eq!(told(&dispatcher, cursor, 2).await, ids, "in the order of the commits");
    let caller = service.anonymous().bearing(text(&first, "token"));
    let stands = caller.get(&format!("{CALLS}/{}", ids[0])).await.expect(200);
    assert_eq!(stands["status"], "claimed", "{stands}");
    let again = caller.put(&format!("{CALLS}/{}", ids[0]), body).await;
    assert!([200, 201].contains(&again.status()), "{}", again.text());
    assert_eq!(again.json()["id"], ids[0].as_str());
    let point = json!({ "lat": 21.59, "lon": 105.84 });
    caller.post(&format!("{CALLS}/{}/locations", ids[0]), point).await.expect(200);
    dispatcher.post(&format!("{claim}/heartbeat"), json!({})).await.expect(200);
    let queue = dispatcher.get("/v1/dispatch/emergencies").await.expect(200);
    let waiting = queue["items"].as_array().unwrap().iter().map(|item| text(item, "id"));
    let mut waiting: Vec<&str> = waiting.collect();
    waiting.sort_unstable();
    let mut all: Vec<&str> = ids.iter().map(String::as_str).collect();
    all.sort_unstable();
    assert_eq!(waiting, all);
    let handled = json!({ "disposition": "handled" });
    dispatcher.post(&format!("{claim}/resolve"), handled).await.expect(200);
    let opened = dispatcher.get(&claim).await.expect(200);
    assert_eq!(opened["status"], "resolved");

    service.clock.advance(TimeDelta::seconds(90));
    let third = raise(&service, json!({ "kind": "police" })).await;
    let events = told(&dispatcher, cursor, 3).await;
    assert_eq!(events, [&ids[0], &ids[1], &text(&third, "id").to_owned()].map(Clone::clone));
}

#[apply(every_store)]
#[actix_web::test]
async fn set_back_by_hours_it_stops_no_call(#[case] store: Store) {
    let service = store.service().await;
    let before = service.dispatcher().await;
    let queue = before.get("/v1/dispatch/emergencies").await.expect(200);
    let cursor = text(&queue, "events_cursor");
    let first = raise(&service, json!({ "kind": "fire" })).await;
    service.clock.advance(TimeDelta::hours(-7));
    let caller = service.anonymous().bearing(text(&first, "token"));
    let path = format!("{CALLS}/{}", text(&first, "id"));
    caller.get(&path).await.expect(200);
    caller
        .post(&format!("{path}/locations"), json!({ "lat": 21.6, "lon": 105.8 }))
        .await
        .expect(200);
    let second = raise(&service, json!({ "kind": "fire" })).await;
    // What was signed at a time that is still to come does not count yet: people sign in again.
    before.get("/v1/dispatch/emergencies").await.expect(401);
    let dispatcher = service.staff("binh", Role::Dispatcher, "province").await;
    let ids = [&first, &second].map(|call| text(call, "id").to_owned());
    assert_eq!(told(&dispatcher, cursor, 2).await, ids);
    for id in ids {
        let claim = format!("/v1/dispatch/emergencies/{id}/claim");
        dispatcher.post(&claim, json!({})).await.expect(200);
    }
}
