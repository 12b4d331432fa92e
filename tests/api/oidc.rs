//! Signing in by OpenID Connect, at a real provider.

use chrono::TimeDelta;
use futures_util::future::join_all;
use infra::{
    clock::{Clock as _, SystemClock},
    identity::s256,
};
use insta::{allow_duplicates, assert_json_snapshot};
use reqwest::Url;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, OpenIdProvider, Service, Store};

use crate::every_store;

/// Where the app waits.
const APP: &str = "vn.gov.thainguyen.c:/oidc";
/// What the app keeps to itself.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A service that knows a provider, and lives by the same clock.
async fn service(store: Store) -> (Service, OpenIdProvider) {
    let provider = OpenIdProvider::start().await;
    let variables = provider.variables();
    let variables: Vec<_> = variables.iter().map(|(name, it)| (*name, it.as_str())).collect();
    let service = Service::configured(store.fresh().await, &variables).await;
    service.clock.advance(SystemClock.now() - service.clock.now());
    (service, provider)
}

fn start_path(challenge: &str, redirect_uri: &str) -> String {
    format!("/v1/auth/oidc/start?app_challenge={challenge}&redirect_uri={redirect_uri}")
}

/// Where a browser is sent.
fn sent_to(answer: &Answer) -> Url {
    assert_eq!(answer.status(), 303, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    Url::parse(answer.header("location")).unwrap()
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Where the app's browser goes to sign in.
async fn begin(service: &Service) -> Url {
    sent_to(&service.anonymous().get(&start_path(&s256(VERIFIER), APP)).await)
}

/// What the service tells the browser that comes back from the provider.
async fn come_back(service: &Service, back: &Url) -> Answer {
    assert!(back.as_str().starts_with("https://c.thainguyen.gov.vn/v1/auth/oidc/callback?"));
    let query = back.query().unwrap();
    service.anonymous().get(&format!("/v1/auth/oidc/callback?{query}")).await
}

/// The code with which the app gets to know that `name` signed in.
async fn code_of(service: &Service, provider: &OpenIdProvider, name: &str) -> String {
    let back = provider.sign_in(begin(service).await.as_str(), name).await;
    let app = sent_to(&come_back(service, &back).await);
    assert!(app.as_str().starts_with(APP));
    parameter(&app, "code").unwrap_or_else(|| panic!("{app}"))
}

async fn redeem(service: &Service, code: &str, more: Value) -> Answer {
    let mut body = json!({ "code": code, "verifier": VERIFIER, "device": "Máy của An" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    service.anonymous().post("/v1/auth/oidc/token", body).await
}

async fn sign_in(service: &Service, provider: &OpenIdProvider, name: &str) -> Value {
    let code = code_of(service, provider, name).await;
    redeem(service, &code, json!({})).await.expect(200)
}

/// A fresh one-time password for `phone`.
async fn otp(service: &Service, phone: &str) -> Value {
    let asked = service.anonymous().post("/v1/auth/otp", json!({ "phone": phone })).await;
    let asked = asked.expect(202);
    let code = service.code_sent_to(phone).await;
    json!({ "challenge_id": asked["challenge_id"], "code": code })
}

#[apply(every_store)]
#[actix_web::test]
async fn somebody_signs_in_with_their_identity(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let code = code_of(&service, &provider, "an").await;
    let answer = redeem(&service, &code, json!({})).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let tokens = answer.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(tokens, {
            ".access_token" => "[jwt]", ".refresh_token" => "[token]", ".citizen.id" => "[id]",
            ".citizen.created_at" => "[now]"
        }, @r#"
        {
          "access_token": "[jwt]",
          "citizen": {
            "created_at": "[now]",
            "display_name": "Nguyễn Văn an",
            "id": "[id]",
            "phone": null
          },
          "expires_in": 600,
          "refresh_token": "[token]",
          "token_type": "Bearer"
        }
        "#);
    }
    let caller = service.anonymous().bearing(tokens["access_token"].as_str().unwrap());
    assert_eq!(caller.get("/v1/me").await.expect(200), tokens["citizen"]);
    let again = sign_in(&service, &provider, "an").await;
    assert_eq!(again["citizen"], tokens["citizen"], "the second time it is the same account");
    let other = sign_in(&service, &provider, "binh").await;
    assert_ne!(other["citizen"]["id"], tokens["citizen"]["id"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_code_is_good_once_and_for_the_app_that_began(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let refused = async |code: &str, more: Value| {
        assert_eq!(redeem(&service, code, more).await.expect(422)["code"], "oidc_expired");
    };
    let code = code_of(&service, &provider, "an").await;
    let answers = join_all((0..5).map(|_| redeem(&service, &code, json!({})))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 200).count(), 1);
    let stolen = code_of(&service, &provider, "an").await;
    refused(&stolen, json!({ "verifier": "another app's verifier, of 43 characters and more" }))
        .await;
    refused(&stolen, json!({})).await;
    let late = code_of(&service, &provider, "an").await;
    service.clock.advance(TimeDelta::minutes(5));
    refused(&late, json!({})).await;
    refused("", json!({})).await;
    refused(&"x".repeat(5000), json!({ "verifier": "" })).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn a_phone_account_is_linked_by_a_fresh_one_time_password_alone(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let phone = "+84912345678";
    let by_phone = service.anonymous();
    let proof = otp(&service, phone).await;
    let by_phone = by_phone.post("/v1/auth/otp/verify", proof.clone()).await.expect(200);

    let code = code_of(&service, &provider, "an").await;
    let used = redeem(&service, &code, json!({ "link": proof })).await;
    assert_eq!(used.expect(422)["code"], "otp_expired", "a used password proves nothing");
    let fresh = otp(&service, phone).await;
    let guess = if fresh["code"] == "000000" { "111111" } else { "000000" };
    let guess = json!({ "link": { "challenge_id": fresh["challenge_id"], "code": guess } });
    let told = redeem(&service, &code, guess).await.expect(422);
    assert_eq!((&told["code"], &told["tries_left"]), (&json!("otp_wrong"), &json!(4)));
    let linked = redeem(&service, &code, json!({ "link": fresh })).await.expect(200);
    assert_eq!(linked["citizen"], by_phone["citizen"], "the code stayed good meanwhile");

    let without = sign_in(&service, &provider, "an").await;
    assert_eq!(without["citizen"], by_phone["citizen"], "from now on it needs no more");
    service.clock.advance(TimeDelta::minutes(2));
    let code = code_of(&service, &provider, "an").await;
    let other = otp(&service, "+84912345679").await;
    let told = redeem(&service, &code, json!({ "link": other })).await.expect(409);
    assert_eq!(told["code"], "oidc_linked_elsewhere");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_answer_for_another_sign_in_proves_nothing(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let url = begin(&service).await;
    let nonce = parameter(&url, "nonce").unwrap();
    let other = url.as_str().replace(&nonce, "another-nonce");
    let back = provider.sign_in(&other, "an").await;
    let app = sent_to(&come_back(&service, &back).await);
    assert_eq!(app.as_str(), format!("{APP}?error=server_error"));
}

#[apply(every_store)]
#[actix_web::test]
async fn an_id_token_that_expired_proves_nothing(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let back = provider.sign_in(begin(&service).await.as_str(), "an").await;
    service.clock.advance(TimeDelta::minutes(2) + TimeDelta::seconds(70));
    let app = sent_to(&come_back(&service, &back).await);
    assert_eq!(app.as_str(), format!("{APP}?error=server_error"));
}

#[actix_web::test]
async fn clocks_may_be_a_little_apart() {
    for apart in [-50, 150] {
        let (service, provider) = service(Store::Sqlite).await;
        service.clock.advance(TimeDelta::seconds(apart));
        sign_in(&service, &provider, "an").await;
    }
}

#[actix_web::test]
async fn a_provider_may_change_its_key() {
    let (service, provider) = service(Store::Sqlite).await;
    let before = sign_in(&service, &provider, "an").await;
    provider.rotate_key().await;
    let after = sign_in(&service, &provider, "an").await;
    assert_eq!(after["citizen"], before["citizen"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_comes_back_came_from_here_and_comes_once(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let expired = async |query: &str| {
        let answer = service.anonymous().get(&format!("/v1/auth/oidc/callback?{query}")).await;
        assert_eq!(answer.expect(422)["code"], "oidc_expired", "{query}");
    };
    expired("").await;
    expired("code=x&state=made-up").await;
    expired("error=access_denied").await;
    let back = provider.sign_in(begin(&service).await.as_str(), "an").await;
    sent_to(&come_back(&service, &back).await);
    expired(back.query().unwrap()).await;
    let slow = provider.sign_in(begin(&service).await.as_str(), "an").await;
    service.clock.advance(TimeDelta::minutes(10));
    expired(slow.query().unwrap()).await;
}

#[actix_web::test]
async fn who_refuses_at_the_provider_is_sent_back_to_the_app() {
    let (service, provider) = service(Store::Sqlite).await;
    let back = provider.sign_in(begin(&service).await.as_str(), "nobody").await;
    let app = sent_to(&come_back(&service, &back).await);
    assert_eq!(app.as_str(), format!("{APP}?error=access_denied"));
    let state = parameter(&begin(&service).await, "state").unwrap();
    let made_up = format!("/v1/auth/oidc/callback?code=made-up&state={state}");
    let app = sent_to(&service.anonymous().get(&made_up).await);
    assert_eq!(app.as_str(), format!("{APP}?error=server_error"));
}

#[actix_web::test]
async fn only_an_app_that_is_allowed_can_begin() {
    let (service, _provider) = service(Store::Sqlite).await;
    let challenge = s256(VERIFIER);
    let refused = async |path: String| {
        let told = service.anonymous().get(&path).await.expect(422);
        told["errors"][0]["pointer"].as_str().unwrap().to_owned()
    };
    for stranger in ["https://evil.example/", "vn.gov.thainguyen.c:/oidc/../x", "javascript:1", ""]
    {
        assert_eq!(refused(start_path(&challenge, stranger)).await, "/query/redirect_uri");
    }
    for challenge in ["", "short", &format!("{}=", &challenge[..42]), &challenge.repeat(2)] {
        assert_eq!(refused(start_path(challenge, APP)).await, "/query/app_challenge");
    }
    let url = begin(&service).await;
    let asked = |name| parameter(&url, name).unwrap_or_default();
    assert_eq!(asked("code_challenge_method"), "S256");
    assert_eq!((asked("response_type"), asked("scope")), ("code".into(), "openid profile".into()));
    assert_ne!(asked("code_challenge"), challenge, "the app's and the service's are two");
}

#[actix_web::test]
async fn a_provider_that_is_away_is_told_and_none_is_no_way_to_sign_in() {
    let nowhere = [
        ("CTN_OIDC_ISSUER", "http://127.0.0.1:9"),
        ("CTN_OIDC_CLIENT_ID", "cthainguyen"),
        ("CTN_OIDC_APP_REDIRECTS", APP),
    ];
    let service = Service::configured(Store::Sqlite.fresh().await, &nowhere).await;
    let away = service.anonymous().get(&start_path(&s256(VERIFIER), APP)).await;
    assert_eq!(away.header("retry-after"), "5");
    assert_eq!(away.expect(503)["code"], "unavailable");
    let service = Store::Sqlite.service().await;
    let none = service.anonymous().get(&start_path(&s256(VERIFIER), APP)).await;
    assert_eq!(none.expect(404)["code"], "oidc_not_offered");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_identity_is_exported_and_opens_no_account_that_is_erased(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let tokens = sign_in(&service, &provider, "an").await;
    let an = service.anonymous().bearing(tokens["access_token"].as_str().unwrap());
    let identity = &an.get("/v1/me/export").await.expect(200)["identities"][0];
    assert_eq!(identity["subject"], "an");
    assert_eq!(identity["national_id"], "019087654321");
    an.delete("/v1/me").await.expect(202);
    let anew = sign_in(&service, &provider, "an").await;
    assert_ne!(anew["citizen"]["id"], tokens["citizen"]["id"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_the_provider_says_is_kept_as_it_says_it_now(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let first = sign_in(&service, &provider, "an").await;
    provider.rename().await;
    let again = sign_in(&service, &provider, "an").await;
    assert_eq!(again["citizen"], first["citizen"], "what to be called is An's own choice");
    let an = service.anonymous().bearing(again["access_token"].as_str().unwrap());
    let archive = an.get("/v1/me/export").await.expect(200);
    assert_eq!(archive["identities"].as_array().unwrap().len(), 1);
    assert_eq!(archive["identities"][0]["full_name"], "Trần Văn an");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_account_without_a_phone_gets_one(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let tokens = sign_in(&service, &provider, "an").await;
    let an = service.anonymous().bearing(tokens["access_token"].as_str().unwrap());
    let phone = "+84912345678";
    let asked = an.post("/v1/me/phone", json!({ "phone": phone })).await.expect(202);
    let code = service.code_sent_to(phone).await;
    let proof = json!({ "challenge_id": asked["challenge_id"], "code": code });
    let changed = an.post("/v1/me/phone/verify", proof).await.expect(200);
    assert_eq!(changed["phone"], phone);
    let proof = otp(&service, phone).await;
    let by_phone = service.anonymous().post("/v1/auth/otp/verify", proof).await.expect(200);
    assert_eq!(by_phone["citizen"], changed);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_account_has_one_identity_of_a_provider_and_can_be_rid_of_it(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let phone = "+84912345678";
    let link = async |name: &str| {
        let code = code_of(&service, &provider, name).await;
        redeem(&service, &code, json!({ "link": otp(&service, phone).await })).await
    };
    let own = link("an").await.expect(200);
    let an = service.anonymous().bearing(own["access_token"].as_str().unwrap());
    let told = an.get("/v1/me/notifications").await.expect(200);
    assert_eq!(told["items"][0]["kind"], "identity.linked");
    assert_eq!(link("binh").await.expect(409)["code"], "oidc_another_linked");

    let linked = an.get("/v1/me/identities").await.expect(200);
    assert_eq!(linked["items"].as_array().unwrap().len(), 1);
    assert_eq!(linked["items"][0]["full_name"], "Nguyễn Văn an");
    let path = format!("/v1/me/identities/{}", linked["items"][0]["id"].as_str().unwrap());
    let stranger = sign_in(&service, &provider, "chi").await;
    let stranger = service.anonymous().bearing(stranger["access_token"].as_str().unwrap());
    stranger.delete(&path).await.expect(404);
    let elsewhere = sign_in(&service, &provider, "an").await;
    an.delete(&path).await.expect(204);
    an.delete(&path).await.expect(404);
    let token = json!({ "refresh_token": elsewhere["refresh_token"] });
    service.anonymous().post("/v1/auth/refresh", token).await.expect(401);
    let anew = sign_in(&service, &provider, "an").await;
    assert_ne!(anew["citizen"]["id"], own["citizen"]["id"], "it opens nothing of the phone's");
    assert_eq!(link("binh").await.expect(200)["citizen"]["id"], own["citizen"]["id"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_last_way_to_sign_in_stays_and_a_left_phone_unlinks_nothing(#[case] store: Store) {
    let (service, provider) = service(store).await;
    let tokens = sign_in(&service, &provider, "an").await;
    let an = service.anonymous().bearing(tokens["access_token"].as_str().unwrap());
    let linked = an.get("/v1/me/identities").await.expect(200);
    let path = format!("/v1/me/identities/{}", linked["items"][0]["id"].as_str().unwrap());
    assert_eq!(an.delete(&path).await.expect(409)["code"], "last_way_in");
    service.clock.advance(TimeDelta::minutes(31));
    let token = json!({ "refresh_token": tokens["refresh_token"] });
    let kept = service.anonymous().post("/v1/auth/refresh", token).await.expect(200);
    let kept = service.anonymous().bearing(kept["access_token"].as_str().unwrap());
    assert_eq!(kept.delete(&path).await.expect(403)["code"], "sign_in_again");
}
