//! Calls that everybody on duty was called to, and nobody came to: they ring on.

use chrono::TimeDelta;
use domain::identity::Role;
use futures_util::future::join;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    revocation::{replica, shared},
    units::on_shift,
};

const CALLS: &str = "/v1/emergencies";
const DUTY_PHONE: &str = "+84987000222";

/// Raises `call`: its caller, where they find it, and where dispatchers do.
async fn raise(service: &Service, call: Value) -> (Caller, String, String) {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    let caller = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let id = raised["id"].as_str().unwrap();
    (caller, format!("{CALLS}/{id}"), format!("/v1/dispatch/emergencies/{id}"))
}

/// Lets time pass everywhere, and every machine do what is due by then, at once.
async fn pass(one: &Service, other: &Service, seconds: i64) {
    for service in [one, other] {
        service.clock.advance(TimeDelta::seconds(seconds));
    }
    for (first, second) in [(one, other), (other, one)] {
        let (first, second) = join(first.app.run_timers(), second.app.run_timers()).await;
        first.and(second).unwrap();
    }
}

/// How far the call at `desk` was called out, and how often it rang.
async fn rung(by: &Caller, desk: &str) -> (Value, usize) {
    let opened = by.get(desk).await.expect(200);
    let happened = opened["timeline"].as_array().unwrap().iter();
    let rings = happened.filter(|event| event["type"] == "emergency.escalated").count();
    (opened["escalation"]["level"].clone(), rings)
}

#[apply(every_store)]
#[actix_web::test]
async fn it_rings_every_minute_until_somebody_takes_it_once_on_all_machines(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let other = replica(url).await;
    let dispatcher = service.dispatcher().await;
    let (caller, call, desk) = raise(&service, json!({ "kind": "fire" })).await;
    let (second, off, quiet) = raise(&service, json!({ "kind": "fire", "note": "nhầm" })).await;
    pass(&service, &other, 1).await;
    pass(&service, &other, 180).await;
    let police = service.staff("police", Role::Dispatcher, "police").await;
    police.get(&quiet).await.expect(200);
    second.post(&format!("{off}/cancellation"), json!({})).await.expect(200);
    police.get(&quiet).await.expect(404);
    assert_eq!(rung(&dispatcher, &desk).await, (json!(3), 2), "the next centre, then everybody");
    let since = dispatcher.get(&desk).await.expect(200)["escalation"]["since"].clone();
    for times in 1..=3 {
        pass(&service, &other, 59).await;
        assert_eq!(rung(&dispatcher, &desk).await, (json!(3), 1 + times));
        let place = json!({ "lat": 21.59, "lon": 105.84 });
        caller.post(&format!("{call}/locations"), place).await.expect(200);
        pass(&service, &other, 1).await;
        assert_eq!(rung(&dispatcher, &desk).await, (json!(3), 2 + times), "whatever is told");
    }
    assert_eq!(dispatcher.get(&desk).await.expect(200)["escalation"]["since"], since);
    let followed = caller.get(&call).await.expect(200);
    assert_eq!(followed["status"], "received");

    dispatcher.post(&format!("{desk}/claim"), json!({})).await.expect(200);
    pass(&service, &other, 44).await;
    assert_eq!(rung(&dispatcher, &desk).await, (json!(0), 5), "quiet");
    let done = json!({ "disposition": "handled" });
    dispatcher.post(&format!("{desk}/resolve"), done).await.expect(200);
    pass(&service, &other, 120).await;
    let dispatcher = service.dispatcher().await;
    assert_eq!(rung(&dispatcher, &desk).await.1, 5);
    assert_eq!(rung(&dispatcher, &quiet).await.1, 2, "it was called off");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_call_with_help_on_its_way_does_not_wait_for_an_empty_centre(#[case] store: Store) {
    let service = store.service().await;
    let there = async |agency: &str| {
        let caller = service.staff(&format!("at-{agency}"), Role::Dispatcher, agency).await;
        caller.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
        caller
    };
    let (fire, desk) = (there("fire").await, there("desk").await);
    let unit = on_shift(&service, "fire", "Xe 01", &[]).await;
    let (_, _, call) = raise(&service, json!({ "kind": "fire" })).await;
    let post = async |action: &str, body: Value, status: u16| {
        fire.post(&format!("{call}/{action}"), body).await.expect(status)
    };
    post("claim", json!({}), 200).await;
    post("dispatches", json!({ "unit_id": unit }), 201).await;
    assert_eq!(post("release", json!({}), 200).await["status"], "dispatched");
    fire.put("/v1/dispatch/duty", json!({ "on": false })).await.expect(200);
    service.clock.advance(TimeDelta::seconds(1));
    service.app.run_timers().await.unwrap();
    assert_eq!(rung(&desk, &call).await.0, json!(2), "the next centre is called at once");
}

#[apply(every_store)]
#[actix_web::test]
async fn how_often_is_said_and_duty_phones_ring_while_nobody_is_there(#[case] store: Store) {
    let said =
        [("CTN_ESCALATION_AGAIN_S", "20"), ("CTN_ESCALATION_DUTY_PHONES", "fire=0987000222")];
    let service = Service::configured(store.fresh().await, &said).await;
    let dispatcher = service.dispatcher().await;
    let (_, _, desk) = raise(&service, json!({ "kind": "fire" })).await;
    let wait = async |seconds: i64| {
        service.clock.advance(TimeDelta::seconds(seconds));
        service.app.run_timers().await.unwrap();
    };
    wait(1).await;
    service.messages.receive(DUTY_PHONE).await;
    wait(180).await;
    assert_eq!(service.messages.take(DUTY_PHONE), None, "they were told");
    for rings in [3, 4] {
        wait(20).await;
        assert_eq!(rung(&dispatcher, &desk).await, (json!(3), rings));
        service.messages.receive(DUTY_PHONE).await;
    }
    dispatcher.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    wait(20).await;
    assert_eq!(rung(&dispatcher, &desk).await, (json!(3), 5));
    assert_eq!(service.messages.take(DUTY_PHONE), None, "somebody is there to hear it");
}
