//! Access tokens: what they say, who can check them, and which prove nothing.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::identity::{Access, Citizen, Principal};
use infra::identity::Tokens;
use insta::assert_json_snapshot;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, jwk::JwkSet};
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::keys::keyring;

async fn signed_in() -> (Service, Caller) {
    let service = Store::Sqlite.service().await;
    let caller = service.citizen("an").await;
    (service, caller)
}

fn part(token: &str, index: usize) -> Value {
    let encoded = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}

/// Whether `token` is taken for proof; if not, it is refused as one that proves nothing.
async fn proves(service: &Service, token: &str) -> bool {
    let answer = service.anonymous().bearing(token).get("/v1/me").await;
    if answer.status() == 200 {
        return true;
    }
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    assert_eq!(answer.expect(401)["code"], "unauthorized");
    false
}

#[actix_web::test]
async fn anybody_can_check_a_token_with_the_published_keys() {
    let (service, caller) = signed_in().await;
    let answer = service.anonymous().get("/.well-known/jwks.json").await;
    assert_eq!(answer.header("cache-control"), "public, max-age=300, stale-while-revalidate=300");
    let keys: JwkSet = serde_json::from_value(answer.expect(200)).unwrap();
    let key_id = part(caller.token(), 0)["kid"].as_str().unwrap().to_owned();
    let key = DecodingKey::from_jwk(keys.find(&key_id).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["cthainguyen"]);
    validation.validate_exp = false;
    let checked = jsonwebtoken::decode::<Value>(caller.token(), &key, &validation).unwrap();
    assert_json_snapshot!(checked.claims, {
        ".jti" => "[id]", ".sid" => "[id]", ".sub" => "[id]"
    }, @r#"
    {
      "aud": "cthainguyen",
      "exp": 1795396323,
      "iat": 1795395723,
      "iss": "https://c.thainguyen.gov.vn",
      "jti": "[id]",
      "nbf": 1795395723,
      "role": "citizen",
      "sid": "[id]",
      "sub": "[id]"
    }
    "#);
}

#[actix_web::test]
async fn a_token_is_good_for_ten_minutes() {
    let (service, caller) = signed_in().await;
    service.clock.advance(TimeDelta::minutes(10));
    assert!(proves(&service, caller.token()).await, "clocks may be a little apart");
    service.clock.advance(TimeDelta::seconds(6));
    assert!(!proves(&service, caller.token()).await);
}

#[actix_web::test]
async fn a_token_from_the_future_proves_nothing() {
    let (service, caller) = signed_in().await;
    service.clock.advance(TimeDelta::seconds(-10));
    assert!(!proves(&service, caller.token()).await);
}

#[actix_web::test]
async fn a_token_that_was_tampered_with_proves_nothing() {
    let (service, caller) = signed_in().await;
    let token = caller.token();
    let [head, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts")
    };
    let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut other = part(token, 1);
    other["role"] = json!("administrator");
    let other = encode(other);
    for forged in [
        format!("{head}.{other}.{signature}"),
        format!("{}.{claims}.", encode(json!({ "alg": "none", "typ": "at+jwt" }))),
        format!("{}.{claims}.{signature}", encode(json!({ "alg": "none", "typ": "at+jwt" }))),
        format!("{head}.{claims}."),
        format!("{head}.{claims}"),
        format!("{head}.{claims}.{}", &signature[..80]),
        token.replace('.', ""),
        "x".repeat(9000),
        "..".to_owned(),
    ] {
        assert!(!proves(&service, &forged).await, "{forged}");
    }
    assert!(proves(&service, token).await);
}

#[actix_web::test]
async fn a_token_signed_with_the_public_key_as_a_secret_proves_nothing() {
    let (service, caller) = signed_in().await;
    let keys = service.anonymous().get("/.well-known/jwks.json").await.expect(200);
    let public = URL_SAFE_NO_PAD.decode(keys["keys"][0]["x"].as_str().unwrap()).unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some("at+jwt".to_owned());
    header.kid = keys["keys"][0]["kid"].as_str().map(str::to_owned);
    let secret = EncodingKey::from_secret(&public);
    let forged = jsonwebtoken::encode(&header, &part(caller.token(), 1), &secret).unwrap();
    assert!(!proves(&service, &forged).await);
}

#[actix_web::test]
async fn a_token_for_or_from_somebody_else_proves_nothing() {
    let (service, caller) = signed_in().await;
    let now = service.app.now();
    let id = part(caller.token(), 1)["sub"].as_str().unwrap().parse().unwrap();
    let access = Access::new(&now, Principal::Citizen(Citizen { id }), now.new_id());
    let (issuer, audience) = ("https://c.thainguyen.gov.vn", "cthainguyen");
    let sign = |keys, issuer, audience| {
        Tokens::new(keys, issuer, audience).unwrap().sign(&access).unwrap()
    };
    assert!(proves(&service, &sign(&service.app.keys, issuer, audience)).await);
    assert!(
        !proves(&service, &sign(&service.app.keys, "https://elsewhere.example", audience)).await
    );
    assert!(!proves(&service, &sign(&service.app.keys, issuer, "another-service")).await);
    let fresh = Store::Sqlite.fresh().await;
    let swapped = keyring(&fresh.url, fresh.folder.path()).await.unwrap();
    assert!(!proves(&service, &sign(&swapped, issuer, audience)).await);
}

#[actix_web::test]
async fn a_capability_token_is_no_access_token() {
    let service = Store::Sqlite.service().await;
    assert!(!proves(&service, "ctn_e_0123456789").await);
    let basic = service.anonymous().with("Authorization", "Basic dXNlcjpwYXNz");
    basic.get("/v1/me").await.expect(401);
}
