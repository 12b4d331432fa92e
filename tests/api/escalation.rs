//! Calls that wait: called out further level by level, quiet once somebody has them.

use chrono::TimeDelta;
use domain::identity::Role;
use futures_util::future::join;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    revocation::{replica, shared},
};

const CALLS: &str = "/v1/emergencies";
const QUEUE: &str = "/v1/dispatch/emergencies";
const DUTY_PHONE: &str = "+84987000222";

/// A dispatcher of `agency` who is there.
async fn present(service: &Service, agency: &str) -> Caller {
    let caller = service.staff(&format!("at-{agency}"), Role::Dispatcher, agency).await;
    caller.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    caller
}

/// Raises `call`. Where dispatchers find it.
async fn raise(service: &Service, call: Value) -> String {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    format!("{QUEUE}/{}", raised["id"].as_str().unwrap())
}

/// Lets time pass, and the timers do what is due by then.
async fn pass(service: &Service, seconds: i64) {
    service.clock.advance(TimeDelta::seconds(seconds));
    service.app.run_timers().await.unwrap();
}

/// How far the call at `desk` was called out, as `by` sees it.
async fn level(by: &Caller, desk: &str) -> Value {
    by.get(desk).await.expect(200)["escalation"]["level"].clone()
}

/// How often `kind` happened to the call at `desk`.
async fn count(by: &Caller, desk: &str, kind: &str) -> usize {
    let opened = by.get(desk).await.expect(200);
    opened["timeline"].as_array().unwrap().iter().filter(|event| event["type"] == kind).count()
}

/// Waits until `caller` is told that `kind` happened.
async fn told(caller: &Caller, kind: &str) -> Value {
    let page = caller.get(&format!("/v1/dispatch/events?types={kind}&wait_s=20")).await;
    let items = page.expect(200)["items"].clone();
    assert_ne!(items, json!([]), "nobody told of {kind}");
    items[0].clone()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_call_that_nobody_claims_is_called_out_level_by_level(#[case] store: Store) {
    let service = store.service().await;
    let fire = present(&service, "fire").await;
    let desk = present(&service, "desk").await;
    let police = present(&service, "police").await;
    let chief = service.staff("chief", Role::AgencyManager, "fire").await;
    let call = raise(&service, json!({ "kind": "fire" })).await;
    for (seconds, expected) in [(0, 0), (14, 0), (1, 1), (44, 1), (1, 2), (0, 2)] {
        if seconds == 1 && expected == 2 {
            desk.get(&call).await.expect(404);
        }
        pass(&service, seconds).await;
        assert_eq!(level(&fire, &call).await, expected);
    }
    assert_eq!(count(&fire, &call, "emergency.escalated").await, 2, "each once");
    let seen = desk.get(QUEUE).await.expect(200)["items"][0].clone();
    assert_eq!(
        seen["escalation"],
        json!({ "level": 2, "since": "2026-11-23T01:03:03.456Z",
        "agency": "desk", "everyone": false })
    );
    assert_eq!(seen["allowed_actions"], json!(["claim"]));
    let heard = told(&desk, "emergency.escalated").await;
    assert_eq!((&heard["escalation"], &heard["called"]), (&json!(2), &json!("desk")));
    let inbox = chief.get("/v1/staff/notifications").await.expect(200);
    assert!(inbox["items"][0]["text"].as_str().unwrap().contains("60 giây"), "{inbox}");
    police.get(&call).await.expect(404);

    for caller in [&fire, &desk, &police] {
        caller.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    }
    pass(&service, 119).await;
    police.get(&call).await.expect(404);
    pass(&service, 1).await;
    assert_eq!(level(&police, &call).await, 3);
    assert_eq!(told(&police, "emergency.escalated").await["called"], "*");

    let claimed = fire.post(&format!("{call}/claim"), json!({})).await.expect(200);
    assert_eq!(
        (&claimed["escalation"]["level"], &claimed["escalation"]["everyone"]),
        (&json!(0), &json!(false)),
        "quiet"
    );
    told(&police, "emergency.claimed").await;
    police.get(&call).await.expect(404);
    desk.get(&call).await.expect(404);
    let beats = async || fire.post(&format!("{call}/heartbeat"), json!({})).await.expect(200);
    for _ in 0..10 {
        beats().await;
        pass(&service, 30).await;
    }
    assert_eq!(count(&fire, &call, "emergency.escalated").await, 3);
    assert_eq!(count(&fire, &call, "emergency.holder_gone").await, 0);

    fire.post(&format!("{call}/release"), json!({})).await.expect(200);
    fire.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    pass(&service, 14).await;
    assert_eq!(level(&fire, &call).await, 0, "from the release on");
    pass(&service, 1).await;
    assert_eq!(level(&fire, &call).await, 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_centre_with_nobody_there_does_not_wait(#[case] store: Store) {
    let fresh = store.fresh().await;
    let phones = ("CTN_ESCALATION_DUTY_PHONES", "fire=0987000222,medical=0987000333");
    let budgets = ["CTN_SMS_PER_HOUR", "CTN_SMS_UNVERIFIED_PER_HOUR"].map(|name| (name, "6"));
    let service = Service::configured(fresh, &[phones, budgets[0], budgets[1]]).await;
    let code = |phone: &str| json!({ "phone": phone });
    service.anonymous().post("/v1/auth/otp", code("+84987000444")).await.expect(202);
    let used_up = service.anonymous().post("/v1/auth/otp", code("+84987000555")).await;
    assert_eq!(used_up.status(), 429, "codes have used up what text messages may cost");
    let desk = present(&service, "desk").await;
    let silent = json!({ "kind": "fire", "silent": true, "phone": "0912345678",
        "location": { "lat": 21.5928, "lon": 105.8442 }, "landmark": "Sau chợ" });
    let call = raise(&service, silent).await;
    let drill = raise(&service, json!({ "kind": "fire", "drill": true })).await;
    pass(&service, 1).await;
    pass(&service, 1).await;
    assert_eq!(level(&desk, &call).await, 2, "at once");
    assert_eq!(level(&desk, &drill).await, 2);
    let text = service.messages.receive(DUTY_PHONE).await;
    let receipt = desk.get(&call).await.expect(200)["receipt"].as_str().unwrap().to_owned();
    for part in [&receipt, "fire", "21.59280,105.84420", "Sau chợ"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("912345678"), "nobody's number: {text}");
    for _ in 0..3 {
        desk.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
        pass(&service, 100).await;
    }
    assert_eq!(level(&service.dispatcher().await, &call).await, 3);
    for phone in [DUTY_PHONE, "+84987000333", "+84912345678"] {
        assert_eq!(service.messages.take(phone), None, "once, and nobody else");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_is_called_from_elsewhere_can_help(#[case] store: Store) {
    let service = store.service().await;
    let desk = present(&service, "desk").await;
    let fire = service.staff("fire", Role::Dispatcher, "fire").await;
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let call = raise(&service, json!({ "kind": "fire" })).await;
    let post = async |by: &Caller, action: &str, body: Value, status: u16| {
        by.post(&format!("{call}/{action}"), body).await.expect(status)
    };
    post(&desk, "claim", json!({}), 404).await;
    pass(&service, 1).await;
    for action in ["release", "heartbeat", "notes", "priority", "resolve", "transfers"] {
        let body = match action {
            "notes" => json!({ "text": "x" }),
            "priority" => json!({ "priority": "low" }),
            "resolve" => json!({ "disposition": "handled" }),
            "transfers" => json!({ "agency_id": "police" }),
            _ => json!({}),
        };
        let status = desk.post(&format!("{call}/{action}"), body.clone()).await.status();
        assert!([201, 409].contains(&status), "{action}: {status}");
        post(&police, action, body, 404).await;
    }
    assert_eq!(desk.get(&call).await.expect(200)["priority"], "normal");
    post(&police, "claim", json!({}), 404).await;
    let held = post(&desk, "claim", json!({}), 200).await;
    assert_eq!((&held["agency"], &held["holder"]["username"]), (&json!("fire"), &json!("at-desk")));
    assert_eq!(held["escalation"]["level"], 0);
    assert_eq!(post(&fire, "claim", json!({}), 409).await["code"], "already_claimed");
    post(&desk, "heartbeat", json!({}), 200).await;
    assert_eq!(desk.get(QUEUE).await.expect(200)["items"][0]["agency"], "fire");
    post(&desk, "priority", json!({ "priority": "high" }), 200).await;
    told(&desk, "emergency.prioritised").await;

    post(&desk, "release", json!({}), 200).await;
    assert_eq!(desk.get(&call).await.status(), 404, "they helped; it is not theirs");
    post(&fire, "claim", json!({}), 200).await;
    post(&fire, "release", json!({}), 200).await;
    pass(&service, 1).await;
    post(&desk, "claim", json!({}), 200).await;
    post(&fire, "take-over", json!({ "reason": "Đã vào trực" }), 200).await;
    assert_eq!(desk.get(&call).await.status(), 404);
    post(&desk, "resolve", json!({ "disposition": "handled" }), 404).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn a_call_whose_holder_is_gone_is_everybodys_again(#[case] store: Store) {
    let service = store.service().await;
    let fire = present(&service, "fire").await;
    let other = service.staff("other", Role::Dispatcher, "fire").await;
    let caller = json!({ "kind": "fire", "note": "bỏ" });
    let raised = service.anonymous().post(CALLS, caller).await.expect(201);
    let [call, own] = [QUEUE, CALLS].map(|at| format!("{at}/{}", raised["id"].as_str().unwrap()));
    let caller = service.anonymous().bearing(raised["token"].as_str().unwrap());
    fire.post(&format!("{call}/claim"), json!({})).await.expect(200);
    let advised = async || caller.get(&own).await.expect(200)["advice"][0].clone();
    assert!(!advised().await.as_str().unwrap().contains("114"), "somebody has it");
    raise(&service, json!({ "kind": "fire", "silent": true, "note": "gấp" })).await;
    let first = async || other.get(QUEUE).await.expect(200)["items"][0]["note"].clone();
    pass(&service, 45).await;
    assert_eq!(first().await, "gấp");
    let version = other.get(&call).await.expect(200)["version"].clone();
    pass(&service, 1).await;
    pass(&service, 1).await;
    assert_eq!(first().await, "bỏ", "at the top");
    let gone = other.get(&call).await.expect(200);
    assert_ne!(gone["version"], version);
    assert_eq!((&gone["status"], &gone["holder"]["stale"]), (&json!("claimed"), &json!(true)));
    assert_eq!(gone["escalation"]["level"], 1);
    assert_eq!(count(&other, &call, "emergency.holder_gone").await, 1);
    told(&other, "emergency.holder_gone").await;
    pass(&service, 14).await;
    assert!(advised().await.as_str().unwrap().contains("114"), "nobody has it for a minute");

    let back = fire.post(&format!("{call}/heartbeat"), json!({})).await.expect(200);
    assert_eq!(
        (&back["holder"]["stale"], &back["escalation"]["level"]),
        (&json!(false), &json!(0))
    );
    assert_eq!(first().await, "gấp");
    assert_eq!(count(&other, &call, "emergency.holder_back").await, 1);

    pass(&service, 46).await;
    fire.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    pass(&service, 60).await;
    assert_eq!(level(&other, &call).await, 2, "nobody came since");
    let reason = json!({ "reason": "Không trả lời" });
    let taken = other.post(&format!("{call}/take-over"), reason).await.expect(200);
    assert_eq!(
        (&taken["escalation"]["level"], &taken["holder"]["stale"]),
        (&json!(0), &json!(false))
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn two_machines_ring_each_alarm_once_and_none_is_lost(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let mut calls = Vec::new();
    for number in 0..60 {
        let kind = ["fire", "medical", "police"][number % 3];
        calls.push(raise(&service, json!({ "kind": kind, "note": number.to_string() })).await);
    }
    let held = service.staff("holder", Role::Dispatcher, "province").await;
    held.post(&format!("{}/claim", calls[0]), json!({})).await.expect(200);
    // Another process, that was started later: what was written with the calls is all it has.
    let other = replica(url).await;
    for seconds in [1, 60, 180] {
        for one in [&service, &other] {
            one.clock.advance(TimeDelta::seconds(seconds));
        }
        let (one, two) = join(service.app.run_timers(), other.app.run_timers()).await;
        one.and(two).unwrap();
        let (one, two) = join(other.app.run_timers(), service.app.run_timers()).await;
        one.and(two).unwrap();
    }
    for call in calls.iter().skip(1) {
        assert_eq!(level(&held, call).await, 3);
        assert_eq!(count(&held, call, "emergency.escalated").await, 2, "2 at once, then 3");
    }
    assert_eq!(count(&held, &calls[0], "emergency.holder_gone").await, 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn how_long_a_call_waits_is_said_in_the_configuration(#[case] store: Store) {
    let fresh = store.fresh().await;
    let service = Service::configured(
        fresh,
        &[("CTN_ESCALATION_HIGH_S", "5,10,20"), ("CTN_ESCALATION_LOW_S", "600,700,800")],
    )
    .await;
    let dispatcher = present(&service, "province").await;
    let silent = raise(&service, json!({ "silent": true })).await;
    let drill = raise(&service, json!({ "drill": true })).await;
    let call = raise(&service, json!({ "kind": "fire" })).await;
    pass(&service, 20).await;
    for (call, expected) in [(&silent, 3), (&drill, 0), (&call, 1)] {
        assert_eq!(level(&dispatcher, call).await, expected);
    }
    dispatcher.post(&format!("{call}/priority"), json!({ "priority": "high" })).await.expect(200);
    pass(&service, 0).await;
    assert_eq!(level(&dispatcher, &call).await, 3, "as urgent as it is now");
}
