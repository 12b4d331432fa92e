//! Bad input gets a problem with a stable code and a pointer, and nothing is half written.

use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::every_store;

/// Sends `body` to `path` as it is, declared as `kind`.
async fn sent(caller: &Caller, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
    let request = caller.request(Method::POST, path).header("content-type", kind);
    let answer = caller.send(request.body(body.into())).await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    (answer.status(), answer.json())
}

fn first(problem: &Value) -> (&str, &str) {
    let error = &problem["errors"][0];
    (error["pointer"].as_str().unwrap_or(""), error["code"].as_str().unwrap_or(""))
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_no_json_is_said_to_be_none(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [&[u8]; 6] = [
        b"{\"phone\": ",
        b"phone=0912345678",
        b"\xff\xfe{}",
        b"{\"phone\": \"\\ud800\"}",
        b"{} {}",
        deep.as_bytes(),
    ];
    for body in bodies {
        for path in ["/v1/auth/otp", "/v1/feedback", "/v1/auth/refresh"] {
            let (status, problem) = sent(&caller, path, "application/json", body).await;
            let head = String::from_utf8_lossy(&body[..body.len().min(30)]);
            assert_eq!(
                (status, &problem["code"]),
                (400, &json!("malformed_json")),
                "{path} {head}"
            );
        }
    }
    let (status, problem) = sent(&caller, "/v1/auth/otp", "text/plain", "{}").await;
    assert_eq!((status, &problem["code"]), (415, &json!("unsupported_media_type")));
    let large = format!("{{\"phone\": \"{}\"}}", "9".repeat(300_000));
    let (status, problem) = sent(&caller, "/v1/auth/otp", "application/json", large).await;
    assert_eq!((status, &problem["code"]), (413, &json!("payload_too_large")));
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_wrong_in_a_body_is_pointed_at(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    for (path, body, pointer, code) in [
        ("/v1/auth/otp", json!({}), "/phone", "missing"),
        ("/v1/auth/otp", json!({ "phone": 7 }), "/phone", "wrong_type"),
        ("/v1/auth/otp", json!({ "phone": "0912345678", "x/y": 1 }), "/x~1y", "unknown_field"),
        ("/v1/auth/otp", json!({ "phone": "09\u{0}12345678" }), "/phone", "control_character"),
        ("/v1/feedback", json!({ "category": "lighting.street" }), "/text", "missing"),
        (
            "/v1/feedback",
            json!({ "category": "road.pothole", "text": "Ổ gà", "location": { "lat": 91, "lon": 0 } }),
            "/location",
            "out_of_range",
        ),
        ("/v1/feedback", json!([1, 2]), "", "wrong_type"),
    ] {
        let answer = caller.post(path, body.clone()).await;
        let problem = answer.expect(422);
        assert_eq!(problem["code"], "validation_failed", "{body}");
        assert_eq!(first(&problem), (pointer, code), "{body}");
    }
}

#[actix_web::test]
async fn what_is_wrong_in_a_query_is_pointed_at() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    for (path, pointer) in [
        ("/v1/feedback?limit=0", "/query/limit"),
        ("/v1/feedback?limit=many", "/query/limit"),
        ("/v1/feedback?nonsense=1", "/query/nonsense"),
        ("/v1/procedures?limit=-1", "/query/limit"),
        ("/v1/communes/locate?lat=91&lon=105", "/query/lat"),
        ("/v1/communes/locate?lat=21", "/query/lon"),
        ("/v1/search?q=%00", "/query"),
    ] {
        let problem = caller.get(path).await.expect(422);
        assert_eq!(problem["code"], "invalid_query", "{path}");
        assert_eq!(first(&problem).0, pointer, "{path}");
    }
    let procedures = caller.get("/v1/procedures?limit=1").await.expect(200);
    let foreign = procedures["next_cursor"].as_str().unwrap();
    for path in ["/v1/feedback", "/v1/communes"] {
        let problem = caller.get(&format!("{path}?cursor={foreign}")).await.expect(422);
        assert_eq!(problem["code"], "invalid_cursor", "{path}");
    }
}

#[actix_web::test]
async fn decomposed_text_and_emoji_are_taken_as_text() {
    let service = Store::Sqlite.service().await;
    let text = "Ổ gà lớn 🚧";
    let decomposed = "O\u{302}\u{309} ga\u{300} lo\u{31b}\u{301}n 🚧";
    let body = json!({ "category": "road.pothole", "text": decomposed, "commune_code": "05443" });
    let submitted = service.anonymous().post("/v1/feedback", body).await.expect(201);
    let path = format!("/v1/feedback/track/{}", submitted["code"].as_str().unwrap());
    let reporter = service.anonymous().bearing(submitted["tracking_token"].as_str().unwrap());
    assert_eq!(reporter.get(&path).await.expect(200)["text"], text);
}
