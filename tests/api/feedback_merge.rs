//! What follows another report, when that one leads nowhere any more.

use domain::notification::Inbox as _;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{lamp, report, step},
    feedback_life::walk,
};

/// A report, and one of `an` that follows it from where it was accepted.
async fn merged(service: &Service, an: &Caller, leader: &Caller) -> (Value, Value) {
    let officer = service.officer().await;
    let first = report(leader, lamp(0.0)).await;
    let second = report(an, lamp(3.0)).await;
    walk(&officer, &second, &["accept"]).await;
    let into = json!({ "into": first["id"] });
    step(&officer, &second["id"], "merge", into).await.expect(200);
    (first, second)
}

async fn tracked(caller: &Caller, report: &Value) -> Value {
    let code = report["code"].as_str().unwrap();
    caller.get(&format!("/v1/feedback/track/{code}")).await.expect(200)
}

async fn told(service: &Service, caller: &Caller) -> Vec<String> {
    let me = caller.get("/v1/me").await.expect(200);
    let id: uuid::Uuid = me["id"].as_str().unwrap().parse().unwrap();
    let messages = service.app.database.read(move |tx| tx.of(id, None, 50)).await.unwrap();
    messages.into_iter().map(|message| message.kind).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn what_followed_a_report_that_was_taken_back_is_on_its_own_again(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let (first, second) = merged(&service, &an, &binh).await;
    let withdraw = format!("/v1/feedback/{}/withdraw", first["id"].as_str().unwrap());
    binh.post(&withdraw, json!({})).await.expect(200);
    let seen = tracked(&an, &second).await;
    assert_eq!((&seen["status"], &seen["leading"]), (&json!("accepted"), &Value::Null));
    assert_eq!(seen["due_at"], second["due_at"]);
    assert_eq!(told(&service, &an).await[0], "feedback.unmerged");
    let officer = service.officer().await;
    let path = format!("/v1/desk/feedback/{}", second["id"].as_str().unwrap());
    let desk = officer.get(&path).await.expect(200);
    assert_eq!((&desk["merged_into"], &desk["history_intact"]), (&Value::Null, &json!(true)));
    walk(&officer, &second, &["assign", "resolve"]).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_sealed_is_shown_to_no_other_reporter(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let (first, second) = merged(&service, &an, &service.anonymous()).await;
    assert_eq!(tracked(&an, &second).await["leading"]["code"], first["code"]);
    let sealed = json!({ "category": "legal.denunciation" });
    let officer = service.officer().await;
    step(&officer, &first["id"], "recategorise", sealed).await.expect(200);
    walk(&officer, &first, &["accept", "assign", "resolve"]).await;
    let seen = tracked(&an, &second).await;
    assert_eq!((&seen["status"], &seen["leading"]), (&json!("accepted"), &Value::Null));
    assert!(!seen.to_string().contains(first["code"].as_str().unwrap()), "{seen}");
}

#[apply(every_store)]
#[actix_web::test]
async fn of_the_answer_to_somebody_else_no_numbers_are_told(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    for (leader, told) in [(&binh, "Gọi [đã ẩn]."), (&an, "Gọi 0912 345 678.")] {
        let (first, second) = merged(&service, &an, leader).await;
        let officer = service.officer().await;
        walk(&officer, &first, &["accept", "assign"]).await;
        let answer = json!({ "answer": "Gọi 0912 345 678." });
        step(&officer, &first["id"], "resolve", answer).await.expect(200);
        assert_eq!(tracked(&an, &second).await["leading"]["answer"], told);
        assert_eq!(tracked(leader, &first).await["answer"], "Gọi 0912 345 678.");
    }
}
