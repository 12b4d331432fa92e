//! Callers whom somebody should ring back.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const LIST: &str = "/v1/dispatch/callbacks";

/// Raises `call`: its id, and its caller.
async fn raise(service: &Service, call: Value) -> (String, Caller) {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    let caller = service.anonymous().bearing(raised["token"].as_str().unwrap());
    (raised["id"].as_str().unwrap().to_owned(), caller)
}

fn desk(id: &str, action: &str) -> String {
    format!("/v1/dispatch/emergencies/{id}/{action}")
}

/// Who is to be rung back, and why.
async fn listed(dispatcher: &Caller) -> Vec<(String, String)> {
    let list = dispatcher.get(LIST).await.expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| (text(&item["emergency"]["id"]), text(&item["reason"]))).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_nobody_spoke_to_is_listed_until_they_are_reached(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let phone = "0912345678";
    let (missed, _) = raise(&service, json!({ "kind": "fire", "phone": phone })).await;
    let (gone, caller) = raise(&service, json!({ "kind": "fire", "phone": phone })).await;
    caller.post(&format!("{CALLS}/{gone}/cancellation"), json!({})).await.expect(200);
    let (held, caller) = raise(&service, json!({ "kind": "fire", "phone": phone })).await;
    dispatcher.post(&desk(&held, "claim"), json!({})).await.expect(200);
    caller.post(&format!("{CALLS}/{held}/cancellation"), json!({})).await.expect(200);
    let place = json!({ "lat": 21.59, "lon": 105.84, "accuracy_m": 10 });
    let (silent, _) = raise(&service, json!({ "phone": phone, "location": place })).await;
    dispatcher.post(&desk(&silent, "claim"), json!({})).await.expect(200);
    raise(&service, json!({ "kind": "fire" })).await;
    raise(&service, json!({ "drill": true, "phone": phone })).await;
    let now = listed(&dispatcher).await;
    let expected = [(held.clone(), "cancelled_while_claimed"), (gone.clone(), "abandoned")];
    assert_eq!(now, expected.map(|(id, why)| (id, why.to_owned())));

    service.clock.advance(TimeDelta::seconds(61));
    let later = listed(&dispatcher).await;
    assert_eq!(later.len(), 4, "{later:?}");
    assert!(later.contains(&(missed.clone(), "missed".to_owned())));
    assert!(later.contains(&(silent, "silent".to_owned())));
    let list = dispatcher.get(LIST).await.expect(200);
    assert_eq!(list["items"][0]["emergency"]["phone"], "•••••••678");

    let try_ = |outcome: &str| json!({ "outcome": outcome, "note": "Chuông reo mãi" });
    let rung = dispatcher.post(&desk(&missed, "callbacks"), try_("no_answer")).await.expect(201);
    assert_eq!((&rung["outcome"], &rung["username"]), (&json!("no_answer"), &json!("dispatcher")));
    let list = dispatcher.get(LIST).await.expect(200);
    let still = list["items"].as_array().unwrap().iter();
    let still = still.clone().find(|item| item["emergency"]["id"] == missed.as_str()).unwrap();
    assert_eq!(still["attempts"][0]["note"], "Chuông reo mãi");
    dispatcher.post(&desk(&missed, "callbacks"), try_("reached")).await.expect(201);
    assert!(!listed(&dispatcher).await.iter().any(|(id, _)| *id == missed));
    let opened = dispatcher.get(&format!("/v1/dispatch/emergencies/{missed}")).await.expect(200);
    assert_eq!(opened["callbacks"].as_array().unwrap().len(), 2);
    assert!(!opened["timeline"].to_string().contains("Chuông"), "no event holds words");
}

#[apply(every_store)]
#[actix_web::test]
async fn after_a_silent_call_nobody_rings_without_knowing(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let call = json!({ "kind": "police", "silent": true, "phone": "0912345678" });
    let (id, _) = raise(&service, call).await;
    service.clock.advance(TimeDelta::seconds(60));
    let list = dispatcher.get(LIST).await.expect(200);
    assert_eq!(list["items"][0]["warning"], "silent_call");
    let refused = dispatcher.post(&desk(&id, "callbacks"), json!({ "outcome": "busy" })).await;
    assert_eq!(refused.expect(409)["code"], "silent_call");
    let knowing = json!({ "outcome": "busy", "despite_silence": true });
    dispatcher.post(&desk(&id, "callbacks"), knowing).await.expect(201);
}

#[apply(every_store)]
#[actix_web::test]
async fn attempts_are_counted_once_and_hidden_from_others(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let (id, _) = raise(&service, json!({ "kind": "fire", "phone": "0912345678" })).await;
    let path = desk(&id, "callbacks");
    let keyed = dispatcher.with("Idempotency-Key", "ring-1");
    let busy = json!({ "outcome": "busy" });
    let first = keyed.post(&path, busy.clone()).await.expect(201);
    assert_eq!(keyed.post(&path, busy.clone()).await.expect(201)["id"], first["id"]);
    let unknown = dispatcher.post(&path, json!({ "outcome": "fine" })).await.expect(422);
    assert_eq!(unknown["errors"][0]["pointer"], "/outcome");
    let police = service.staff("police", Role::Dispatcher, "police").await;
    police.post(&path, busy).await.expect(404);
    service.clock.advance(TimeDelta::seconds(60));
    assert_eq!(listed(&police).await, []);
    for number in 0..3 {
        let phone = format!("091234567{number}");
        raise(&service, json!({ "kind": "fire", "phone": phone })).await;
        service.clock.advance(TimeDelta::seconds(1));
    }
    service.clock.advance(TimeDelta::seconds(60));
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let page = dispatcher.get(&format!("{LIST}?limit=2{next}")).await.expect(200);
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["emergency"]["id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(seen.len(), 4);
    dispatcher.get(&format!("{LIST}?cursor=x")).await.expect(422);
}
