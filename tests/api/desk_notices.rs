//! Notices that staff enter.

use chrono::TimeDelta;
use domain::{directory::PostingRepository as _, identity::Role};
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const DESK: &str = "/v1/desk/notices";

fn closed_road() -> Value {
    json!({
        "kind": "traffic", "title": "Cấm đường Hoàng Văn Thụ", "text": "Đi đường Bắc Kạn.",
        "communes": ["05443"], "ends_at": "2026-11-23T10:00:00Z",
    })
}

/// The ids of what the public sees.
async fn shown(service: &Service, query: &str) -> Vec<String> {
    let page = service.anonymous().get(&format!("/v1/notices{query}")).await.expect(200);
    let id = |notice: &Value| notice["id"].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(id).collect()
}

async fn post(caller: &Caller, body: Value) -> String {
    caller.post(DESK, body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_notice_is_shown_from_its_start_to_its_end(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.staff("binh", Role::Officer, "commune-05443").await;
    let posted = officer.post(DESK, closed_road()).await;
    assert_eq!((posted.header("etag"), posted.header("cache-control")), ("\"1\"", "no-store"));
    allow_duplicates! {
        assert_json_snapshot!(posted.expect(201), { ".id" => "[id]" }, @r#"
        {
          "agency": "commune-05443",
          "communes": [
            "05443"
          ],
          "ends_at": "2026-11-23T10:00:00Z",
          "id": "[id]",
          "kind": "traffic",
          "source": "Ủy ban nhân dân phường Phan Đình Phùng",
          "starts_at": "2026-11-23T01:02:03.456Z",
          "state": "active",
          "text": "Đi đường Bắc Kạn.",
          "title": "Cấm đường Hoàng Văn Thụ",
          "withdrawn_at": null
        }
        "#);
    }
    assert_eq!(shown(&service, "?commune=05443&kind=traffic").await.len(), 1);
    assert_eq!(shown(&service, "?commune=05500").await, [""; 0]);
    service.clock.advance(TimeDelta::hours(9));
    assert_eq!(shown(&service, "").await, [""; 0]);
    let renewed = service.staff("binh", Role::Officer, "commune-05443").await;
    let desk = renewed.get(DESK).await.expect(200);
    assert_eq!(desk["items"][0]["state"], "ended");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_edit_names_what_it_saw_and_a_withdrawn_notice_is_gone(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await;
    let id = post(&officer, closed_road()).await;
    let path = format!("{DESK}/{id}");
    let longer = json!({ "title": "Cấm đường", "ends_at": null, "communes": [] });
    officer.patch(&path, longer.clone()).await.expect(428);
    let first = service.anonymous().get("/v1/notices").await;
    let changed = officer.with("If-Match", "\"1\"").patch(&path, longer.clone()).await;
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(changed.expect(200)["text"], "Đi đường Bắc Kạn.");
    let stale = officer.with("If-Match", "\"1\"").patch(&path, longer).await;
    assert_eq!((stale.status(), stale.header("etag")), (412, "\"2\""));
    let again = service.anonymous().with("If-None-Match", first.header("etag"));
    assert_eq!(again.get("/v1/notices").await.expect(200)["items"][0]["title"], "Cấm đường");

    officer
        .with("If-Match", "\"1\"")
        .post(&format!("{path}/withdraw"), json!({}))
        .await
        .expect(412);
    let withdraw = officer.with("If-Match", "\"2\"");
    let withdrawn = withdraw.post(&format!("{path}/withdraw"), json!({})).await.expect(200);
    assert_eq!(withdrawn["state"], "withdrawn");
    assert_eq!(shown(&service, "").await, [""; 0]);
    assert_eq!(shown(&service, "?active_at=2026-11-23T02:00:00Z").await, [""; 0]);
    let late = officer.with("If-Match", "\"3\"").patch(&path, json!({ "title": "x" })).await;
    assert_eq!(late.expect(409)["code"], "action_not_allowed");

    let log = service.administrator().await.get("/v1/admin/audit?limit=100").await.expect(200);
    let deeds = log["items"].as_array().unwrap().iter().filter(|deed| deed["subject"] == id);
    let deeds: Vec<_> = deeds.map(|deed| deed["action"].as_str().unwrap()).collect();
    assert_eq!(deeds, ["notice.withdrawn", "notice.changed", "notice.posted"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_announces_beyond_their_area(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.staff("binh", Role::Officer, "commune-05443").await;
    for communes in [json!([]), json!(["05500"]), json!(["05443", "05500"])] {
        let mut beyond = closed_road();
        beyond["communes"] = communes;
        let problem = officer.post(DESK, beyond).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], "/communes");
    }
    let mut foreign = closed_road();
    foreign["agency"] = json!("commune-05500");
    officer.post(DESK, foreign.clone()).await.expect(403);
    foreign["communes"] = json!(["05500"]);
    post(&service.officer().await, foreign).await;
    let id = post(&officer, closed_road()).await;
    let wider = json!({ "communes": ["05443", "05500"] });
    let informed = officer.with("If-Match", "\"1\"");
    informed.patch(&format!("{DESK}/{id}"), wider).await.expect(422);
    assert_eq!(officer.get(DESK).await.expect(200)["items"].as_array().unwrap().len(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_notice_is_posted_once_under_a_key(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await.with("Idempotency-Key", "road");
    let id = post(&officer, closed_road()).await;
    assert_eq!(post(&officer, closed_road()).await, id);
    let other = json!({ "kind": "water", "title": "Cúp nước" });
    assert_eq!(officer.post(DESK, other).await.expect(422)["code"], "idempotency_key_reused");
    assert_eq!(shown(&service, "").await, [id]);
}

#[actix_web::test]
async fn what_is_wrong_is_named() {
    let service = Store::Sqlite.service().await;
    let officer = service.officer().await;
    let cases = [
        (json!({ "title": "x" }), "/kind", "missing"),
        (json!({ "kind": "gossip", "title": "x" }), "/kind", "unknown"),
        (json!({ "kind": "other", "title": " \u{200b} " }), "/title", "too_short"),
        (json!({ "kind": "other", "title": "x".repeat(201) }), "/title", "too_long"),
        (json!({ "kind": "other", "title": "x", "text": "x".repeat(4001) }), "/text", "too_long"),
        (json!({ "kind": "other", "title": "x", "communes": ["99999"] }), "/communes/0", "unknown"),
        (
            json!({ "kind": "other", "title": "x", "ends_at": "2026-11-23T01:00:00Z" }),
            "/ends_at",
            "out_of_range",
        ),
    ];
    for (body, pointer, code) in cases {
        let problem = officer.post(DESK, body.clone()).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
        assert_eq!(problem["errors"][0]["code"], code, "{body}");
    }
    officer.get(&format!("{DESK}/nothing")).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn old_notices_are_forgotten(#[case] store: Store) {
    let service = store.service().await;
    post(&service.officer().await, closed_road()).await;
    for (days, left) in [(90, 1), (1, 0)] {
        service.clock.advance(TimeDelta::days(days));
        api::chores::tick(&service.app.database, &service.app.now()).await.unwrap();
        let kept = service.app.database.read(|tx| tx.postings()).await.unwrap();
        assert_eq!(kept.len(), left);
    }
}
