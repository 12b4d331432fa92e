//! Units: kept by the centre, on shift and off, and where they are.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

pub(crate) const UNITS: &str = "/v1/dispatch/units";

/// Whoever keeps the units of `agency`.
pub(crate) async fn chief(service: &Service, agency: &str) -> Caller {
    service.staff(&format!("chief-{agency}"), Role::AgencyManager, agency).await
}

/// A responder of `agency` who has signed in, and the id of their account.
pub(crate) async fn responder(service: &Service, name: &str, agency: &str) -> (Caller, String) {
    let caller = service.staff(name, Role::Responder, agency).await;
    let staff = service.administrator().await.get("/v1/admin/staff?limit=100").await.expect(200);
    let staff = staff["items"].as_array().unwrap().clone();
    let own = staff.iter().find(|member| member["username"] == name).unwrap();
    (caller, own["id"].as_str().unwrap().to_owned())
}

/// The id of a new unit of `agency` with this crew, on shift.
pub(crate) async fn on_shift(service: &Service, agency: &str, name: &str, crew: &[&str]) -> String {
    let chief = chief(service, agency).await;
    let unit = chief.post(UNITS, json!({ "name": name, "crew": crew })).await.expect(201);
    let id = unit["id"].as_str().unwrap().to_owned();
    chief.put(&format!("{UNITS}/{id}/shift"), json!({ "on": true })).await.expect(200);
    id
}

/// Raises `call`, and has `holder` claim it. Where dispatchers find it.
pub(crate) async fn claimed(service: &Service, holder: &Caller, call: Value) -> String {
    let raised = service.anonymous().post("/v1/emergencies", call).await.expect(201);
    let desk = format!("/v1/dispatch/emergencies/{}", raised["id"].as_str().unwrap());
    holder.post(&format!("{desk}/claim"), json!({})).await.expect(200);
    desk
}

#[apply(every_store)]
#[actix_web::test]
async fn a_unit_is_kept_by_its_centre(#[case] store: Store) {
    let service = store.service().await;
    let chief = chief(&service, "fire").await;
    let (lan, lan_id) = responder(&service, "lan", "fire").await;
    let (_, minh_id) = responder(&service, "minh", "fire").await;
    let new = json!({ "name": " Xe  chữa cháy 01 ", "capabilities": ["ladder", "fire_engine", "ladder"],
        "crew": [lan_id, lan_id], "duty_phone": "0912 345 678", "labels": { "en_route": "Đang chạy" } });
    let unit = chief.post(UNITS, new).await.expect(201);
    assert_eq!((&unit["name"], &unit["status"]), (&json!("Xe chữa cháy 01"), &json!("off_shift")));
    assert_eq!(unit["agency"], "fire");
    assert_eq!(unit["crew"], json!([{ "staff_id": lan_id, "username": "lan" }]));
    assert_eq!(unit["duty_phone"], "+84912345678");
    let engine = json!({ "code": "fire_engine", "name": "Xe chữa cháy" });
    assert_eq!(unit["capabilities"][0], engine);
    let path = format!("{UNITS}/{}", unit["id"].as_str().unwrap());

    chief.patch(&path, json!({ "name": "Xe 02" })).await.expect(428);
    let seen = chief.with("If-Match", "\"1\"");
    let changed = seen.patch(&path, json!({ "crew": [minh_id], "duty_phone": null })).await;
    assert_eq!(changed.header("etag"), "\"2\"");
    let changed = changed.expect(200);
    assert_eq!(changed["crew"][0]["username"], "minh");
    assert_eq!((&changed["name"], &changed["duty_phone"]), (&unit["name"], &Value::Null));
    seen.patch(&path, json!({ "name": "Xe 03" })).await.expect(412);
    lan.get(&path).await.expect(404);

    let seen = chief.with("If-Match", "\"2\"");
    seen.patch(&path, json!({ "retired": true })).await.expect(200);
    assert_eq!(chief.get(UNITS).await.expect(200)["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_unit_that_makes_no_sense_is_refused(#[case] store: Store) {
    let service = store.service().await;
    let chief = chief(&service, "fire").await;
    let (_, stranger) = responder(&service, "stranger", "medical").await;
    let officer = service.staff("officer-fire", Role::Officer, "fire").await;
    let officer = officer.get("/v1/desk/feedback").await;
    officer.expect(200);
    for (body, pointer) in [
        (json!({}), "/name"),
        (json!({ "name": " " }), "/name"),
        (json!({ "name": "Xe", "capabilities": ["helicopter"] }), "/capabilities/0"),
        (json!({ "name": "Xe", "crew": [stranger] }), "/crew/0"),
        (json!({ "name": "Xe", "crew": ["0193572a-0000-7000-8000-000000000000"] }), "/crew/0"),
        (json!({ "name": "Xe", "duty_phone": "114" }), "/duty_phone"),
        (json!({ "name": "Xe", "labels": { "en_route": "" } }), "/labels/en_route"),
        (json!({ "name": "Xe", "x": 1 }), "/x"),
    ] {
        let refused = chief.post(UNITS, body.clone()).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{body}");
    }
    chief.post(UNITS, json!({ "name": "Xe", "agency": "police" })).await.expect(403);
    let dispatcher = service.staff("fire-desk", Role::Dispatcher, "fire").await;
    dispatcher.post(UNITS, json!({ "name": "Xe" })).await.expect(403);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_crew_goes_on_shift_and_off(#[case] store: Store) {
    let service = store.service().await;
    let (lan, lan_id) = responder(&service, "lan", "fire").await;
    let (other, _) = responder(&service, "other", "fire").await;
    let chief = chief(&service, "fire").await;
    let new = json!({ "name": "Xe 01", "crew": [lan_id], "labels": { "available": "Sẵn sàng" } });
    let unit = chief.post(UNITS, new).await.expect(201);
    let path = format!("{UNITS}/{}", unit["id"].as_str().unwrap());
    let shift = format!("{path}/shift");
    other.put(&shift, json!({ "on": true })).await.expect(404);
    let on = lan.put(&shift, json!({ "on": true })).await.expect(200);
    assert_eq!((&on["status"], &on["status_label"]), (&json!("available"), &json!("Sẵn sàng")));
    service.clock.advance(TimeDelta::seconds(60));
    let again = lan.put(&shift, json!({ "on": true })).await.expect(200);
    assert_eq!(again["on_shift_since"], on["on_shift_since"]);
    assert_eq!(lan.get(UNITS).await.expect(200)["items"][0]["id"], unit["id"]);
    assert_eq!(other.get(UNITS).await.expect(200)["items"], json!([]));
    let dispatcher = service.staff("fire-desk", Role::Dispatcher, "fire").await;
    let off = dispatcher.put(&shift, json!({ "on": false })).await.expect(200);
    assert_eq!((&off["status"], &off["on_shift_since"]), (&json!("off_shift"), &Value::Null));
}

#[apply(every_store)]
#[actix_web::test]
async fn the_newest_position_by_time_counts(#[case] store: Store) {
    let service = store.service().await;
    let (lan, lan_id) = responder(&service, "lan", "fire").await;
    let unit = on_shift(&service, "fire", "Xe 01", &[&lan_id]).await;
    let path = format!("{UNITS}/{unit}");
    let told = async |body: Value| lan.post(&format!("{path}/location"), body).await;
    let place = |lat: f64, age_ms: u64| json!({ "lat": lat, "lon": 105.8, "age_ms": age_ms });
    let batch =
        json!({ "locations": [place(21.1, 9_000), place(21.3, 2_000), place(21.2, 5_000)] });
    assert_eq!(told(batch.clone()).await.expect(200)["newest"], true);
    assert_eq!(told(batch).await.expect(200)["newest"], false, "it was told before");
    assert_eq!(told(place(21.9, 60_000)).await.expect(200)["newest"], false, "it is late");
    let shown = lan.get(&path).await.expect(200);
    assert_eq!((&shown["position"]["lat"], &shown["position"]["age_s"]), (&json!(21.3), &json!(2)));
    assert_eq!(shown["position_stale"], false);
    service.clock.advance(TimeDelta::seconds(540));
    assert_eq!(told(place(21.4, 0)).await.expect(200)["newest"], true);
    let tag = lan.get(&path).await.header("etag").to_owned();
    assert_eq!(tag, "\"1\"", "moving about is no edit");
    for (body, pointer) in [
        (json!({}), "/lat"),
        (json!({ "lat": 21.5 }), "/lon"),
        (place(91.0, 0), "/lat"),
        (json!({ "locations": [] }), "/locations"),
        (json!({ "locations": [place(21.0, 0), { "lat": 21, "lon": 500 }] }), "/locations/1/lon"),
    ] {
        let refused = told(body).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let (stranger, _) = responder(&service, "stranger", "fire").await;
    stranger.post(&format!("{path}/location"), place(21.0, 0)).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_units_can_do_is_a_closed_list(#[case] store: Store) {
    let service = store.service().await;
    let english = service.dispatcher().await.with("Accept-Language", "en");
    let list = english.get("/v1/dispatch/capabilities").await.expect(200);
    assert_eq!(list["items"][0], json!({ "code": "ambulance", "name": "Ambulance" }));
    assert_eq!(list["items"].as_array().unwrap().len(), 11);
    assert_eq!(english.get(UNITS).await.expect(200)["items"], json!([]), "no unit is made up");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_best_unit_comes_first(#[case] store: Store) {
    let service = store.service().await;
    let unit = async |name: &str, capability: &str, lat: Option<f64>| {
        let chief = chief(&service, "fire").await;
        let body = json!({ "name": name, "capabilities": [capability] });
        let id = chief.post(UNITS, body).await.expect(201)["id"].as_str().unwrap().to_owned();
        chief.put(&format!("{UNITS}/{id}/shift"), json!({ "on": true })).await.expect(200);
        if let Some(lat) = lat {
            let place = json!({ "lat": lat, "lon": 105.8 });
            chief.post(&format!("{UNITS}/{id}/location"), place).await.expect(200);
        }
        id
    };
    unit("cũ", "fire_engine", Some(21.6)).await;
    service.clock.advance(TimeDelta::seconds(1801));
    let holder = service.staff("holder", Role::Dispatcher, "fire").await;
    unit("xa", "fire_engine", Some(21.7)).await;
    unit("gần", "ladder", Some(21.62)).await;
    unit("sai loại", "boat", Some(21.6)).await;
    unit("không rõ", "fire_engine", None).await;
    let idle = unit("nghỉ", "fire_engine", Some(21.6)).await;
    holder.put(&format!("{UNITS}/{idle}/shift"), json!({ "on": false })).await.expect(200);
    let busy = unit("bận", "fire_engine", Some(21.6)).await;
    let here = json!({ "kind": "fire", "location": { "lat": 21.6, "lon": 105.8 } });
    let elsewhere = claimed(&service, &holder, here.clone()).await;
    let send = json!({ "unit_id": busy });
    holder.post(&format!("{elsewhere}/dispatches"), send).await.expect(201);
    let desk = claimed(&service, &holder, here).await;
    let list = holder.get(&format!("{desk}/recommended-units")).await.expect(200);
    let items = list["items"].as_array().unwrap();
    let names: Vec<_> = items.iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["gần", "xa", "cũ", "không rõ", "sai loại", "bận", "nghỉ"]);
    assert_eq!(items[0]["straight_line_m"], 2224.0);
    assert_eq!(items[0]["travel_estimate_s"], 320.0);
    assert_eq!(items[0]["basis"], "straight_line_times_road_factor");
    assert_eq!((&items[0]["fits"], &items[4]["fits"]), (&json!(true), &json!(false)));
    let old = &items[2];
    assert_eq!((&old["position_stale"], &old["position_age_s"]), (&json!(true), &Value::Null));
    assert_eq!((&old["travel_estimate_s"], &old["straight_line_m"]), (&Value::Null, &Value::Null));
    let own = holder.get(&format!("{elsewhere}/recommended-units")).await.expect(200);
    let bound = own["items"].as_array().unwrap().iter().any(|item| item["name"] == "bận");
    assert!(!bound, "it goes there already");
}
