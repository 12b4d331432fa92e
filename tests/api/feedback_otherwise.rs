//! What turns out otherwise than it looked at first, and what its reporter says later.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{but, lamp, report, step},
    feedback_life::walk,
};

/// A report that says `text`, and who holds its link.
async fn said(service: &Service, text: &str) -> (Value, Caller) {
    let submitted = report(&service.anonymous(), but(lamp(0.0), json!({ "text": text }))).await;
    let holder = service.anonymous().bearing(submitted["tracking_token"].as_str().unwrap());
    (submitted, holder)
}

/// The report as its reporter sees it.
async fn tracked(holder: &Caller, report: &Value) -> Value {
    let code = report["code"].as_str().unwrap();
    holder.get(&format!("/v1/feedback/track/{code}")).await.expect(200)
}

#[apply(every_store)]
#[actix_web::test]
async fn what_was_taken_for_a_complaint_by_mistake_is_put_right_by_a_supervisor(
    #[case] store: Store,
) {
    let service = store.service().await;
    let text = "Xã không giải quyết khiếu nại của tôi về đèn đường";
    let (submitted, _) = said(&service, text).await;
    let officer = service.officer().await;
    let id = &submitted["id"];
    step(&officer, id, "publish", json!({})).await.expect(409);
    let right = json!({ "category": "lighting.street", "not_legal": true });
    step(&officer, id, "recategorise", right.clone()).await.expect(403);
    step(&officer, id, "recategorise", json!({ "category": "lighting.street" })).await.expect(200);
    step(&officer, id, "publish", json!({})).await.expect(409);
    let manager = service.staff("manager", Role::AgencyManager, "province").await;
    let corrected = step(&manager, id, "recategorise", right).await.expect(200);
    assert_eq!(
        (&corrected["legal_track"], &corrected["visibility"]),
        (&json!(null), &json!("hidden"))
    );
    step(&officer, id, "publish", json!({})).await.expect(200);
    let (child, _) = said(&service, "Trẻ bị bỏ rơi").await;
    let sealed = json!({ "category": "security.child" });
    let seen = step(&manager, &child["id"], "recategorise", sealed).await.expect(200);
    assert_eq!(seen["visibility"], "sealed");
    let other = json!({ "category": "other", "not_legal": true });
    let refused = step(&manager, &child["id"], "recategorise", other).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/not_legal", "what a category seals stays");
}

#[apply(every_store)]
#[actix_web::test]
async fn what_turns_out_to_be_a_denunciation_goes_to_whoever_answers_those(#[case] store: Store) {
    let service = store.service().await;
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    let (submitted, _) = said(&service, "Trưởng thôn nhận tiền của dân").await;
    assert_eq!(submitted["agency"], "commune-05443");
    walk(&own, &submitted, &["accept", "assign"]).await;
    let denunciation = json!({ "category": "legal.denunciation" });
    step(&own, &submitted["id"], "recategorise", denunciation).await;
    let path = format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap());
    own.get(&path).await.expect(404);
    let province = service.officer().await.get(&path).await.expect(200);
    assert_eq!((&province["status"], &province["assignee"]), (&json!("submitted"), &Value::Null));
    assert_eq!(province["visibility"], "sealed");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_answer_by_telephone_is_taken_down_and_the_clock_goes_on(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = said(&service, "Đèn hỏng").await;
    let officer = service.officer().await;
    let id = &submitted["id"];
    walk(&officer, &submitted, &["accept"]).await;
    step(&officer, id, "answers", json!({ "text": "Cột 7" })).await.expect(409);
    step(&officer, id, "ask", json!({ "question": "Cột số mấy?" })).await.expect(200);
    step(&officer, id, "answers", json!({ "text": " " })).await.expect(422);
    let answered = step(&officer, id, "answers", json!({ "text": "Cột 7" })).await.expect(200);
    assert_eq!(answered["status"], "accepted", "it returns to where it was");
    let path = format!("/v1/desk/feedback/{}", id.as_str().unwrap());
    let answered = officer.get(&path).await.expect(200);
    let last = answered["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["text"], &last["by"]["kind"]), (&json!("Cột 7"), &json!("staff")));
    assert_eq!(tracked(&holder, &submitted).await["status"], "accepted");
}

#[apply(every_store)]
#[actix_web::test]
async fn who_complains_later_is_told_of_the_statutory_way(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = said(&service, "Đèn hỏng").await;
    let officer = service.officer().await;
    walk(&officer, &submitted, &["accept"]).await;
    step(&officer, &submitted["id"], "ask", json!({ "question": "Ở đâu?" })).await.expect(200);
    assert_eq!(tracked(&holder, &submitted).await["legal_track"], Value::Null);
    let answers = format!("/v1/feedback/{}/answers", submitted["id"].as_str().unwrap());
    let words = json!({ "text": "Tôi khiếu nại quyết định cắt đèn của xã" });
    holder.post(&answers, words).await.expect(200);
    assert_eq!(tracked(&holder, &submitted).await["legal_track"]["kind"], "complaint");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_answer_is_rated_a_few_times_and_not_without_end(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = said(&service, "Đèn hỏng").await;
    let officer = service.officer().await;
    walk(&officer, &submitted, &["accept", "assign", "resolve"]).await;
    let rating = format!("/v1/feedback/{}/rating", submitted["id"].as_str().unwrap());
    let poor = json!({ "stars": 1, "solved": false });
    for _ in 0..5 {
        holder.post(&rating, poor.clone()).await.expect(200);
    }
    holder.post(&rating, poor).await.expect(409);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_follows_another_report_can_be_taken_back(#[case] store: Store) {
    let service = store.service().await;
    let (first, _) = said(&service, "Đèn hỏng").await;
    let (second, holder) = said(&service, "Đèn không sáng").await;
    let officer = service.officer().await;
    let into = json!({ "into": first["id"] });
    step(&officer, &second["id"], "merge", into).await.expect(200);
    let withdraw = format!("/v1/feedback/{}/withdraw", second["id"].as_str().unwrap());
    let gone = holder.post(&withdraw, json!({})).await.expect(200);
    assert_eq!(gone["status"], "withdrawn");
    let path = format!("/v1/desk/feedback/{}", second["id"].as_str().unwrap());
    let desk = officer.get(&path).await.expect(200);
    assert_eq!((&desk["merged_into"], &desk["history_intact"]), (&Value::Null, &json!(true)));
}
