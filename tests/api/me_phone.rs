//! Changing the phone that one signs in with.

use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store};

use crate::{every_store, revocation::is_refused};

const OLD: &str = "+84912345678";
const NEW: &str = "+84987654321";

/// Asks for a code by which `caller` signs in, or changes the phone: the proof of it.
async fn proof(service: &Service, caller: &Caller, path: &str, phone: &str) -> Value {
    let asked = caller.post(path, json!({ "phone": phone })).await.expect(202);
    let code = service.code_sent_to(phone).await;
    json!({ "challenge_id": asked["challenge_id"], "code": code })
}

async fn tokens(service: &Service, phone: &str) -> Value {
    let nobody = service.anonymous();
    let proof = proof(service, &nobody, "/v1/auth/otp", phone).await;
    nobody.post("/v1/auth/otp/verify", proof).await.expect(200)
}

async fn signed_in(service: &Service, phone: &str) -> Caller {
    let tokens = tokens(service, phone).await;
    service.anonymous().bearing(tokens["access_token"].as_str().unwrap())
}

fn refused(answer: Answer, status: u16, code: &str) {
    assert_eq!(answer.expect(status)["code"], code);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_new_phone_takes_the_place_of_the_old_one(#[case] store: Store) {
    let service = store.service().await;
    let lost = tokens(&service, OLD).await;
    let here = signed_in(&service, OLD).await;
    let asked = here.post("/v1/me/phone", json!({ "phone": "0987 654 321" })).await.expect(202);
    let message = service.messages.receive(NEW).await;
    let (code, text) = message.split_at(6);
    assert_eq!(text, " là mã đổi số điện thoại, dùng trong 5 phút. Không đưa cho ai.");
    let typed = json!({ "challenge_id": asked["challenge_id"], "code": code });
    let changed = here.post("/v1/me/phone/verify", typed.clone()).await.expect(200);
    assert_eq!(changed["phone"], NEW);
    assert_eq!(here.get("/v1/me").await.expect(200), changed);
    refused(here.post("/v1/me/phone/verify", typed).await, 422, "otp_expired");

    let told = service.messages.receive(OLD).await;
    assert!(told.contains("số khác") && !told.contains(&NEW[3..]), "{told}");
    let inbox = here.get("/v1/me/notifications").await.expect(200);
    assert_eq!(inbox["items"][0]["kind"], "account.phone_changed");
    let elsewhere = service.anonymous().bearing(lost["access_token"].as_str().unwrap());
    assert!(is_refused(&elsewhere, "/v1/me").await);
    let token = json!({ "refresh_token": lost["refresh_token"] });
    service.anonymous().post("/v1/auth/refresh", token).await.expect(401);
    assert_eq!(tokens(&service, NEW).await["citizen"], changed);
    assert_ne!(tokens(&service, OLD).await["citizen"]["id"], changed["id"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_code_is_good_for_what_it_was_sent_for_alone(#[case] store: Store) {
    let service = store.service().await;
    let (here, there) = (signed_in(&service, OLD).await, signed_in(&service, OLD).await);
    let nobody = service.anonymous();
    let to_sign_in = proof(&service, &nobody, "/v1/auth/otp", NEW).await;
    refused(here.post("/v1/me/phone/verify", to_sign_in.clone()).await, 422, "otp_wrong");
    nobody.post("/v1/auth/otp/verify", to_sign_in).await.expect(200);

    let other = "+84987654322";
    let to_change = proof(&service, &here, "/v1/me/phone", other).await;
    refused(nobody.post("/v1/auth/otp/verify", to_change.clone()).await, 422, "otp_wrong");
    let stranger = signed_in(&service, "+84987654323").await;
    for caller in [there, stranger] {
        let answer = caller.post("/v1/me/phone/verify", to_change.clone()).await;
        refused(answer, 422, "otp_wrong");
    }
    assert_eq!(here.post("/v1/me/phone/verify", to_change).await.expect(200)["phone"], other);
}

#[apply(every_store)]
#[actix_web::test]
async fn whose_a_number_is_learns_only_who_has_it_in_hands(#[case] store: Store) {
    let service = store.service().await;
    let binh = signed_in(&service, NEW).await;
    let an = signed_in(&service, OLD).await;
    let ask = async |phone: &str| {
        let asked = an.post("/v1/me/phone", json!({ "phone": phone })).await.expect(202);
        (asked["resend_after_s"].clone(), asked["expires_in_s"].clone(), asked)
    };
    let (taken, free) = (ask(NEW).await, ask("+84987654322").await);
    assert_eq!((&taken.0, &taken.1), (&free.0, &free.1));
    let code = service.code_sent_to(NEW).await;
    let typed = |code: &str| json!({ "challenge_id": taken.2["challenge_id"], "code": code });
    let guess = if code == "000000" { "111111" } else { "000000" };
    let wrong = an.post("/v1/me/phone/verify", typed(guess)).await.expect(422);
    assert_eq!((&wrong["code"], &wrong["tries_left"]), (&json!("otp_wrong"), &json!(4)));
    refused(an.post("/v1/me/phone/verify", typed(&code)).await, 409, "phone_in_use");
    assert_eq!(an.get("/v1/me").await.expect(200)["phone"], OLD);
    assert_eq!(binh.get("/v1/me").await.expect(200)["phone"], NEW);

    let own = proof(&service, &an, "/v1/me/phone", OLD).await;
    an.post("/v1/me/phone/verify", own).await.expect(200);
    assert_eq!(service.messages.take(OLD), None, "nothing was changed");
}

#[actix_web::test]
async fn what_is_no_number_or_no_code_is_refused() {
    let service = Store::Sqlite.service().await;
    let an = signed_in(&service, OLD).await;
    let told = an.post("/v1/me/phone", json!({ "phone": "113" })).await.expect(422);
    assert_eq!(told["errors"][0]["pointer"], "/phone");
    let id = "0193572a-0000-7000-8000-000000000000";
    let told = an.post("/v1/me/phone/verify", json!({ "challenge_id": id, "code": "12" })).await;
    assert_eq!(told.expect(422)["errors"][0]["pointer"], "/code");
    let unknown = json!({ "challenge_id": id, "code": "123456" });
    refused(an.post("/v1/me/phone/verify", unknown).await, 422, "otp_expired");
}
