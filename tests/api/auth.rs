//! Signing in by phone, keeping a session, signing out.

use chrono::TimeDelta;
use futures_util::future::join_all;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store};

use crate::every_store;

const PHONE: &str = "+84912345678";

async fn ask(service: &Service) -> Value {
    service.anonymous().post("/v1/auth/otp", json!({ "phone": PHONE })).await.expect(202)
}

/// The code in the next message to [`PHONE`].
async fn code(service: &Service) -> String {
    service.messages.receive(PHONE).await.chars().take(6).collect()
}

async fn verify(service: &Service, asked: &Value, code: &str) -> Answer {
    let proof =
        json!({ "challenge_id": asked["challenge_id"], "code": code, "device": "Máy của An" });
    service.anonymous().post("/v1/auth/otp/verify", proof).await
}

async fn sign_in(service: &Service) -> Value {
    let asked = ask(service).await;
    verify(service, &asked, &code(service).await).await.expect(200)
}

async fn refresh(service: &Service, tokens: &Value) -> Answer {
    let body = json!({ "refresh_token": tokens["refresh_token"] });
    service.anonymous().post("/v1/auth/refresh", body).await
}

/// A code that is not `right`.
fn wrong(right: &str) -> &'static str {
    if right == "000000" { "111111" } else { "000000" }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_citizen_signs_in_by_phone(#[case] store: Store) {
    let service = store.service().await;
    let asked = ask(&service).await;
    allow_duplicates! {
        assert_json_snapshot!(asked, { ".challenge_id" => "[id]" }, @r#"
        {
          "challenge_id": "[id]",
          "expires_in_s": 300,
          "resend_after_s": 60
        }
        "#);
    }
    let message = service.messages.receive(PHONE).await;
    let (right, text) = message.split_at(6);
    assert_eq!(text, " là mã đăng nhập của bạn, dùng trong 5 phút. Không đưa cho ai.");
    let answer = verify(&service, &asked, right).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    allow_duplicates! {
        assert_json_snapshot!(answer.expect(200), {
            ".access_token" => "[jwt]", ".refresh_token" => "[token]", ".citizen.id" => "[id]"
        }, @r#"
        {
          "access_token": "[jwt]",
          "citizen": {
            "created_at": "2026-11-23T01:02:03.456Z",
            "display_name": null,
            "id": "[id]",
            "phone": "+84912345678"
          },
          "expires_in": 600,
          "refresh_token": "[token]",
          "token_type": "Bearer"
        }
        "#);
    }
    assert_eq!(verify(&service, &asked, right).await.expect(422)["code"], "otp_expired");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_second_time_it_is_the_same_account(#[case] store: Store) {
    let service = store.service().await;
    let first = sign_in(&service).await;
    service.clock.advance(TimeDelta::hours(1));
    let second = sign_in(&service).await;
    assert_eq!(first["citizen"], second["citizen"]);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_known_number_is_answered_like_an_unknown_one(#[case] store: Store) {
    let service = store.service().await;
    let unknown = ask(&service).await;
    verify(&service, &unknown, &code(&service).await).await.expect(200);
    let known = ask(&service).await;
    let shape = |asked: &Value| (asked["resend_after_s"].clone(), asked["expires_in_s"].clone());
    assert_eq!(shape(&unknown), shape(&known));
}

#[apply(every_store)]
#[actix_web::test]
async fn five_wrong_tries_kill_a_code(#[case] store: Store) {
    let service = store.service().await;
    let asked = ask(&service).await;
    let right = code(&service).await;
    for tries_left in [4, 3, 2, 1] {
        let told = verify(&service, &asked, wrong(&right)).await.expect(422);
        assert_eq!((&told["code"], &told["tries_left"]), (&json!("otp_wrong"), &json!(tries_left)));
    }
    let fifth = verify(&service, &asked, wrong(&right)).await.expect(422);
    assert_eq!(fifth["code"], "otp_expired");
    assert_eq!(verify(&service, &asked, &right).await.expect(422)["code"], "otp_expired");
}

#[apply(every_store)]
#[actix_web::test]
async fn tries_made_at_once_are_no_more_than_five(#[case] store: Store) {
    let service = store.service().await;
    let asked = ask(&service).await;
    let right = code(&service).await;
    let guesses = (0..20).map(|_| verify(&service, &asked, wrong(&right)));
    let told = join_all(guesses).await.into_iter().map(|answer| answer.expect(422));
    assert_eq!(told.filter(|told| told["code"] == "otp_wrong").count(), 4);
    assert_eq!(verify(&service, &asked, &right).await.expect(422)["code"], "otp_expired");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_code_is_good_for_five_minutes(#[case] store: Store) {
    let service = store.service().await;
    let asked = ask(&service).await;
    let right = code(&service).await;
    service.clock.advance(TimeDelta::minutes(5));
    assert_eq!(verify(&service, &asked, &right).await.expect(422)["code"], "otp_expired");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_wait_for_the_next_code_doubles_and_a_success_ends_it(#[case] store: Store) {
    let service = store.service().await;
    let first = ask(&service).await;
    let early = service.anonymous().post("/v1/auth/otp", json!({ "phone": "0912.345.678" })).await;
    assert_eq!(early.header("retry-after"), "60");
    assert_eq!(early.expect(429)["code"], "rate_limited");
    let old = code(&service).await;
    service.clock.advance(TimeDelta::seconds(60));
    let second = ask(&service).await;
    assert_eq!(second["resend_after_s"], 120);
    let new = code(&service).await;
    assert_eq!(verify(&service, &first, wrong(&old)).await.expect(422)["tries_left"], 4);
    verify(&service, &second, &new).await.expect(200);
    assert_eq!(verify(&service, &first, &old).await.expect(422)["code"], "otp_expired");
    assert_eq!(ask(&service).await["resend_after_s"], 60, "a success ends the row");
}

#[apply(every_store)]
#[actix_web::test]
async fn of_requests_made_at_once_one_sends_a_code(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let requests = (0..10).map(|_| caller.post("/v1/auth/otp", json!({ "phone": PHONE })));
    let answers = join_all(requests).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 202).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status() == 429).count(), 9);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_stranger_neither_makes_the_owner_wait_nor_voids_their_code(#[case] store: Store) {
    let variables = [("CTN_TRUSTED_PROXIES", "127.0.0.1")];
    let service = Service::configured(store.fresh().await, &variables).await;
    let from = |address| service.anonymous().with("X-Forwarded-For", address);
    let body = json!({ "phone": PHONE });
    let asked = from("203.0.113.1").post("/v1/auth/otp", body.clone()).await.expect(202);
    let right = code(&service).await;
    for stranger in ["203.0.113.2", "203.0.113.3"] {
        let other = from(stranger).post("/v1/auth/otp", body.clone()).await.expect(202);
        assert_eq!(other["resend_after_s"], 60, "each source has its own row");
        let other_code = code(&service).await;
        for _ in 0..5 {
            verify(&service, &other, wrong(&other_code)).await.expect(422);
        }
    }
    let fourth = from("203.0.113.4").post("/v1/auth/otp", body.clone()).await;
    assert_eq!(fourth.header("retry-after"), "300", "three stand side by side");
    verify(&service, &asked, &right).await.expect(200);
    let owner = from("203.0.113.1").post("/v1/auth/otp", body).await.expect(202);
    assert_eq!(owner["resend_after_s"], 60);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_phone_is_sent_few_codes_an_hour_used_or_not(#[case] store: Store) {
    let service = store.service().await;
    let ask = async || service.anonymous().post("/v1/auth/otp", json!({ "phone": PHONE })).await;
    for _ in 0..5 {
        sign_in(&service).await;
    }
    let sixth = ask().await;
    assert_eq!((sixth.status(), sixth.header("retry-after")), (429, "360"));
    let mut sent = 0;
    for _ in 0..60 {
        service.clock.advance(TimeDelta::minutes(1));
        let answer = ask().await;
        if answer.status() == 202 {
            sent += 1;
            verify(&service, &answer.json(), &code(&service).await).await.expect(200);
        }
    }
    assert_eq!(sent, 10);
}

#[apply(every_store)]
#[actix_web::test]
async fn one_person_is_signed_in_on_twenty_devices_at_most(#[case] store: Store) {
    let service = store.service().await;
    let first = sign_in(&service).await;
    service.clock.advance(TimeDelta::minutes(6));
    let second = sign_in(&service).await;
    for _ in 2..21 {
        service.clock.advance(TimeDelta::minutes(6));
        sign_in(&service).await;
    }
    refresh(&service, &first).await.expect(401);
    let tokens = refresh(&service, &second).await.expect(200);
    let caller = service.anonymous().bearing(text(&tokens, "access_token"));
    let sessions = caller.get("/v1/me/sessions").await.expect(200);
    assert_eq!(sessions["items"].as_array().unwrap().len(), 20);
}

#[actix_web::test]
async fn what_is_no_number_or_no_code_is_refused_with_a_pointer() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    for phone in ["", "113", "02083855432", "+1 555 123 4567", "0912345678x"] {
        let told = caller.post("/v1/auth/otp", json!({ "phone": phone })).await.expect(422);
        assert_eq!(told["errors"][0]["pointer"], "/phone", "{phone}");
    }
    let asked = ask(&service).await;
    for code in ["", "12345", "1234567", "12345a", "１２３４５６"] {
        let told = verify(&service, &asked, code).await.expect(422);
        assert_eq!(told["errors"][0]["pointer"], "/code", "{code}");
    }
    let unknown = json!({ "phone": PHONE, "role": "administrator" });
    let told = caller.post("/v1/auth/otp", unknown).await.expect(422);
    assert_eq!(told["errors"][0]["code"], "unknown_field");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_refresh_token_is_traded_once_and_its_second_use_ends_the_session(#[case] store: Store) {
    let service = store.service().await;
    let first = sign_in(&service).await;
    let second = refresh(&service, &first).await.expect(200);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    let third = refresh(&service, &second).await.expect(200);
    service.anonymous().bearing(text(&third, "access_token")).get("/v1/me").await.expect(200);
    assert_eq!(refresh(&service, &first).await.expect(401)["code"], "session_ended");
    assert_eq!(refresh(&service, &third).await.expect(401)["code"], "session_ended");
    service.clock.advance(TimeDelta::hours(1));
    let again = sign_in(&service).await;
    let owner = service.anonymous().bearing(text(&again, "access_token"));
    let told = owner.get("/v1/me/notifications").await.expect(200);
    assert_eq!(told["items"].as_array().unwrap().len(), 1);
    assert_eq!(told["items"][0]["kind"], "session.token_reused");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_refresh_token_used_twice_at_once_is_good_for_one_at_most(#[case] store: Store) {
    let service = store.service().await;
    let tokens = sign_in(&service).await;
    let answers = join_all((0..8).map(|_| refresh(&service, &tokens))).await;
    let renewed: Vec<_> = answers.into_iter().filter(|answer| answer.status() == 200).collect();
    assert!(renewed.len() <= 1);
    for answer in renewed {
        assert_eq!(refresh(&service, &answer.json()).await.status(), 401, "the session is ended");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_session_that_is_not_used_ends_by_itself(#[case] store: Store) {
    let service = store.service().await;
    let first = sign_in(&service).await;
    service.clock.advance(TimeDelta::days(59));
    let second = refresh(&service, &first).await.expect(200);
    service.clock.advance(TimeDelta::days(60));
    refresh(&service, &second).await.expect(401);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_signed_out_cannot_refresh(#[case] store: Store) {
    let service = store.service().await;
    let (here, elsewhere) = (sign_in(&service).await, sign_in(&service).await);
    let caller = service.anonymous().bearing(text(&here, "access_token"));
    caller.post("/v1/auth/logout", json!({})).await.expect(204);
    refresh(&service, &here).await.expect(401);
    refresh(&service, &elsewhere).await.expect(200);
}

#[actix_web::test]
async fn one_address_cannot_ask_without_end() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let first = caller.post("/v1/auth/otp", json!({ "phone": PHONE })).await;
    assert_eq!(first.header("ratelimit-policy"), "\"otp\";q=240;w=60");
    assert_eq!(first.header("ratelimit"), "\"otp\";r=239");
    // What is no number counts, too. While a minute's worth goes, four a second come back.
    let ask = |caller: &Caller| {
        let caller = caller.clone();
        async move { caller.post("/v1/auth/otp", json!({ "phone": "113" })).await }
    };
    let answers = join_all((0..600).map(|_| ask(&caller))).await;
    let refused = answers.iter().find(|answer| answer.status() == 429).expect("one too many");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert!(refused.header("ratelimit").starts_with("\"otp\";r=0;t="));
    assert_eq!(refused.json()["code"], "rate_limited");
    let proxied = caller.with("X-Forwarded-For", "203.0.113.9");
    let told = join_all((0..60).map(|_| ask(&proxied))).await;
    assert!(told.iter().any(|answer| answer.status() == 429), "no proxy is trusted");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_village_behind_one_address_signs_in_and_guesses_stay_few(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    for number in 0..60 {
        let phone = format!("+8491234{number:04}");
        let asked = caller.post("/v1/auth/otp", json!({ "phone": phone })).await.expect(202);
        verify(&service, &asked, &service.code_sent_to(&phone).await).await.expect(200);
    }
    // Codes that nobody types in are the address's own, and so are the guesses at them.
    let ask = |number: u32| json!({ "phone": format!("+8498765{number:04}") });
    let answers = join_all((0..150).map(|number| caller.post("/v1/auth/otp", ask(number)))).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status() == 429).collect();
    assert_eq!(answers.len() - refused.len(), 120, "as many as may wait to be typed in");
    assert!(
        !refused[0].header("ratelimit").starts_with("\"otp\";r=0"),
        "it is counted in the store"
    );
}

#[actix_web::test]
async fn one_account_cannot_ask_without_end_and_is_never_kept_from_calling_for_help() {
    let service = Store::Sqlite.service().await;
    let an = service.citizen("an").await;
    let first = an.get("/v1/me").await;
    assert_eq!(first.header("ratelimit-policy"), "\"account\";q=1200;w=60");
    let mut refused = None;
    for _ in 0..50 {
        let answers = join_all((0..50).map(|_| an.get("/v1/me"))).await;
        refused = refused.or(answers.into_iter().find(|answer| answer.status() == 429));
    }
    assert_eq!(refused.expect("one too many").json()["code"], "rate_limited");
    service.citizen("binh").await.get("/v1/me").await.expect(200);
    let call = an.post("/v1/emergencies", json!({})).await.expect(201);
    let path = format!("/v1/emergencies/{}", call["id"].as_str().unwrap());
    an.get(&path).await.expect(200);
}

#[actix_web::test]
async fn limits_can_be_switched_off_for_measurements() {
    let fresh = Store::Sqlite.fresh().await;
    let service = Service::configured(fresh, &[("CTN_LIMITS", "off")]).await;
    let caller = service.anonymous();
    let ask = |number: u32| json!({ "phone": format!("+8491234{number:04}") });
    let answers = join_all((0..150).map(|number| caller.post("/v1/auth/otp", ask(number)))).await;
    assert!(answers.iter().all(|answer| answer.status() == 202));
    assert_eq!(answers[0].header("ratelimit"), "");
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}
