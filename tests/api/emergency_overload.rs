//! More calls than dispatchers: callers are told how they stand and asked what helps.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, tamper};

use crate::{
    every_store,
    revocation::{replica, shared},
};

const CALLS: &str = "/v1/emergencies";
const QUEUE: &str = "/v1/dispatch/emergencies";

/// Somebody who called for help.
struct InNeed {
    caller: Caller,
    path: String,
    id: String,
}

impl InNeed {
    async fn calls(service: &Service, call: Value) -> Self {
        let anonymous = service.anonymous().with("Accept-Language", "en");
        let raised = anonymous.post(CALLS, call).await.expect(201);
        let id = raised["id"].as_str().unwrap().to_owned();
        let caller = anonymous.bearing(raised["token"].as_str().unwrap());
        service.clock.advance(TimeDelta::seconds(1));
        Self { caller, path: format!("{CALLS}/{id}"), id }
    }

    async fn follows(&self) -> Value {
        self.caller.get(&self.path).await.expect(200)
    }

    async fn reads(&self) -> Vec<Value> {
        let page = self.caller.get(&format!("{}/messages?limit=100", self.path)).await.expect(200);
        page["items"].as_array().unwrap().clone()
    }

    async fn writes(&self, message: Value) -> Value {
        self.caller.post(&format!("{}/messages", self.path), message).await.expect(201)
    }

    /// Has `dispatcher` claim the call.
    async fn claimed(&self, dispatcher: &Caller) {
        dispatcher.post(&format!("{QUEUE}/{}/claim", self.id), json!({})).await.expect(200);
    }
}

async fn on_duty(service: &Service) -> Caller {
    let dispatcher = service.dispatcher().await;
    dispatcher.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    dispatcher
}

/// Waits until this process has seen that `what` happened so many times, and counts.
async fn seen(service: &Service, dispatcher: &Caller, what: &str, times: usize) {
    let mut told = 0;
    let mut cursor = String::new();
    while told < times {
        let page = dispatcher
            .get(&format!("/v1/dispatch/events?wait_s=10&after={cursor}&types=emergency.{what}"))
            .await
            .expect(200);
        told += page["items"].as_array().unwrap().len();
        page["next_cursor"].as_str().unwrap().clone_into(&mut cursor);
    }
    service.app.run_overload().await.unwrap();
}

#[apply(every_store)]
#[actix_web::test]
async fn callers_are_told_their_place_and_what_is_known_of_the_wait(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = on_duty(&service).await;
    let mut fires = Vec::new();
    for _ in 0..5 {
        fires.push(InNeed::calls(&service, json!({ "kind": "fire" })).await);
    }
    assert_eq!(fires[0].follows().await["queue"], Value::Null, "not counted yet: not known");
    service.app.run_overload().await.unwrap();
    let last = fires[4].follows().await;
    let unknown = json!({ "position": 5, "waiting": 5, "expected_wait_s": null, "overload": true });
    assert_eq!(last["queue"], unknown);
    let advice = last["advice"].as_array().unwrap();
    let told =
        "There are more calls than dispatchers. You are number 5; how long it takes is not known.";
    assert_eq!(advice[advice.len() - 2], told);
    let queue = dispatcher.get(QUEUE).await.expect(200);
    assert_eq!(queue["overload"], json!({ "active": true, "waiting": 5, "present": 1 }));

    for fire in &fires[..3] {
        service.clock.advance(TimeDelta::seconds(10));
        fire.claimed(&dispatcher).await;
    }
    seen(&service, &dispatcher, "claimed", 3).await;
    let (next, last) = (fires[3].follows().await, fires[4].follows().await);
    assert_eq!((&next["queue"]["position"], &last["queue"]["position"]), (&json!(1), &json!(2)));
    assert_eq!(last["queue"]["expected_wait_s"], 20, "two turns of ten seconds");
    assert_eq!(fires[0].follows().await["queue"], Value::Null, "a dispatcher has it");
    let worse = json!({ "kind": "fire", "silent": true });
    let worse = InNeed::calls(&service, worse).await;
    assert_eq!(worse.follows().await["queue"]["position"], 1, "the more urgent goes first");
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let theirs = police.get(QUEUE).await.expect(200);
    assert_eq!(theirs["overload"], json!({ "active": false, "waiting": 0, "present": 0 }));
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_waits_is_asked_and_a_worse_answer_goes_first(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = on_duty(&service).await;
    let fire = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    let medical = InNeed::calls(&service, json!({ "kind": "medical" })).await;
    let second = InNeed::calls(&service, json!({ "kind": "medical" })).await;
    service.app.run_overload().await.unwrap();
    assert_eq!(medical.reads().await, [Value::Null; 0], "not before a while has passed");
    service.clock.advance(TimeDelta::seconds(20));
    for _ in 0..2 {
        service.app.run_overload().await.unwrap();
    }
    assert_eq!(fire.reads().await, [Value::Null; 0], "one call for one dispatcher is no overload");
    let asked = medical.reads().await;
    assert_eq!(asked.len(), 3, "three questions, once");
    assert_eq!(asked[0]["text"], "Is the person awake and answering?");
    assert_eq!(
        asked[0]["question"]["answers"][1],
        json!({ "code": "not_awake", "text": "Not awake" })
    );
    let vietnamese = service.anonymous().bearing(medical.caller.token());
    let page = vietnamese.get(&format!("{}/messages", medical.path)).await.expect(200);
    assert_eq!(page["items"][0]["text"], "Người bệnh có tỉnh và trả lời được không?");

    let reply = json!({ "text": "not_awake", "in_reply_to": asked[0]["id"] });
    second.writes(json!({ "text": "Thở bình thường" })).await;
    second.writes(json!({ "text": "Xin nhanh lên" })).await;
    medical.writes(reply).await;
    let queue = dispatcher.get(&format!("{QUEUE}?kind=medical")).await.expect(200);
    assert_eq!(
        (&queue["items"][0]["id"], &queue["items"][0]["priority"]),
        (&json!(medical.id), &json!("high"))
    );
    assert_eq!(queue["items"][1]["priority"], "normal");
    let opened = dispatcher.with("Accept-Language", "en");
    let opened = opened.get(&format!("{QUEUE}/{}", medical.id)).await.expect(200);
    let answered: Vec<_> = opened["questions"].as_array().unwrap().iter().collect();
    let worse = answered.iter().find(|asked| asked["code"] == "medical.conscious").unwrap();
    assert_eq!((&worse["answer"], &worse["worse"]), (&json!("Not awake"), &json!(true)));
    let other = dispatcher.get(&format!("{QUEUE}/{}", second.id)).await.expect(200);
    let answers = other["questions"].as_array().unwrap().iter();
    let answers: Vec<_> = answers.filter(|asked| !asked["answer"].is_null()).collect();
    assert_eq!(answers.len(), 1, "words that fit one question answer it, others are words");
    assert_eq!(answers[0]["code"], "medical.breathing");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_silent_are_asked_again_and_nothing_rings(#[case] store: Store) {
    let service = store.service().await;
    let call = json!({ "kind": "police", "silent": true, "phone": "0912345678" });
    let silent = InNeed::calls(&service, call).await;
    let answered = InNeed::calls(&service, json!({ "kind": "police" })).await;
    service.clock.advance(TimeDelta::seconds(20));
    service.app.run_overload().await.unwrap();
    assert_eq!(silent.reads().await.len(), 3, "nobody is there at all: that is overload, too");
    for text in ["no_weapon", "over"] {
        answered.writes(json!({ "text": text })).await;
    }
    let mut asked = Vec::new();
    for _ in 0..5 {
        service.clock.advance(TimeDelta::seconds(121));
        service.app.run_overload().await.unwrap();
        asked.push(silent.reads().await.len());
    }
    assert_eq!(asked, [6, 9, 9, 9, 9], "three times, then they are left in peace");
    assert_eq!(answered.reads().await.len(), 3 + 2 + 2, "only what was not answered");
    assert_eq!(service.messages.take("+84912345678"), None, "no text message: a sound gives away");
    let dispatcher = on_duty(&service).await;
    let queue = dispatcher.get(QUEUE).await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 2, "nothing is shed");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_waiting_are_read_anew_only_once_the_log_tells_of_something(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let other = replica(url).await;
    let dispatcher = on_duty(&service).await;
    let urgent = json!({ "kind": "fire", "silent": true });
    InNeed::calls(&service, urgent).await;
    let second = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    seen(&service, &dispatcher, "received", 2).await;
    service.app.run_overload().await.unwrap();
    let place = async || {
        let queue = second.follows().await["queue"].clone();
        (queue["position"].clone(), queue["waiting"].clone())
    };
    assert_eq!(place().await, (json!(2), json!(2)));
    // Behind the back of the log, as nothing in the service does it.
    tamper(
        service.app.database.url(),
        "UPDATE emergency SET urgency = NULL WHERE priority = 'high'",
    );
    service.app.run_overload().await.unwrap();
    assert_eq!(place().await, (json!(2), json!(2)), "nothing was told, nothing is read");
    other.clock.advance(TimeDelta::seconds(10));
    InNeed::calls(&other, json!({ "kind": "fire" })).await;
    service.app.run_overload().await.unwrap();
    assert_eq!(place().await, (json!(1), json!(2)), "what another process took counts at once");
}
