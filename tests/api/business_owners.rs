//! Businesses whose last owner is gone.

use chrono::TimeDelta;
use domain::identity::Role;
use futures_util::future::join_all;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, rows_naming};

use crate::{
    businesses::{COMMUNE, DESK, INVITATIONS, decide, join, key, registered, verify},
    every_store,
    me_erasure::work,
};

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

async fn registrar(service: &Service) -> Caller {
    service.staff("tan-cuong", Role::Officer, &format!("commune-{COMMUNE}")).await
}

/// What waits at the desk of `officer`, as standings.
async fn waiting(officer: &Caller) -> Vec<Value> {
    let items = officer.get(DESK).await.expect(200)["items"].clone();
    items.as_array().unwrap().iter().map(|item| item["standing"].clone()).collect()
}

/// Gives a business to whoever `caller` is, and lets them accept.
async fn given(officer: &Caller, path: &str, caller: &Caller) -> Value {
    let phone = caller.get("/v1/me").await.expect(200)["phone"].clone();
    decide(officer, path, "owner", json!({ "phone": phone })).await.expect(201);
    let invitations = caller.get(INVITATIONS).await.expect(200);
    let invitation = invitations["items"][0]["id"].as_str().unwrap();
    caller.post(&format!("{INVITATIONS}/{invitation}/accept"), json!({})).await.expect(200)
}

#[apply(every_store)]
#[actix_web::test]
async fn without_an_owner_keys_end_and_an_officer_gives_it_to_another(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    verify(&service, &path).await;
    let binh = join(&service, &an, &path, "binh", "member").await;
    let system = service.anonymous().bearing(&key(&an, &path, &["business.read"]).await);
    let open = json!({ "phone": "0987654321", "role": "owner" });
    an.post(&format!("{path}/members"), open).await.expect(201);
    let (own, foreign) =
        (registrar(&service).await, service.staff("other", Role::Officer, "commune-05448").await);
    assert!(waiting(&own).await.is_empty());

    let told = an.delete("/v1/me").await.expect(202);
    assert_eq!(told["kept"][0]["what"], "businesses");
    system.get(&path).await.expect(401);
    assert_eq!(binh.get(&path).await.expect(200)["standing"], "ownerless");
    let left = binh.get(&format!("{path}/members")).await.expect(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    binh.patch(&path, json!({ "name": "Của tôi" })).await.expect(403);
    let inbox = binh.get("/v1/me/notifications").await.expect(200);
    assert_eq!(inbox["items"][0]["kind"], "business.ownerless");
    assert_eq!(waiting(&own).await, ["ownerless"]);
    assert!(waiting(&foreign).await.is_empty());
    decide(&own, &path, "verify", json!({})).await.expect(409);
    let phone = json!({ "phone": "0912345678" });
    decide(&foreign, &path, "owner", phone.clone()).await.expect(404);
    own.post(&format!("{DESK}/{}/owner", id(&path)), phone).await.expect(428);
    let told = decide(&own, &path, "owner", json!({ "phone": "113" })).await.expect(422);
    assert_eq!(told["errors"][0]["pointer"], "/phone");
    // What the old owner had begun is over.
    let invited = json!({ "phone": "+84987654321" });
    let asked = service.anonymous().post("/v1/auth/otp", invited).await.expect(202);
    let code = service.code_sent_to("+84987654321").await;
    let proof = json!({ "challenge_id": asked["challenge_id"], "code": code });
    let tokens = service.anonymous().post("/v1/auth/otp/verify", proof).await.expect(200);
    let dung = service.anonymous().bearing(tokens["access_token"].as_str().unwrap());
    assert_eq!(dung.get(INVITATIONS).await.expect(200)["items"], json!([]));

    let owned = given(&own, &path, &binh).await;
    assert_eq!((&owned["standing"], &owned["role"]), (&json!("pending"), &json!("owner")));
    decide(&own, &path, "owner", json!({ "phone": "0912345678" })).await.expect(409);
    verify(&service, &path).await;
    binh.patch(&path, json!({ "address": "Số 1" })).await.expect(200);
    let auditor = service.staff("auditor", Role::Auditor, "province").await;
    for action in ["business.ownerless", "business.given"] {
        let log = auditor.get(&format!("/v1/admin/audit?action={action}")).await.expect(200);
        assert_eq!(log["items"][0]["subject"], id(&path), "{action}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn its_tax_code_can_be_verified_anew(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    verify(&service, &path).await;
    an.delete("/v1/me").await.expect(202);
    let binh = service.citizen("binh").await;
    let anew = registered(&binh).await;
    verify(&service, &anew).await;
    let officer = registrar(&service).await;
    given(&officer, &path, &service.citizen("chi").await).await;
    let both = decide(&officer, &path, "verify", json!({})).await.expect(409);
    assert_eq!(both["code"], "tax_code_taken");
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_nothing_but_its_owners_goes_with_them(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let claim = registered(&an).await;
    let home = json!({ "tax_code": "019203004567", "name": "Hộ An", "commune_code": COMMUNE });
    let home = an.post("/v1/businesses", home).await.expect(201);
    let home = format!("/v1/businesses/{}", home["id"].as_str().unwrap());
    verify(&service, &home).await;
    let told = an.delete("/v1/me").await.expect(202);
    assert_eq!(told["kept"][0]["what"], "published_reports");
    assert!(waiting(&registrar(&service).await).await.is_empty());
    service.clock.advance(TimeDelta::minutes(16));
    work(&service).await;
    let url = service.app.settings.database().unwrap().url;
    for path in [claim, home] {
        assert_eq!(rows_naming(&url, ("business", "id"), id(&path).parse().unwrap()), 0);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_sent_again_under_its_key_is_done_once(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await.with("Idempotency-Key", "one");
    let path = registered(&an).await;
    assert_eq!(registered(&an).await, path);
    verify(&service, &path).await;
    let members = format!("{path}/members");
    let invitation = json!({ "phone": "0987654321", "role": "member" });
    let first = an.post(&members, invitation.clone()).await.expect(201);
    assert_eq!(an.post(&members, invitation).await.expect(201), first);
    let other = json!({ "phone": "0987654322", "role": "member" });
    assert_eq!(an.post(&members, other).await.expect(422)["code"], "idempotency_key_reused");
    key(&an, &path, &["business.read"]).await;
    let again = json!({ "name": "Kho hàng", "scopes": ["business.read"] });
    let again = an.post(&format!("{path}/api-keys"), again).await.expect(409);
    assert_eq!(again["code"], "already_exists");
    assert_eq!(an.get(&format!("{path}/api-keys")).await.expect(200)["items"][1], Value::Null);
}

#[apply(every_store)]
#[actix_web::test]
async fn of_owners_who_go_at_once_the_last_one_is_noticed(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    verify(&service, &path).await;
    let binh = join(&service, &an, &path, "binh", "owner").await;
    for answer in join_all([an.delete("/v1/me"), binh.delete("/v1/me")]).await {
        answer.expect(202);
    }
    assert_eq!(waiting(&registrar(&service).await).await, ["ownerless"]);
}
