//! Looking up who reported something: only whoever has it, for a reason, and never in secret.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{but, lamp, report, step},
};

fn path(report: &Value) -> String {
    format!("/v1/desk/feedback/{}", report["id"].as_str().unwrap())
}

/// An's report, with `own` of the commune, who has it.
async fn taken(service: &Service, more: Value) -> (Caller, Value, Caller) {
    let an = service.citizen("an").await;
    an.patch("/v1/me", json!({ "display_name": "Nguyễn Văn An" })).await.expect(200);
    let report = report(&an, but(lamp(0.0), more)).await;
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    for name in ["accept", "assign"] {
        step(&own, &report["id"], name, json!({})).await.expect(200);
    }
    (an, report, own)
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_has_a_report_learns_who_is_behind_it_and_says_why(#[case] store: Store) {
    let service = store.service().await;
    let (an, report, own) = taken(&service, json!({ "confidential": true })).await;
    let me = an.get("/v1/me").await.expect(200);
    let (desk, opening) = (path(&report), format!("{}/reporter", path(&report)));
    let before = own.get(&desk).await.expect(200);
    assert_eq!(before["reporter"], json!({ "kind": "confidential" }));
    assert_eq!(before["reporter_kept"], true);
    for nothing in [json!({}), json!({ "reason": " " }), json!({ "reason": "x".repeat(1_001) })] {
        own.post(&opening, nothing).await.expect(422);
    }
    let why = json!({ "reason": "Hẹn giờ khảo sát" });
    let known = own.post(&opening, why.clone()).await;
    let tag = known.header("etag").to_owned();
    let whole = json!({ "kind": "citizen", "confidential": true, "name": "Nguyễn Văn An",
        "phone": me["phone"] });
    assert_eq!(known.expect(200), whole);

    let after = own.get(&desk).await;
    assert_eq!(after.header("etag"), tag, "what was answered is what an edit names now");
    let after = after.expect(200);
    let last = after["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["event"], "feedback.reporter_opened");
    assert_eq!((&last["text"], &last["by"]["kind"]), (&json!("Hẹn giờ khảo sát"), &json!("staff")));
    assert_eq!(
        (&after["history_intact"], &after["updated_at"]),
        (&json!(true), &before["updated_at"])
    );
    let again = own.post(&opening, json!({ "reason": "Gọi lại" })).await.expect(200);
    assert_eq!(again["phone"], me["phone"]);
    let log = service.administrator().await;
    let log = log.get("/v1/admin/audit?action=feedback.reporter_opened").await.expect(200);
    assert_eq!(log["items"].as_array().unwrap().len(), 2);
    assert_eq!(log["items"][0]["subject"], report["id"]);
    assert!(log.to_string().contains("Hẹn giờ khảo sát"));

    // Nobody else learns of it: neither strangers nor the reporter.
    step(&own, &report["id"], "publish", json!({})).await.expect(200);
    let public = format!("/v1/feedback/{}", report["code"].as_str().unwrap());
    let track = format!("/v1/feedback/track/{}", report["code"].as_str().unwrap());
    for seen in [service.anonymous().get(&public).await, an.get(&track).await] {
        let seen = seen.expect(200).to_string();
        assert!(!seen.contains("reporter_opened") && !seen.contains("khảo sát"), "{seen}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_else_learns_it_and_what_is_not_known_is_not_there(#[case] store: Store) {
    let service = store.service().await;
    let (an, report_, own) = taken(&service, json!({})).await;
    let opening = format!("{}/reporter", path(&report_));
    let why = json!({ "reason": "Thử" });
    let colleague = service.staff("lan", Role::Officer, "commune-05443").await;
    for other in [&colleague, &service.officer().await] {
        assert_eq!(other.post(&opening, why.clone()).await.expect(409)["code"], "not_holder");
    }
    let far = service.staff("far", Role::Officer, "commune-01840").await;
    far.post(&opening, why.clone()).await.expect(404);
    an.post(&opening, why.clone()).await.expect(403);
    service.anonymous().post(&opening, why.clone()).await.expect(401);
    let seen = own.get(&path(&report_)).await.expect(200);
    assert_eq!(seen["timeline"].as_array().unwrap().len(), 3, "what failed left nothing behind");

    let nobodys = report(&service.anonymous(), lamp(50.0)).await;
    for name in ["accept", "assign"] {
        step(&own, &nobodys["id"], name, json!({})).await.expect(200);
    }
    own.post(&format!("{}/reporter", path(&nobodys)), why.clone()).await.expect(404);
    assert_eq!(own.get(&path(&nobodys)).await.expect(200)["reporter_kept"], false);
    an.delete("/v1/me").await.expect(202);
    own.post(&opening, why).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn long_after_its_end_nobody_can_look(#[case] store: Store) {
    let service = store.service().await;
    let (_, report, own) = taken(&service, json!({})).await;
    let opening = format!("{}/reporter", path(&report));
    let answer = json!({ "answer": "Xong." });
    step(&own, &report["id"], "resolve", answer).await.expect(200);
    service.clock.advance(domain::feedback::OBJECTION);
    api::feedback::tick(&service.app).await.unwrap();
    let why = json!({ "reason": "Hỏi thêm" });
    service.clock.advance(TimeDelta::days(89));
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    own.post(&opening, why.clone()).await.expect(200);
    service.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    own.post(&opening, why).await.expect(404);
}
