//! One step with many reports.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::{
    contract::NOTHING,
    every_store,
    feedback::{lamp, report, step},
};

const BULK: &str = "/v1/desk/feedback/bulk";

async fn bulk(officer: &Caller, body: Value) -> Vec<Value> {
    let done = officer.post(BULK, body).await.expect(200);
    done["items"].as_array().unwrap().clone()
}

fn statuses(done: &[Value]) -> Vec<u64> {
    done.iter().map(|item| item["status"].as_u64().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn each_report_is_moved_by_itself(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let mut ids = Vec::new();
    for metres in [0.0, 50.0, 100.0, 150.0] {
        ids.push(report(&caller, lamp(metres)).await["id"].clone());
    }
    let officer = service.officer().await;
    step(&officer, &ids[1], "reject", json!({ "reason": "duplicate" })).await.expect(200);
    step(&officer, &ids[2], "notes", json!({ "text": "Đã gọi" })).await.expect(200);
    let items = json!([
        { "id": ids[0], "version": 1 },
        { "id": ids[1], "version": 2 },
        { "id": ids[2], "version": 1 },
        { "id": NOTHING, "version": 1 },
        { "id": ids[3], "version": 1 },
        { "id": ids[3], "version": 1 },
    ]);
    let done = bulk(&officer, json!({ "action": "accept", "items": items })).await;
    assert_eq!(statuses(&done)[..4], [200, 409, 412, 404]);
    let mut twice = statuses(&done[4..]);
    twice.sort_unstable();
    assert_eq!(twice, [200, 412], "named twice it is moved once");
    assert_eq!((&done[0]["id"], &done[0]["version"]), (&ids[0], &json!(2)));
    assert_eq!(done[1]["code"], "action_not_allowed");
    let queue = officer.get("/v1/desk/feedback?status=accepted").await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 2);

    let assign = json!({ "action": "assign", "items": [{ "id": ids[0], "version": 2 }],
        "with": { "agency": "nowhere" } });
    let done = bulk(&officer, assign).await;
    assert_eq!(
        (done[0]["status"].as_u64(), &done[0]["errors"][0]["pointer"]),
        (Some(422), &json!("/with/agency"))
    );
    let assign = json!({ "action": "assign", "items": [{ "id": ids[0], "version": 2 }] });
    assert_eq!(statuses(&bulk(&officer, assign).await), [200]);
    let mine = officer.get("/v1/desk/feedback?assignee=me").await.expect(200);
    assert_eq!(mine["items"][0]["id"], ids[0]);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_out_of_reach_is_nothing(#[case] store: Store) {
    let service = store.service().await;
    let here = report(&service.anonymous(), lamp(0.0)).await;
    let items = json!([{ "id": here["id"], "version": 1 }]);
    let foreign = service.staff("foreign", Role::Officer, "commune-01840").await;
    let accept = json!({ "action": "accept", "items": items });
    assert_eq!(statuses(&bulk(&foreign, accept.clone()).await), [404]);
    service.citizen("an").await.post(BULK, accept.clone()).await.expect(403);
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    assert_eq!(statuses(&bulk(&own, accept).await), [200]);
}

#[apply(every_store)]
#[actix_web::test]
async fn many_are_merged_into_one_at_once(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let leading = report(&caller, lamp(0.0)).await;
    let mut items = Vec::new();
    for metres in 1..=12 {
        let filed = report(&caller, lamp(f64::from(metres))).await;
        items.push(json!({ "id": filed["id"], "version": 1 }));
    }
    let officer = service.officer().await;
    let merge = json!({ "action": "merge", "items": items, "with": { "into": leading["id"] } });
    assert_eq!(statuses(&bulk(&officer, merge).await), [200; 12]);
    let merged = officer.get("/v1/desk/feedback?status=merged").await.expect(200);
    assert_eq!(merged["items"].as_array().unwrap().len(), 12);
}

#[actix_web::test]
async fn what_no_officer_does_is_refused_before_anything_is_done() {
    let service = Store::Sqlite.service().await;
    let officer = service.officer().await;
    let one = json!([{ "id": NOTHING, "version": 1 }]);
    let many = vec![json!({ "id": NOTHING, "version": 1 }); 101];
    for (body, pointer) in [
        (json!({ "action": "accept", "items": [] }), "/items"),
        (json!({ "action": "accept", "items": many }), "/items"),
        (json!({ "action": "withdraw", "items": one }), "/action"),
        (json!({ "action": "split", "items": one }), "/action"),
        (json!({ "action": "dance", "items": one }), "/action"),
        (json!({ "action": "resolve", "items": one }), "/with/answer"),
        (json!({ "action": "resolve", "items": one, "with": { "answer": " " } }), "/with/answer"),
        (json!({ "action": "accept", "items": one, "with": { "now": 1 } }), "/with/now"),
        (json!({ "action": "accept", "items": [{ "id": NOTHING }] }), "/items/0/version"),
    ] {
        let refused = officer.post(BULK, body.clone()).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{body}");
    }
}
