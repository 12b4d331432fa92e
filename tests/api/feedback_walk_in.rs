//! What officers write down for others: at a counter, on the line 1022.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::Store;

use crate::{
    every_store,
    feedback::{but, lamp, report, step},
};

const DESK: &str = "/v1/desk/feedback";

#[apply(every_store)]
#[actix_web::test]
async fn a_call_to_1022_becomes_a_report_with_a_receipt(#[case] store: Store) {
    let service = store.service().await;
    let clerk = service.staff("clerk", Role::Officer, "desk").await;
    let body = but(
        lamp(0.0),
        json!({
            "id": "0199aaaa-0000-7000-8000-000000000021", "channel": "line_1022",
            "contact": { "name": " Nguyễn  Văn An ", "phone": "0912 345 678" },
        }),
    );
    let taken = clerk.post(DESK, body.clone()).await.expect(201);
    assert_eq!(taken["agency"], "commune-05443");
    assert_eq!(clerk.post(DESK, body.clone()).await.expect(201), taken, "sent again");
    let other = service.staff("other", Role::Officer, "desk").await;
    assert_eq!(other.post(DESK, body).await.expect(409)["code"], "id_taken");

    let track = format!("/v1/feedback/track/{}", taken["code"].as_str().unwrap());
    let caller = service.anonymous().bearing(taken["tracking_token"].as_str().unwrap());
    let followed = caller.get(&track).await.expect(200);
    assert!(!followed.to_string().contains("345678"), "the token may be lost");

    let own = service.staff("own", Role::Officer, "commune-05443").await;
    let path = format!("{DESK}/{}", taken["id"].as_str().unwrap());
    let seen = own.get(&path).await.expect(200);
    assert_eq!(seen["channel"], "line_1022");
    assert_eq!(seen["reporter_kept"], true);
    assert!(!seen.to_string().contains("345678"), "not before it is asked for");
    assert_eq!(seen["timeline"][0]["by"]["kind"], "staff");
    for name in ["accept", "assign"] {
        step(&own, &taken["id"], name, json!({})).await.expect(200);
    }
    let asked = json!({ "reason": "Gọi lại" });
    let known = own.post(&format!("{path}/reporter"), asked).await.expect(200);
    let caller = json!({ "kind": "caller", "confidential": false, "name": "Nguyễn Văn An",
        "phone": "+84912345678" });
    assert_eq!(known, caller);
    let list = own.get(DESK).await.expect(200);
    assert_eq!(list["items"][0].get("reporter_kept"), None, "not in lists");
    service.staff("far", Role::Officer, "commune-01840").await.get(&path).await.expect(404);
}

#[actix_web::test]
async fn what_a_clerk_cannot_write_down_is_pointed_at() {
    let service = Store::Sqlite.service().await;
    let clerk = service.officer().await;
    for (more, pointer) in [
        (json!({ "channel": "app" }), "/channel"),
        (json!({ "channel": "x" }), "/channel"),
        (json!({ "contact": { "phone": "12" } }), "/contact/phone"),
        (json!({ "contact": { "name": "x".repeat(121) } }), "/contact/name"),
        (json!({ "contact": { "email": "x" } }), "/contact/email"),
        (json!({ "category": "no.such" }), "/category"),
        (json!({ "text": "x".repeat(4_001) }), "/text"),
    ] {
        let refused = clerk.post(DESK, but(lamp(0.0), more.clone())).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{more}");
    }
    service.citizen("an").await.post(DESK, lamp(0.0)).await.expect(403);
    service.anonymous().post(DESK, lamp(0.0)).await.expect(401);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_lies_outside_the_province_is_taken_in_and_marked(#[case] store: Store) {
    let service = store.service().await;
    let hanoi = json!({ "lat": 21.0285, "lon": 105.8542 });
    for category in ["lighting.street", "security.disorder"] {
        let more = json!({ "location": hanoi, "category": category });
        let attributes =
            if category == "lighting.street" { json!({ "fault": "out" }) } else { json!({}) };
        let body = but(but(lamp(0.0), more), json!({ "attributes": attributes }));
        let outside = report(&service.anonymous(), body).await;
        assert_eq!(outside["agency"], "desk", "{category}");
        let path = format!("{DESK}/{}", outside["id"].as_str().unwrap());
        let seen = service.officer().await.get(&path).await.expect(200);
        assert_eq!(seen["outside_province"], true);
    }
    let inside = report(&service.anonymous(), lamp(0.0)).await;
    let path = format!("{DESK}/{}", inside["id"].as_str().unwrap());
    let seen = service.officer().await.get(&path).await.expect(200);
    assert_eq!(seen["outside_province"], Value::Null);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_part_keeps_how_its_reporter_is_reached_and_is_taken_at_its_word(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await;
    let contact = json!({ "contact": { "name": "Nguyễn Văn An", "phone": "0912 345 678" } });
    let whole = officer.post(DESK, but(lamp(0.0), contact)).await.expect(201);
    let part = json!({ "category": "other", "text": "Tôi tố cáo cán bộ nhận tiền" });
    let part = step(&officer, &whole["id"], "split", part).await.expect(201);
    let path = format!("{DESK}/{}", part["id"].as_str().unwrap());
    let seen = officer.get(&path).await.expect(200);
    assert_eq!((&seen["reporter_kept"], &seen["attributes"]), (&json!(true), &json!({})));
    assert_eq!((&seen["channel"], &seen["agency"]), (&json!("counter"), &json!("province")));
    assert_eq!(
        (&seen["visibility"], &seen["legal_track"]),
        (&json!("sealed"), &json!("denunciation"))
    );
    for name in ["accept", "assign"] {
        step(&officer, &part["id"], name, json!({})).await.expect(200);
    }
    let asked = json!({ "reason": "Gọi lại" });
    let known = officer.post(&format!("{path}/reporter"), asked).await.expect(200);
    assert_eq!(known["phone"], "+84912345678");
}
