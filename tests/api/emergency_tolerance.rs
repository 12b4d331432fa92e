//! What callers send to a call that stands: none of it is ever refused.

use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";

/// The emergency as a dispatcher of the province sees it.
async fn opened(dispatcher: &Caller, id: &Value) -> Value {
    dispatcher.get(&format!("/v1/dispatch/emergencies/{}", id.as_str().unwrap())).await.expect(200)
}

#[apply(every_store)]
#[actix_web::test]
async fn a_token_that_has_ended_is_only_ignored(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    an.post("/v1/auth/logout", json!({})).await;
    let binh = service.citizen("binh").await;
    service.clock.advance(chrono::TimeDelta::hours(1));
    let dispatcher = service.dispatcher().await;
    for (ended, why) in [(an, "revoked"), (binh, "expired")] {
        let raised = ended.post(CALLS, json!({ "kind": "fire", "note": why })).await.expect(201);
        let seen = opened(&dispatcher, &raised["id"]).await;
        assert_eq!(seen["doubts"], json!(["authorization"]), "{why}");
        assert_eq!(seen["caller"]["signed_in"], false, "{why}");
        let id = raised["id"].as_str().unwrap();
        for part in ["locations", "messages", "cancellation"] {
            let path = format!("{CALLS}/{id}/{part}");
            let told = ended.post(&path, json!({ "lat": 21.5, "lon": 105.8, "text": "x" })).await;
            assert!([200, 201].contains(&told.status()), "{why} {part}: {}", told.status());
        }
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn everything_a_caller_can_send_to_a_call_is_taken_as_it_comes(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let raised = caller.post(CALLS, json!({ "kind": "rescue" })).await.expect(201);
    let id = raised["id"].as_str().unwrap();
    let mine = caller.bearing(raised["token"].as_str().unwrap());
    let bytes: [&[u8]; 8] = [
        b"",
        b"{",
        b"[[[[",
        b"\x00\xff\xfe",
        br#"{"lat": 1e999, "lon": "\ud800", "text": "\u0000"}"#,
        br#"{"text": {"a": [1]}}"#,
        "cứu tôi với".as_bytes(),
        br#"{"id": 7, "secret": [], "age_ms": -1}"#,
    ];
    for part in ["", "/locations", "/messages", "/cancellation"] {
        for body in bytes {
            let method = if part.is_empty() { Method::PUT } else { Method::POST };
            let request = mine.request(method, &format!("{CALLS}/{id}{part}")).body(body.to_vec());
            let status = mine.send(request).await.status();
            assert!([200, 201].contains(&status), "{part} {body:?}: {status}");
        }
        let huge = vec![b'x'; 256 * 1024 + 1];
        let method = if part.is_empty() { Method::PUT } else { Method::POST };
        let request = mine.request(method, &format!("{CALLS}/{id}{part}")).body(huge);
        assert_eq!(mine.send(request).await.status(), 413, "{part}");
    }
    let seen = opened(&service.dispatcher().await, &raised["id"]).await;
    assert_eq!((&seen["kind"], &seen["needs_review"]), (&json!("rescue"), &json!(true)));
}
