//! The service itself: health, problems, headers, the document.

use insta::assert_json_snapshot;
use reqwest::Method;
use rstest_reuse::apply;
use tests::Store;

use crate::every_store;

#[apply(every_store)]
#[actix_web::test]
async fn it_says_that_it_is_well(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    assert_eq!(caller.get("/healthz").await.expect(200)["status"], "ok");
    assert_eq!(caller.get("/readyz").await.expect(200)["status"], "ready");
}

#[actix_web::test]
async fn problems_are_told_in_two_languages() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous().with("X-Request-Id", "req-1");
    let answer = caller.get("/v1/nothing-here").await;
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("content-language"), "vi");
    assert_json_snapshot!(answer.expect(404), @r#"
    {
      "code": "not_found",
      "detail": "Không có mục này, hoặc bạn không có quyền xem. Hãy kiểm tra lại đường dẫn.",
      "request_id": "req-1",
      "status": 404,
      "title": "Không tìm thấy",
      "type": "/problems/not_found"
    }
    "#);
    let english = caller.with("Accept-Language", "en-GB").get("/v1/nothing-here").await;
    assert_eq!(english.json()["title"], "Not found");
}

#[actix_web::test]
async fn a_known_path_names_its_methods() {
    let service = Store::Sqlite.service().await;
    let answer = service.anonymous().delete("/healthz").await;
    assert_eq!(answer.header("allow"), "GET, HEAD");
    assert_eq!(answer.expect(405)["code"], "method_not_allowed");
}

#[actix_web::test]
async fn every_answer_is_protected_and_carries_its_id() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    for path in ["/healthz", "/nothing", "/openapi.json"] {
        let answer = caller.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
    assert_eq!(caller.get("/nothing").await.header("cache-control"), "no-store");
    let forged = caller.with("X-Request-Id", "a b<script>").get("/healthz").await;
    assert_ne!(forged.header("x-request-id"), "a b<script>");
}

#[actix_web::test]
async fn head_goes_where_get_goes() {
    let service = Store::Sqlite.service().await;
    let answer = service.anonymous().head("/healthz").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.bytes(), b"");
    assert_eq!(answer.header("content-length"), "15");
}

#[actix_web::test]
async fn the_reference_page_needs_nothing_from_elsewhere() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    assert_eq!(caller.get("/docs").await.header("location"), "/docs/");
    let page = caller.get("/docs/").await;
    assert_eq!(page.status(), 200);
    assert!(!page.text().contains("https://"), "{}", page.text());
    assert_eq!(caller.get("/docs/swagger-ui-bundle.js").await.status(), 200);
    assert!(caller.get("/docs/swagger-initializer.js").await.text().contains("/openapi.json"));
}

#[actix_web::test]
async fn the_document_in_the_tree_is_current() {
    let current = api::server::document().to_yaml().unwrap();
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.yaml");
    let current = std::fs::read_to_string(kept).unwrap() == current;
    assert!(current, "run scripts/generate and commit what it changed");
}

#[actix_web::test]
async fn the_document_names_every_problem() {
    let document = api::server::document().to_yaml().unwrap();
    for code in api::problem::Code::ALL {
        assert!(document.contains(&format!("`{}`", code.as_str())), "{}", code.as_str());
    }
}

#[actix_web::test]
async fn figures_are_for_the_operator_only() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    caller.get("/healthz").await;
    assert_eq!(caller.get("/metrics").await.status(), 200);
    let through_a_proxy = caller.with("X-Forwarded-For", "203.0.113.7").get("/metrics").await;
    assert_eq!(through_a_proxy.status(), 404);
    let fresh = Store::Sqlite.fresh().await;
    let guarded = tests::Service::configured(fresh, &[("CTN_METRICS_TOKEN", "right")]).await;
    assert_eq!(guarded.anonymous().get("/metrics").await.status(), 404);
    assert_eq!(guarded.anonymous().bearing("wrong").get("/metrics").await.status(), 404);
    assert_eq!(guarded.anonymous().bearing("right").get("/metrics").await.status(), 200);
}

#[actix_web::test]
async fn another_origin_may_call_only_when_it_is_named() {
    let fresh = Store::Sqlite.fresh().await;
    let origin = "https://c.thainguyen.gov.vn";
    let service = tests::Service::configured(fresh, &[("CTN_CORS_ORIGINS", origin)]).await;
    let caller = service.anonymous();
    let named = caller.with("Origin", origin).get("/healthz").await;
    assert_eq!(named.header("access-control-allow-origin"), origin);
    let stranger = caller.with("Origin", "https://elsewhere.example").get("/healthz").await;
    assert_eq!(stranger.header("access-control-allow-origin"), "");
    let preflight = caller
        .with("Origin", origin)
        .with("Access-Control-Request-Method", "POST")
        .send(
            caller
                .with("Origin", origin)
                .with("Access-Control-Request-Method", "POST")
                .request(Method::OPTIONS, "/healthz"),
        )
        .await;
    assert_eq!(preflight.status(), 200);
}
