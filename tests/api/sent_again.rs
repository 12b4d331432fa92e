//! Whatever makes something, sent again under its `Idempotency-Key`.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::{
    businesses::registered, dossier_sources::CODE, dossiers::with_a_dossier, every_store,
    me_personal::decide,
};

/// Something to make: who sends what to where, and another body.
struct Making<'c> {
    by: &'c Caller,
    path: String,
    body: Value,
    other: Value,
}

impl Making<'_> {
    async fn with(&self, key: &str, body: &Value) -> (u16, Value) {
        let answer = self.by.with("Idempotency-Key", key).post(&self.path, body.clone()).await;
        let status = answer.status();
        (status, answer.expect(status))
    }

    /// Sends it twice, and another body under its key. Answers what was made, and what the second
    /// time was answered.
    async fn sent_again(&self) -> (Value, (u16, Value)) {
        let (status, made) = self.with("one", &self.body).await;
        assert!([201, 202].contains(&status), "{}: {made}", self.path);
        let again = self.with("one", &self.body).await;
        let (status, told) = self.with("one", &self.other).await;
        assert_eq!(
            (status, &told["code"]),
            (422, &json!("idempotency_key_reused")),
            "{}",
            self.path
        );
        (made, again)
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_sent_again_is_answered_as_the_first_time(#[case] store: Store) {
    let (service, _) = with_a_dossier(store).await;
    let (an, administrator) = (service.citizen("an").await, service.administrator().await);
    let chief = service.staff("chief", Role::AgencyManager, "fire").await;
    decide(&an, "children", true).await;
    let sites = format!("{}/sites", registered(&an).await);
    let site = |name: &str| json!({ "name": name, "commune_code": "05443" });
    let child = |name: &str| json!({ "name": name, "born_on": "2020-01-01" });
    let request = |text: &str| json!({ "kind": "access", "text": text });
    let agency = |code: &str| json!({ "code": code, "parent": "province", "name": "Phòng", "kind": "department" });
    let followed = |code: &str| json!({ "code": code, "proof": { "phone_last4": "5678" } });
    let things = [
        (&an, sites.as_str(), site("Kho"), site("Xưởng")),
        (&an, "/v1/me/children", child("Bé Na"), child("Bé Nấm")),
        (&an, "/v1/me/requests", request("Ai đã xem?"), request("Ai đã sửa?")),
        (&an, "/v1/me/devices", json!({ "platform": "web" }), json!({ "platform": "ios" })),
        (&an, "/v1/me/dossiers", followed(CODE), followed(&CODE.to_lowercase())),
        (&an, "/v1/me/phone", json!({ "phone": "0987654321" }), json!({ "phone": "0987654322" })),
        (&administrator, "/v1/admin/agencies", agency("water"), agency("lighting")),
        (&chief, "/v1/dispatch/units", json!({ "name": "Xe 01" }), json!({ "name": "Xe 02" })),
    ];
    for (by, path, body, other) in things {
        let making = Making { by, path: path.to_owned(), body, other };
        let (made, (status, again)) = making.sent_again().await;
        assert!(status < 300, "{path}: {again}");
        assert_eq!(made, again, "{path}");
    }
    for list in [sites.as_str(), "/v1/me/children", "/v1/me/requests", "/v1/me/devices"] {
        assert_eq!(an.get(list).await.expect(200)["items"].as_array().unwrap().len(), 1, "{list}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_holds_a_secret_is_answered_once(#[case] store: Store) {
    let service = store.service().await;
    let (an, administrator) = (service.citizen("an").await, service.administrator().await);
    let post =
        |username: &str| json!({ "username": username, "role": "officer", "agency": "police" });
    let hired = administrator.post("/v1/admin/staff", post("lan")).await.expect(201);
    let lan = hired["staff"]["id"].as_str().unwrap();
    let me = an.get("/v1/me").await.expect(200)["id"].clone();
    let hold = |reason: &str| json!({ "subject": me, "reason": reason });
    let why = |reason: &str| json!({ "reason": reason });
    let again = format!("/v1/admin/staff/{lan}/invitation");
    let things = [
        ("/v1/admin/staff", post("minh"), post("ngoc")),
        (again.as_str(), why("Mất liên kết"), why("Khác")),
        ("/v1/admin/legal-holds", hold("Toà yêu cầu"), hold("Khác")),
    ];
    for (path, body, other) in things {
        let making = Making { by: &administrator, path: path.to_owned(), body, other };
        let (_, (status, told)) = making.sent_again().await;
        assert_eq!((status, &told["code"]), (409, &json!("already_exists")), "{path}");
    }
    let held = administrator.get("/v1/admin/legal-holds").await.expect(200);
    assert_eq!(held["items"].as_array().unwrap().len(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_code_that_was_asked_for_twice_is_sent_once(#[case] store: Store) {
    let service = store.service().await;
    let asks = async |key: &str, phone: &str| {
        let caller = service.anonymous().with("Idempotency-Key", key);
        caller.post("/v1/auth/otp", json!({ "phone": phone })).await
    };
    let first = asks("one", "0912345678").await.expect(202);
    assert_eq!(asks("one", "0912345678").await.expect(202), first);
    asks("two", "0912345678").await.expect(429);
    let somebody_else = asks("one", "0987654321").await.expect(202);
    assert_ne!(somebody_else["challenge_id"], first["challenge_id"]);
    for phone in ["+84912345678", "+84987654321"] {
        service.code_sent_to(phone).await;
        assert_eq!(service.messages.take(phone), None, "{phone}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_failed_is_tried_anew_under_its_key(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await.with("Idempotency-Key", "one");
    let child = json!({ "name": "Bé Na", "born_on": "2020-01-01" });
    an.post("/v1/me/children", child.clone()).await.expect(409);
    decide(&an, "children", true).await;
    an.post("/v1/me/children", child).await.expect(201);
    let officer = service.staff("lan", Role::Officer, "police").await;
    officer.with("Idempotency-Key", "one").post("/v1/admin/staff", json!({})).await.expect(403);
}
