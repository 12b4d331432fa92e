//! Units that are sent: by the holder of an emergency, to the caller, and back.

use chrono::TimeDelta;
use domain::identity::Role;
use futures_util::future::join_all;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    units::{UNITS, claimed, on_shift, responder},
};

const SENT: &str = "/v1/dispatches";

/// A dispatcher who holds a fire, a crew, and the crew's unit that was sent there.
struct Scene {
    holder: Caller,
    crew: Caller,
    unit: String,
    desk: String,
    sent: String,
}

impl Scene {
    async fn open(service: &Service) -> Self {
        let holder = service.staff("holder", Role::Dispatcher, "fire").await;
        let (crew, crew_id) = responder(service, "crew", "fire").await;
        let unit = on_shift(service, "fire", "Xe 01", &[&crew_id]).await;
        let call = json!({ "kind": "fire", "note": "Cháy kho", "phone": "0912345678",
            "location": { "lat": 21.6, "lon": 105.8 } });
        let desk = claimed(service, &holder, call).await;
        let sent = holder.post(&format!("{desk}/dispatches"), json!({ "unit_id": unit })).await;
        let sent = format!("{SENT}/{}", sent.expect(201)["id"].as_str().unwrap());
        Self { holder, crew, unit, desk, sent }
    }

    async fn step(&self, by: &Caller, step: &str, status: u16) -> Value {
        by.post(&format!("{}/{step}", self.sent), json!({})).await.expect(status)
    }

    async fn emergency(&self) -> Value {
        self.holder.get(&self.desk).await.expect(200)
    }

    async fn unit_status(&self) -> Value {
        let unit = self.holder.get(&format!("{UNITS}/{}", self.unit)).await.expect(200);
        unit["status"].clone()
    }
}

/// What happened, by type, with who said it where that is told.
fn told(emergency: &Value) -> Vec<(String, Value)> {
    let timeline = emergency["timeline"].as_array().unwrap().iter();
    let told = |event: &Value| {
        (event["type"].as_str().unwrap().to_owned(), event["data"]["on_behalf"].clone())
    };
    timeline.map(told).skip(2).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_crew_goes_from_being_sent_to_being_free_with_one_call_each(#[case] store: Store) {
    let service = store.service().await;
    let scene = Scene::open(&service).await;
    let emergency = scene.emergency().await;
    assert_eq!(emergency["status"], "dispatched");
    assert_eq!(emergency["units"], json!([scene.unit]));
    assert_eq!(emergency["dispatches"][0]["status"], "assigned");
    let own = scene.crew.get(SENT).await.expect(200)["items"][0].clone();
    assert_eq!(own["emergency"]["note"], "Cháy kho");
    assert_eq!(own["emergency"]["location"]["lat"], 21.6);
    assert_eq!(own["emergency"]["phone"], "0912345678");
    assert_eq!(own["allowed_actions"], json!(["acknowledge", "decline", "en_route", "on_scene"]));
    for (step, status) in
        [("acknowledge", "acknowledged"), ("en-route", "en_route"), ("on-scene", "on_scene")]
    {
        service.clock.advance(TimeDelta::seconds(20));
        let taken = scene.step(&scene.crew, step, 200).await;
        assert_eq!(taken["status"], status);
        let again = scene.step(&scene.crew, step, 200).await;
        assert_eq!(again["version"], taken["version"], "{step} again changes nothing");
        assert_eq!(scene.unit_status().await, status);
        assert_eq!(scene.emergency().await["status"], "dispatched");
    }
    scene.step(&scene.crew, "acknowledge", 200).await;
    let refused = scene.step(&scene.crew, "decline", 409).await;
    assert_eq!(refused["code"], "action_not_allowed");
    assert_eq!(refused["current_status"], "on_scene");
    assert_eq!(refused["allowed_actions"], json!(["clear"]));
    assert_eq!(scene.step(&scene.crew, "clear", 200).await["status"], "cleared");
    assert_eq!(scene.unit_status().await, "available");
    let emergency = scene.emergency().await;
    assert_eq!((&emergency["status"], &emergency["units"]), (&json!("claimed"), &json!([])));
    let (crew, holder) = (json!(false), json!(false));
    assert_eq!(
        told(&emergency),
        [
            ("emergency.dispatched".to_owned(), holder),
            ("emergency.acknowledged".to_owned(), crew.clone()),
            ("emergency.en_route".to_owned(), crew.clone()),
            ("emergency.on_scene".to_owned(), crew.clone()),
            ("emergency.cleared".to_owned(), crew),
        ]
    );
    assert_eq!(scene.crew.get(SENT).await.expect(200)["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn steps_may_be_left_out_forward_and_said_by_the_holder(#[case] store: Store) {
    let service = store.service().await;
    let scene = Scene::open(&service).await;
    let arrived = scene.step(&scene.holder, "on-scene", 200).await;
    assert!(arrived["acknowledged_at"].is_string(), "who is there knows");
    assert_eq!(arrived["en_route_at"], Value::Null);
    let refused = scene.step(&scene.crew, "en-route", 409).await;
    assert_eq!(refused["allowed_actions"], json!(["clear"]));
    let told = told(&scene.emergency().await);
    assert_eq!(told[1], ("emergency.on_scene".to_owned(), json!(true)));
    scene.step(&scene.crew, "cancel", 409).await;
    let audit = service.administrator().await.get("/v1/admin/audit?limit=100").await.expect(200);
    let deeds = audit["items"].as_array().unwrap();
    let deed = deeds.iter().find(|deed| deed["action"] == "emergency.on_scene").unwrap();
    assert_eq!(deed["actor"]["role"], "dispatcher");
}

#[apply(every_store)]
#[actix_web::test]
async fn only_the_crew_and_the_holder_have_a_say(#[case] store: Store) {
    let service = store.service().await;
    let scene = Scene::open(&service).await;
    let (other_crew, _) = responder(&service, "other-crew", "fire").await;
    let colleague = service.staff("colleague", Role::Dispatcher, "fire").await;
    let police = service.staff("police-desk", Role::Dispatcher, "police").await;
    let steps = ["acknowledge", "decline", "en-route", "on-scene", "clear", "cancel"];
    for step in steps {
        assert_eq!(scene.step(&other_crew, step, 404).await["code"], "not_found");
        scene.step(&police, step, 404).await;
        let refused = scene.step(&colleague, step, 409).await;
        assert_eq!(
            (&refused["code"], &refused["holder"]["username"]),
            (&json!("not_holder"), &json!("holder"))
        );
    }
    other_crew.get(&scene.sent).await.expect(404);
    assert_eq!(other_crew.get(SENT).await.expect(200)["items"], json!([]));
    assert_eq!(scene.emergency().await["dispatches"][0]["status"], "assigned");
    let send = json!({ "unit_id": scene.unit });
    colleague.post(&format!("{}/dispatches", scene.desk), send.clone()).await.expect(409);
    scene.crew.post(&format!("{}/dispatches", scene.desk), send).await.expect(403);
    scene.crew.get(&scene.desk).await.expect(403);
}

#[apply(every_store)]
#[actix_web::test]
async fn declined_or_called_back_the_emergency_is_with_its_holder(#[case] store: Store) {
    let service = store.service().await;
    let scene = Scene::open(&service).await;
    let reason = json!({ "reason": "Hỏng xe" });
    let declined = scene.crew.post(&format!("{}/decline", scene.sent), reason).await.expect(200);
    assert_eq!((&declined["status"], &declined["reason"]), (&json!("declined"), &json!("Hỏng xe")));
    assert_eq!(scene.emergency().await["status"], "claimed");
    let dispatches = format!("{}/dispatches", scene.desk);
    let again = scene.holder.post(&dispatches, json!({ "unit_id": scene.unit })).await.expect(201);
    let again = format!("{SENT}/{}", again["id"].as_str().unwrap());
    let back = scene.holder.post(&format!("{again}/cancel"), json!({})).await.expect(200);
    assert_eq!(back["status"], "cancelled");
    scene.crew.post(&format!("{again}/en-route"), json!({})).await.expect(409);
    let emergency = scene.emergency().await;
    assert_eq!(emergency["status"], "claimed");
    assert_eq!(emergency["dispatches"].as_array().unwrap().len(), 2);
}

#[apply(every_store)]
#[actix_web::test]
async fn when_the_emergency_ends_its_units_are_free(#[case] store: Store) {
    let service = store.service().await;
    let scene = Scene::open(&service).await;
    let second = on_shift(&service, "fire", "Xe 02", &[]).await;
    let dispatches = format!("{}/dispatches", scene.desk);
    scene.holder.post(&dispatches, json!({ "unit_id": second })).await.expect(201);
    scene.step(&scene.crew, "en-route", 200).await;
    let handled = json!({ "disposition": "handled" });
    let resolved = scene.holder.post(&format!("{}/resolve", scene.desk), handled).await;
    let resolved = resolved.expect(200);
    assert_eq!((&resolved["status"], &resolved["units"]), (&json!("resolved"), &json!([])));
    let emergency = scene.emergency().await;
    let ended: Vec<_> = emergency["dispatches"].as_array().unwrap().iter().collect();
    assert_eq!(
        (&ended[0]["status"], &ended[1]["status"]),
        (&json!("cleared"), &json!("cancelled"))
    );
    assert_eq!(scene.unit_status().await, "available");
    scene.step(&scene.crew, "on-scene", 409).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn a_dispatched_emergency_is_held_handed_over_and_given_back(#[case] store: Store) {
    let service = store.service().await;
    let scene = Scene::open(&service).await;
    let other = service.staff("colleague", Role::Dispatcher, "fire").await;
    let post = async |by: &Caller, action: &str, body: Value, status: u16| {
        by.post(&format!("{}/{action}", scene.desk), body).await.expect(status)
    };
    post(&scene.holder, "heartbeat", json!({}), 200).await;
    assert_eq!(post(&other, "claim", json!({}), 409).await["code"], "already_claimed");
    let taken = post(&other, "take-over", json!({ "reason": "Đổi ca" }), 200).await;
    assert_eq!(
        (&taken["status"], &taken["holder"]["username"]),
        (&json!("dispatched"), &json!("colleague"))
    );
    scene.step(&scene.holder, "en-route", 409).await;
    scene.step(&other, "en-route", 200).await;
    let given_back = post(&other, "release", json!({}), 200).await;
    assert_eq!(
        (&given_back["status"], &given_back["holder"]),
        (&json!("dispatched"), &Value::Null)
    );
    assert_eq!(given_back["allowed_actions"], json!(["claim", "set_priority", "correct"]));
    let refused = post(&scene.holder, "resolve", json!({ "disposition": "handled" }), 409).await;
    assert_eq!(refused["code"], "not_holder");
    scene.step(&scene.crew, "clear", 200).await;
    assert_eq!(
        scene.emergency().await["status"],
        "received",
        "nobody holds it, and nobody is there"
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn two_send_the_same_unit_and_one_wins(#[case] store: Store) {
    let service = store.service().await;
    for round in 0..5 {
        let unit = on_shift(&service, "fire", &format!("Xe {round}"), &[]).await;
        let mut sends = Vec::new();
        for name in ["hoa", "minh", "tuan"] {
            let holder = service.staff(name, Role::Dispatcher, "fire").await;
            let desk = claimed(&service, &holder, json!({ "kind": "fire" })).await;
            sends.push((holder, format!("{desk}/dispatches")));
        }
        let body = json!({ "unit_id": unit });
        let answers = join_all(sends.iter().map(|(by, path)| by.post(path, body.clone()))).await;
        let mut won = Vec::new();
        for (answer, (by, path)) in answers.into_iter().zip(&sends) {
            let status = answer.status();
            let desk = by.get(path.trim_end_matches("/dispatches")).await.expect(200);
            if status == 201 {
                won.push(answer.expect(201)["id"].clone());
                assert_eq!(desk["status"], "dispatched");
            } else {
                let refused = answer.expect(409);
                assert_eq!(refused["code"], "unit_busy");
                assert!(refused["dispatch"]["id"].is_string());
                assert_eq!(desk["status"], "claimed", "who lost has sent nobody");
            }
        }
        assert_eq!(won.len(), 1, "round {round}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_busy_unit_goes_elsewhere_only_by_force(#[case] store: Store) {
    let service = store.service().await;
    let scene = Scene::open(&service).await;
    let desk = claimed(&service, &scene.holder, json!({ "kind": "fire" })).await;
    let send = async |desk: &str, body: Value, status: u16| {
        scene.holder.post(&format!("{desk}/dispatches"), body).await.expect(status)
    };
    let body = json!({ "unit_id": scene.unit });
    assert_eq!(send(&desk, body.clone(), 409).await["code"], "unit_busy");
    let forced = json!({ "unit_id": scene.unit, "force": true });
    send(&scene.desk, forced.clone(), 409).await;
    assert_eq!(send(&desk, forced, 201).await["forced"], true);
    let third = claimed(&service, &scene.holder, json!({ "kind": "fire" })).await;
    send(&third, body, 409).await;
    let idle = on_shift(&service, "fire", "Xe 02", &[]).await;
    let shift = format!("{UNITS}/{idle}/shift");
    scene.holder.put(&shift, json!({ "on": false })).await.expect(200);
    assert_eq!(send(&third, json!({ "unit_id": idle }), 409).await["code"], "unit_off_shift");
    let medical = on_shift(&service, "medical", "Xe cứu thương", &[]).await;
    let refused = send(&third, json!({ "unit_id": medical }), 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/unit_id");
    send(&third, json!({ "unit_id": idle, "force": true }), 201).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn a_dispatch_sent_again_is_the_same_one(#[case] store: Store) {
    let service = store.service().await;
    let holder = service.staff("holder", Role::Dispatcher, "fire").await;
    let unit = on_shift(&service, "fire", "Xe 01", &[]).await;
    let desk = claimed(&service, &holder, json!({ "kind": "fire" })).await;
    let again = holder.with("Idempotency-Key", "one");
    let path = format!("{desk}/dispatches");
    let first = again.post(&path, json!({ "unit_id": unit })).await.expect(201);
    assert_eq!(again.post(&path, json!({ "unit_id": unit })).await.expect(201), first);
    let other = json!({ "unit_id": unit, "force": true });
    assert_eq!(again.post(&path, other).await.expect(422)["code"], "idempotency_key_reused");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_caller_sees_help_come(#[case] store: Store) {
    let service = store.service().await;
    let holder = service.staff("holder", Role::Dispatcher, "fire").await;
    let (crew, crew_id) = responder(&service, "crew", "fire").await;
    let unit = on_shift(&service, "fire", "Xe 01", &[&crew_id]).await;
    let call = json!({ "kind": "fire", "location": { "lat": 21.6, "lon": 105.8 } });
    let raised = service.anonymous().post("/v1/emergencies", call).await.expect(201);
    let mine = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let id = raised["id"].as_str().unwrap();
    let (own, desk) = (format!("/v1/emergencies/{id}"), format!("/v1/dispatch/emergencies/{id}"));
    let progress = async || mine.get(&own).await.expect(200);
    assert_eq!(progress().await["progress"], "received");
    holder.post(&format!("{desk}/claim"), json!({})).await.expect(200);
    let seen = progress().await;
    assert_eq!((&seen["progress"], &seen["help"]), (&json!("seen"), &Value::Null));
    let sent = holder.post(&format!("{desk}/dispatches"), json!({ "unit_id": unit })).await;
    let sent = format!("{SENT}/{}", sent.expect(201)["id"].as_str().unwrap());
    let assigned = progress().await;
    assert_eq!(
        (&assigned["status"], &assigned["progress"]),
        (&json!("dispatched"), &json!("assigned"))
    );
    assert_eq!(assigned["next_update_s"], 15);
    assert_eq!(
        (&assigned["help"]["unit"], &assigned["help"]["eta"]),
        (&json!("Xe 01"), &Value::Null)
    );

    crew.post(&format!("{sent}/en-route"), json!({})).await.expect(200);
    assert_eq!(progress().await["help"]["eta"], Value::Null, "nobody knows where it is");
    let place = json!({ "lat": 21.65, "lon": 105.8 });
    crew.post(&format!("{UNITS}/{unit}/location"), place).await.expect(200);
    service.clock.advance(TimeDelta::seconds(30));
    let coming = progress().await;
    assert_eq!(
        (&coming["progress"], &coming["status_text"]),
        (&json!("on_the_way"), &json!("Lực lượng hỗ trợ đang trên đường đến"))
    );
    let eta = &coming["help"]["eta"];
    assert_eq!(
        (&eta["straight_line_m"], &eta["travel_estimate_s"]),
        (&json!(5560.0), &json!(801.0))
    );
    assert_eq!(
        (&eta["position_age_s"], &eta["basis"]),
        (&json!(30), &json!("straight_line_times_road_factor"))
    );
    crew.post(&format!("{sent}/on-scene"), json!({})).await.expect(200);
    let there = progress().await;
    assert_eq!((&there["progress"], &there["help"]["eta"]), (&json!("arrived"), &Value::Null));
    holder.post(&format!("{desk}/resolve"), json!({ "disposition": "handled" })).await.expect(200);
    let over = progress().await;
    assert_eq!(
        (&over["progress"], &over["help"], &over["next_update_s"]),
        (&json!("finished"), &Value::Null, &Value::Null)
    );
    let types: Vec<_> =
        over["timeline"].as_array().unwrap().iter().map(|e| e["type"].clone()).collect();
    assert!(types.contains(&json!("emergency.on_scene")), "{types:?}");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_crew_is_not_told_to_ring_a_silent_caller(#[case] store: Store) {
    let service = store.service().await;
    let holder = service.staff("holder", Role::Dispatcher, "police").await;
    let (crew, crew_id) = responder(&service, "crew", "police").await;
    let unit = on_shift(&service, "police", "Tổ 1", &[&crew_id]).await;
    let call = json!({ "kind": "police", "silent": true, "phone": "0912345678" });
    let desk = claimed(&service, &holder, call).await;
    holder.post(&format!("{desk}/dispatches"), json!({ "unit_id": unit })).await.expect(201);
    let own = crew.get(SENT).await.expect(200)["items"][0]["emergency"].clone();
    assert_eq!((&own["silent"], &own["phone"]), (&json!(true), &Value::Null));
    assert!(own.get("caller").is_none() && own.get("medical_card").is_none());
}
