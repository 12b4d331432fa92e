//! Communes: lists, outlines, where a position lies, what a name means.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest::rstest;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Store};

use crate::every_store;

fn codes(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["code"].as_str().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn the_communes_stand_in_the_order_of_the_alphabet(#[case] store: Store) {
    let service = store.service().await;
    let page = service.anonymous().get("/v1/communes").await.expect(200);
    assert_eq!(codes(&page).len(), 92);
    assert_eq!(page["next_cursor"], Value::Null);
    let names: Vec<_> = page["items"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    let at = |name: &str| names.iter().position(|each| *each == name).unwrap();
    assert!(at("Cẩm Giàng") < at("Dân Tiến") && at("Dân Tiến") < at("Đại Từ"));
    assert!(at("Văn Lang") < at("Văn Lăng"));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_commune_is_read_by_its_code(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous().with("X-Request-Id", "r");
    let commune = caller.get("/v1/communes/05443").await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(commune, @r#"
        {
          "area_km2": 14.73,
          "bounds": {
            "east": 105.86563,
            "north": 21.605789,
            "south": 21.566489,
            "west": 105.8049
          },
          "centroid": {
            "lat": 21.588734,
            "lon": 105.833774
          },
          "code": "05443",
          "full_name": "Phường Phan Đình Phùng",
          "inside": {
            "lat": 21.586112,
            "lon": 105.836192
          },
          "merged_from": [
            "Phường Trưng Vương",
            "Phường Túc Duyên",
            "Phường Đồng Quang",
            "Phường Quang Trung",
            "Phường Hoàng Văn Thụ",
            "Phường Tân Thịnh",
            "Phường Phan Đình Phùng",
            "Phường Gia Sàng"
          ],
          "name": "Phan Đình Phùng",
          "old_districts": [
            "Thành phố Thái Nguyên"
          ],
          "old_province": "Tỉnh Thái Nguyên",
          "type": "phường"
        }
        "#);
    }
    for unknown in ["05444", "5443", "054433", "abcde", "%00", "05443%00"] {
        let problem = caller.get(&format!("/v1/communes/{unknown}")).await.expect(404);
        assert_eq!(problem["code"], "not_found", "{unknown}");
    }
}

#[actix_web::test]
async fn pages_of_communes_follow_each_other() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let all = caller.get("/v1/communes").await.expect(200);
    let mut seen = Vec::new();
    let mut path = "/v1/communes?limit=40".to_owned();
    loop {
        let page = caller.get(&path).await.expect(200);
        seen.extend(codes(&page).into_iter().map(str::to_owned));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/communes?limit=40&cursor={cursor}");
    }
    assert_eq!(seen, codes(&all));
    let facilities = caller.get("/v1/facilities?limit=1").await.expect(200);
    let foreign = facilities["next_cursor"].as_str().unwrap();
    let problem = caller.get(&format!("/v1/communes?cursor={foreign}")).await.expect(422);
    assert_eq!(problem["code"], "invalid_cursor");
    assert_eq!(problem["errors"][0]["pointer"], "/query/cursor");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_position_lies_in_its_commune(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous().with("X-Request-Id", "r");
    let found = caller.get("/v1/communes/locate?lat=21.5942&lon=105.8482").await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(found, @r#"
        {
          "code": "05443",
          "full_name": "Phường Phan Đình Phùng",
          "name": "Phan Đình Phùng",
          "type": "phường"
        }
        "#);
    }
    let hanoi = caller.get("/v1/communes/locate?lat=21.03&lon=105.85").await.expect(404);
    allow_duplicates! {
        assert_json_snapshot!(hanoi, @r#"
        {
          "code": "outside_province",
          "detail": "Vị trí này không thuộc tỉnh Thái Nguyên.",
          "request_id": "r",
          "status": 404,
          "title": "Ngoài địa bàn tỉnh",
          "type": "/problems/outside_province"
        }
        "#);
    }
}

#[actix_web::test]
async fn a_position_that_is_none_is_named() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let cases = [
        ("lat=91&lon=105", "/query/lat", "out_of_range"),
        ("lat=21&lon=181", "/query/lon", "out_of_range"),
        ("lat=NaN&lon=105", "/query/lat", "out_of_range"),
        ("lat=inf&lon=105", "/query/lat", "out_of_range"),
        ("lat=21", "/query/lon", "missing"),
        ("lat=x&lon=105", "/query/lat", "wrong_form"),
        ("lat=21&lon=105&alt=3", "/query/alt", "unknown_field"),
        ("lat=%00&lon=105", "/query", "control_character"),
    ];
    for (query, pointer, code) in cases {
        let problem = caller.get(&format!("/v1/communes/locate?{query}")).await.expect(422);
        assert_eq!(problem["code"], "invalid_query", "{query}");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
        assert_eq!(problem["errors"][0]["code"], code, "{query}");
    }
}

#[rstest]
#[case::old_name("phường Túc Duyên", &["05443"])]
#[case::folded("phuong tuc duyen", &["05443"])]
#[case::decomposed("Tu\u{301}c Duye\u{302}n", &["05443"])]
#[case::both_ways("xa van lang", &["02143", "05665"])]
#[case::marks_decide("xã Văn Lăng", &["05665"])]
#[case::old_tone("Định Hóa", &["05569"])]
#[case::divided_default_first("Cam Giá", &["05467", "05500"])]
#[case::divided_rural("Xã Thượng Đình", &["05941", "05908"])]
#[case::homonyms("Trung Thành", &["05899", "05500"])]
#[case::with_its_city("Trung Thành (thành phố Phổ Yên)", &["05899"])]
#[case::unknown("Hà Nội", &[])]
#[case::emoji("🙂", &[])]
#[actix_web::test]
async fn a_name_means_a_commune(#[case] name: &str, #[case] expected: &[&str]) {
    let service = Store::Sqlite.service().await;
    let page = resolve(&service.anonymous(), name).await.expect(200);
    assert_eq!(codes(&page), expected);
}

async fn resolve(caller: &tests::Caller, name: &str) -> Answer {
    let request = caller.request(reqwest::Method::GET, "/v1/communes/resolve");
    caller.send(request.query(&[("name", name)])).await
}

#[actix_web::test]
async fn a_former_commune_tells_where_it_was() {
    let service = Store::Sqlite.service().await;
    let page = resolve(&service.anonymous(), "Túc Duyên").await.expect(200);
    assert_json_snapshot!(page, @r#"
    {
      "items": [
        {
          "code": "05443",
          "former": {
            "default": true,
            "district": "Thành phố Thái Nguyên",
            "divided": false,
            "full_name": "Phường Túc Duyên",
            "province": "Tỉnh Thái Nguyên"
          },
          "full_name": "Phường Phan Đình Phùng",
          "name": "Phan Đình Phùng",
          "type": "phường"
        }
      ],
      "next_cursor": null
    }
    "#);
}

#[actix_web::test]
async fn a_name_that_is_none_is_refused() {
    let service = Store::Sqlite.service().await;
    let long = "á".repeat(201);
    for (name, code) in [("", "too_short"), (" \t ", "too_short"), (&long, "too_long")] {
        let problem = resolve(&service.anonymous(), name).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], "/query/name");
        assert_eq!(problem["errors"][0]["code"], code);
    }
}

#[actix_web::test]
async fn the_outlines_are_a_map() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    for path in ["/v1/communes.geojson", "/v1/communes.geojson?detail=full"] {
        let answer = caller.get(path).await;
        assert_eq!(answer.header("content-type"), "application/geo+json");
        let map = answer.expect(200);
        assert_eq!(map["features"].as_array().unwrap().len(), 92);
        assert_eq!(map["features"][0]["geometry"]["type"], "MultiPolygon");
    }
    let problem = caller.get("/v1/communes.geojson?detail=huge").await.expect(422);
    assert_eq!(
        problem["errors"],
        json!([{
            "pointer": "/query/detail",
            "code": "unknown",
            "detail": "Giá trị này không có trong danh mục.",
        }])
    );
}

#[actix_web::test]
async fn the_outlines_are_sent_compressed_and_once() {
    let service = Store::Sqlite.service().await;
    let mut tags = Vec::new();
    for coding in ["br", "zstd", "gzip"] {
        let caller = service.anonymous().with("Accept-Encoding", coding);
        let answer = caller.get("/v1/communes.geojson").await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert!(answer.header("vary").starts_with("Accept-Encoding"));
        assert!(answer.bytes().len() < 130_000, "{coding}: {}", answer.bytes().len());
        let tag = answer.header("etag").to_owned();
        let again = caller.with("If-None-Match", &tag).get("/v1/communes.geojson").await;
        assert_eq!((again.status(), again.bytes()), (304, b"".as_slice()));
        assert_eq!(again.header("etag"), tag);
        tags.push(tag);
    }
    tags.dedup();
    assert_eq!(tags.len(), 3);
}
