//! What only somebody may do who signed in lately.

use chrono::TimeDelta;
use rstest_reuse::apply;
use serde_json::json;
use tests::Store;

use crate::every_store;

/// Signs in the owner of a phone, and answers the tokens.
async fn tokens(service: &tests::Service) -> serde_json::Value {
    let phone = "+84912345678";
    let caller = service.anonymous();
    let asked = caller.post("/v1/auth/otp", json!({ "phone": phone })).await.expect(202);
    let code = service.code_sent_to(phone).await;
    let proof = json!({ "challenge_id": asked["challenge_id"], "code": code });
    caller.post("/v1/auth/otp/verify", proof).await.expect(200)
}

#[apply(every_store)]
#[actix_web::test]
async fn a_phone_that_was_left_signed_in_takes_and_erases_nothing(#[case] store: Store) {
    let service = store.service().await;
    let first = tokens(&service).await;
    service.clock.advance(TimeDelta::minutes(31));
    // The session goes on, as on a phone that was found or stolen.
    let token = json!({ "refresh_token": first["refresh_token"] });
    let renewed = service.anonymous().post("/v1/auth/refresh", token).await.expect(200);
    let finder = service.anonymous().bearing(renewed["access_token"].as_str().unwrap());
    finder.get("/v1/me").await.expect(200);
    let export = finder.get("/v1/me/export").await.expect(403);
    assert_eq!(export["code"], "sign_in_again");
    assert_eq!(finder.delete("/v1/me").await.expect(403)["code"], "sign_in_again");
    let change = finder.post("/v1/me/phone", json!({ "phone": "0912345679" })).await;
    assert_eq!(change.expect(403)["code"], "sign_in_again");
    finder.get("/v1/me").await.expect(200);

    let again = tokens(&service).await;
    let owner = service.anonymous().bearing(again["access_token"].as_str().unwrap());
    owner.get("/v1/me/export").await.expect(200);
    service.clock.advance(TimeDelta::minutes(9));
    owner.delete("/v1/me").await.expect(202);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_archive_is_made_a_few_times_an_hour(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    for _ in 0..5 {
        an.get("/v1/me/export").await.expect(200);
    }
    let refused = service.citizen("an").await.get("/v1/me/export").await;
    assert_eq!(refused.header("retry-after"), "3600");
    assert_eq!(refused.expect(429)["code"], "rate_limited");
    service.citizen("binh").await.get("/v1/me/export").await.expect(200);
    service.clock.advance(TimeDelta::hours(1));
    service.citizen("an").await.get("/v1/me/export").await.expect(200);
}
