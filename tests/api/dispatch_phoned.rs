//! Calls that reach a dispatcher over the telephone, and what they put right.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const DESK: &str = "/v1/dispatch/emergencies";

fn at(id: &Value) -> String {
    format!("{DESK}/{}", id.as_str().unwrap())
}

#[apply(every_store)]
#[actix_web::test]
async fn a_call_over_the_telephone_is_a_call_as_any_other(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let call = json!({
        "kind": "fire", "note": "Cha\u{301}y kho ha\u{300}ng", "phone": "0208 3855 123", "people": 2,
        "location": { "lat": 21.5928, "lon": 105.8442 }, "landmark": "sau chợ",
        "on_behalf_of": { "name": "Bà Lan" },
    });
    let taken = dispatcher.post(DESK, call).await.expect(201);
    assert_eq!((&taken["status"], &taken["agency"]), (&json!("received"), &json!("fire")));
    assert_eq!(
        (&taken["note"], &taken["commune_code"]),
        (&json!("Cháy kho hàng"), &json!("05443"))
    );
    assert_eq!(taken["phone"], "••••••••••123", "masked as in the queue");
    assert!(taken["receipt"].as_str().unwrap().parse::<domain::emergency::Receipt>().is_ok());
    let opened = dispatcher.get(&at(&taken["id"])).await.expect(200);
    assert_eq!(opened["caller"]["phone"], "0208 3855 123");
    assert_eq!(opened["on_behalf_of"]["name"], "Bà Lan");
    assert_eq!(opened["timeline"][0]["type"], "emergency.received");
    let queue = dispatcher.get(DESK).await.expect(200);
    assert_eq!(queue["items"][0]["taken_by"], taken["taken_by"]);
    assert!(taken["taken_by"].is_string());
    let audit = service.staff("auditor", Role::Auditor, "province").await;
    let audit = audit.get("/v1/admin/audit?limit=100").await.expect(200);
    assert!(audit.to_string().contains("emergency.phoned_in"), "{audit}");
    dispatcher.post(DESK, json!({})).await.expect(201);
}

#[apply(every_store)]
#[actix_web::test]
async fn it_is_held_by_whoever_says_so(#[case] store: Store) {
    let service = store.service().await;
    let police = service.staff("police", Role::Dispatcher, "police").await;
    let own = json!({ "kind": "police", "claim": true });
    let held = police.post(DESK, own).await.expect(201);
    assert_eq!((&held["status"], &held["agency"]), (&json!("claimed"), &json!("police")));
    assert_eq!(held["holder"]["username"], "police");
    let anothers = json!({ "kind": "fire", "claim": true });
    let held = police.post(DESK, anothers).await.expect(201);
    assert_eq!((&held["kind"], &held["agency"]), (&json!("fire"), &json!("police")));
    let handed = json!({ "agency_id": "fire" });
    police.post(&format!("{}/transfers", at(&held["id"])), handed).await.expect(201);
    let left = police.post(DESK, json!({ "kind": "fire" })).await.expect(201);
    assert_eq!((&left["agency"], &left["allowed_actions"]), (&json!("fire"), &json!([])));
    police.get(&at(&left["id"])).await.expect(404);
    let fire = service.staff("fire", Role::Dispatcher, "fire").await;
    fire.post(&format!("{}/claim", at(&left["id"])), json!({})).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn taken_down_again_it_is_the_same_call(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let id = "0193f000-0000-7000-8000-0000000000ca";
    let call = json!({ "id": id, "kind": "medical", "claim": true });
    let first = dispatcher.post(DESK, call.clone()).await.expect(201);
    assert_eq!(dispatcher.post(DESK, call).await.expect(201)["version"], first["version"]);
    let keyed = dispatcher.with("Idempotency-Key", "phone-1");
    let one = keyed.post(DESK, json!({ "note": "Ngã" })).await.expect(201);
    assert_eq!(keyed.post(DESK, json!({ "note": "Ngã" })).await.expect(201)["id"], one["id"]);
    let reused = keyed.post(DESK, json!({ "note": "Khác" })).await.expect(422);
    assert_eq!(reused["code"], "idempotency_key_reused");
    let queue = dispatcher.get(DESK).await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 2);

    let stranger = service.anonymous().put(&format!("{CALLS}/{id}"), json!({ "note": "x" })).await;
    assert_eq!(
        stranger.expect(200)["token"],
        Value::Null,
        "a telephone call is nobody's by its id"
    );
    let own = service.anonymous().post(CALLS, json!({ "kind": "fire" })).await.expect(201);
    let taken = dispatcher.post(DESK, json!({ "id": own["id"] })).await.expect(409);
    assert_eq!(taken["code"], "id_taken");
    let opened = dispatcher.get(&at(&own["id"])).await.expect(200);
    assert_eq!((&opened["overheard"], &opened["statements"]), (&json!(false), &json!([])));
}

#[apply(every_store)]
#[actix_web::test]
async fn what_makes_no_sense_is_refused_by_name(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    for (body, pointer) in [
        (json!({ "kind": "flood" }), "/kind"),
        (json!({ "phone": "1".repeat(41) }), "/phone"),
        (json!({ "location": { "lat": 91, "lon": 105 } }), "/location/lat"),
        (
            json!({ "location": { "lat": 21, "lon": 105, "accuracy_m": -1 } }),
            "/location/accuracy_m",
        ),
        (json!({ "commune_code": "99999" }), "/commune_code"),
        (json!({ "people": -1 }), "/people"),
        (json!({ "colour": "red" }), "/colour"),
    ] {
        let refused = dispatcher.post(DESK, body.clone()).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{body}");
    }
    let raised = service.anonymous().post(CALLS, json!({})).await.expect(201);
    let nothing = dispatcher.patch(&at(&raised["id"]), json!({})).await.expect(422);
    assert_eq!(nothing["errors"][0]["code"], "missing");
    service.anonymous().post(DESK, json!({})).await.expect(401);
    service.citizen("an").await.post(DESK, json!({})).await.expect(403);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_put_right_stands_and_what_was_said_stays_beside(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let call = json!({ "kind": "police", "phone": "0900000000", "note": "Đánh nhau",
        "location": { "lat": 21.50, "lon": 105.80, "accuracy_m": 30 } });
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    let path = at(&raised["id"]);
    let mine = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let found = json!({ "kind": "medical", "phone": "0912345678",
        "location": { "lat": 21.5928, "lon": 105.8442 }, "landmark": "Xóm 3" });
    let right = dispatcher.patch(&path, found.clone()).await.expect(200);
    assert_eq!((&right["kind"], &right["agency"]), (&json!("medical"), &json!("medical")));
    assert_eq!(
        (&right["location"]["lat"], &right["commune_code"]),
        (&json!(21.5928), &json!("05443"))
    );
    assert_eq!(right["location"]["source"], "manual");
    let again = dispatcher.patch(&path, found).await.expect(200);
    assert_eq!((&again["kind"], &again["landmark"]), (&right["kind"], &right["landmark"]));

    let told = json!({ "kind": "police", "phone": "0900000000", "people": 3,
        "location": { "lat": 21.51, "lon": 105.81 } });
    mine.put(&format!("{CALLS}/{}", raised["id"].as_str().unwrap()), told).await.expect(200);
    let opened = dispatcher.get(&path).await.expect(200);
    assert_eq!((&opened["kind"], &opened["people"]), (&json!("medical"), &json!(3)));
    assert_eq!(opened["location"]["lat"], 21.5928);
    assert_eq!(opened["caller"]["phone"], "0912345678");
    let trail = opened["locations"].as_array().unwrap();
    assert!(trail.iter().any(|fix| fix["lat"] == 21.51), "the phone is followed all the same");
    assert_eq!(opened["statements"][0]["said"]["kind"], "police");
    assert_eq!(opened["statements"][0]["said"]["phone"], "0900000000");
    assert_eq!(opened["statements"].as_array().unwrap().len(), 2);
    let changes = opened["corrections"][0]["changes"].as_array().unwrap();
    let kind = changes.iter().find(|change| change["field"] == "kind").unwrap();
    assert_eq!((&kind["before"], &kind["after"]), (&json!("police"), &json!("medical")));
    assert_eq!(opened["corrections"][0]["username"], "dispatcher");
    let types = opened["timeline"].as_array().unwrap().iter().map(|event| &event["type"]);
    assert!(types.clone().any(|kind| kind == "emergency.corrected"));
    let timeline = opened["timeline"].to_string();
    assert!(!timeline.contains("0912345678") && !timeline.contains("Xóm 3"), "{timeline}");
}

#[apply(every_store)]
#[actix_web::test]
async fn it_is_put_right_by_its_holder_while_it_is_open(#[case] store: Store) {
    let service = store.service().await;
    let an = service.staff("an", Role::Dispatcher, "fire").await;
    let binh = service.staff("binh", Role::Dispatcher, "fire").await;
    let medical = service.staff("medical", Role::Dispatcher, "medical").await;
    let raised = service.anonymous().post(CALLS, json!({ "kind": "fire" })).await.expect(201);
    let path = at(&raised["id"]);
    medical.patch(&path, json!({ "kind": "medical" })).await.expect(404);
    an.post(&format!("{path}/claim"), json!({})).await.expect(200);
    let refused = binh.patch(&path, json!({ "people": 4 })).await.expect(409);
    assert_eq!(
        (&refused["code"], &refused["holder"]["username"]),
        (&json!("not_holder"), &json!("an"))
    );
    let kept = an.patch(&path, json!({ "kind": "medical" })).await.expect(200);
    assert_eq!((&kept["kind"], &kept["agency"]), (&json!("medical"), &json!("fire")));
    assert!(kept["allowed_actions"].as_array().unwrap().contains(&json!("correct")));
    let done = json!({ "disposition": "handled" });
    an.post(&format!("{path}/resolve"), done).await.expect(200);
    let late = an.patch(&path, json!({ "people": 4 })).await.expect(409);
    assert_eq!(late["code"], "action_not_allowed");
}

#[apply(every_store)]
#[actix_web::test]
async fn two_reports_of_one_thing_are_linked_however_they_came(#[case] store: Store) {
    let service: Service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let call = json!({ "kind": "fire", "phone": "0912345678" });
    let one = service.anonymous().post(CALLS, call.clone()).await.expect(201);
    let other = dispatcher.post(DESK, call).await.expect(201);
    let queue = dispatcher.get(DESK).await.expect(200);
    let first = queue["items"].as_array().unwrap().iter().find(|item| item["id"] == one["id"]);
    assert_eq!(first.unwrap()["possible_duplicates"], json!([other["id"]]));
}
