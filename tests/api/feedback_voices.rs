//! Me too, following, comments.

use chrono::TimeDelta;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Store};

use crate::{
    every_store,
    feedback::{codes, lamp, published, report, step},
};

/// The secrets of two devices.
const DEVICES: [&str; 2] = ["AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAQ"];

fn path(submitted: &Value) -> String {
    format!("/v1/feedback/{}", submitted["id"].as_str().unwrap())
}

async fn told(caller: &Caller) -> Vec<String> {
    let inbox = caller.get("/v1/me/notifications").await.expect(200);
    let items = inbox["items"].as_array().unwrap().iter();
    items.map(|item| item["text"].as_str().unwrap().to_owned()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn everybody_supports_a_report_once(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh, nobody) =
        (service.citizen("an").await, service.citizen("binh").await, service.anonymous());
    let submitted = report(&an, lamp(0.0)).await;
    let officer = service.officer().await;
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    let support = format!("{}/support", path(&submitted));
    for _ in 0..2 {
        assert_eq!(binh.post(&support, json!({})).await.expect(200)["supports"], 1);
    }
    // The secret of a device does not make somebody with an account two.
    let device = json!({ "device": DEVICES[0] });
    assert_eq!(binh.post(&support, device).await.expect(200)["supports"], 1);
    for (device, count) in [(DEVICES[0], 2), (DEVICES[0], 2), (DEVICES[1], 3)] {
        let device = json!({ "device": device });
        assert_eq!(nobody.post(&support, device).await.expect(200)["supports"], count);
    }
    let shown = nobody.get(&path(&submitted)).await.expect(200);
    assert_eq!(shown["supports"], 3);
    let desk = format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap());
    assert_eq!(officer.get(&desk).await.expect(200)["supports"], 3);
    assert_eq!(an.post(&support, json!({})).await.expect(409)["code"], "own_report");
    nobody.post(&support, json!({})).await.expect(401);
    nobody.post(&support, json!({ "device": "short" })).await.expect(422);
    officer.post(&support, json!({})).await.expect(403);

    let mine = binh.get("/v1/me/feedback/supported").await.expect(200);
    assert_eq!(codes(&mine), [submitted["code"].as_str().unwrap()]);
    // Hidden and shown again, it has lost nobody.
    step(&officer, &submitted["id"], "hide", json!({})).await.expect(200);
    assert_eq!(codes(&binh.get("/v1/me/feedback/supported").await.expect(200)), [""; 0]);
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    assert_eq!(nobody.get(&path(&submitted)).await.expect(200)["supports"], 3);
    for _ in 0..2 {
        assert_eq!(binh.delete(&support).await.expect(200)["supports"], 2);
    }
    let left = nobody.delete(&format!("{support}?device={}", DEVICES[1])).await.expect(200);
    assert_eq!((&left["supports"], &left["supported"]), (&json!(1), &json!(false)));
}

/// Whoever makes devices up is counted ten times an hour from one address, not a thousand.
#[apply(every_store)]
#[actix_web::test]
async fn one_address_is_not_a_crowd(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, _) = published(&service, lamp(0.0)).await;
    let support = format!("{}/support", path(&submitted));
    let nobody = service.anonymous();
    let mut last = 200;
    for device in 10..30 {
        let device = format!("{device}AAAAAAAAAAAAAAAAAAAA");
        last = nobody.post(&support, json!({ "device": device })).await.status();
    }
    assert_eq!(last, 429);
    let shown = nobody.get(&path(&submitted)).await.expect(200);
    assert_eq!(shown["supports"], 10);
    service.citizen("an").await.post(&support, json!({})).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_follows_is_told(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh, chi) =
        (service.citizen("an").await, service.citizen("binh").await, service.citizen("chi").await);
    let submitted = report(&an, lamp(0.0)).await;
    let officer = service.officer().await;
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    let follow = format!("{}/follow", path(&submitted));
    for follower in [&an, &binh, &chi] {
        follower.post(&follow, json!({})).await.expect(200);
        assert_eq!(follower.post(&follow, json!({})).await.expect(200)["following"], true);
    }
    chi.delete(&follow).await.expect(200);
    service.anonymous().post(&follow, json!({})).await.expect(401);
    step(&officer, &submitted["id"], "accept", json!({})).await.expect(200);
    step(&officer, &submitted["id"], "notes", json!({ "text": "Nội bộ" })).await.expect(200);
    step(&officer, &submitted["id"], "ask", json!({ "question": "Ở đâu?" })).await.expect(200);
    api::feedback::tick(&service.app).await.unwrap();
    api::feedback::tick(&service.app).await.unwrap();
    let heard = told(&binh).await;
    assert_eq!(heard.len(), 1, "no notes, no questions, and each once: {heard:?}");
    assert!(heard[0].contains("đã được tiếp nhận"), "{heard:?}");
    assert_eq!(told(&chi).await, [""; 0]);
    let own = told(&an).await;
    assert_eq!(own.iter().filter(|text| text.contains("tiếp nhận")).count(), 1, "{own:?}");
    let mine = binh.get("/v1/me/feedback/followed").await.expect(200);
    assert_eq!(codes(&mine), [submitted["code"].as_str().unwrap()]);
    let archive = binh.get("/v1/me/export").await.expect(200);
    assert_eq!(archive["followed_feedback"][0]["report_id"], submitted["id"]);
}

async fn waiting(officer: &Caller) -> Vec<Value> {
    let list = officer.get("/v1/desk/comments").await.expect(200);
    list["items"].as_array().unwrap().clone()
}

async fn judge(officer: &Caller, comment: &Value, version: i64, verdict: &str) -> Answer {
    let path = format!("/v1/desk/comments/{}/{verdict}", comment["id"].as_str().unwrap());
    officer.with("If-Match", &format!("\"{version}\"")).post(&path, json!({})).await
}

#[apply(every_store)]
#[actix_web::test]
async fn a_comment_is_read_by_an_officer_first(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, officer) = published(&service, lamp(0.0)).await;
    let (an, stranger) = (service.citizen("an").await, service.anonymous());
    let comments = format!("{}/comments", path(&submitted));
    let words = json!({ "text": "Tôi cũng gặp, gọi tôi 0912345678 <b>" });
    stranger.post(&comments, words.clone()).await.expect(401);
    let said = an.post(&comments, words).await.expect(201);
    assert_eq!(said["status"], "pending");
    let seen = async || stranger.get(&comments).await.expect(200)["items"].clone();
    assert_eq!(seen().await, json!([]));
    let pending = waiting(&officer).await;
    assert_eq!(pending[0]["text"], "Tôi cũng gặp, gọi tôi 0912345678 <b>");
    let comment = &pending[0];
    judge(&officer, comment, 7, "publish").await.expect(412);
    judge(&officer, comment, 1, "publish").await.expect(200);
    assert!(waiting(&officer).await.is_empty());
    let shown = seen().await;
    assert_eq!(shown[0]["text"], "Tôi cũng gặp, gọi tôi [đã ẩn] <b>");
    assert!(shown[0].get("author").is_none() && shown[0].get("citizen").is_none());
    assert_eq!(stranger.get(&path(&submitted)).await.expect(200)["comments"], 1);
    assert!(told(&an).await[0].contains("đã được đăng"));
    judge(&officer, comment, 2, "reject").await.expect(200);
    assert_eq!(seen().await, json!([]));
    assert_eq!(stranger.get(&path(&submitted)).await.expect(200)["comments"], 0);
    let mine = an.get("/v1/me/feedback/comments").await.expect(200);
    assert_eq!(mine["items"][0]["status"], "rejected");
    let own = format!("/v1/me/feedback/comments/{}", said["id"].as_str().unwrap());
    service.citizen("binh").await.delete(&own).await.expect(404);
    assert_eq!(an.delete(&own).await.status(), 204);
    an.delete(&own).await.expect(404);
    for text in ["", &"x".repeat(1_001)] {
        an.post(&comments, json!({ "text": text })).await.expect(422);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn floods_of_comments_are_slowed(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, officer) = published(&service, lamp(0.0)).await;
    let (other, _) = published(&service, lamp(500.0)).await;
    let an = service.citizen("an").await;
    let mut last = 201;
    for turn in 0..8 {
        let path = path(if turn % 2 == 0 { &submitted } else { &other });
        last = an.post(&format!("{path}/comments"), json!({ "text": "Mua ngay" })).await.status();
    }
    assert_eq!(last, 429, "whichever reports they are about");
    assert_eq!(waiting(&officer).await.len(), 5);
    service.clock.advance(TimeDelta::minutes(31));
    let comments = format!("{}/comments", path(&submitted));
    let an = service.citizen("an").await;
    an.post(&comments, json!({ "text": "Một lần nữa" })).await.expect(201);
}
