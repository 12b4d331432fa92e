//! What every answer to a caller says, and what proves nothing about them.

use chrono::TimeDelta;
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, picture, tamper};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const QUEUE: &str = "/v1/dispatch/emergencies";
const ID: &str = "0193a5b0-0000-7000-8000-0000000000fe";
const SECRET: &str = "Zm9yLXRoaXMtcGhvbmUtb25seQ";

/// Whether the first line of `answer` says to call now. Each says whether somebody is there, and
/// last which numbers can be dialled.
fn calls_now(answer: &Value) -> bool {
    assert!(answer["staffed"].is_boolean(), "{answer}");
    let advice = answer["advice"].as_array().unwrap();
    let numbers = advice.last().unwrap().as_str().unwrap();
    for number in ["113", "114", "115", "112", "111"] {
        assert!(numbers.contains(number), "{number} is missing: {answer}");
    }
    advice[0].as_str().unwrap().starts_with("Call 1")
}

/// What `caller` is answered who says more about the call.
async fn answers(caller: &Caller) -> Vec<Value> {
    let path = format!("{CALLS}/{ID}");
    let answers = [
        caller.put(&path, json!({ "kind": "fire" })).await,
        caller.post(CALLS, json!({ "id": ID, "kind": "fire" })).await,
        caller.post(&format!("{path}/locations"), json!({ "lat": 21.59, "lon": 105.84 })).await,
        caller.post(&format!("{path}/messages"), json!({ "text": "Nhanh lên" })).await,
    ];
    for answer in &answers {
        assert!(answer.status() < 300, "{}", answer.text());
    }
    answers.iter().map(tests::Answer::json).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn every_answer_says_whether_somebody_is_there_and_what_to_dial(#[case] store: Store) {
    let service = store.service().await;
    let anybody = service.anonymous().with("Accept-Language", "en");
    let call = json!({ "id": ID, "secret": SECRET, "kind": "fire" });
    let raised = anybody.post(CALLS, call).await.expect(201);
    assert!(calls_now(&raised));
    let mine = anybody.bearing(raised["token"].as_str().unwrap());
    assert!(answers(&mine).await.iter().all(calls_now), "nobody is on duty");
    assert!(answers(&anybody).await.iter().all(calls_now), "a stranger is told, too");
    let dispatcher = service.dispatcher().await;
    dispatcher.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    assert!(!answers(&mine).await.iter().any(calls_now), "somebody is there");
    assert!(!answers(&anybody).await.iter().any(calls_now));
    service.clock.advance(TimeDelta::seconds(60));
    assert!(answers(&mine).await.iter().all(calls_now), "nobody claimed it within 60 s");
    dispatcher.post(&format!("{QUEUE}/{ID}/claim"), json!({})).await.expect(200);
    assert!(!answers(&mine).await.iter().any(calls_now), "somebody has it");
    let off = format!("{CALLS}/{ID}/cancellation");
    for caller in [&mine, &anybody] {
        assert!(!calls_now(&caller.post(&off, json!({})).await.expect(200)));
    }
    assert!(!calls_now(&mine.get(&format!("{CALLS}/{ID}")).await.expect(200)));
    tamper(service.app.database.url(), "ALTER TABLE emergency RENAME TO emergency_away");
    assert!(answers(&mine).await.iter().all(calls_now), "nobody can see it yet");
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_follows_is_told_what_to_do_and_costs_the_store_nothing(#[case] store: Store) {
    let service = store.service().await;
    let anybody = service.anonymous().with("Accept-Language", "en");
    let raised = anybody.post(CALLS, json!({ "id": ID, "kind": "fire" })).await.expect(201);
    let mine = anybody.bearing(raised["token"].as_str().unwrap());
    let path = |part: &str| format!("{CALLS}/{ID}/{part}");
    let media = path("media");
    let shown = mine.request(Method::POST, &media).body(picture::photo(30, 20));
    let shown = mine.send(shown).await.expect(201);
    let told = mine.get(&path("events")).await.expect(200);
    for answer in [&shown, &told, &mine.get(&path("messages")).await.expect(200)] {
        assert!(calls_now(answer), "nobody is on duty: {answer}");
    }
    let dispatcher = service.dispatcher().await;
    dispatcher.post(&format!("{QUEUE}/{ID}/claim"), json!({})).await.expect(200);
    let seen = mine.get(&format!("{CALLS}/{ID}")).await.expect(200);
    assert!(calls_now(&seen) && seen["advice"][0].to_string().contains("on duty"), "{seen}");
    dispatcher.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    let mut told = told;
    while told["items"].as_array().unwrap().iter().all(|one| one["type"] != "emergency.claimed") {
        let after = told["next_cursor"].as_str().unwrap();
        told = mine.get(&path(&format!("events?after={after}&wait_s=10"))).await.expect(200);
    }
    assert!(!calls_now(&told), "somebody has it: {told}");
    assert!(!calls_now(&mine.get(&path("messages")).await.expect(200)));

    let tables = ["emergency", "event"];
    for table in tables {
        let away = format!("ALTER TABLE {table} RENAME TO {table}_away");
        tamper(service.app.database.url(), &away);
    }
    let after = told["next_cursor"].as_str().unwrap();
    let told = mine.get(&path(&format!("events?after={after}"))).await.expect(200);
    assert!(!calls_now(&told), "it is known without asking");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_receipt_opens_nothing(#[case] store: Store) {
    let service = store.service().await;
    let anybody = service.anonymous();
    let call = json!({ "id": ID, "secret": SECRET, "kind": "fire" });
    let raised = anybody.post(CALLS, call).await.expect(201);
    let receipt = raised["receipt"].as_str().unwrap();
    let thief = anybody.bearing(receipt);
    for part in ["", "/events", "/messages"] {
        thief.get(&format!("{CALLS}/{ID}{part}")).await.expect(401);
    }
    let said = thief.post(CALLS, json!({ "id": ID, "kind": "other" })).await.expect(200);
    assert_eq!(said["token"], Value::Null);
    let named = anybody.put(&format!("{CALLS}/{receipt}"), json!({})).await.expect(201);
    assert_ne!(named["id"], raised["id"], "as an id it names another call");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_urgent_call_is_not_called_off_by_its_callers_word(#[case] store: Store) {
    let service = store.service().await;
    let (anybody, dispatcher) = (service.anonymous(), service.dispatcher().await);
    let flood = json!({ "kind": "rescue", "household": { "infants": 1, "water_cm": 120 } });
    for (call, urgent) in [(flood, true), (json!({ "kind": "fire" }), false)] {
        let raised = anybody.post(CALLS, call).await.expect(201);
        let id = raised["id"].as_str().unwrap();
        if !urgent {
            let high = json!({ "priority": "high" });
            dispatcher.post(&format!("{QUEUE}/{id}/priority"), high).await.expect(200);
        }
        let mine = anybody.bearing(raised["token"].as_str().unwrap());
        let off = mine.post(&format!("{CALLS}/{id}/cancellation"), json!({})).await.expect(200);
        assert_eq!((&off["status"], &off["cancel_requested"]), (&json!("received"), &json!(true)));
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_device_is_known_whatever_its_address(#[case] store: Store) {
    let proxy = [("CTN_TRUSTED_PROXIES", "127.0.0.1")];
    let service = Service::configured(store.fresh().await, &proxy).await;
    for number in 0..32 {
        let somewhere = format!("203.0.113.{number}");
        let roaming = service.anonymous().with("X-Forwarded-For", &somewhere);
        let call = json!({ "note": number.to_string(), "secret": SECRET });
        roaming.post(CALLS, call).await.expect(201);
    }
    let other = service.anonymous().with("X-Forwarded-For", "203.0.113.31");
    other
        .post(CALLS, json!({ "note": "máy khác", "secret": "YW5vdGhlci1waG9uZS1lbnRpcmVseQ" }))
        .await
        .expect(201);
    assert_eq!(suspects(&service).await, ["30", "31"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_typed_number_makes_nobody_suspect(#[case] store: Store) {
    let proxy = [("CTN_TRUSTED_PROXIES", "127.0.0.1")];
    let service = Service::configured(store.fresh().await, &proxy).await;
    let call = |note: &str| json!({ "note": note, "phone": "0912345678" });
    let flooding = service.anonymous().with("X-Forwarded-For", "203.0.113.7");
    for number in 0..35 {
        flooding.post(CALLS, call(&number.to_string())).await.expect(201);
    }
    let account = service.citizen("an").await.with("X-Forwarded-For", "203.0.113.7");
    account.post(CALLS, call("có tài khoản")).await.expect(201);
    let elsewhere = service.anonymous().with("X-Forwarded-For", "198.51.100.9");
    elsewhere.post(CALLS, call("nơi khác")).await.expect(201);
    assert_eq!(suspects(&service).await, ["30", "31", "32", "33", "34"]);
}

/// What was noted with the calls that may be abuse.
async fn suspects(service: &Service) -> Vec<String> {
    let queue = service.dispatcher().await.get(&format!("{QUEUE}?limit=100")).await.expect(200);
    let suspect = queue["items"].as_array().unwrap().iter().filter(|one| one["suspect"] == true);
    suspect.map(|one| one["note"].as_str().unwrap().to_owned()).collect()
}
