//! Whose emergency it is: a repetition is the caller's own only where the evidence fits.

use chrono::TimeDelta;
use futures_util::future::join_all;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const ID: &str = "0193a5b0-0000-7000-8000-00000000000a";
const SECRET: &str = "Zm9yLXRoaXMtcGhvbmUtb25seQ";

async fn opened(service: &Service, id: &Value) -> Value {
    let path = format!("/v1/dispatch/emergencies/{}", id.as_str().unwrap());
    service.dispatcher().await.get(&path).await.expect(200)
}

/// Somebody who learned the id, and nothing else.
async fn try_as_stranger(service: &Service, first: &Value) {
    let stranger = service.anonymous();
    let call = json!({ "id": ID, "kind": "other", "phone": "0999999999",
        "location": { "lat": 10.0, "lon": 106.0 } });
    let said = stranger.post(CALLS, call).await.expect(200);
    assert_eq!(said["receipt"], first["receipt"]);
    assert_eq!(said["token"], Value::Null);
    assert!(said["advice"].as_array().unwrap().len() >= 2);
    let path = format!("{CALLS}/{ID}");
    let off = stranger.post(&format!("{path}/cancellation"), json!({})).await.expect(200);
    assert_eq!((&off["token"], &off["status"]), (&Value::Null, &json!("received")));
    let point = json!({ "lat": 10.0, "lon": 106.0 });
    let told = stranger.post(&format!("{path}/locations"), point).await.expect(200);
    assert_eq!(told["token"], Value::Null);
    assert_eq!(stranger.get(&path).await.status(), 401);
    assert_eq!(stranger.get(&format!("{path}/events")).await.status(), 401);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_stranger_reads_nothing_and_changes_nothing(#[case] store: Store) {
    let service = store.service().await;
    let call = json!({ "id": ID, "secret": SECRET, "kind": "fire", "phone": "0912345678",
        "location": { "lat": 21.59, "lon": 105.84 } });
    let first = service.anonymous().post(CALLS, call).await.expect(201);
    try_as_stranger(&service, &first).await;
    let opened = opened(&service, &first["id"]).await;
    assert_eq!(opened["status"], "received");
    assert_eq!(opened["kind"], "fire");
    assert_eq!(opened["caller"]["phone"], "0912345678");
    assert_eq!(opened["location"]["lat"], 21.59);
    assert_eq!(opened["cancel_requested"], false);
    assert_eq!(opened["locations"].as_array().unwrap().len(), 1);
    assert_eq!(opened["overheard"], true);
    let statements = opened["statements"].as_array().unwrap();
    assert_eq!(statements.len(), 3, "what a stranger says stands beside");
    assert!(statements.iter().all(|statement| statement["verified"] == false));
    assert_eq!(statements[0]["said"]["phone"], "0999999999");
    assert_eq!(statements[1]["cancels"], true);
    assert_eq!(statements[2]["locations"][0]["lat"], 10.0);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_same_secret_is_the_same_caller(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let first = json!({ "id": ID, "secret": SECRET, "note": "nước lên" });
    let raised = caller.post(CALLS, first).await.expect(201);
    let more = json!({ "id": ID, "secret": SECRET, "note": "bà không thở", "phone": "0912345678" });
    let again = caller.post(CALLS, more.clone()).await.expect(200);
    assert_eq!(again["token"], raised["token"]);
    assert_eq!(caller.post(CALLS, more).await.expect(200)["token"], raised["token"]);
    let opened = opened(&service, &raised["id"]).await;
    assert_eq!(opened["note"], "nước lên\nbà không thở");
    assert_eq!(opened["caller"]["phone"], "0912345678");
    assert_eq!(opened["statements"].as_array().unwrap().len(), 2);
    let other = json!({ "id": ID, "secret": "YW5vdGhlci1zZWNyZXQtZW50aXJlbHk" });
    assert_eq!(caller.post(CALLS, other).await.expect(200)["token"], Value::Null);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_same_idempotency_key_is_the_same_caller(#[case] store: Store) {
    let service = store.service().await;
    let caller =
        service.anonymous().with("Idempotency-Key", "5e1f6f0c-a1b2-4c3d-8e9f-001122334455");
    let raised = caller.post(CALLS, json!({ "id": ID, "kind": "fire" })).await.expect(201);
    let more = json!({ "id": ID, "kind": "fire", "people": 2 });
    assert_eq!(caller.post(CALLS, more).await.expect(200)["token"], raised["token"]);
    let bare = service.anonymous().post(CALLS, json!({ "id": ID, "kind": "fire" })).await;
    assert_eq!(bare.expect(200)["token"], Value::Null, "an identical body is not enough");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_owner_s_bearer_is_the_same_caller(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let raised = an.post(CALLS, json!({ "id": ID })).await.expect(201);
    let again = an.post(CALLS, json!({ "id": ID, "people": 2 })).await.expect(200);
    assert_eq!(again["token"], raised["token"]);
    let binh = service.citizen("binh").await;
    let other = binh.post(CALLS, json!({ "id": ID })).await.expect(200);
    assert_eq!(other["token"], Value::Null);
    let path = format!("{CALLS}/{ID}");
    assert_eq!(an.get(&path).await.expect(200)["id"], ID);
    assert_eq!(binh.get(&path).await.status(), 404);
    let opened = opened(&service, &raised["id"]).await;
    assert_eq!(opened["caller"]["signed_in"], true);
    assert!(opened["caller"]["account_phone"].is_string());
    // The token of the first answer proves as much, where the account does not.
    let mine = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let more = mine.post(CALLS, json!({ "id": ID, "people": 3 })).await.expect(200);
    assert_eq!(more["token"], raised["token"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_identical_body_is_enough_for_a_quarter_of_an_hour(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let call = json!({ "id": ID, "kind": "medical" });
    let raised = caller.post(CALLS, call.clone()).await.expect(201);
    assert_eq!(caller.post(CALLS, call.clone()).await.expect(201), raised);
    let differing = caller.post(CALLS, json!({ "id": ID, "kind": "fire" })).await.expect(200);
    assert_eq!(differing["token"], Value::Null);
    service.clock.advance(TimeDelta::minutes(16));
    assert_eq!(caller.post(CALLS, call).await.expect(200)["token"], Value::Null);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_identical_body_is_not_enough_once_it_is_claimed(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let call = json!({ "id": ID, "kind": "medical" });
    caller.post(CALLS, call.clone()).await.expect(201);
    let dispatcher = service.dispatcher().await;
    let claim = format!("/v1/dispatch/emergencies/{ID}/claim");
    dispatcher.post(&claim, json!({})).await.expect(200);
    assert_eq!(caller.post(CALLS, call).await.expect(200)["token"], Value::Null);
}

#[apply(every_store)]
#[actix_web::test]
async fn two_strangers_with_the_same_key_share_nothing(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous().with("Idempotency-Key", "1");
    let first = caller.post(CALLS, json!({ "note": "cháy" })).await.expect(201);
    let other = caller.post(CALLS, json!({ "note": "lụt" })).await.expect(201);
    assert_ne!(first["id"], other["id"]);
    let retried = caller.post(CALLS, json!({ "note": "cháy" })).await.expect(201);
    assert_eq!(retried, first);
    service.clock.advance(TimeDelta::hours(25));
    let later = caller.post(CALLS, json!({ "note": "cháy" })).await.expect(201);
    assert_ne!(later["id"], first["id"], "a key is remembered for a day");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_key_of_an_account_is_an_update_with_another_body(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await.with("Idempotency-Key", "1");
    let first = an.post(CALLS, json!({ "note": "cháy" })).await.expect(201);
    let more = an.post(CALLS, json!({ "note": "ba người" })).await.expect(200);
    assert_eq!(more["id"], first["id"]);
    let binh = service.citizen("binh").await.with("Idempotency-Key", "1");
    let other = binh.post(CALLS, json!({ "note": "cháy" })).await.expect(201);
    assert_ne!(other["id"], first["id"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn fifty_retries_at_once_are_one_emergency(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let call = json!({ "id": ID, "secret": SECRET, "kind": "fire" });
    let retries = (0..50).map(|_| caller.post(CALLS, call.clone()));
    let answers = join_all(retries).await;
    let first = answers[0].json();
    for answer in &answers {
        assert_eq!((answer.status(), answer.json()), (201, first.clone()));
    }
    let dispatcher = service.dispatcher().await;
    let queue = dispatcher.get("/v1/dispatch/emergencies").await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 1);
    assert_eq!(opened(&service, &first["id"]).await["timeline"].as_array().unwrap().len(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_token_of_another_emergency_opens_nothing(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let first = caller.post(CALLS, json!({ "id": ID, "secret": SECRET })).await.expect(201);
    let other = caller.post(CALLS, json!({ "kind": "fire" })).await.expect(201);
    let thief = caller.bearing(other["token"].as_str().unwrap());
    let path = format!("{CALLS}/{ID}");
    assert_eq!(thief.get(&path).await.status(), 404);
    assert_eq!(thief.get(&format!("{path}/events")).await.status(), 404);
    let said = thief.post(CALLS, json!({ "id": ID })).await.expect(200);
    assert_eq!(said["token"], Value::Null);
    let off = thief.post(&format!("{path}/cancellation"), json!({})).await.expect(200);
    assert_eq!(off["token"], Value::Null);
    assert_eq!(opened(&service, &first["id"]).await["status"], "received");
}

/// A caller who can do nothing but repeat.
async fn token_of(caller: &Caller, call: &Value) -> Value {
    caller.post(CALLS, call.clone()).await.json()["token"].clone()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_guessable_secret_is_none(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    assert!(token_of(&caller, &json!({ "id": ID, "secret": "abc" })).await.is_string());
    let guess = json!({ "id": ID, "secret": "abc", "kind": "fire" });
    assert_eq!(token_of(&caller, &guess).await, Value::Null);
}
