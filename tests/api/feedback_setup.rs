//! What administrators change while the service runs: what can be reported, and who gets it.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{HERE, but, codes, lamp, report, step},
    me_erasure::work,
};

const CATEGORIES: &str = "/v1/admin/feedback-categories";
const RULES: &str = "/v1/admin/feedback-rules";
const DRY_RUN: &str = "/v1/admin/feedback-rules/dry-run";

/// Scooters, in a group that is there.
fn scooters() -> Value {
    json!({
        "parent": "road", "name": { "vi": "Xe điện thuê", "en": "Rented scooters" },
        "deadline": { "working_days": 2 },
    })
}

async fn put(by: &Caller, code: &str, seen: u32, body: Value) -> Value {
    let by = by.with("If-Match", &format!("\"{seen}\""));
    by.put(&format!("{CATEGORIES}/{code}"), body).await.expect(200)
}

fn scooter(more: Value) -> Value {
    but(but(lamp(0.0), json!({ "category": "road.scooter", "attributes": {} })), more)
}

#[apply(every_store)]
#[actix_web::test]
async fn a_new_edition_counts_at_once_and_old_drafts_still_fit(#[case] store: Store) {
    let service = store.service().await;
    let (chief, anybody) = (service.administrator().await, service.anonymous());
    anybody.post("/v1/feedback", scooter(json!({}))).await.expect(422);
    assert_eq!(put(&chief, "road.scooter", 0, scooters()).await["version"], 1);
    let first = report(&anybody, scooter(json!({}))).await;
    assert_eq!(first["agency"], "commune-05443", "as its group says");

    let asked = json!([{ "code": "number", "name": { "vi": "Số xe", "en": "Number" },
        "datatype": "string", "required": true }]);
    let second = but(scooters(), json!({ "attributes": asked, "agency": "police" }));
    assert_eq!(put(&chief, "road.scooter", 1, second.clone()).await["version"], 2);
    let refused = anybody.post("/v1/feedback", scooter(json!({}))).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/attributes/number");
    let old = report(&anybody, scooter(json!({ "category_version": 1 }))).await;
    assert_eq!(old["agency"], "police", "who answers is as it is now");
    report(&anybody, scooter(json!({ "attributes": { "number": "7" } }))).await;
    let strange = scooter(json!({ "category_version": 9 }));
    let refused = anybody.post("/v1/feedback", strange).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/category_version");

    let shown = anybody.get("/v1/feedback-categories/road.scooter").await.expect(200);
    assert_eq!((&shown["version"], shown["versions"].as_array().unwrap().len()), (&json!(2), 2));
    assert_eq!(shown["versions"][0]["attributes"], json!([]));
    let list = anybody.get("/v1/feedback-categories").await.expect(200);
    assert!(codes(&list).contains(&"road.scooter"));
    let path = format!("{CATEGORIES}/road.scooter");
    let stale = chief.with("If-Match", "\"1\"").put(&path, second.clone()).await;
    assert_eq!((stale.status(), stale.header("etag")), (412, "\"2\""));

    let third = but(second, json!({ "photo_required": true }));
    assert_eq!(put(&chief, "road.scooter", 2, third).await["version"], 3);
    let without = scooter(json!({ "attributes": { "number": "7" } }));
    let refused = anybody.post("/v1/feedback", without.clone()).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/media_ids");
    report(&anybody, but(without, json!({ "category_version": 2 }))).await;
    report(&anybody, scooter(json!({ "category_version": 1 }))).await;
}

/// What is published already is blurred with its category, and stays so for whoever is erased.
#[apply(every_store)]
#[actix_web::test]
async fn what_hangs_is_blurred_once_its_category_is(#[case] store: Store) {
    let service = store.service().await;
    let (chief, an) = (service.administrator().await, service.citizen("an").await);
    put(&chief, "road.scooter", 0, scooters()).await;
    let filed = report(&an, scooter(json!({ "address": "Số 7" }))).await;
    let officer = service.officer().await;
    step(&officer, &filed["id"], "publish", json!({})).await.expect(200);
    let (public, stranger) =
        (format!("/v1/feedback/{}", filed["id"].as_str().unwrap()), service.anonymous());
    let shown = stranger.get(&public).await.expect(200);
    assert_eq!((&shown["location_blurred"], &shown["address"]), (&json!(false), &json!("Số 7")));

    put(&chief, "road.scooter", 1, but(scooters(), json!({ "blurred": true }))).await;
    let shown = stranger.get(&public).await.expect(200);
    assert_eq!((&shown["location_blurred"], &shown["address"]), (&json!(true), &Value::Null));
    assert_ne!(shown["location"]["lat"], HERE.0);
    let near = format!("/v1/feedback?near={},{}&radius_m=5", HERE.0, HERE.1);
    assert_eq!(stranger.get(&near).await.expect(200)["items"], json!([]));

    for name in ["accept", "assign"] {
        step(&officer, &filed["id"], name, json!({})).await.expect(200);
    }
    let answer = json!({ "answer": "Đã dọn." });
    step(&officer, &filed["id"], "resolve", answer).await.expect(200);
    an.delete("/v1/me").await.expect(202);
    service.clock.advance(TimeDelta::minutes(16));
    work(&service).await;
    let desk = format!("/v1/desk/feedback/{}", filed["id"].as_str().unwrap());
    let left = service.officer().await.get(&desk).await.expect(200);
    assert_eq!((&left["location"], &left["address"]), (&shown["location"], &Value::Null));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_withdrawn_category_takes_nothing_in_any_more(#[case] store: Store) {
    let service = store.service().await;
    let (chief, anybody) = (service.administrator().await, service.anonymous());
    put(&chief, "road.scooter", 0, scooters()).await;
    let keyed = anybody.with("Idempotency-Key", "a-report-of-a-scooter");
    let before = report(&keyed, scooter(json!({}))).await;
    let withdraw = format!("{CATEGORIES}/road.scooter/withdraw");
    chief.post(&withdraw, json!({})).await.expect(428);
    chief.with("If-Match", "\"1\"").post(&withdraw, json!({})).await.expect(200);
    for path in ["/v1/feedback", "/v1/feedback/preview"] {
        let body = json!({ "category": "road.scooter", "text": "Chắn lối đi" });
        let refused = anybody.post(path, body).await.expect(422);
        assert_eq!(refused["code"], "category_withdrawn");
        assert_eq!(refused["errors"][0]["pointer"], "/category");
    }
    assert_eq!(report(&keyed, scooter(json!({}))).await["id"], before["id"], "it was taken in");
    keyed.post("/v1/feedback", scooter(json!({ "text": "Khác" }))).await.expect(422);
    let list = anybody.get("/v1/feedback-categories").await.expect(200);
    assert!(!codes(&list).contains(&"road.scooter"));
    let shown = anybody.get("/v1/feedback-categories/road.scooter").await.expect(200);
    assert_eq!(shown["withdrawn"], true);
    let officer = service.officer().await;
    step(&officer, &before["id"], "accept", json!({})).await.expect(200);
    put(&chief, "road.scooter", 2, scooters()).await;
    report(&anybody, scooter(json!({}))).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn what_contradicts_itself_is_refused(#[case] store: Store) {
    let service = store.service().await;
    let chief = service.administrator().await;
    let seen = chief.with("If-Match", "\"0\"");
    let list =
        json!([{ "code": "a", "name": { "vi": "a", "en": "a" }, "datatype": "multivaluelist" }]);
    for (code, more, pointer) in [
        ("Road", json!({}), "/code"),
        ("road.x", json!({ "parent": "nowhere" }), "/parent"),
        ("road.x", json!({ "parent": "road.x" }), "/parent"),
        ("road.x", json!({ "agency": "nowhere" }), "/agency"),
        ("road.x", json!({ "deadline": { "working_days": 0 } }), "/deadline"),
        ("road.x", json!({ "parent": null, "agency": "police", "deadline": null }), "/deadline"),
        ("road.x", json!({ "attributes": list }), "/attributes"),
        ("road.x", json!({ "colour": "red" }), "/colour"),
    ] {
        let body = but(scooters(), more.clone());
        let refused = seen.put(&format!("{CATEGORIES}/{code}"), body).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{more}");
    }
    let elsewhere = service.staff("elsewhere", Role::Administrator, "commune-05443").await;
    let path = format!("{CATEGORIES}/road.x");
    elsewhere.with("If-Match", "\"0\"").put(&path, scooters()).await.expect(403);
    service.officer().await.with("If-Match", "\"0\"").put(&path, scooters()).await.expect(403);
    chief.get(&path).await.expect(404);
    let road = chief.get(&format!("{CATEGORIES}/road")).await;
    assert_eq!((road.header("etag"), &road.json()["agency"]), ("\"1\"", &json!("commune")));
    assert!(chief.get(CATEGORIES).await.expect(200)["next_cursor"].is_string());
}

fn lorries() -> Value {
    json!({ "name": "Xe tải", "place": 10, "categories": ["road"], "words": ["xe tải"],
        "agency": "police" })
}

async fn agency(service: &Service, text: &str) -> Value {
    let body =
        but(lamp(0.0), json!({ "category": "road.pothole", "attributes": {}, "text": text }));
    let previewed =
        json!({ "category": "road.pothole", "text": text, "location": body["location"] });
    let told = service.anonymous().post("/v1/feedback/preview", previewed).await.expect(200);
    let submitted = report(&service.anonymous(), body).await;
    assert_eq!(told["agency"], submitted["agency"], "as it was told before");
    submitted["agency"].clone()
}

#[apply(every_store)]
#[actix_web::test]
async fn rules_decide_in_their_order_and_say_why(#[case] store: Store) {
    let service = store.service().await;
    let chief = service.administrator().await;
    let asked = json!({ "category": "road.pothole", "text": "Xe tải làm nát đường",
        "location": { "lat": HERE.0, "lon": HERE.1 } });
    let before = but(asked.clone(), json!({ "rule": lorries() }));
    let tried = chief.post(DRY_RUN, before).await.expect(200);
    assert_eq!((&tried["agency"], &tried["by"]), (&json!("police"), &json!("rule")));
    assert_eq!(chief.get(RULES).await.expect(200)["items"], json!([]), "nothing was kept");
    assert_eq!(agency(&service, "Xe tải làm nát đường").await, "commune-05443");

    let keyed = chief.with("Idempotency-Key", "r1");
    let rule = keyed.post(RULES, lorries()).await.expect(201);
    assert_eq!(keyed.post(RULES, lorries()).await.expect(201), rule);
    assert_eq!(agency(&service, "Xe tải làm nát đường").await, "police");
    assert_eq!(agency(&service, "xe tai lam nat duong").await, "police");
    assert_eq!(agency(&service, "Ổ gà lớn").await, "commune-05443");

    let first = json!({ "name": "Phường", "place": 5, "communes": ["05443"], "business": false,
        "agency": "desk" });
    chief.post(RULES, first).await.expect(201);
    assert_eq!(agency(&service, "Xe tải làm nát đường").await, "desk");
    let of_shop = but(asked.clone(), json!({ "business": true }));
    let tried = chief.post(DRY_RUN, of_shop).await.expect(200);
    assert_eq!((&tried["agency"], &tried["rule_id"]), (&json!("police"), &rule["id"]));
    let rules = tried["rules"].as_array().unwrap();
    assert_eq!(rules[0]["missed"], json!(["business"]));
    assert_eq!((&rules[1]["matched"], &rules[1]["phrase"]), (&json!(true), &json!("xe tải")));

    let path = format!("{RULES}/{}", rule["id"].as_str().unwrap());
    let up = but(lorries(), json!({ "place": 1 }));
    chief.put(&path, up.clone()).await.expect(428);
    let seen = chief.with("If-Match", "\"1\"");
    assert_eq!(seen.put(&path, up.clone()).await.expect(200)["version"], 2);
    seen.put(&path, up.clone()).await.expect(412);
    assert_eq!(agency(&service, "Xe tải làm nát đường").await, "police");
    let names = chief.get(RULES).await.expect(200);
    assert_eq!(
        (&names["items"][0]["name"], &names["items"][1]["name"]),
        (&json!("Xe tải"), &json!("Phường"))
    );
    seen.delete(&path).await.expect(412);
    chief.with("If-Match", "\"2\"").delete(&path).await.expect(204);
    chief.with("If-Match", "\"2\"").delete(&path).await.expect(404);
    chief.with("If-Match", "\"0\"").put(&path, up).await.expect(404);
    assert_eq!(agency(&service, "Xe tải làm nát đường").await, "desk");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_rule_names_what_is_there(#[case] store: Store) {
    let service = store.service().await;
    let chief = service.administrator().await;
    for (more, pointer) in [
        (json!({ "agency": "nowhere" }), "/agency"),
        (json!({ "categories": ["nothing"] }), "/categories"),
        (json!({ "words": [" "] }), "/words"),
        (json!({ "words": vec!["x"; 101] }), "/words"),
        (json!({ "communes": ["x"] }), "/communes/0"),
        (json!({ "name": " " }), "/name"),
        (json!({ "when": "now" }), "/when"),
    ] {
        let body = but(lorries(), more.clone());
        let refused = chief.post(RULES, body.clone()).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{more}");
        let tried = json!({ "category": "other", "rule": body });
        let refused = chief.post(DRY_RUN, tried).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], format!("/rule{pointer}"), "{more}");
    }
    let unknown = chief.post(DRY_RUN, json!({ "category": "nothing" })).await.expect(422);
    assert_eq!(unknown["code"], "unknown_category");
    service.officer().await.post(RULES, lorries()).await.expect(403);
}
