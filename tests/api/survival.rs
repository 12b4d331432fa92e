//! What phones do on a bad line, many times at once: shown on the real binary.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use reqwest::Client;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{
    Answer, Caller, Store,
    process::{Build, Process, free_address},
};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const ID: &str = "0190a0b0-0000-7000-8000-000000000001";
const RETRIES: usize = 50;
const POINTS: usize = 60;

#[apply(every_store)]
#[actix_web::test]
async fn repeated_calls_and_shuffled_positions_double_nothing(#[case] store: Store) {
    let binary = Build::Dev.server().unwrap();
    let fresh = store.fresh().await;
    let key = fresh.folder.path().join("master.key");
    std::fs::write(&key, "A".repeat(43) + "=").unwrap();
    let key = key.display().to_string();
    let variables = [("DATABASE_URL", fresh.url.as_str()), ("CTN_MASTER_KEY_FILE", &key)];
    let address = free_address().unwrap();
    let server = Process::serve(&binary, address, fresh.folder.path(), &variables).await.unwrap();
    let anybody = Caller::new(&server.url(""));
    let dispatcher = signed_in(&anybody, fresh.folder.path()).await;
    let before = dispatcher.get("/v1/dispatch/emergencies?limit=100").await.expect(200);

    let call = json!({ "id": ID, "secret": "sixteen-and-more-characters", "kind": "rescue" });
    let answers = join_all((0..RETRIES).map(|_| anybody.post(CALLS, call.clone()))).await;
    let first = answers.first().unwrap().json();
    same_call(&answers);
    // With words, or it would be folded with the other empty calls of this source.
    let fire = json!({ "kind": "fire", "note": "Cháy bếp" });
    let keyed = anybody.with("Idempotency-Key", "0190a0b0-5e0d-4f7a-9d2b-3f1c6a7e8b90");
    let answers = join_all((0..RETRIES).map(|_| keyed.post(CALLS, fire.clone()))).await;
    same_call(&answers);
    let after = dispatcher.get("/v1/dispatch/emergencies?limit=100").await.expect(200);
    assert_eq!(count(&after["items"]), count(&before["items"]) + 2);

    let told = batches(&server, &first).await;
    let stored = told.iter().flat_map(|told| told["results"].as_array().unwrap());
    let stored = stored.filter(|result| result["status"] == "stored").count();
    assert_eq!(stored, POINTS, "each point is stored by one of the batches");
    let opened = dispatcher.get(&format!("/v1/dispatch/emergencies/{ID}")).await.expect(200);
    let trail = opened["locations"].as_array().unwrap();
    let latitudes: Vec<f64> = trail.iter().map(|fix| fix["lat"].as_f64().unwrap()).collect();
    let expected: Vec<f64> = (0..POINTS).map(latitude).collect();
    assert_eq!(latitudes, expected, "in the order in which the phone was there");
    assert_eq!(opened["location"]["lat"], latitude(POINTS - 1), "the newest one leads");
    let received = opened["timeline"].as_array().unwrap().iter();
    let received = received.filter(|event| event["type"] == "emergency.received").count();
    assert_eq!(received, 1);
}

/// Each answer names the same call. How long its queue is may differ from one to the next.
fn same_call(answers: &[Answer]) {
    let named = |answer: &Answer| {
        let call = answer.json();
        let fields = ["id", "receipt", "status", "received_at", "token"];
        (answer.status(), fields.map(|field| call[field].clone()))
    };
    let first = named(answers.first().unwrap());
    assert_eq!(first.0, 201);
    for answer in answers {
        assert_eq!(named(answer), first);
    }
}

fn count(items: &Value) -> usize {
    items.as_array().unwrap().len()
}

fn latitude(point: usize) -> f64 {
    f64::from(u32::try_from(21_500 + point).unwrap()) / 1_000.0
}

/// Every point three times, in batches that overlap and go against the time, all at once. The phone
/// was there in the two hours before the `call`: clocks that are further off are not believed.
async fn batches(server: &Process, call: &Value) -> Vec<Value> {
    let token = call["token"].as_str().unwrap();
    let received: DateTime<Utc> = call["received_at"].as_str().unwrap().parse().unwrap();
    let begin = received - TimeDelta::hours(2);
    let point = |point: usize| {
        let minutes = TimeDelta::minutes(i64::try_from(point).unwrap());
        json!({ "lat": latitude(point), "lon": 105.84, "accuracy_m": 10,
                "fixed_at": (begin + minutes).to_rfc3339() })
    };
    let client = Client::new();
    let url = server.url(&format!("{CALLS}/{ID}/locations"));
    let batch = |turn: usize| {
        let points = (0..POINTS / 10 * 3).map(|step| (turn * 10 + step * 7) % POINTS);
        let request = client.post(&url).bearer_auth(token);
        let request = request.json(&points.map(point).collect::<Vec<_>>());
        async move { request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap() }
    };
    join_all((0..30).rev().map(batch)).await
}

/// The demo dispatcher of the server whose files lie in `folder`.
async fn signed_in(anybody: &Caller, folder: &std::path::Path) -> Caller {
    let accounts = std::fs::read(folder.join("demo-accounts.json")).unwrap();
    let accounts: Vec<Value> = serde_json::from_slice(&accounts).unwrap();
    let account = accounts.iter().find(|account| account["username"] == "dispatcher-province");
    let account = account.unwrap();
    let login = json!({ "username": account["username"], "password": account["password"] });
    let tokens = anybody.post("/v1/auth/staff/login", login).await.expect(200);
    anybody.bearing(tokens["access_token"].as_str().unwrap())
}
