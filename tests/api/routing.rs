//! Who answers for a call: by its place and its kind, and always somebody.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const AGENCIES: &str = "/v1/admin/agencies";
const CALLS: &str = "/v1/emergencies";
const QUEUE: &str = "/v1/dispatch/emergencies";

/// In the ward 05443, in another one, and in Hà Nội.
const WARD: [f64; 2] = [21.5928, 105.8442];
const FAR: [f64; 2] = [21.03, 105.85];

/// Adds a fire station for the ward 05443 below the fire service.
async fn station(service: &Service) -> Caller {
    let station = json!({ "code": "fire-center", "parent": "fire", "name": "Đội chữa cháy trung tâm",
        "kind": "emergency_centre", "communes": ["05443"] });
    let added = service.administrator().await.post(AGENCIES, station).await.expect(201);
    assert_eq!(added["kinds"], json!(["fire"]), "as the agency above");
    service.staff("station", Role::Dispatcher, "fire-center").await
}

/// Changes the agency `code` as an administrator.
async fn change(service: &Service, code: &str, change: Value) -> Value {
    let (path, by) = (format!("{AGENCIES}/{code}"), service.administrator().await);
    let seen = by.get(&path).await;
    by.with("If-Match", seen.header("etag")).patch(&path, change).await.expect(200)
}

fn located(kind: &str, [lat, lon]: [f64; 2]) -> Value {
    json!({ "kind": kind, "location": { "lat": lat, "lon": lon } })
}

/// Raises `call`: its caller, and where dispatchers find it.
async fn raise(service: &Service, call: Value) -> (Caller, String) {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    let caller = service.anonymous().bearing(raised["token"].as_str().unwrap());
    (caller, raised["id"].as_str().unwrap().to_owned())
}

/// Who answers for the call `id`, and why.
async fn route(service: &Service, id: &str) -> (String, String) {
    let opened = service.dispatcher().await.get(&format!("{QUEUE}/{id}")).await.expect(200);
    let text = |field: &str| opened[field].as_str().unwrap().to_owned();
    (text("agency"), text("routed_by"))
}

fn by(agency: &str, reason: &str) -> (String, String) {
    (agency.to_owned(), reason.to_owned())
}

#[apply(every_store)]
#[actix_web::test]
async fn every_call_goes_to_whoever_answers_for_its_place_and_kind(#[case] store: Store) {
    let service = store.service().await;
    station(&service).await;
    let unmapped = json!({ "kind": "fire", "commune_code": "99999" });
    let in_words = json!({ "kind": "fire", "landmark": "Sau chợ, phường Phan Đình Phùng" });
    let inside = json!({ "kind": "fire", "on_behalf_of": { "location": { "lat": 21.5928,
        "lon": 105.8442 } }, "location": { "lat": 21.03, "lon": 105.85 } });
    for (call, agency, reason) in [
        (located("fire", WARD), "fire-center", "commune"),
        (located("police", WARD), "police", "commune"),
        (json!({ "kind": "fire", "commune_code": "05443" }), "fire-center", "commune"),
        (json!({ "kind": "fire", "commune_code": "05500" }), "fire", "commune"),
        (in_words, "fire-center", "commune"),
        (located("medical", FAR), "medical", "nearest"),
        (unmapped, "fire", "kind"),
        (json!({ "kind": "rescue" }), "rescue", "kind"),
        (json!({}), "desk", "desk"),
        (json!({ "location": { "lat": 21.5928, "lon": 105.8442 } }), "desk", "desk"),
        (json!({ "kind": "other", "commune_code": "05443" }), "desk", "desk"),
        (inside, "fire-center", "commune"),
    ] {
        let (_, id) = raise(&service, call.clone()).await;
        assert_eq!(route(&service, &id).await, by(agency, reason), "{call}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_station_sees_what_comes_from_its_area_and_no_more(#[case] store: Store) {
    let service = store.service().await;
    let station = station(&service).await;
    let fire = service.staff("fire", Role::Dispatcher, "fire").await;
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let (_, own) = raise(&service, located("fire", WARD)).await;
    let (_, other) =
        raise(&service, json!({ "kind": "fire", "commune_code": "05500", "note": "khác" })).await;
    let ids = async |caller: &Caller| {
        let queue = caller.get(QUEUE).await.expect(200);
        let items = queue["items"].as_array().unwrap().clone();
        let mut ids: Vec<_> =
            items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    let mut both = vec![own.clone(), other.clone()];
    both.sort();
    assert_eq!(ids(&station).await, std::slice::from_ref(&own));
    assert_eq!(ids(&fire).await, both, "the service above sees its stations");
    assert_eq!(ids(&police).await, [""; 0]);
    for (caller, id) in [(&station, &other), (&police, &own)] {
        assert_eq!(caller.get(&format!("{QUEUE}/{id}")).await.expect(404)["code"], "not_found");
        let claim = format!("{QUEUE}/{id}/claim");
        assert_eq!(caller.post(&claim, json!({})).await.expect(404)["code"], "not_found");
    }
    station.post(&format!("{QUEUE}/{own}/claim"), json!({})).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_place_that_becomes_known_decides_anew(#[case] store: Store) {
    let service = store.service().await;
    let station = station(&service).await;
    let (caller, id) = raise(&service, json!({ "kind": "fire" })).await;
    assert_eq!(route(&service, &id).await, by("fire", "kind"));
    let told = async |[lat, lon]: [f64; 2]| {
        let place = json!({ "lat": lat, "lon": lon });
        caller.post(&format!("{CALLS}/{id}/locations"), place).await.expect(200);
    };
    told(WARD).await;
    assert_eq!(route(&service, &id).await, by("fire-center", "commune"));
    let opened = station.get(&format!("{QUEUE}/{id}")).await.expect(200);
    assert_eq!(opened["commune_code"], "05443");
    let types: Vec<_> =
        opened["timeline"].as_array().unwrap().iter().map(|event| &event["type"]).collect();
    assert_eq!(types, ["emergency.received", "emergency.updated", "emergency.received"]);
    assert_eq!(opened["timeline"][2]["data"]["routed_by"], "commune");
    let fed = station.get("/v1/dispatch/events?types=emergency.received&wait_s=20").await;
    assert_eq!(fed.expect(200)["items"][0]["routed_by"], "commune");

    let act = async |by: &Caller, action: &str, body: Value| {
        by.post(&format!("{QUEUE}/{id}/{action}"), body).await.expect(200)
    };
    act(&station, "claim", json!({})).await;
    service.clock.advance(chrono::TimeDelta::seconds(10));
    caller.put(&format!("{CALLS}/{id}"), json!({ "commune_code": "05500" })).await.expect(200);
    assert_eq!(route(&service, &id).await.0, "fire-center", "its holder keeps sight of it");
    act(&station, "release", json!({})).await;
    assert_eq!(route(&service, &id).await, by("fire", "commune"), "the place is another by now");
}

#[apply(every_store)]
#[actix_web::test]
async fn what_a_dispatcher_puts_right_goes_as_what_comes(#[case] store: Store) {
    let service = store.service().await;
    let station = station(&service).await;
    let dispatcher = service.dispatcher().await;
    let put_right = async |id: &str, found: Value| {
        dispatcher.patch(&format!("{QUEUE}/{id}"), found).await.expect(200)
    };
    let act = async |id: &str, action: &str| {
        dispatcher.post(&format!("{QUEUE}/{id}/{action}"), json!({})).await.expect(200)
    };
    let place = |[lat, lon]: [f64; 2]| json!({ "location": { "lat": lat, "lon": lon } });
    let (_, id) = raise(&service, located("police", WARD)).await;
    put_right(&id, json!({ "kind": "fire" })).await;
    assert_eq!(route(&service, &id).await, by("fire-center", "commune"), "not by its kind alone");
    station.get(&format!("{QUEUE}/{id}")).await.expect(200);
    put_right(&id, place(FAR)).await;
    assert_eq!(route(&service, &id).await, by("fire", "nearest"), "it is in no commune");
    act(&id, "claim").await;
    put_right(&id, json!({ "kind": "medical" })).await;
    assert_eq!(route(&service, &id).await.0, "fire", "its holder keeps sight of it");
    act(&id, "release").await;
    assert_eq!(route(&service, &id).await, by("medical", "nearest"));

    let elsewhere = json!({ "kind": "fire", "commune_code": "05500" });
    let (caller, id) = raise(&service, elsewhere.clone()).await;
    act(&id, "claim").await;
    put_right(&id, place(WARD)).await;
    act(&id, "release").await;
    assert_eq!(route(&service, &id).await, by("fire-center", "commune"));
    let again = json!({ "kind": "fire", "commune_code": "05500", "people": 2 });
    caller.put(&format!("{CALLS}/{id}"), again).await.expect(200);
    assert_eq!(route(&service, &id).await, by("fire-center", "commune"), "it was found out");
}

#[apply(every_store)]
#[actix_web::test]
async fn what_a_person_took_over_no_rule_moves(#[case] store: Store) {
    let service = store.service().await;
    let station = station(&service).await;
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let (caller, id) = raise(&service, located("fire", WARD)).await;
    let post = async |by: &Caller, action: &str, body: Value, status: u16| {
        by.post(&format!("{QUEUE}/{id}/{action}"), body).await.expect(status)
    };
    post(&station, "claim", json!({}), 200).await;
    let offer = post(&station, "transfers", json!({ "agency_id": "police" }), 201).await;
    let accept = format!("transfers/{}/accept", offer["id"].as_str().unwrap());
    post(&police, &accept, json!({}), 200).await;
    post(&police, "release", json!({}), 200).await;
    assert_eq!(route(&service, &id).await, by("police", "transfer"));
    caller.put(&format!("{CALLS}/{id}"), json!({ "kind": "medical" })).await.expect(200);
    let place = json!({ "lat": FAR[0], "lon": FAR[1] });
    caller.post(&format!("{CALLS}/{id}/locations"), place).await.expect(200);
    assert_eq!(route(&service, &id).await, by("police", "transfer"));
}

#[apply(every_store)]
#[actix_web::test]
async fn administrators_say_who_answers_what(#[case] store: Store) {
    let service = store.service().await;
    let shown = service.administrator().await.get(&format!("{AGENCIES}/desk")).await.expect(200);
    assert_eq!(shown["kinds"], json!(["other"]));
    let both = json!({ "kinds": ["rescue", "fire", "fire"] });
    assert_eq!(change(&service, "rescue", both).await["kinds"], json!(["fire", "rescue"]));
    assert_eq!(change(&service, "fire", json!({ "kinds": [] })).await["kinds"], json!([]));
    let (_, id) = raise(&service, located("fire", WARD)).await;
    assert_eq!(route(&service, &id).await, by("rescue", "commune"));
    change(&service, "rescue", json!({ "kinds": ["rescue"] })).await;
    let (_, nobody) = raise(&service, located("fire", WARD)).await;
    assert_eq!(route(&service, &nobody).await, by("desk", "desk"), "never an error");
    let ward = json!({ "kinds": ["fire"] });
    change(&service, "commune-05443", ward).await;
    let (_, id) = raise(&service, located("fire", WARD)).await;
    assert_eq!(route(&service, &id).await, by("commune-05443", "commune"));
    let (_, far) = raise(&service, located("fire", FAR)).await;
    assert_eq!(route(&service, &far).await, by("commune-05443", "nearest"));
    let path = format!("{AGENCIES}/police");
    let administrator = service.administrator().await;
    let seen = administrator.get(&path).await;
    let informed = administrator.with("If-Match", seen.header("etag"));
    let refused = informed.patch(&path, json!({ "kinds": ["flood"] })).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/kinds/0");
}
