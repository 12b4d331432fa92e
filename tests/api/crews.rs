//! Crews: what they follow, how they are told, and what happens when they do not answer.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, tamper};

use crate::{
    every_store,
    units::{UNITS, chief, claimed, on_shift, responder},
};

const EVENTS: &str = "/v1/dispatch/events";
const DUTY_PHONE: &str = "+84987000111";

/// A unit of the fire service on shift, with a phone in it.
async fn with_phone(service: &Service, name: &str, crew: &[&str]) -> String {
    let chief = chief(service, "fire").await;
    let body = json!({ "name": name, "crew": crew, "capabilities": ["fire_engine"],
        "duty_phone": DUTY_PHONE });
    let unit = chief.post(UNITS, body).await.expect(201)["id"].as_str().unwrap().to_owned();
    chief.put(&format!("{UNITS}/{unit}/shift"), json!({ "on": true })).await.expect(200);
    unit
}

/// Has `holder` send `unit` to the emergency at `desk`. Where the dispatch is found.
async fn send(holder: &Caller, desk: &str, unit: &str) -> String {
    let sent = holder.post(&format!("{desk}/dispatches"), json!({ "unit_id": unit })).await;
    format!("/v1/dispatches/{}", sent.expect(201)["id"].as_str().unwrap())
}

/// The types of the events that `caller` gets until one is called `last`.
async fn followed(caller: &Caller, last: &str) -> Vec<(String, Value)> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = caller.get(&format!("{EVENTS}?after={cursor}&wait_s=10&limit=100")).await;
        let page = page.expect(200);
        page["next_cursor"].as_str().unwrap().clone_into(&mut cursor);
        for event in page["items"].as_array().unwrap() {
            let kind = event["type"].as_str().unwrap().to_owned();
            let over = kind == last;
            seen.push((kind, event["emergency_id"].clone()));
            if over {
                return seen;
            }
        }
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_crew_follows_what_its_unit_is_sent_to_and_nothing_else(#[case] store: Store) {
    let service = store.service().await;
    let holder = service.staff("holder", Role::Dispatcher, "fire").await;
    let (crew, crew_id) = responder(&service, "crew", "fire").await;
    let (others, others_id) = responder(&service, "others", "fire").await;
    let unit = on_shift(&service, "fire", "Xe 01", &[&crew_id]).await;
    let other = on_shift(&service, "fire", "Xe 02", &[&others_id]).await;
    let elsewhere = claimed(&service, &holder, json!({ "kind": "fire" })).await;
    let desk = claimed(&service, &holder, json!({ "kind": "fire" })).await;
    send(&holder, &elsewhere, &other).await;
    let sent = send(&holder, &desk, &unit).await;
    let colleague = service.staff("colleague", Role::Dispatcher, "fire").await;
    let reason = json!({ "reason": "Đổi ca" });
    colleague.post(&format!("{desk}/take-over"), reason).await.expect(200);
    crew.post(&format!("{sent}/en-route"), json!({})).await.expect(200);
    crew.post(&format!("{sent}/clear"), json!({})).await.expect(200);
    let handled = json!({ "disposition": "handled" });
    colleague.post(&format!("{desk}/resolve"), handled.clone()).await.expect(200);
    holder.post(&format!("{elsewhere}/resolve"), handled).await.expect(200);

    let own = json!(desk.rsplit('/').next().unwrap());
    let followed = followed(&crew, "emergency.cleared").await;
    let types: Vec<_> = followed.iter().map(|(kind, _)| kind.as_str()).collect();
    let expected = ["dispatched", "taken_over", "en_route", "cleared"];
    assert_eq!(types, expected.map(|kind| format!("emergency.{kind}")));
    assert!(followed.iter().all(|(_, of)| *of == own));
    let theirs = self::followed(&others, "emergency.dispatch_cancelled").await;
    assert!(theirs.iter().all(|(_, of)| *of != own));
    let (nobody, _) = responder(&service, "nobody", "fire").await;
    assert_eq!(nobody.get(EVENTS).await.expect(200)["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn who_changes_units_follows_the_new_one_without_asking_the_store(#[case] store: Store) {
    let service = store.service().await;
    let holder = service.staff("holder", Role::Dispatcher, "fire").await;
    let (crew, crew_id) = responder(&service, "crew", "fire").await;
    let unit = on_shift(&service, "fire", "Xe 01", &[&crew_id]).await;
    let first = claimed(&service, &holder, json!({ "kind": "fire" })).await;
    send(&holder, &first, &unit).await;
    let told = followed(&crew, "emergency.dispatched").await;
    assert_eq!(told.last().unwrap().1, first.rsplit('/').next().unwrap());

    let chief = chief(&service, "fire").await;
    let path = format!("{UNITS}/{unit}");
    let seen = chief.get(&path).await;
    chief
        .with("If-Match", seen.header("ETag"))
        .patch(&path, json!({ "crew": [] }))
        .await
        .expect(200);
    let other = on_shift(&service, "fire", "Xe 02", &[&crew_id]).await;
    let others = claimed(&service, &holder, json!({ "kind": "fire" })).await;
    send(&holder, &others, &other).await;
    tamper(service.app.database.url(), "ALTER TABLE unit_crew RENAME TO unit_crew_away");
    let told = followed(&crew, "emergency.dispatched").await;
    assert_eq!(told.len(), 1, "what the old unit is sent to is not theirs any more: {told:?}");
    assert_eq!(told[0].1, others.rsplit('/').next().unwrap());
}

#[apply(every_store)]
#[actix_web::test]
async fn a_crew_that_has_not_looked_is_told_by_text_message_once(#[case] store: Store) {
    let service = store.service().await;
    let holder = service.staff("holder", Role::Dispatcher, "fire").await;
    let unit = with_phone(&service, "Xe 01", &[]).await;
    let call = json!({ "kind": "fire", "silent": true, "phone": "0912345678",
        "landmark": "Sau chợ", "location": { "lat": 21.6, "lon": 105.8 } });
    let desk = claimed(&service, &holder, call).await;
    let receipt = holder.get(&desk).await.expect(200)["receipt"].as_str().unwrap().to_owned();
    send(&holder, &desk, &unit).await;
    service.clock.advance(TimeDelta::seconds(9));
    service.app.run_timers().await.unwrap();
    assert_eq!(service.messages.take(DUTY_PHONE), None);
    service.clock.advance(TimeDelta::seconds(1));
    service.app.run_timers().await.unwrap();
    let text = service.messages.receive(DUTY_PHONE).await;
    for part in ["Xe 01", "fire", &receipt, "21.60000,105.80000", "Sau chợ"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("912345678"), "nobody's number: {text}");
    service.clock.advance(TimeDelta::seconds(10));
    service.app.run_timers().await.unwrap();

    let (crew, crew_id) = responder(&service, "crew", "fire").await;
    let second = with_phone(&service, "Xe 02", &[&crew_id]).await;
    let desk = claimed(&service, &holder, json!({ "kind": "fire" })).await;
    send(&holder, &desk, &second).await;
    let own = crew.get("/v1/dispatches").await.expect(200);
    assert_eq!(own["items"][0]["seen_at"], Value::Null, "it was not seen before");
    let seen = crew.get("/v1/dispatches").await.expect(200)["items"][0]["seen_at"].clone();
    assert!(seen.is_string());
    service.clock.advance(TimeDelta::seconds(15));
    service.app.run_timers().await.unwrap();
    assert_eq!(service.messages.take(DUTY_PHONE), None);
    assert_eq!(service.messages.take("+84912345678"), None, "a silent caller is left in silence");
}

#[apply(every_store)]
#[actix_web::test]
async fn for_a_crew_that_does_not_answer_the_next_one_is_proposed(#[case] store: Store) {
    let service = store.service().await;
    let holder = service.staff("holder", Role::Dispatcher, "fire").await;
    let (crew, crew_id) = responder(&service, "crew", "fire").await;
    let unit = with_phone(&service, "Xe 01", &[&crew_id]).await;
    let next = with_phone(&service, "Xe 02", &[]).await;
    let desk = claimed(&service, &holder, json!({ "kind": "fire" })).await;
    let sent = send(&holder, &desk, &unit).await;
    service.clock.advance(TimeDelta::seconds(59));
    service.app.run_timers().await.unwrap();
    assert_eq!(holder.get(&desk).await.expect(200)["status"], "dispatched");
    service.clock.advance(TimeDelta::seconds(1));
    service.app.run_timers().await.unwrap();
    service.app.run_timers().await.unwrap();
    let opened = holder.get(&desk).await.expect(200);
    assert_eq!((&opened["status"], &opened["units"]), (&json!("claimed"), &json!([])));
    assert_eq!(opened["dispatches"][0]["status"], "timed_out");
    let timeline = opened["timeline"].as_array().unwrap();
    let proposed: Vec<_> =
        timeline.iter().filter(|event| event["type"] == "emergency.unit_proposed").collect();
    assert_eq!(proposed.len(), 1, "proposed once, and not sent");
    assert_eq!(proposed[0]["data"]["proposed_unit_id"], next.as_str());
    assert_eq!(proposed[0]["data"]["instead_of"], unit.as_str());
    let late = crew.post(&format!("{sent}/acknowledge"), json!({})).await.expect(409);
    assert_eq!(
        (&late["current_status"], &late["allowed_actions"]),
        (&json!("timed_out"), &json!([]))
    );
    let sent = send(&holder, &desk, &unit).await;
    crew.post(&format!("{sent}/acknowledge"), json!({})).await.expect(200);
    service.clock.advance(TimeDelta::seconds(120));
    service.app.run_timers().await.unwrap();
    assert_eq!(holder.get(&sent).await.expect(200)["status"], "acknowledged");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_crew_that_declines_is_replaced_by_the_next_one(#[case] store: Store) {
    let service = store.service().await;
    let holder = service.staff("holder", Role::Dispatcher, "fire").await;
    let (crew, crew_id) = responder(&service, "crew", "fire").await;
    let unit = with_phone(&service, "Xe 01", &[&crew_id]).await;
    let next = with_phone(&service, "Xe 02", &[]).await;
    for (unit, lat) in [(&unit, 21.61), (&next, 21.65)] {
        let place = json!({ "lat": lat, "lon": 105.8 });
        holder.post(&format!("{UNITS}/{unit}/location"), place).await.expect(200);
    }
    let call = json!({ "kind": "fire", "location": { "lat": 21.6, "lon": 105.8 } });
    let desk = claimed(&service, &holder, call).await;
    assert_eq!(holder.get(&desk).await.expect(200)["proposed_unit"], Value::Null);
    let sent = send(&holder, &desk, &unit).await;
    let reason = json!({ "reason": "Hỏng xe" });
    crew.post(&format!("{sent}/decline"), reason).await.expect(200);
    let opened = holder.get(&desk).await.expect(200);
    assert_eq!(opened["status"], "claimed");
    let proposed = &opened["proposed_unit"];
    assert_eq!((&proposed["unit_id"], &proposed["instead_of"]), (&json!(next), &json!(unit)));
    assert_eq!(proposed["travel_estimate_s"], 801);
    assert_eq!(proposed["basis"], "straight_line_times_road_factor");
    assert_eq!(opened["dispatches"].as_array().unwrap().len(), 1, "it is not sent by itself");
    let told = followed(&holder, "emergency.unit_proposed").await;
    assert!(told.iter().any(|(kind, _)| kind == "emergency.declined"));
    send(&holder, &desk, &next).await;
    assert_eq!(holder.get(&desk).await.expect(200)["proposed_unit"], Value::Null);
}
