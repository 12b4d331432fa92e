//! Handing a call over: responsible is who holds it, until a person at the other agency takes it.

use std::time::{Duration, Instant};

use domain::identity::Role;
use futures_util::future::join;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const QUEUE: &str = "/v1/dispatch/emergencies";

/// A call at the desk, held by its dispatcher.
struct Held {
    desk: Caller,
    fire: Caller,
    path: String,
    id: String,
}

impl Held {
    async fn at(service: &Service) -> Self {
        let desk = service.staff("desk", Role::Dispatcher, "desk").await;
        let fire = service.staff("fire", Role::Dispatcher, "fire").await;
        let call = json!({ "note": "khói đen", "phone": "0912345678" });
        let raised = service.anonymous().post("/v1/emergencies", call).await.expect(201);
        let id = raised["id"].as_str().unwrap().to_owned();
        let path = format!("{QUEUE}/{id}");
        desk.post(&format!("{path}/claim"), json!({})).await.expect(200);
        Self { desk, fire, path, id }
    }

    async fn offered(&self, to: &str, status: u16) -> Value {
        let body = json!({ "agency_id": to, "reason": "Có cháy" });
        self.desk.post(&format!("{}/transfers", self.path), body).await.expect(status)
    }

    async fn answers(&self, caller: &Caller, transfer: &Value, answer: &str) -> (u16, Value) {
        let path = format!("{}/transfers/{}/{answer}", self.path, transfer.as_str().unwrap());
        let body = if answer == "reject" { json!({ "reason": "Hết xe" }) } else { json!({}) };
        let answer = caller.post(&path, body).await;
        (answer.status(), answer.json())
    }
}

/// The types of what `caller` is told of, until `last` is among them.
async fn told(caller: &Caller, last: &str) -> Vec<String> {
    let (mut types, mut cursor) = (Vec::new(), String::new());
    let deadline = Instant::now() + Duration::from_secs(20);
    while !types.iter().any(|kind| kind == last) {
        assert!(Instant::now() < deadline, "no {last} in {types:?}");
        let path = format!("/v1/dispatch/events?after={cursor}&wait_s=5");
        let page = caller.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap().iter();
        types.extend(items.map(|item| item["type"].as_str().unwrap().to_owned()));
        page["next_cursor"].as_str().unwrap().clone_into(&mut cursor);
    }
    types
}

#[apply(every_store)]
#[actix_web::test]
async fn the_sender_is_responsible_until_a_person_accepts(#[case] store: Store) {
    let service = store.service().await;
    let held = Held::at(&service).await;
    held.fire.get(&held.path).await.expect(404);
    let offer = held.offered("fire", 201).await;
    assert_eq!((&offer["agency_id"], &offer["from_agency_id"]), (&json!("fire"), &json!("desk")));
    assert_eq!(held.offered("fire", 201).await["id"], offer["id"], "the one that stands");
    assert_eq!(held.offered("police", 409).await["code"], "action_not_allowed");

    let queue = held.fire.get(QUEUE).await.expect(200);
    assert_eq!(queue["items"][0]["id"], held.id.as_str());
    assert_eq!(queue["items"][0]["transfer"]["id"], offer["id"]);
    let allowed = &queue["items"][0]["allowed_actions"];
    assert_eq!(*allowed, json!(["accept_transfer", "reject_transfer"]));
    assert_eq!(told(&held.fire, "emergency.transfer_offered").await.len(), 1);
    for (action, body) in [
        ("take-over", json!({ "reason": "x" })),
        ("priority", json!({ "priority": "low" })),
        ("merge", json!({ "into": held.id })),
        ("resolve", json!({ "disposition": "handled" })),
    ] {
        let refused = held.fire.post(&format!("{}/{action}", held.path), body).await;
        assert_eq!(refused.expect(409)["code"], "action_not_allowed", "{action}");
    }
    let still = held.desk.post(&format!("{}/heartbeat", held.path), json!({})).await.expect(200);
    assert_eq!((&still["agency"], &still["holder"]["username"]), (&json!("desk"), &json!("desk")));
    let itself = held.answers(&held.desk, &offer["id"], "accept").await;
    assert_eq!((itself.0, &itself.1["code"]), (409, &json!("action_not_allowed")));

    let (status, taken) = held.answers(&held.fire, &offer["id"], "accept").await;
    assert_eq!(status, 200, "{taken}");
    assert_eq!((&taken["agency"], &taken["holder"]["username"]), (&json!("fire"), &json!("fire")));
    assert_eq!(taken["transfer"], Value::Null);
    held.desk.get(&held.path).await.expect(404);
    let sender = told(&held.desk, "emergency.transfer_accepted").await;
    assert_eq!(sender.last().unwrap(), "emergency.transfer_accepted");
    told(&held.fire, "emergency.claimed").await;
    let opened = held.fire.get(&held.path).await.expect(200);
    assert_eq!(opened["notes"][0]["text"], "Có cháy");
    assert_eq!(held.answers(&held.fire, &offer["id"], "accept").await.0, 409);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_rejected_offer_leaves_it_with_its_holder(#[case] store: Store) {
    let service = store.service().await;
    let held = Held::at(&service).await;
    let offer = held.offered("fire", 201).await;
    let path = format!("{}/transfers/{}/reject", held.path, offer["id"].as_str().unwrap());
    let refused = held.fire.post(&path, json!({})).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/reason");
    assert_eq!(held.answers(&held.fire, &offer["id"], "reject").await.0, 200);
    held.fire.get(&held.path).await.expect(404);
    told(&held.fire, "emergency.transfer_rejected").await;
    let opened = held.desk.get(&held.path).await.expect(200);
    assert_eq!((&opened["status"], &opened["transfer"]), (&json!("claimed"), &Value::Null));
    let reasons = opened["notes"].as_array().unwrap();
    assert_eq!(reasons[1]["about"], "emergency.transfer_rejected");
    assert_eq!(reasons[1]["text"], "Hết xe");
    assert!(!opened["timeline"].to_string().contains("Hết xe"), "events hold nobody's words");

    let second = held.offered("police", 201).await;
    assert_eq!(held.answers(&held.desk, &offer["id"], "withdraw").await.0, 409, "another offer");
    assert_eq!(held.answers(&held.desk, &second["id"], "withdraw").await.0, 200);
    let police = service.staff("police", Role::Dispatcher, "police").await;
    assert_eq!(held.answers(&police, &second["id"], "accept").await.0, 404);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_ends_or_goes_back_is_offered_no_more(#[case] store: Store) {
    let service = store.service().await;
    let held = Held::at(&service).await;
    let offer = held.offered("fire", 201).await;
    held.desk.post(&format!("{}/release", held.path), json!({})).await.expect(200);
    assert_eq!(held.answers(&held.fire, &offer["id"], "accept").await.0, 404);
    assert_eq!(held.offered("fire", 409).await["code"], "action_not_allowed");
    for (to, code) in [("nowhere", "unknown"), ("desk", "not_selectable"), ("", "unknown")] {
        let refused = held.offered(to, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], "/agency_id");
        assert_eq!(refused["errors"][0]["code"], code, "{to}");
    }
    let foreign = json!({ "agency_id": "desk" });
    held.fire.post(&format!("{}/transfers", held.path), foreign).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn of_accepting_and_withdrawing_one_wins(#[case] store: Store) {
    let service = store.service().await;
    let held = Held::at(&service).await;
    for _ in 0..5 {
        let offer = held.offered("fire", 201).await;
        let (accepted, withdrawn) = join(
            held.answers(&held.fire, &offer["id"], "accept"),
            held.answers(&held.desk, &offer["id"], "withdraw"),
        )
        .await;
        assert_eq!([accepted.0, withdrawn.0].iter().filter(|status| **status == 200).count(), 1);
        if accepted.0 == 200 {
            return;
        }
    }
}
