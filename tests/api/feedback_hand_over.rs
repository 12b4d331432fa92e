//! Handing what was written as a report over to those who help.

use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Store, picture};

use crate::{
    every_store,
    feedback::{but, lamp},
    media::upload,
};

const HAND_OVER: &str = "/v1/feedback/emergency";

#[apply(every_store)]
#[actix_web::test]
async fn a_draft_that_speaks_of_danger_becomes_a_call_for_help(#[case] store: Store) {
    let service = store.service().await;
    let draft = but(
        lamp(0.0),
        json!({
            "title": "Khói lớn", "text": "Nhà bên đang cháy", "address": "Ngõ 7",
            "phone": "0912345678",
        }),
    );
    let told = json!({ "text": draft["text"], "location": draft["location"] });
    let told = service.anonymous().post("/v1/feedback/preview", told).await.expect(200);
    assert_eq!(told["emergency"], json!({ "kind": "fire", "number": "114" }));
    let keyed = service.anonymous().with("Idempotency-Key", "hand-over-of-this-draft");
    let raised = keyed.post(HAND_OVER, draft.clone()).await.expect(201);
    assert!(raised["token"].is_string());
    assert_eq!(keyed.post(HAND_OVER, draft).await.expect(201)["id"], raised["id"]);
    let path = format!("/v1/dispatch/emergencies/{}", raised["id"].as_str().unwrap());
    let seen = service.dispatcher().await.get(&path).await.expect(200);
    assert_eq!(seen["kind"], "fire");
    let text = seen.to_string();
    assert!(text.contains("Nhà bên đang cháy") && text.contains("Ngõ 7"), "{text}");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_hand_over_is_never_refused(#[case] store: Store) {
    let service = store.service().await;
    for body in ["", "{\"text\":", "[]", "{\"text\":7,\"location\":{\"lat\":900}}"] {
        let request = service.anonymous().request(reqwest::Method::POST, HAND_OVER);
        let answer = service.anonymous().send(request.body(body)).await;
        assert_eq!(answer.status() / 100, 2, "{body}");
    }
    let garbled = service.anonymous().bearing("x.y.z");
    let raised = garbled.post(HAND_OVER, json!({ "text": "Cứu với" })).await;
    assert_eq!(raised.status(), 201);
    assert_ne!(raised.json()["id"], Value::Null);
}

/// What was uploaded for the report is seen with the call; what cannot be linked keeps nothing back.
#[apply(every_store)]
#[actix_web::test]
async fn a_hand_over_shows_what_was_uploaded(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let photo = picture::photo(120, 90);
    let by_token = upload(&service.anonymous(), &photo).await.expect(201);
    let by_id = upload(&an, &photo).await.expect(201);
    let media_ids =
        json!([by_token["token"], "nothing", 7, by_id["id"], by_token["id"], by_token["token"]]);
    let draft = json!({ "text": "Nhà bên đang cháy", "media_ids": media_ids });
    let raised = an.post(HAND_OVER, draft).await.expect(201);
    let path = format!("/v1/dispatch/emergencies/{}", raised["id"].as_str().unwrap());
    let seen = service.dispatcher().await.get(&path).await.expect(200);
    let shown: Vec<_> = seen["media"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(shown.len(), 2);
    assert!(shown.contains(&&by_token["id"]) && shown.contains(&&by_id["id"]));
}
