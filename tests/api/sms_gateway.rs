//! Text messages on their way out, to a gateway by HTTP.

use std::sync::Arc;

use api::settings::Settings;
use chrono::{DateTime, TimeDelta, Utc};
use domain::notification::{Outbox as _, Sms};
use infra::{
    clock::Clock as _,
    database::Database,
    notification::{HttpGateway, OutboxWorker, SmsGateway as _},
};
use rstest_reuse::apply;
use tests::{Fresh, FrozenClock, Store};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{body_string, header, headers, method, path},
};

use crate::{every_store, keys::unlocked};

const ID: Uuid = Uuid::from_u128(1);
const BODY: &str = r#"{ "id": "{id}", "text": "{text}", "to": "{to}" }"#;
/// `0123456789abcdef0123456789abcdef`.
const KEY: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// `ID.1795395723.{..}` signed with [`KEY`], by another implementation of HMAC-SHA-256.
const SIGNATURE: &str = "v1,h3sPv8Lg90XxBTHHYs+bDTcdeEMNCOBajuitdbdnLXw=";

fn hello() -> Sms {
    Sms {
        to: "+84912345678".to_owned(),
        text: "Xin chào \"An\"".to_owned(),
        useful_until: Some(FrozenClock::default().now() + TimeDelta::minutes(5)),
    }
}

/// A gateway as the configuration describes it.
fn configured(variables: &[(&str, &str)]) -> Result<HttpGateway, String> {
    let variables = variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
    let settings = Settings::load(None, variables).map_err(|error| error.to_string())?;
    let clock = Arc::new(FrozenClock::default());
    HttpGateway::new(&settings.sms_http(), clock).map_err(|error| error.to_string())
}

fn gateway_at(server: &MockServer, more: &[(&str, &str)]) -> HttpGateway {
    let url = format!("{}/send", server.uri());
    let usual = [("CTN_SMS_HTTP_URL", url.as_str()), ("CTN_SMS_HTTP_BODY", BODY)];
    configured(&[&usual, more].concat()).unwrap()
}

async fn answering(status: u16) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(status)).mount(&server).await;
    server
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[actix_web::test]
async fn a_message_is_sent_as_configured_and_signed() {
    let server = MockServer::start().await;
    let body = format!(r#"{{"id":"{ID}","text":"Xin chào \"An\"","to":"+84912345678"}}"#);
    Mock::given(method("POST"))
        .and(path("/send"))
        .and(header("authorization", "Bearer 123"))
        .and(header("x-brand", "C-ThaiNguyen"))
        .and(header("content-type", "application/json"))
        .and(header("idempotency-key", ID.to_string().as_str()))
        .and(header("webhook-id", ID.to_string().as_str()))
        .and(header("webhook-timestamp", "1795395723"))
        .and(headers("webhook-signature", SIGNATURE.split(',').collect()))
        .and(body_string(body))
        .respond_with(ResponseTemplate::new(202))
        .expect(1)
        .mount(&server)
        .await;
    let headers = ("CTN_SMS_HTTP_HEADERS", "Authorization: Bearer 123, X-Brand: C-ThaiNguyen");
    let gateway = gateway_at(&server, &[headers, ("CTN_SMS_HTTP_KEY", KEY)]);
    gateway.send(ID, &hello()).await.unwrap();
}

#[actix_web::test]
async fn a_gateway_that_stumbles_is_asked_again_at_once() {
    let server = MockServer::start().await;
    let stumbles = Mock::given(method("POST")).respond_with(ResponseTemplate::new(503));
    stumbles.up_to_n_times(2).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    gateway_at(&server, &[]).send(ID, &hello()).await.unwrap();
    let sent = server.received_requests().await.unwrap();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|sent| sent.headers["idempotency-key"] == ID.to_string().as_str()));
}

#[actix_web::test]
async fn what_is_refused_is_not_asked_again_at_once() {
    for status in [400, 401, 404, 422] {
        let server = answering(status).await;
        let error = gateway_at(&server, &[]).send(ID, &hello()).await.unwrap_err().to_string();
        assert!(error.contains(&status.to_string()), "{error}");
        assert_eq!(requests(&server).await, 1);
    }
}

#[actix_web::test]
async fn no_redirect_is_followed() {
    let server = MockServer::start().await;
    let elsewhere = answering(200).await;
    let away = ResponseTemplate::new(307).insert_header("location", elsewhere.uri().as_str());
    Mock::given(method("POST")).respond_with(away).mount(&server).await;
    gateway_at(&server, &[]).send(ID, &hello()).await.unwrap_err();
    assert_eq!(requests(&elsewhere).await, 0);
}

#[actix_web::test]
async fn an_answer_that_does_not_say_it_was_accepted_is_a_refusal() {
    let server = MockServer::start().await;
    let refusal = ResponseTemplate::new(200).set_body_string(r#"{"CodeResult":"103"}"#);
    Mock::given(method("POST")).respond_with(refusal).mount(&server).await;
    let accepted = ("CTN_SMS_HTTP_ACCEPTED", r#""CodeResult":"100""#);
    gateway_at(&server, &[accepted]).send(ID, &hello()).await.unwrap_err();
    gateway_at(&server, &[]).send(ID, &hello()).await.unwrap();
}

#[actix_web::test]
async fn what_goes_wrong_is_told_without_number_and_text() {
    let server = answering(500).await;
    let nobody = ("CTN_SMS_HTTP_URL", "http://127.0.0.1:9/send");
    for gateway in [gateway_at(&server, &[]), gateway_at(&server, &[nobody])] {
        let told = gateway.send(ID, &hello()).await.unwrap_err().to_string();
        assert!(!told.contains("912345678") && !told.contains("Xin"), "{told}");
    }
}

#[test]
fn a_gateway_that_cannot_work_is_refused_at_the_start() {
    let good = [("CTN_SMS_HTTP_URL", "https://sms.example/send"), ("CTN_SMS_HTTP_BODY", BODY)];
    assert!(configured(&good).is_ok());
    for bad in [
        ("CTN_SMS_HTTP_URL", "http://sms.example/send"),
        ("CTN_SMS_HTTP_URL", "http://127.0.0.1.sms.example/send"),
        ("CTN_SMS_HTTP_URL", "file:///etc/passwd"),
        ("CTN_SMS_HTTP_URL", ""),
        ("CTN_SMS_HTTP_BODY", ""),
        ("CTN_SMS_HTTP_BODY", "{ \"to\": \"{to}\", \"text\": \"{text}\""),
        ("CTN_SMS_HTTP_HEADERS", "Authorization"),
        ("CTN_SMS_HTTP_KEY", "no base64!"),
    ] {
        let told = configured(&[good.as_slice(), &[bad]].concat()).err().expect(bad.1);
        assert!(told.starts_with(&bad.0["CTN_".len()..].to_lowercase()), "{told}");
    }
}

async fn with_a_message(fresh: &Fresh, at: DateTime<Utc>) -> Database {
    let (database, _) = unlocked(&fresh.url, fresh.folder.path()).await.unwrap();
    database.write(move |tx| tx.send_sms(ID, &hello(), at)).await.unwrap();
    database
}

#[apply(every_store)]
#[actix_web::test]
async fn the_outbox_is_emptied_through_the_gateway(#[case] store: Store) {
    let fresh = store.fresh().await;
    let start = FrozenClock::default().now();
    let database = with_a_message(&fresh, start).await;
    let server = answering(500).await;
    let worker = OutboxWorker::new(database, Arc::new(gateway_at(&server, &[])));
    assert_eq!(worker.tick(start).await.unwrap(), 1);
    assert_eq!(requests(&server).await, 3);
    server.reset().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    assert_eq!(worker.tick(start + TimeDelta::seconds(5)).await.unwrap(), 1);
    assert_eq!(worker.tick(start + TimeDelta::minutes(2)).await.unwrap(), 0);
    assert_eq!(requests(&server).await, 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_message_that_is_of_no_use_any_more_is_not_sent(#[case] store: Store) {
    let fresh = store.fresh().await;
    let start = FrozenClock::default().now();
    let database = with_a_message(&fresh, start).await;
    let server = answering(200).await;
    let worker = OutboxWorker::new(database, Arc::new(gateway_at(&server, &[])));
    assert_eq!(worker.tick(start + TimeDelta::minutes(5)).await.unwrap(), 1);
    assert_eq!(worker.tick(start + TimeDelta::days(1)).await.unwrap(), 0);
    assert_eq!(requests(&server).await, 0);
}
