//! A case that is handed over is whole.

use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, picture};

use crate::{
    dispatch_records::claim_after,
    every_store,
    units::{chief, on_shift},
};

const CALLS: &str = "/v1/emergencies";

async fn raise(service: &Service, call: Value) -> (Caller, String) {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    let caller = service.anonymous().bearing(raised["token"].as_str().unwrap());
    (caller, raised["id"].as_str().unwrap().to_owned())
}

/// The caller of `id` waits and is asked, answers, and shows something.
async fn tell_much(service: &Service, caller: &Caller, id: &str) {
    service.clock.advance(chrono::TimeDelta::seconds(20));
    service.app.run_overload().await.unwrap();
    let messages = format!("{CALLS}/{id}/messages");
    let asked = caller.get(&messages).await.expect(200);
    let answer = json!({ "text": "not_awake", "in_reply_to": asked["items"][0]["id"] });
    caller.post(&messages, answer).await.expect(201);
    let show = caller.request(Method::POST, &format!("{CALLS}/{id}/media"));
    let photo = show.header("Content-Type", "image/jpeg").body(picture::jpeg(64, 48));
    caller.send(photo).await.expect(201);
    let more = json!({ "note": "Bà ngất rồi", "colour": "tím tái" });
    caller.put(&format!("{CALLS}/{id}"), more).await.expect(200);
}

/// Whoever holds the call at `desk` does with it whatever can be done.
async fn do_much(service: &Service, chief: &Caller, desk: &str, other: &str) {
    claim_after(service, 5, chief, desk).await;
    let found = json!({ "phone": "0987654321", "people": 2, "landmark": "Sau chợ Thái" });
    chief.patch(desk, found).await.expect(200);
    let into = json!({ "into": desk.rsplit('/').next().unwrap() });
    chief.post(&format!("/v1/dispatch/emergencies/{other}/merge"), into).await.expect(200);
    let unit = on_shift(service, "medical", "Xe 01", &[]).await;
    for (part, body) in [
        ("callbacks", json!({ "outcome": "no_answer", "note": "Chuông reo mãi" })),
        ("notes", json!({ "text": "Đã báo bệnh viện" })),
        ("messages", json!({ "text": "Xe đang tới" })),
        ("dispatches", json!({ "unit_id": unit })),
    ] {
        chief.post(&format!("{desk}/{part}"), body).await.expect(201);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn whatever_is_kept_of_a_case_is_in_it(#[case] store: Store) {
    let service = store.service().await;
    let chief = chief(&service, "medical").await;
    let call = json!({ "kind": "medical", "note": "Bà khó thở", "phone": "0912345678",
        "location": { "lat": 21.5928, "lon": 105.8442 },
        "on_behalf_of": { "name": "Bà Lan", "phone": "0922222222", "note": "Tám mươi tuổi" } });
    let (caller, id) = raise(&service, call).await;
    let again = json!({ "kind": "medical", "note": "Người thứ hai gọi" });
    let (_, other) = raise(&service, again).await;
    tell_much(&service, &caller, &id).await;
    let desk = format!("/v1/dispatch/emergencies/{id}");
    do_much(&service, &chief, &desk, &other).await;

    let case = chief.get(&format!("{desk}/export")).await.expect(200);
    let emergency = &case["emergency"];
    assert_eq!(emergency["corrections"][0]["username"], "chief-medical");
    assert_eq!(emergency["corrections"][0]["changes"].as_array().unwrap().len(), 3);
    assert_eq!(emergency["callbacks"][0]["note"], "Chuông reo mãi");
    assert_eq!(emergency["media"][0]["kind"], "photo");
    assert_eq!(emergency["merged_emergencies"][0]["id"], other.as_str());
    assert_eq!(emergency["unread"]["colour"], "tím tái");
    let answered = emergency["questions"].as_array().unwrap().iter();
    assert_eq!(answered.filter(|asked| asked["answer"] == "Không tỉnh").count(), 1);
    for part in ["locations", "statements", "notes", "dispatches", "timeline"] {
        assert!(!emergency[part].as_array().unwrap().is_empty(), "{part}");
    }
    let texts: Vec<_> =
        case["messages"].as_array().unwrap().iter().map(|one| &one["text"]).collect();
    assert!(texts.contains(&&json!("Xe đang tới")), "{texts:?}");

    let page = chief.get(&format!("{desk}/export?format=html")).await;
    let photo = emergency["media"][0]["id"].as_str().unwrap();
    for part in [
        "phone: 0912345678 → 0987654321",
        "people: — → 2",
        "Sau chợ Thái",
        "chief-medical no_answer",
        "Chuông reo mãi",
        photo,
        "SHA-256 ",
        "Bà Lan",
        "Tám mươi tuổi",
        "Bà ngất rồi",
        "tím tái",
        "Người bệnh có tỉnh và trả lời được không?",
        "Không tỉnh",
        "Người thứ hai gọi",
        "Đã báo bệnh viện",
        "Xe đang tới",
        "emergency.media",
    ] {
        assert!(page.text().contains(part), "{part} is missing: {}", page.text());
    }
}
