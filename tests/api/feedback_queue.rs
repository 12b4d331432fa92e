//! What a queue is narrowed by, what is saved of it, and what one officer has to do.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::{
    every_store,
    feedback::{but, codes, lamp, report, step},
};

const QUEUE: &str = "/v1/desk/feedback";
const FILTERS: &str = "/v1/desk/filters";
const WORK: &str = "/v1/desk/work";

async fn listed(officer: &Caller, query: &str) -> Vec<String> {
    let list = officer.get(&format!("{QUEUE}{query}")).await.expect(200);
    codes(&list).into_iter().map(str::to_owned).collect()
}

fn code(report: &Value) -> String {
    report["code"].as_str().unwrap().to_owned()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_queue_is_narrowed_by_whatever_is_asked(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let urgent = but(lamp(0.0), json!({ "category": "road.manhole", "attributes": {} }));
    let urgent = report(&caller, urgent).await;
    let lamp_ = report(&caller, but(lamp(0.0), json!({ "title": "Cột CT-112" }))).await;
    let law = but(
        lamp(0.0),
        json!({ "category": "other", "attributes": {},
        "title": "Đơn tố cáo", "text": "Ông trưởng thôn nhận tiền" }),
    );
    let law = report(&caller, law).await;
    assert_eq!(law["legal_track"]["kind"], "denunciation", "the headline says it, too");
    let (officer, own) =
        (service.officer().await, service.staff("own", Role::Officer, "commune-05443").await);
    for name in ["accept", "assign"] {
        step(&own, &lamp_["id"], name, json!({})).await.expect(200);
    }
    step(&officer, &lamp_["id"], "publish", json!({})).await.expect(200);
    let soon = lamp_["due_at"].as_str().unwrap();
    let [urgent, lamp_, law] = [code(&urgent), code(&lamp_), code(&law)];
    for (query, expected) in [
        ("", vec![&urgent, &lamp_, &law]),
        ("?urgency=urgent", vec![&urgent]),
        ("?urgency=normal", vec![&lamp_, &law]),
        ("?urgency=urgent&category=lighting", vec![]),
        ("?q=cot%20ct-112", vec![&lamp_]),
        ("?q=100%25", vec![]),
        ("?assignee=none", vec![&urgent, &law]),
        ("?assignee=me", vec![]),
        ("?legal_track=denunciation", vec![&law]),
        ("?legal_track=complaint", vec![]),
        ("?visibility=published", vec![&lamp_]),
        ("?visibility=sealed", vec![&law]),
        ("?status=assigned", vec![&lamp_]),
        ("?status=submitted,closed", vec![&urgent, &law]),
        ("?agency=commune-01840", vec![]),
        ("?business_id=0193572a-0000-7000-8000-000000000000", vec![]),
        (&*format!("?due_before={soon}"), vec![&urgent]),
    ] {
        assert_eq!(listed(&officer, query).await.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    assert_eq!(listed(&own, "?assignee=me").await, [lamp_]);
    for (query, parameter) in [
        ("?urgency=great", "urgency"),
        ("?assignee=x", "assignee"),
        ("?status=x", "status"),
        ("?category=x", "category"),
        ("?filter=0193572a-0000-7000-8000-000000000000", "filter"),
        ("?colour=red", "colour"),
    ] {
        let refused = officer.get(&format!("{QUEUE}{query}")).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], format!("/query/{parameter}"), "{query}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_saved_filter_is_ones_own_and_shared_where_one_says_so(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let pit = but(lamp(0.0), json!({ "category": "road.manhole", "attributes": {} }));
    let (pit, lamp_) = (report(&caller, pit).await, report(&caller, lamp(0.0)).await);
    let hoa = service.staff("hoa", Role::Officer, "commune-05443").await;
    let lan = service.staff("lan", Role::Officer, "commune-05443").await;
    let far = service.staff("far", Role::Officer, "commune-01840").await;
    let roads = json!({ "name": "Đường", "query": { "category": "road" } });
    let keyed = hoa.with("Idempotency-Key", "f1");
    let saved = keyed.post(FILTERS, roads.clone()).await.expect(201);
    assert_eq!(keyed.post(FILTERS, roads.clone()).await.expect(201), saved);
    let ask = format!("?filter={}", saved["id"].as_str().unwrap());
    assert_eq!(listed(&hoa, &ask).await, [code(&pit)]);
    assert_eq!(listed(&hoa, &format!("{ask}&category=lighting")).await, [code(&lamp_)]);
    lan.get(&format!("{QUEUE}{ask}")).await.expect(422);

    let path = format!("{FILTERS}/{}", saved["id"].as_str().unwrap());
    let shared = but(roads, json!({ "shared": true }));
    hoa.put(&path, shared.clone()).await.expect(428);
    let seen = hoa.with("If-Match", "\"1\"");
    assert_eq!(seen.put(&path, shared.clone()).await.expect(200)["version"], 2);
    seen.put(&path, shared.clone()).await.expect(412);
    assert_eq!(listed(&lan, &ask).await, [code(&pit)]);
    let list = lan.get(FILTERS).await.expect(200);
    assert_eq!(
        (&list["items"][0]["name"], &list["items"][0]["own"]),
        (&json!("Đường"), &json!(false))
    );
    assert_eq!(far.get(FILTERS).await.expect(200)["items"], json!([]));
    for stranger in [&lan, &far] {
        let seen = stranger.with("If-Match", "\"2\"");
        seen.put(&path, shared.clone()).await.expect(404);
        seen.delete(&path).await.expect(404);
    }
    hoa.with("If-Match", "\"2\"").delete(&path).await.expect(204);
    assert_eq!(hoa.get(FILTERS).await.expect(200)["items"], json!([]));
    for query in [json!({ "category": "x" }), json!({ "status": "x" }), json!({ "limit": 3 })] {
        hoa.post(FILTERS, json!({ "name": "x", "query": query })).await.expect(422);
    }
    hoa.post(FILTERS, json!({ "name": " ", "query": {} })).await.expect(422);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_officer_sees_at_a_glance_what_presses(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    let pit = but(lamp(0.0), json!({ "category": "road.manhole", "attributes": {} }));
    for body in [pit, lamp(0.0), lamp(50.0), lamp(90.0)] {
        let id = report(&caller, body).await["id"].clone();
        for name in ["accept", "assign"] {
            step(&own, &id, name, json!({})).await.expect(200);
        }
    }
    report(&caller, lamp(120.0)).await;
    let list = own.get(&format!("{QUEUE}?assignee=me")).await.expect(200);
    step(&own, &list["items"][3]["id"], "ask", json!({ "question": "Số mấy?" })).await.expect(200);
    service.clock.advance(TimeDelta::days(2));
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    let work = own.get(&format!("{WORK}?limit=2")).await.expect(200);
    for (field, count) in
        [("open", 3), ("overdue", 1), ("due_today", 0), ("needs_info", 1), ("unassigned", 1)]
    {
        assert_eq!(work[field], count, "{field}");
    }
    assert_eq!(work["by_status"], json!({ "assigned": 3 }));
    assert_eq!(work["by_category"], json!({ "lighting.street": 2, "road.manhole": 1 }));
    let next = &work["next"];
    assert_eq!((codes(next).len(), &next["items"][0]["category"]), (2, &json!("road.manhole")));
    let more = format!("?assignee=me&cursor={}", next["next_cursor"].as_str().unwrap());
    assert_eq!(listed(&own, &more).await.len(), 1);
}
