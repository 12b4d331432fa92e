//! The caller's side: following, positions, calling off, advice.

use chrono::TimeDelta;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const ENGLISH: (&str, &str) = ("Accept-Language", "en");

/// Somebody who called for help, and their emergency.
struct InNeed {
    caller: Caller,
    path: String,
    desk: String,
}

impl InNeed {
    async fn calls(service: &Service, call: Value) -> Self {
        let anonymous = service.anonymous().with(ENGLISH.0, ENGLISH.1);
        let raised = anonymous.post(CALLS, call).await.expect(201);
        let id = raised["id"].as_str().unwrap();
        Self {
            caller: anonymous.bearing(raised["token"].as_str().unwrap()),
            path: format!("{CALLS}/{id}"),
            desk: format!("/v1/dispatch/emergencies/{id}"),
        }
    }

    async fn follows(&self) -> Value {
        self.caller.get(&self.path).await.expect(200)
    }

    async fn calls_off(&self) -> Value {
        self.caller.post(&format!("{}/cancellation", self.path), json!({})).await.expect(200)
    }

    async fn tells(&self, positions: Value) -> Value {
        self.caller.post(&format!("{}/locations", self.path), positions).await.expect(200)
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn the_caller_sees_how_it_stands(#[case] store: Store) {
    let service = store.service().await;
    let call = json!({ "kind": "medical", "location": { "lat": 21.59, "lon": 105.84 } });
    let in_need = InNeed::calls(&service, call).await;
    let dispatcher = service.dispatcher().await;
    service.clock.advance(TimeDelta::seconds(4));
    dispatcher.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    dispatcher.post(&format!("{}/claim", in_need.desk), json!({})).await.expect(200);
    let followed = in_need.follows().await;
    allow_duplicates! {
        assert_json_snapshot!(followed, {
        ".id" => "[id]", ".receipt" => "[receipt]",
    }, @r#"
    {
      "advice": [
        "A dispatcher has taken your call. Keep your phone on and follow their advice.",
        "113 police · 114 fire · 115 ambulance · 112 search and rescue · 111 child protection"
      ],
      "allowed_actions": [
        "update",
        "request_cancellation"
      ],
      "cancel_requested": false,
      "drill": false,
      "help": null,
      "id": "[id]",
      "kind": "medical",
      "location": {
        "age_s": 4,
        "fixed_at": "2026-11-23T01:02:03.456Z",
        "lat": 21.59,
        "lon": 105.84,
        "may_be_last": false,
        "radius_m": 2006.0,
        "received_at": "2026-11-23T01:02:03.456Z"
      },
      "next_update_s": 15,
      "progress": "seen",
      "queue": null,
      "receipt": "[receipt]",
      "received_at": "2026-11-23T01:02:03.456Z",
      "silent": false,
      "staffed": true,
      "status": "claimed",
      "status_text": "A dispatcher is on it",
      "timeline": [
        {
          "at": "2026-11-23T01:02:03.456Z",
          "type": "emergency.received"
        },
        {
          "at": "2026-11-23T01:02:07.456Z",
          "type": "emergency.claimed"
        }
      ],
      "token": null
    }
    "#);
    }
    let handled = json!({ "disposition": "handled", "note": "Đã đưa đến bệnh viện" });
    dispatcher.post(&format!("{}/resolve", in_need.desk), handled).await.expect(200);
    let resolved = in_need.follows().await;
    assert_eq!(resolved["status"], "resolved");
    assert_eq!(resolved["status_text"], "Finished");
    assert_eq!(resolved["next_update_s"], Value::Null);
    service.clock.advance(TimeDelta::hours(25));
    api::chores::tick(&service.app.database, &service.app.now()).await.unwrap();
    assert_eq!(in_need.follows().await["status"], "closed");
}

#[apply(every_store)]
#[actix_web::test]
async fn every_answer_says_whether_somebody_is_there(#[case] store: Store) {
    let service = store.service().await;
    let anonymous = service.anonymous().with(ENGLISH.0, ENGLISH.1);
    let first_line = |answer: &Value| answer["advice"][0].as_str().unwrap().to_owned();
    let alone = anonymous.post(CALLS, json!({ "kind": "fire" })).await.expect(201);
    assert_eq!(alone["staffed"], false);
    assert!(first_line(&alone).starts_with("Call 114 now"));

    let dispatcher = service.dispatcher().await;
    let duty = dispatcher.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    assert_eq!((&duty["on"], &duty["staffed"]), (&json!(true), &json!(true)));
    let in_need = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    let staffed = in_need.follows().await;
    assert_eq!(staffed["staffed"], true);
    assert!(first_line(&staffed).starts_with("Your call is stored"));
    for answer in [&alone, &staffed] {
        let last = answer["advice"].as_array().unwrap().last().unwrap().as_str().unwrap();
        assert!(["111", "112", "113", "114", "115"].iter().all(|number| last.contains(number)));
    }

    service.clock.advance(TimeDelta::seconds(60));
    let waiting = in_need.follows().await;
    assert!(first_line(&waiting).starts_with("Call 114 now"), "nobody claimed within 60 s");
    dispatcher.post(&format!("{}/claim", in_need.desk), json!({})).await.expect(200);
    assert!(first_line(&in_need.follows().await).starts_with("A dispatcher has taken"));

    dispatcher.put("/v1/dispatch/duty", json!({ "on": false })).await.expect(200);
    assert_eq!(in_need.follows().await["staffed"], false);
}

#[apply(every_store)]
#[actix_web::test]
async fn duty_ends_when_nothing_is_heard(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    dispatcher.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    service.clock.advance(TimeDelta::seconds(100));
    dispatcher.get("/v1/dispatch/events").await.expect(200);
    service.clock.advance(TimeDelta::seconds(100));
    let duty = dispatcher.get("/v1/dispatch/duty").await.expect(200);
    assert_eq!(duty["on"], true, "whoever follows the feed is there");
    service.clock.advance(TimeDelta::seconds(121));
    let raised = service.anonymous().post(CALLS, json!({})).await.expect(201);
    assert_eq!(raised["staffed"], false);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_caller_s_word_is_enough_while_nobody_has_claimed_it(#[case] store: Store) {
    let service = store.service().await;
    let in_need = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    assert_eq!(in_need.follows().await["allowed_actions"], json!(["update", "cancel"]));
    let off = in_need.calls_off().await;
    assert_eq!((&off["status"], &off["cancel_requested"]), (&json!("cancelled"), &json!(false)));
    assert_eq!(in_need.calls_off().await["status"], "cancelled");
    let queue = service.dispatcher().await.get("/v1/dispatch/emergencies").await.expect(200);
    assert_eq!(queue["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_dispatcher_decides_where_the_caller_may_be_forced(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let silent = InNeed::calls(&service, json!({ "kind": "police", "silent": true })).await;
    let off = silent.calls_off().await;
    assert_eq!((&off["status"], &off["cancel_requested"]), (&json!("received"), &json!(true)));
    let confirm = format!("{}/cancellation/confirm", silent.desk);
    let refused = dispatcher.post(&confirm, json!({})).await.expect(409);
    assert_eq!(refused["code"], "action_not_allowed");
    let claimed = dispatcher.post(&format!("{}/claim", silent.desk), json!({})).await.expect(200);
    for decision in ["confirm_cancellation", "reject_cancellation"] {
        let allowed = claimed["allowed_actions"].as_array().unwrap();
        assert!(allowed.contains(&json!(decision)), "{decision}: {allowed:?}");
    }
    let rejected = format!("{}/cancellation/reject", silent.desk);
    let goes_on = dispatcher.post(&rejected, json!({})).await.expect(200);
    assert_eq!(goes_on["cancel_requested"], false);

    let claimed = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    dispatcher.post(&format!("{}/claim", claimed.desk), json!({})).await.expect(200);
    let off = claimed.calls_off().await;
    assert_eq!((&off["status"], &off["cancel_requested"]), (&json!("claimed"), &json!(true)));
    let confirm = format!("{}/cancellation/confirm", claimed.desk);
    assert_eq!(dispatcher.post(&confirm, json!({})).await.expect(200)["status"], "cancelled");
    assert_eq!(claimed.follows().await["status"], "cancelled");
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_says_more_after_the_end_is_heard(#[case] store: Store) {
    let service = store.service().await;
    let in_need = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    in_need.calls_off().await;
    let more = json!({ "note": "Cháy lại rồi" });
    let again = in_need.caller.put(&in_need.path, more).await.expect(200);
    assert_eq!(again["status"], "received");
    let queue = service.dispatcher().await.get("/v1/dispatch/emergencies").await.expect(200);
    assert_eq!(queue["items"][0]["note"], "Cháy lại rồi");
}

#[apply(every_store)]
#[actix_web::test]
async fn positions_may_come_in_any_order(#[case] store: Store) {
    let service = store.service().await;
    let call = json!({ "location": { "lat": 21.50, "lon": 105.80, "age_ms": 60_000 } });
    let in_need = InNeed::calls(&service, call).await;
    let batch = json!([
        { "lat": 21.53, "lon": 105.83, "age_ms": 1_000 },
        { "lat": 21.51, "lon": 105.81, "age_ms": 30_000 },
        { "lat": 21.52, "lon": 105.82, "age_ms": 20_000, "fixed_at": "1970-01-01T00:00:00Z" },
    ]);
    in_need.tells(batch.clone()).await;
    let seen = in_need.follows().await;
    assert_eq!(seen["location"]["lat"], 21.53);
    assert_eq!(seen["location"]["age_s"], 1);
    service.clock.advance(TimeDelta::seconds(3));
    in_need.tells(json!({ "lat": 21.49, "lon": 105.79, "age_ms": 90_000 })).await;
    assert_eq!(in_need.follows().await["location"]["lat"], 21.53, "an older one moves nobody");
    let opened = service.dispatcher().await.get(&in_need.desk).await.expect(200);
    let trail: Vec<_> =
        opened["locations"].as_array().unwrap().iter().map(|at| at["lat"].clone()).collect();
    assert_eq!(trail, [21.49, 21.50, 21.51, 21.52, 21.53]);
    assert_eq!(opened["location"]["radius_m"], 2006.0, "it grows while nothing is heard");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_caller_follows_by_long_poll(#[case] store: Store) {
    let service = store.service().await;
    let in_need = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    InNeed::calls(&service, json!({ "kind": "fire" })).await;
    let dispatcher = service.dispatcher().await;
    let events = format!("{}/events?wait_s=20", in_need.path);
    let first = in_need.caller.get(&events).await.expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 1, "nobody else's");
    assert_eq!(first["items"][0]["type"], "emergency.received");
    let events = format!("{events}&after={}", first["next_cursor"].as_str().unwrap());
    let claim = format!("{}/claim", in_need.desk);
    let (waited, claimed) =
        tokio::join!(in_need.caller.get(&events), dispatcher.post(&claim, json!({})));
    claimed.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(waited.expect(200), {
        ".next_cursor" => "[cursor]", ".items[].cursor" => "[cursor]",
        ".items[].emergency_id" => "[id]", ".advice" => "[lines]",
    }, @r#"
    {
      "advice": "[lines]",
      "items": [
        {
          "at": "2026-11-23T01:02:03.456Z",
          "cursor": "[cursor]",
          "emergency_id": "[id]",
          "status": "claimed",
          "type": "emergency.claimed"
        }
      ],
      "more": false,
      "next_cursor": "[cursor]",
      "staffed": false
    }
    "#);
    }
}
