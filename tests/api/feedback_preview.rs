//! What is told before a report is sent, and several reports at once.

use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::Store;

use crate::{
    every_store,
    feedback::{but, codes, lamp, published, report},
};

const PREVIEW: &str = "/v1/feedback/preview";
const BATCH: &str = "/v1/feedback/batch";

#[apply(every_store)]
#[actix_web::test]
async fn what_would_become_of_it_is_told_before(#[case] store: Store) {
    let service = store.service().await;
    let (known, _) = published(&service, lamp(5.0)).await;
    report(&service.anonymous(), lamp(2.0)).await;
    let location = lamp(0.0)["location"].clone();
    let asked = json!({ "text": "Đèn đường hỏng trước số 7", "location": location });
    let told = service.anonymous().post(PREVIEW, asked).await.expect(200);
    assert_eq!(told["category"], "lighting.street", "the words suggest it");
    assert_eq!(told["suggested_categories"][0], "lighting.street");
    assert_eq!((&told["agency"], &told["due_at"]), (&known["agency"], &known["due_at"]));
    assert_eq!((&told["emergency"], &told["legal_track"]), (&Value::Null, &Value::Null));
    let near = json!({ "items": told["possible_duplicates"] });
    assert_eq!(codes(&near), [known["code"].as_str().unwrap()], "only what is published");
    let queue = service.officer().await.get("/v1/desk/feedback").await.expect(200);
    assert_eq!(codes(&queue).len(), 2, "nothing was kept");
}

#[apply(every_store)]
#[actix_web::test]
async fn who_is_in_danger_is_told_to_call(#[case] store: Store) {
    let service = store.service().await;
    for (text, kind, number) in [
        ("Nhà bên cạnh đang cháy", "fire", "114"),
        ("co nguoi bat tinh tren duong", "medical", "115"),
        ("Một nhóm đánh nhau trước chợ", "police", "113"),
    ] {
        let told = service.anonymous().post(PREVIEW, json!({ "text": text })).await.expect(200);
        assert_eq!(told["emergency"], json!({ "kind": kind, "number": number }), "{text}");
    }
    let law = json!({ "text": "Tôi tố cáo ông A" });
    let told = service.anonymous().post(PREVIEW, law).await.expect(200);
    assert_eq!(told["legal_track"]["kind"], "denunciation");
    let titled = json!({ "title": "Đơn tố cáo", "text": "Ông trưởng thôn nhận tiền",
        "category": "other", "commune_code": "05443" });
    let told = service.anonymous().post(PREVIEW, titled.clone()).await.expect(200);
    let sent = report(&service.anonymous(), titled).await;
    assert_eq!(told["agency"], "province");
    assert_eq!(
        (&told["agency"], &told["due_at"], &told["legal_track"]),
        (&sent["agency"], &sent["due_at"], &sent["legal_track"])
    );
    for (body, pointer) in [
        (json!({ "text": " " }), "/text"),
        (json!({ "text": "x", "title": "x".repeat(201) }), "/title"),
        (json!({ "text": "x", "category": "road" }), "/category"),
        (json!({ "text": "x", "category": "nothing" }), "/category"),
        (json!({ "text": "x", "commune_code": "99999" }), "/commune_code"),
    ] {
        let flawed = service.anonymous().post(PREVIEW, body).await.expect(422);
        assert_eq!(flawed["errors"][0]["pointer"], pointer);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_wrong_with_one_report_keeps_no_other_from_being_taken_in(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let id = "0199aaaa-0000-7000-8000-000000000007";
    let batch = json!({ "items": [
        but(lamp(0.0), json!({ "id": id })),
        but(lamp(0.0), json!({ "category": "nothing" })),
        { "text": 7 },
        lamp(500.0),
    ] });
    let seen = an.with("Idempotency-Key", "queue-1");
    let answer = seen.post(BATCH, batch.clone()).await.expect(200);
    let items = answer["items"].as_array().unwrap();
    let statuses: Vec<_> = items.iter().map(|item| item["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 422, 422, 201]);
    assert_eq!(items[0]["report"]["id"], id);
    assert_eq!(
        (&items[1]["code"], &items[1]["errors"][0]["pointer"]),
        (&json!("unknown_category"), &json!("/category"),)
    );
    let again = seen.post(BATCH, batch).await.expect(200);
    assert_eq!(again["items"][3]["report"]["code"], items[3]["report"]["code"]);
    let mine = an.get("/v1/me/feedback").await.expect(200);
    assert_eq!(codes(&mine).len(), 2, "nothing is doubled");
    let many = json!({ "items": vec![lamp(0.0); 51] });
    an.post(BATCH, many).await.expect(422);
}
