//! Signing in: one-time passwords, sessions, staff.

use rstest_reuse::apply;
use serde_json::json;
use tests::Store;

use crate::every_store;

#[apply(every_store)]
#[actix_web::test]
async fn a_citizen_signs_in_by_phone_and_is_the_same_person_again(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let me = an.get("/v1/me").await.expect(200);
    service.clock.advance(chrono::TimeDelta::minutes(3));
    let again = service.citizen("an").await.get("/v1/me").await.expect(200);
    assert_eq!(me["id"], again["id"]);
    let binh = service.citizen("binh").await.get("/v1/me").await.expect(200);
    assert_ne!(me["id"], binh["id"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn staff_sign_in_with_name_and_password(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    dispatcher.get("/v1/me").await.expect(403);
    let unknown = json!({ "username": "nobody", "password": "correct horse battery staple" });
    service.anonymous().post("/v1/auth/staff/login", unknown).await.expect(401);
}
