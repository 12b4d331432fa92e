//! The dispatcher's side: the queue, claiming, handing over, resolving.

use chrono::TimeDelta;
use domain::identity::Role;
use futures_util::future::join_all;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const QUEUE: &str = "/v1/dispatch/emergencies";

/// Raises `call` and answers where dispatchers find it.
async fn raise(service: &Service, call: Value) -> String {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    format!("{QUEUE}/{}", raised["id"].as_str().unwrap())
}

async fn colleague(service: &Service, username: &str) -> Caller {
    service.staff(username, Role::Dispatcher, "province").await
}

/// The notes in the queue, in its order.
async fn notes(dispatcher: &Caller, query: &str) -> Vec<String> {
    let queue = dispatcher.get(&format!("{QUEUE}{query}")).await.expect(200);
    let items = queue["items"].as_array().unwrap();
    items.iter().map(|item| item["note"].as_str().unwrap_or_default().to_owned()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn the_queue_shows_what_is_needed_and_no_more(#[case] store: Store) {
    let service = store.service().await;
    let call = json!({ "kind": "medical", "note": "Đau ngực", "phone": "0912345678",
        "on_behalf_of": { "name": "Bà Lan" }, "location": { "lat": 21.5928, "lon": 105.8442 } });
    raise(&service, call).await;
    service.clock.advance(TimeDelta::seconds(7));
    let queue = service.dispatcher().await.get(QUEUE).await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(queue, {
        ".items[].id" => "[id]", ".items[].receipt" => "[receipt]",
        ".events_cursor" => "[cursor]",
    }, @r#"
    {
      "events_cursor": "[cursor]",
      "items": [
        {
          "age_s": 7,
          "agency": "medical",
          "allowed_actions": [
            "claim",
            "set_priority",
            "merge",
            "correct"
          ],
          "cancel_requested": false,
          "commune_code": "05443",
          "dangers": [],
          "delayed_s": null,
          "drill": false,
          "escalation": {
            "agency": null,
            "everyone": false,
            "level": 0,
            "since": "2026-11-23T01:02:03.456Z"
          },
          "holder": null,
          "id": "[id]",
          "kind": "medical",
          "landmark": null,
          "late": false,
          "location": {
            "age_s": 7,
            "fixed_at": "2026-11-23T01:02:03.456Z",
            "lat": 21.5928,
            "lon": 105.8442,
            "may_be_last": false,
            "radius_m": 2011.0,
            "received_at": "2026-11-23T01:02:03.456Z"
          },
          "merged": 0,
          "merged_into": null,
          "needs_review": false,
          "note": "Đau ngực",
          "overheard": false,
          "people": null,
          "phone": "•••••••678",
          "possible_duplicates": [],
          "priority": "normal",
          "proposed_unit": null,
          "receipt": "[receipt]",
          "received_at": "2026-11-23T01:02:03.456Z",
          "routed_by": "commune",
          "silent": false,
          "silent_since": null,
          "status": "received",
          "suspect": false,
          "taken_by": null,
          "transfer": null,
          "units": [],
          "version": 1,
          "waiting_s": 7
        }
      ],
      "next_cursor": null,
      "overload": {
        "active": false,
        "present": 0,
        "waiting": 0
      }
    }
    "#);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn priority_comes_first_then_the_longest_wait(#[case] store: Store) {
    let service = store.service().await;
    for (note, more) in [
        ("drill", json!({ "drill": true })),
        ("first", json!({ "kind": "fire" })),
        ("silent", json!({ "silent": true })),
        ("second", json!({ "kind": "police" })),
    ] {
        let mut call = more;
        call["note"] = json!(note);
        raise(&service, call).await;
        service.clock.advance(TimeDelta::seconds(1));
    }
    let dispatcher = service.dispatcher().await;
    assert_eq!(notes(&dispatcher, "").await, ["silent", "first", "second", "drill"]);
    assert_eq!(notes(&dispatcher, "?sort=newest&limit=2").await, ["second", "silent"]);
    assert_eq!(notes(&dispatcher, "?kind=fire").await, ["first"]);
    assert_eq!(notes(&dispatcher, "?agency=police").await, ["second"]);
    assert_eq!(notes(&dispatcher, "?status=claimed").await, [""; 0]);

    let mut seen = Vec::new();
    let mut path = format!("{QUEUE}?limit=3");
    loop {
        let page = dispatcher.get(&path).await.expect(200);
        let items = page["items"].as_array().unwrap().clone();
        seen.extend(items.iter().map(|item| item["note"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("{QUEUE}?limit=3&cursor={next}");
    }
    assert_eq!(seen, ["silent", "first", "second", "drill"]);
    for wrong in ["?status=lost", "?sort=x", "?kind=flood", "?limit=0", "?receipt=AAA", "?x=1"] {
        let refused = dispatcher.get(&format!("{QUEUE}{wrong}")).await.expect(422);
        assert_eq!(refused["code"], "invalid_query", "{wrong}");
    }
    let refused = dispatcher.get(&format!("{QUEUE}?cursor=xyz")).await.expect(422);
    assert_eq!(refused["code"], "invalid_cursor");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_receipt_that_was_read_out_finds_its_call(#[case] store: Store) {
    let service = store.service().await;
    let raised = service.anonymous().post(CALLS, json!({ "note": "này" })).await.expect(201);
    raise(&service, json!({ "note": "kia" })).await;
    let receipt = raised["receipt"].as_str().unwrap().replace('-', "").to_lowercase();
    let dispatcher = service.dispatcher().await;
    assert_eq!(notes(&dispatcher, &format!("?receipt={receipt}")).await, ["này"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_tag_stays_while_only_ages_change(#[case] store: Store) {
    let service = store.service().await;
    let desk = raise(&service, json!({ "kind": "fire" })).await;
    let dispatcher = service.dispatcher().await;
    let tag = dispatcher.get(QUEUE).await.header("etag").to_owned();
    let knowing = dispatcher.with("If-None-Match", &tag);
    service.clock.advance(TimeDelta::seconds(30));
    assert_eq!(knowing.get(QUEUE).await.status(), 304);
    dispatcher.post(&format!("{desk}/claim"), json!({})).await.expect(200);
    assert_eq!(knowing.get(QUEUE).await.status(), 200);
    let tag = dispatcher.get(QUEUE).await.header("etag").to_owned();
    let knowing = dispatcher.with("If-None-Match", &tag);
    dispatcher.post(&format!("{desk}/heartbeat"), json!({})).await.expect(200);
    assert_eq!(knowing.get(QUEUE).await.status(), 304);
    service.clock.advance(TimeDelta::seconds(46));
    let stale = knowing.get(QUEUE).await.expect(200);
    assert_eq!(stale["items"][0]["holder"]["stale"], true);
}

#[apply(every_store)]
#[actix_web::test]
async fn twenty_claim_and_one_gets_it(#[case] store: Store) {
    let service = store.service().await;
    let mut dispatchers = Vec::new();
    for number in 0..20 {
        dispatchers.push(colleague(&service, &format!("dispatcher-{number}")).await);
    }
    for _ in 0..3 {
        let desk = raise(&service, json!({ "kind": "fire" })).await;
        let claim = format!("{desk}/claim");
        let claims = dispatchers.iter().map(|dispatcher| dispatcher.post(&claim, json!({})));
        let answers = join_all(claims).await;
        let won: Vec<_> = answers.iter().filter(|answer| answer.status() == 200).collect();
        assert_eq!(won.len(), 1);
        let winner = won[0].json()["holder"]["username"].clone();
        for lost in answers.iter().filter(|answer| answer.status() != 200) {
            let refused = lost.json();
            assert_eq!(lost.status(), 409);
            assert_eq!(refused["code"], "already_claimed");
            assert_eq!(refused["holder"]["username"], winner);
        }
        let opened = dispatchers[0].get(&desk).await.expect(200);
        let claimed = opened["timeline"].as_array().unwrap().iter();
        assert_eq!(claimed.filter(|event| event["type"] == "emergency.claimed").count(), 1);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_claim_is_held_handed_over_and_given_back(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (colleague(&service, "anh").await, colleague(&service, "binh").await);
    let desk = raise(&service, json!({ "kind": "fire" })).await;
    let post = async |caller: &Caller, action: &str, body: Value, status: u16| {
        caller.post(&format!("{desk}/{action}"), body).await.expect(status)
    };
    let refused = post(&an, "heartbeat", json!({}), 409).await;
    assert_eq!(refused["code"], "action_not_allowed");
    assert_eq!(refused["allowed_actions"], json!(["claim", "set_priority", "merge", "correct"]));
    let claimed = post(&an, "claim", json!({}), 200).await;
    let held = json!([
        "heartbeat",
        "release",
        "resolve",
        "set_priority",
        "merge",
        "transfer",
        "dispatch",
        "correct"
    ]);
    assert_eq!(claimed["allowed_actions"], held);
    post(&an, "claim", json!({}), 200).await;
    assert_eq!(post(&binh, "release", json!({}), 409).await["holder"]["username"], "anh");
    assert_eq!(post(&binh, "heartbeat", json!({}), 409).await["code"], "not_holder");
    let handled = json!({ "disposition": "handled" });
    assert_eq!(post(&binh, "resolve", handled.clone(), 409).await["code"], "not_holder");

    service.clock.advance(TimeDelta::seconds(46));
    let opened = binh.get(&desk).await.expect(200);
    assert_eq!(opened["holder"]["stale"], true);
    assert_eq!(opened["allowed_actions"], json!(["take_over", "set_priority"]));
    assert_eq!(post(&binh, "take-over", json!({}), 422).await["code"], "validation_failed");
    let reason = json!({ "reason": "Không thấy trả lời" });
    let taken = post(&binh, "take-over", reason, 200).await;
    assert_eq!(taken["holder"]["username"], "binh");
    assert_eq!(taken["holder"]["reason"], "Không thấy trả lời");
    assert_eq!(post(&an, "heartbeat", json!({}), 409).await["holder"]["username"], "binh");

    let released = post(&binh, "release", json!({}), 200).await;
    assert_eq!((&released["status"], &released["holder"]), (&json!("received"), &Value::Null));
    post(&an, "claim", json!({}), 200).await;
    assert_eq!(post(&an, "resolve", json!({}), 422).await["errors"][0]["pointer"], "/disposition");
    assert_eq!(post(&an, "resolve", handled.clone(), 200).await["status"], "resolved");
    let refused = post(&an, "resolve", handled, 409).await;
    assert_eq!(refused["code"], "action_not_allowed");
    assert_eq!(refused["current_status"], "resolved");
    assert_eq!(refused["allowed_actions"], json!(["reopen"]));
    let types: Vec<_> = an.get(&desk).await.expect(200)["timeline"]
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
            "emergency.taken_over",
            "emergency.released",
            "emergency.claimed",
            "emergency.resolved",
        ]
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn each_agency_sees_its_own(#[case] store: Store) {
    let service = store.service().await;
    let fire = raise(&service, json!({ "kind": "fire", "note": "cháy" })).await;
    let theft = raise(&service, json!({ "kind": "police", "note": "trộm" })).await;
    raise(&service, json!({ "note": "không rõ" })).await;
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let desk = service.staff("desk", Role::Dispatcher, "desk").await;
    assert_eq!(notes(&police, "").await, ["trộm"]);
    assert_eq!(notes(&police, "?agency=fire").await, [""; 0]);
    assert_eq!(notes(&desk, "").await, ["không rõ"]);
    assert_eq!(notes(&service.dispatcher().await, "").await.len(), 3);
    police.get(&theft).await.expect(200);
    assert_eq!(police.get(&fire).await.expect(404)["code"], "not_found");
    for action in ["claim", "heartbeat", "release", "cancellation/confirm"] {
        let refused = police.post(&format!("{fire}/{action}"), json!({})).await;
        assert_eq!(refused.expect(404)["code"], "not_found", "{action}");
    }
    let resolve =
        police.post(&format!("{fire}/resolve"), json!({ "disposition": "handled" })).await;
    assert_eq!(resolve.status(), 404);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_caller_s_correction_moves_it_until_somebody_holds_it(#[case] store: Store) {
    let service = store.service().await;
    let raised = service.anonymous().post(CALLS, json!({ "kind": "police" })).await.expect(201);
    let mine = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let id = raised["id"].as_str().unwrap();
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let fire = service.staff("fire", Role::Dispatcher, "fire").await;
    mine.put(&format!("{CALLS}/{id}"), json!({ "kind": "fire" })).await.expect(200);
    assert_eq!(police.get(&format!("{QUEUE}/{id}")).await.status(), 404);
    let moved = police.get("/v1/dispatch/events?types=emergency.updated&wait_s=20").await;
    let told = moved.expect(200)["items"][0].clone();
    assert_eq!(told["agency"], "fire", "who had it is told where it went");
    fire.post(&format!("{QUEUE}/{id}/claim"), json!({})).await.expect(200);
    mine.put(&format!("{CALLS}/{id}"), json!({ "kind": "medical" })).await.expect(200);
    let opened = fire.get(&format!("{QUEUE}/{id}")).await.expect(200);
    assert_eq!(opened["kind"], "fire");
    let statements = opened["statements"].as_array().unwrap();
    assert_eq!(statements.last().unwrap()["said"]["kind"], "medical");
}

#[apply(every_store)]
#[actix_web::test]
async fn only_dispatchers_may(#[case] store: Store) {
    let service = store.service().await;
    let desk = raise(&service, json!({ "kind": "fire" })).await;
    let raised = service.anonymous().post(CALLS, json!({})).await.expect(201);
    let callers = [
        (service.anonymous(), 401),
        (service.anonymous().bearing(raised["token"].as_str().unwrap()), 401),
        (service.citizen("an").await, 403),
        (service.officer().await, 403),
        (service.administrator().await, 403),
    ];
    for (caller, status) in callers {
        for path in [QUEUE, &desk, "/v1/dispatch/duty", "/v1/dispatch/events"] {
            assert_eq!(caller.get(path).await.status(), status, "{path}");
        }
        let actions = [
            "claim",
            "heartbeat",
            "release",
            "take-over",
            "resolve",
            "cancellation/confirm",
            "cancellation/reject",
            "priority",
            "notes",
            "reopen",
            "merge",
            "unmerge",
        ];
        for action in actions {
            let refused = caller.post(&format!("{desk}/{action}"), json!({})).await;
            assert_eq!(refused.status(), status, "{action}");
        }
        assert_eq!(caller.put("/v1/dispatch/duty", json!({ "on": true })).await.status(), status);
    }
    let manager = service.staff("manager", Role::AgencyManager, "province").await;
    manager.get(QUEUE).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_is_on_duty_elsewhere_is_nobody_s_business(#[case] store: Store) {
    let service = store.service().await;
    let police = service.staff("police-desk", Role::Dispatcher, "police").await;
    let fire = service.staff("fire-desk", Role::Dispatcher, "fire").await;
    let province = service.dispatcher().await;
    let (path, on) = ("/v1/dispatch/duty", json!({ "on": true }));
    for caller in [&police, &fire, &province] {
        caller.put(path, on.clone()).await.expect(200);
    }
    for (caller, names) in [
        (&police, vec!["police-desk"]),
        (&fire, vec!["fire-desk"]),
        (&province, vec!["police-desk", "fire-desk", "dispatcher"]),
    ] {
        let duty = caller.get(path).await.expect(200);
        let present = duty["present"].as_array().unwrap().iter();
        let present: Vec<_> = present.map(|one| one["username"].as_str().unwrap()).collect();
        assert_eq!(present, names);
    }
}
