//! How pressing one report is: by a rule, by an officer, and what follows from it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Service, Store};

use crate::{
    every_store,
    feedback::{HERE, but, codes, lamp, report, step},
};

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[apply(every_store)]
#[actix_web::test]
async fn an_officer_says_how_pressing_it_is_and_it_is_due_as_from_its_arrival(
    #[case] store: Store,
) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let lamp_ = report(&an, lamp(0.0)).await;
    let first = instant(&lamp_["due_at"]);
    assert_eq!(lamp_["due_at"], "2026-12-01T10:00:00Z", "five working days");
    service.clock.advance(TimeDelta::hours(3));
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    for (body, pointer) in [
        (json!({ "urgency": "urgent" }), "/reason"),
        (json!({ "urgency": "urgent", "reason": " " }), "/reason"),
        (json!({ "urgency": "normal", "reason": "Thử" }), "/urgency"),
        (json!({ "urgency": "great", "reason": "Thử" }), "/urgency"),
    ] {
        let refused = step(&own, &lamp_["id"], "prioritise", body.clone()).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{body}");
    }
    let raise = |urgency: &str| json!({ "urgency": urgency, "reason": "Học sinh đi học qua" });
    let raised = step(&own, &lamp_["id"], "prioritise", raise("urgent")).await.expect(200);
    assert_eq!((&raised["urgency"], &raised["status"]), (&json!("urgent"), &json!("submitted")));
    assert_eq!(raised["due_at"], "2026-11-25T10:00:00Z", "a quarter of the days, from its arrival");
    let high = step(&own, &lamp_["id"], "prioritise", raise("high")).await.expect(200);
    assert!(instant(&raised["due_at"]) < instant(&high["due_at"]));
    assert!(instant(&high["due_at"]) < first);
    let back = step(&own, &lamp_["id"], "prioritise", raise("normal")).await.expect(200);
    assert_eq!(instant(&back["due_at"]), first, "as it was promised first");

    let seen = own.get(&format!("/v1/desk/feedback/{}", lamp_["id"].as_str().unwrap())).await;
    let seen = seen.expect(200);
    assert_eq!(seen["history_intact"], true);
    assert_eq!(seen["timeline"][1]["event"], "feedback.prioritised");
    assert_eq!(seen["timeline"][1]["text"], "urgent: Học sinh đi học qua");
    let an = service.citizen("an").await;
    let told = an.get(&format!("/v1/feedback/track/{}", lamp_["code"].as_str().unwrap())).await;
    assert_eq!(told.expect(200)["timeline"][1]["text"], "urgent: Học sinh đi học qua");
    own.with("If-Match", "\"1\"")
        .post(
            &format!("/v1/desk/feedback/{}/prioritise", lamp_["id"].as_str().unwrap()),
            raise("high"),
        )
        .await
        .expect(412);
    step(&own, &lamp_["id"], "reject", json!({ "reason": "duplicate" })).await.expect(200);
    step(&own, &lamp_["id"], "prioritise", raise("high")).await.expect(409);
}

/// What the clock stood still for is not lost, nor what an officer said when it is recategorised.
#[apply(every_store)]
#[actix_web::test]
async fn a_pause_and_another_category_keep_what_was_said(#[case] store: Store) {
    let service = store.service().await;
    let (an, own) =
        (service.citizen("an").await, service.staff("own", Role::Officer, "commune-05443").await);
    let lamp_ = report(&an, lamp(0.0)).await;
    step(&own, &lamp_["id"], "ask", json!({ "question": "Số mấy?" })).await.expect(200);
    service.clock.advance(TimeDelta::days(2));
    let an = service.citizen("an").await;
    let answers = format!("/v1/feedback/{}/answers", lamp_["id"].as_str().unwrap());
    an.post(&answers, json!({ "text": "Số 7" })).await.expect(200);
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    let raise = json!({ "urgency": "urgent", "reason": "Trẻ em" });
    let raised = step(&own, &lamp_["id"], "prioritise", raise).await.expect(200);
    assert_eq!(
        raised["due_at"], "2026-11-26T10:00:00Z",
        "a working day later, as long as the question stood"
    );
    let category = json!({ "category": "lighting.missing" });
    let moved = step(&own, &lamp_["id"], "recategorise", category).await.expect(200);
    assert_eq!((&moved["urgency"], &moved["due_at"]), (&json!("urgent"), &raised["due_at"]));
    let queue = own.get("/v1/desk/feedback?urgency=urgent&sort=priority").await.expect(200);
    assert_eq!(codes(&queue), [lamp_["code"].as_str().unwrap()]);
    assert_eq!(own.get("/v1/desk/feedback?urgency=normal").await.expect(200)["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_category_that_presses_more_counts_where_nobody_said_otherwise(#[case] store: Store) {
    let service = store.service().await;
    let lamp_ = report(&service.anonymous(), lamp(0.0)).await;
    let officer = service.officer().await;
    let category = json!({ "category": "lighting.cable" });
    let moved = step(&officer, &lamp_["id"], "recategorise", category).await.expect(200);
    assert_eq!(moved["urgency"], "urgent");
    assert!(instant(&moved["due_at"]) < instant(&lamp_["due_at"]));
}

async fn with_rule(service: &Service, urgency: &str) {
    let rule = json!({ "name": "Trường học", "place": 1, "categories": ["lighting"],
        "words": ["cổng trường"], "agency": "commune", "urgency": urgency });
    let chief = service.administrator().await;
    let added = chief.post("/v1/admin/feedback-rules", rule).await.expect(201);
    assert_eq!(added["urgency"], urgency);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_rule_says_how_pressing_it_is(#[case] store: Store) {
    let service = store.service().await;
    with_rule(&service, "urgent").await;
    let somebody = service.anonymous();
    let usual = report(&somebody, lamp(0.0)).await;
    let school = but(lamp(0.0), json!({ "text": "Đèn ở cổng trường không sáng" }));
    let asked = json!({ "category": "lighting.street", "text": school["text"],
        "location": { "lat": HERE.0, "lon": HERE.1 } });
    let told = somebody.post("/v1/feedback/preview", asked.clone()).await.expect(200);
    let school = report(&somebody, school).await;
    assert_eq!(told["due_at"], school["due_at"], "as it was told before");
    assert_eq!(school["due_at"], "2026-11-25T10:00:00Z");
    assert!(instant(&school["due_at"]) < instant(&usual["due_at"]));
    let officer = service.officer().await;
    let list = officer.get("/v1/desk/feedback?sort=priority").await.expect(200);
    assert_eq!(codes(&list)[0], school["code"].as_str().unwrap());
    assert_eq!(list["items"][0]["urgency"], "urgent");
    let tried = service.administrator().await.post("/v1/admin/feedback-rules/dry-run", asked).await;
    assert_eq!(tried.expect(200)["urgency"], "urgent");
}
