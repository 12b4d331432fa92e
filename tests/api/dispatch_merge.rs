//! Several calls about one thing: found, merged, taken apart.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::identity::Role;
use futures_util::future::join;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const QUEUE: &str = "/v1/dispatch/emergencies";

/// Somebody who called.
struct InNeed {
    caller: Caller,
    id: String,
    desk: String,
}

impl InNeed {
    async fn calls(service: &Service, call: Value) -> Self {
        let raised = service.anonymous().post(CALLS, call).await.expect(201);
        let id = raised["id"].as_str().unwrap().to_owned();
        let caller = service.anonymous().bearing(raised["token"].as_str().unwrap());
        Self { caller, desk: format!("{QUEUE}/{id}"), id }
    }

    async fn follows(&self) -> Value {
        self.caller.get(&format!("{CALLS}/{}", self.id)).await.expect(200)
    }

    /// Adds to the call: `locations`, or its words where `what` is empty.
    async fn adds(&self, what: &str, body: Value) -> Value {
        let path = format!("{CALLS}/{}", self.id);
        if what.is_empty() {
            self.caller.put(&path, body).await.expect(200)
        } else {
            self.caller.post(&format!("{path}/{what}"), body).await.expect(200)
        }
    }
}

async fn merge(dispatcher: &Caller, one: &InNeed, into: &InNeed, status: u16) -> Value {
    let body = json!({ "into": into.id });
    dispatcher.post(&format!("{}/merge", one.desk), body).await.expect(status)
}

async fn open(dispatcher: &Caller, one: &InNeed) -> Value {
    dispatcher.get(&one.desk).await.expect(200)
}

/// What `one` may be about as well, as soon as that was found out.
async fn duplicates(dispatcher: &Caller, one: &InNeed, expected: usize) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let opened = open(dispatcher, one).await;
        let found = opened["possible_duplicates"].as_array().unwrap().clone();
        if found.len() == expected || Instant::now() > deadline {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_merged_caller_follows_the_leading_call(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let first = InNeed::calls(&service, json!({ "kind": "fire", "note": "cháy" })).await;
    let second = InNeed::calls(&service, json!({ "silent": true, "note": "khói" })).await;
    let merged = merge(&dispatcher, &second, &first, 200).await;
    assert_eq!(
        (&merged["status"], &merged["merged_into"]),
        (&json!("duplicate"), &json!(first.id))
    );
    assert_eq!(merged["allowed_actions"], json!(["unmerge"]));
    let leading = open(&dispatcher, &first).await;
    assert_eq!((&leading["priority"], &leading["merged"]), (&json!("high"), &json!(1)));
    assert_eq!(leading["merged_emergencies"][0]["note"], "khói");
    let queue = dispatcher.get(QUEUE).await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 1);
    assert_eq!(second.follows().await["status"], "received");
    dispatcher.post(&format!("{}/claim", first.desk), json!({})).await.expect(200);
    assert_eq!(second.follows().await["status"], "claimed", "its caller follows the leading one");

    let version = open(&dispatcher, &first).await["version"].as_i64().unwrap();
    second.adds("", json!({ "note": "có người kẹt" })).await;
    service.clock.advance(TimeDelta::seconds(6));
    second.adds("locations", json!({ "lat": 21.59, "lon": 105.84 })).await;
    let after = open(&dispatcher, &second).await;
    assert_eq!(after["status"], "duplicate", "what its caller says does not take it out");
    assert_eq!(after["locations"].as_array().unwrap().len(), 1);
    assert_eq!(after["statements"].as_array().unwrap().len(), 2);
    let told = open(&dispatcher, &first).await["version"].as_i64().unwrap();
    assert_eq!(told, version + 2, "whoever handles the leading one is told");

    let resolve = json!({ "disposition": "handled" });
    dispatcher.post(&format!("{}/resolve", first.desk), resolve).await.expect(200);
    assert_eq!(second.follows().await["status"], "resolved");
}

/// Two calls, the second merged into the first.
async fn two_merged(service: &Service, dispatcher: &Caller) -> (InNeed, InNeed) {
    let first = InNeed::calls(service, json!({ "kind": "fire", "note": "cháy" })).await;
    let second = InNeed::calls(service, json!({ "kind": "fire", "note": "khói" })).await;
    merge(dispatcher, &second, &first, 200).await;
    (first, second)
}

/// The ids in the queue.
async fn waiting(dispatcher: &Caller) -> Vec<String> {
    let queue = dispatcher.get(QUEUE).await.expect(200);
    let items = queue["items"].as_array().unwrap().iter();
    items.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn when_the_leading_call_is_called_off_the_others_still_need_help(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let (first, second) = two_merged(&service, &dispatcher).await;
    assert_eq!(first.adds("cancellation", json!({})).await["status"], "cancelled");
    assert_eq!(waiting(&dispatcher).await, [second.id.as_str()]);
    assert_eq!(second.follows().await["status"], "received");

    let (first, second) = two_merged(&service, &dispatcher).await;
    dispatcher.post(&format!("{}/claim", first.desk), json!({})).await.expect(200);
    first.adds("cancellation", json!({})).await;
    let agreed = format!("{}/cancellation/confirm", first.desk);
    dispatcher.post(&agreed, json!({})).await.expect(200);
    assert_eq!(second.follows().await["status"], "received", "whoever agreed spoke for one");
    assert!(waiting(&dispatcher).await.contains(&second.id));
}

#[apply(every_store)]
#[actix_web::test]
async fn who_calls_again_after_the_leading_call_has_ended_is_heard(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    for (what, said) in [
        ("", json!({ "note": "vẫn còn cháy" })),
        ("messages", json!({ "text": "vẫn còn cháy" })),
        ("locations", json!({ "lat": 21.59, "lon": 105.84, "sos": true })),
    ] {
        let (first, second) = two_merged(&service, &dispatcher).await;
        let told = second.adds("locations", json!({ "lat": 21.57, "lon": 105.84 })).await;
        for merged in [told, second.follows().await] {
            assert!(!merged["allowed_actions"].to_string().contains("call_again"), "{merged}");
        }
        dispatcher.post(&format!("{}/claim", first.desk), json!({})).await.expect(200);
        let resolve = json!({ "disposition": "handled" });
        dispatcher.post(&format!("{}/resolve", first.desk), resolve).await.expect(200);
        let over = second.follows().await;
        assert!(over["allowed_actions"].to_string().contains("call_again"), "{over}");
        second.adds("locations", json!({ "lat": 21.58, "lon": 105.84 })).await;
        assert_eq!(second.follows().await["status"], "resolved", "a phone only tells where it is");
        let path = format!("{CALLS}/{}", second.id);
        service.clock.advance(TimeDelta::seconds(1));
        let told = match what {
            "" => second.caller.put(&path, said).await,
            what => second.caller.post(&format!("{path}/{what}"), said).await,
        };
        assert!(told.status() < 300, "{what}: {}", told.text());
        assert_eq!(second.follows().await["status"], "received", "{what}");
        assert_eq!(waiting(&dispatcher).await, [second.id.as_str()], "{what}");
        second.adds("cancellation", json!({})).await;
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_caller_who_listens_hears_of_the_leading_call_too(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let first = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    let second = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    merge(&dispatcher, &second, &first, 200).await;
    dispatcher.post(&format!("{}/claim", first.desk), json!({})).await.expect(200);
    let (mut heard, mut cursor) = (Vec::new(), String::new());
    let deadline = Instant::now() + Duration::from_secs(20);
    while heard.last().is_none_or(|(kind, _)| kind != "emergency.claimed") {
        assert!(Instant::now() < deadline, "{heard:?}");
        let path = format!("{CALLS}/{}/events?after={cursor}&wait_s=5", second.id);
        let page = second.caller.get(&path).await.expect(200);
        for item in page["items"].as_array().unwrap() {
            assert_eq!(item["emergency_id"], second.id.as_str());
            heard.push((item["type"].as_str().unwrap().to_owned(), item["status"].clone()));
        }
        cursor = page["next_cursor"].as_str().unwrap().to_owned();
    }
    assert!(heard.contains(&("emergency.merged".to_owned(), json!("received"))), "{heard:?}");
    assert_eq!(heard.last().unwrap().1, "claimed");
}

#[apply(every_store)]
#[actix_web::test]
async fn unmerging_restores_what_it_was(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let (first, second, third) = (
        InNeed::calls(&service, json!({ "note": "một" })).await,
        InNeed::calls(&service, json!({ "note": "hai" })).await,
        InNeed::calls(&service, json!({ "note": "ba" })).await,
    );
    let unmerge = async |one: &InNeed, status: u16| {
        dispatcher.post(&format!("{}/unmerge", one.desk), json!({})).await.expect(status)
    };
    assert_eq!(unmerge(&second, 409).await["code"], "action_not_allowed");
    dispatcher.post(&format!("{}/claim", second.desk), json!({})).await.expect(200);
    merge(&dispatcher, &third, &second, 200).await;
    merge(&dispatcher, &second, &first, 200).await;
    merge(&dispatcher, &second, &first, 200).await;
    assert_eq!(open(&dispatcher, &third).await["merged_into"], first.id.as_str(), "it moved along");
    assert_eq!(open(&dispatcher, &first).await["merged"], 2);
    let apart = unmerge(&second, 200).await;
    assert_eq!((&apart["status"], &apart["merged_into"]), (&json!("claimed"), &Value::Null));
    assert_eq!(apart["holder"]["username"], "dispatcher");
    assert_eq!(unmerge(&third, 200).await["status"], "received");
    assert_eq!(open(&dispatcher, &first).await["merged"], 0);
    let types: Vec<_> = open(&dispatcher, &second).await["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        types,
        [
            "emergency.received",
            "emergency.claimed",
            "emergency.joined",
            "emergency.merged",
            "emergency.unmerged"
        ]
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn no_call_follows_itself_by_any_way(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let colleague = service.staff("binh", Role::Dispatcher, "province").await;
    let first = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    let second = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    let refused = merge(&dispatcher, &first, &first, 409).await;
    assert_eq!(refused["code"], "leading_not_open");
    assert_eq!(refused["allowed_actions"], json!(["claim", "set_priority", "merge", "correct"]));
    merge(&dispatcher, &second, &first, 200).await;
    let refused = merge(&dispatcher, &first, &second, 409).await;
    assert_eq!(refused["code"], "leading_not_open");
    assert_eq!(
        (&refused["current_status"], &refused["merged_into"]),
        (&json!("duplicate"), &json!(first.id))
    );

    let ended = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    ended.adds("cancellation", json!({})).await;
    assert_eq!(merge(&dispatcher, &first, &ended, 409).await["current_status"], "cancelled");
    let unknown = json!({ "into": "0193572a-0000-7000-8000-000000000000" });
    let refused = dispatcher.post(&format!("{}/merge", first.desk), unknown).await.expect(409);
    assert_eq!(
        (&refused["code"], &refused["current_status"]),
        (&json!("leading_not_open"), &Value::Null)
    );
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let theft = InNeed::calls(&service, json!({ "kind": "police" })).await;
    let refused = merge(&police, &theft, &first, 409).await;
    assert_eq!(refused["current_status"], Value::Null, "what is out of reach is not there");

    let third = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    colleague.post(&format!("{}/claim", third.desk), json!({})).await.expect(200);
    assert_eq!(merge(&dispatcher, &third, &first, 409).await["code"], "not_holder");
    merge(&colleague, &third, &first, 200).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn two_who_merge_each_into_the_other_make_no_ring(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    for _ in 0..5 {
        let first = InNeed::calls(&service, json!({ "kind": "fire" })).await;
        let second = InNeed::calls(&service, json!({ "kind": "fire" })).await;
        let (there, back) = (json!({ "into": second.id }), json!({ "into": first.id }));
        let (first_path, second_path) =
            (format!("{}/merge", first.desk), format!("{}/merge", second.desk));
        let (one, other) =
            join(dispatcher.post(&first_path, there), dispatcher.post(&second_path, back)).await;
        let mut statuses = [one.status(), other.status()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let open_ones = [open(&dispatcher, &first).await, open(&dispatcher, &second).await];
        let leading = open_ones.iter().filter(|one| one["status"] == "received").count();
        assert_eq!(leading, 1);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_may_be_the_same_is_linked_over_the_whole_queue(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let place = json!({ "lat": 21.5928, "lon": 105.8442 });
    let near = json!({ "lat": 21.5938, "lon": 105.8442 });
    let far = json!({ "lat": 21.6228, "lon": 105.8442 });
    let fire = InNeed::calls(&service, json!({ "kind": "fire", "location": place })).await;
    let same = InNeed::calls(&service, json!({ "kind": "fire", "location": near })).await;
    let theft = InNeed::calls(&service, json!({ "kind": "police", "location": near })).await;
    let drill = json!({ "kind": "fire", "drill": true, "location": near });
    let drill = InNeed::calls(&service, drill).await;
    let phoned = json!({ "kind": "fire", "location": far, "phone": "0912345678" });
    let phoned = InNeed::calls(&service, phoned).await;
    let again = InNeed::calls(&service, json!({ "phone": "0912345678", "silent": true })).await;
    assert_eq!(duplicates(&dispatcher, &fire, 1).await, [json!(same.id)]);
    assert_eq!(duplicates(&dispatcher, &same, 1).await, [json!(fire.id)]);
    assert_eq!(duplicates(&dispatcher, &phoned, 1).await, [json!(again.id)]);
    assert_eq!(duplicates(&dispatcher, &drill, 0).await, [Value::Null; 0]);
    assert_eq!(duplicates(&dispatcher, &theft, 0).await, [Value::Null; 0]);
    let lifted = open(&dispatcher, &phoned).await;
    assert_eq!(lifted["priority"], "high", "a worse second report lifts the first");
    let page = dispatcher
        .get(&format!(
            "{QUEUE}?limit=1&receipt={}",
            open(&dispatcher, &same).await["receipt"].as_str().unwrap()
        ))
        .await
        .expect(200);
    assert_eq!(page["items"][0]["possible_duplicates"], json!([fire.id]));

    let elsewhere = InNeed::calls(&service, json!({ "kind": "fire" })).await;
    assert_eq!(duplicates(&dispatcher, &elsewhere, 0).await, [Value::Null; 0]);
    elsewhere.adds("locations", place).await;
    assert_eq!(duplicates(&dispatcher, &elsewhere, 2).await.len(), 2, "its place came later");
    merge(&dispatcher, &same, &fire, 200).await;
    assert_eq!(duplicates(&dispatcher, &fire, 1).await, [json!(elsewhere.id)], "one is decided");
    let police = service.staff("police", Role::Dispatcher, "police").await;
    assert_eq!(duplicates(&police, &theft, 0).await, [Value::Null; 0]);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_came_long_before_is_not_the_same(#[case] store: Store) {
    let service = store.service().await;
    let call = json!({ "phone": "0912345678", "note": "một" });
    let first = InNeed::calls(&service, call).await;
    service.clock.advance(TimeDelta::minutes(31));
    let dispatcher = service.dispatcher().await;
    let second = InNeed::calls(&service, json!({ "phone": "0912345678" })).await;
    let third = InNeed::calls(&service, json!({ "phone": "0912345678" })).await;
    assert_eq!(duplicates(&dispatcher, &third, 1).await, [json!(second.id)]);
    assert_eq!(duplicates(&dispatcher, &first, 0).await, [Value::Null; 0]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_call_is_compared_anew_once_it_says_where_it_is(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let place = json!({ "lat": 21.5928, "lon": 105.8442, "accuracy_m": 10 });
    let phone = "0912345678";
    let first =
        InNeed::calls(&service, json!({ "kind": "fire", "note": "cháy", "location": place })).await;
    let second =
        InNeed::calls(&service, json!({ "kind": "fire", "note": "khói", "phone": phone })).await;
    let third =
        InNeed::calls(&service, json!({ "kind": "medical", "note": "bỏng", "phone": phone })).await;
    // Once it is linked by its number, it was compared as it came.
    let found = duplicates(&dispatcher, &second, 1).await;
    assert_eq!(found, [json!(third.id)]);
    second.adds("locations", place).await;
    let found = duplicates(&dispatcher, &second, 2).await;
    assert!(found.contains(&json!(first.id)), "{found:?}");
}

#[apply(every_store)]
#[actix_web::test]
async fn of_many_that_are_alike_a_list_shows_the_first(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let crash = json!({ "kind": "medical", "phone": "0912345678" });
    let first = InNeed::calls(&service, crash.clone()).await;
    for _ in 0..12 {
        InNeed::calls(&service, crash.clone()).await;
    }
    assert_eq!(duplicates(&dispatcher, &first, 12).await.len(), 12);
    let page = dispatcher.get(&format!("{QUEUE}?limit=5")).await.expect(200);
    for item in page["items"].as_array().unwrap() {
        assert_eq!(item["possible_duplicates"].as_array().unwrap().len(), 10, "{item}");
    }
}
