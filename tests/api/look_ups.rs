//! What all public look-ups have in common: they can be kept, asked for again, and come compressed.

use tests::Store;

/// A look-up of each kind.
const LOOK_UPS: [&str; 32] = [
    "/.well-known/jwks.json",
    "/openapi.json",
    "/v1/app/config",
    "/v1/communes",
    "/v1/communes.geojson?detail=simplified",
    "/v1/communes/05443",
    "/v1/communes/locate?lat=21.5942&lon=105.8482",
    "/v1/communes/resolve?name=t%C3%BAc%20duy%C3%AAn",
    "/v1/communes?fields=code,name",
    "/v1/emergency-quick-replies",
    "/v1/facilities/changes?limit=1",
    "/v1/facilities/osm-node-7146615786",
    "/v1/facilities?fields=id,name&limit=2",
    "/v1/facilities?limit=2",
    "/v1/feedback-categories",
    "/v1/feedback-categories/road.pothole",
    "/v1/hotlines",
    "/v1/hotlines?fields=number",
    "/v1/life-events",
    "/v1/notices",
    "/v1/notices/changes?limit=1",
    "/v1/notices?fields=title",
    "/v1/offices?commune=05443",
    "/v1/offline-pack?commune=05443",
    "/v1/procedure-fields",
    "/v1/procedures/1.001193",
    "/v1/procedures/1.001193/where?commune=05443",
    "/v1/procedures/1.001193?fields=code,details",
    "/v1/procedures/changes?limit=1",
    "/v1/procedures?limit=1",
    "/v1/search/suggest?q=ket",
    "/v1/search?q=ket%20hon",
];

#[actix_web::test]
async fn every_look_up_can_be_kept_and_asked_for_again() {
    let service = Store::Sqlite.service().await;
    for path in LOOK_UPS {
        for coding in ["br", "zstd", "gzip"] {
            let caller = service.anonymous().with("Accept-Encoding", coding);
            let answer = caller.get(path).await;
            assert_eq!(answer.status(), 200, "{path}: {:?}", answer.text());
            assert_eq!(answer.header("Content-Encoding"), coding, "{path}");
            let kept = answer.header("Cache-Control");
            assert!(
                kept.contains("max-age=") && kept.contains("stale-while-revalidate="),
                "{path}"
            );
            let knowing = caller.with("If-None-Match", answer.header("ETag"));
            let again = knowing.get(path).await;
            assert_eq!((again.status(), again.bytes()), (304, b"".as_slice()), "{path}");
            assert_eq!(again.header("Cache-Control"), kept, "{path}");
        }
    }
}

#[actix_web::test]
async fn places_and_numbers_can_be_trimmed() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let commune = caller.get("/v1/communes/05443?fields=code,name").await.expect(200);
    assert_eq!(commune, serde_json::json!({ "code": "05443", "name": "Phan Đình Phùng" }));
    let communes = caller.get("/v1/communes?fields=code&limit=2").await.expect(200);
    assert_eq!(communes["items"][1].as_object().unwrap().len(), 1);
    assert!(communes["next_cursor"].is_string());
    let numbers = caller.get("/v1/hotlines?fields=number").await.expect(200);
    assert_eq!(numbers["items"][0], serde_json::json!({ "number": "113" }));
    let places = caller.get("/v1/facilities?fields=id,name&limit=2").await.expect(200);
    assert_eq!(places["items"][1].as_object().unwrap().len(), 2);
    let id = places["items"][0]["id"].as_str().unwrap();
    let place = caller.get(&format!("/v1/facilities/{id}?fields=id")).await.expect(200);
    assert_eq!(place, serde_json::json!({ "id": id }));
    let strangers = [
        "/v1/communes/05443?fields=x",
        "/v1/communes?fields=x",
        "/v1/facilities?fields=x",
        "/v1/hotlines?fields=x",
    ];
    for path in strangers {
        let problem = caller.get(path).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], "/query/fields", "{path}");
    }
}
