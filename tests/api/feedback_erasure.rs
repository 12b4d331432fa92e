//! Whoever was erased is gone from what they reported; what everybody saw of it stays.

use chrono::TimeDelta;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Service, Store};

use crate::{
    every_store,
    feedback::{but, codes, lamp, published, report, step},
    me_erasure::work,
};

fn path(report: &Value) -> String {
    format!("/v1/feedback/{}", report["id"].as_str().unwrap())
}

/// What strangers see of a report, with its comments.
async fn shown(service: &Service, report: &Value) -> (Value, Value) {
    let stranger = service.anonymous();
    let comments = format!("{}/comments", path(report));
    (
        stranger.get(&path(report)).await.expect(200),
        stranger.get(&comments).await.expect(200)["items"].clone(),
    )
}

/// How a report stands for the officers, who see that nobody is behind it and that nothing was changed.
async fn nobodys(service: &Service, report: &Value) -> Value {
    let desk = format!("/v1/desk/feedback/{}", report["id"].as_str().unwrap());
    let seen = service.officer().await.get(&desk).await.expect(200);
    assert_eq!(seen["reporter"], json!({ "kind": "anonymous" }));
    assert_eq!((&seen["reporter_kept"], &seen["history_intact"]), (&json!(false), &json!(true)));
    seen
}

#[apply(every_store)]
#[actix_web::test]
async fn the_public_record_stays_without_whoever_was_erased(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let words = json!({ "text": "Đèn nhà tôi không sáng, gọi 0912 345 678", "title": "Nhà An" });
    let mine = report(&an, but(lamp(0.0), words.clone())).await;
    let quiet = report(&an, but(lamp(30.0), words)).await;
    let officer = service.officer().await;
    step(&officer, &mine["id"], "publish", json!({})).await.expect(200);
    for id in [&mine["id"], &quiet["id"]] {
        for name in ["accept", "assign"] {
            step(&officer, id, name, json!({})).await.expect(200);
        }
    }
    let (theirs, _) = published(&service, lamp(60.0)).await;
    an.post(&format!("{}/support", path(&theirs)), json!({})).await.expect(200);
    an.post(&format!("{}/follow", path(&theirs)), json!({})).await.expect(200);
    let said = json!({ "text": "Đúng vậy" });
    let said = an.post(&format!("{}/comments", path(&theirs)), said).await.expect(201);
    let publish = format!("/v1/desk/comments/{}/publish", said["id"].as_str().unwrap());
    officer.with("If-Match", "\"1\"").post(&publish, json!({})).await.expect(200);
    let before = shown(&service, &mine).await;
    let (supported, comments) = shown(&service, &theirs).await;
    assert_eq!((&supported["supports"], comments.as_array().unwrap().len()), (&json!(1), 1));

    an.delete("/v1/me").await.expect(202);
    service.clock.advance(TimeDelta::minutes(16));
    work(&service).await;
    assert_eq!(shown(&service, &mine).await, before, "what everybody saw stays as it was");
    assert_eq!(before.0["text"], "Đèn nhà tôi không sáng, gọi [đã ẩn]");
    let (left, comments) = shown(&service, &theirs).await;
    assert_eq!((&left["supports"], &left["comments"]), (&json!(0), &json!(0)));
    assert_eq!(comments, json!([]));

    // What still waits is answered; then nothing of it is left but what everybody saw.
    assert_eq!(nobodys(&service, &quiet).await["title"], "Nhà An");
    for report in [&mine, &quiet] {
        nobodys(&service, report).await;
        let officer = service.officer().await;
        let answer = json!({ "answer": "Đã thay." });
        step(&officer, &report["id"], "resolve", answer).await.expect(200);
    }
    service.clock.advance(domain::feedback::OBJECTION);
    api::feedback::tick(&service.app).await.unwrap();
    let closed = nobodys(&service, &mine).await;
    assert_eq!(closed["text"], "Đèn nhà tôi không sáng, gọi [đã ẩn]");
    assert_eq!(shown(&service, &mine).await.0["status"], "closed");
    let closed = nobodys(&service, &quiet).await;
    assert_eq!((&closed["text"], &closed["location"]), (&json!(""), &Value::Null));
    let list = service.officer().await.get("/v1/desk/feedback?q=nha+an&status=closed").await;
    assert_eq!(codes(&list.expect(200)), [mine["code"].as_str().unwrap()], "nor is it searched");
}

/// The link of whoever was erased opens nothing any more, and lets nobody act for them.
#[apply(every_store)]
#[actix_web::test]
async fn a_tracking_link_ends_with_its_reporter(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let mine = report(&an, lamp(0.0)).await;
    let holder = service.anonymous().bearing(mine["tracking_token"].as_str().unwrap());
    let track = format!("/v1/feedback/track/{}", mine["code"].as_str().unwrap());
    holder.get(&track).await.expect(200);
    an.delete("/v1/me").await.expect(202);
    service.clock.advance(TimeDelta::minutes(16));
    work(&service).await;
    holder.get(&track).await.expect(404);
    holder.post(&format!("{}/withdraw", path(&mine)), json!({})).await.expect(404);
    let officer = service.officer().await;
    step(&officer, &mine["id"], "accept", json!({})).await.expect(200);
}
