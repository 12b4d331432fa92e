//! Communes: lists, outlines, where a position lies, what a name means.

use domain::territory::Position;
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
        ("lat=105.8482&lon=21.5942", "/query/lat", "out_of_range"),
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

/// A closed line on the map, as GeoJSON has it.
fn ring(line: &Value) -> Vec<(f64, f64)> {
    let corner = |corner: &Value| (corner[0].as_f64().unwrap(), corner[1].as_f64().unwrap());
    line.as_array().unwrap().iter().map(corner).collect()
}

/// Whether a ray from the point eastward crosses the ring an odd number of times.
fn surrounds(ring: &[(f64, f64)], (lon, lat): (f64, f64)) -> bool {
    let crosses = |&((x1, y1), (x2, y2)): &((f64, f64), (f64, f64))| {
        (y1 > lat) != (y2 > lat) && lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1
    };
    let sides = ring.iter().copied().zip(ring.iter().copied().skip(1));
    sides.filter(crosses).count() % 2 == 1
}

/// A polygon: its commune, its rings (the outer one first, then its holes), and from where to where
/// it reaches: west, east, south, north.
struct Polygon {
    code: String,
    rings: Vec<Vec<(f64, f64)>>,
    reach: [f64; 4],
}

impl Polygon {
    fn new(code: &str, polygon: &Value) -> Self {
        let rings: Vec<Vec<_>> = polygon.as_array().unwrap().iter().map(ring).collect();
        let reach = rings[0].iter().fold([180.0_f64, -180.0, 90.0, -90.0], |[w, e, s, n], at| {
            [w.min(at.0), e.max(at.0), s.min(at.1), n.max(at.1)]
        });
        Self { code: code.to_owned(), rings, reach }
    }

    fn holds(&self, point: (f64, f64)) -> bool {
        let [west, east, south, north] = self.reach;
        let mut rings = self.rings.iter().map(|ring| surrounds(ring, point));
        (west..=east).contains(&point.0)
            && (south..=north).contains(&point.1)
            && rings.next().unwrap()
            && !rings.any(|hole| hole)
    }
}

fn outlines(map: &Value) -> Vec<Polygon> {
    let features = map["features"].as_array().unwrap().iter();
    let polygons = features.flat_map(|feature| {
        let code = feature["properties"]["code"].as_str().unwrap();
        let polygons = feature["geometry"]["coordinates"].as_array().unwrap().iter();
        polygons.map(move |polygon| Polygon::new(code, polygon))
    });
    polygons.collect()
}

/// A part of one, from a counter (SplitMix64): the same in every run.
fn part(counter: u64) -> f64 {
    let mut word = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    f64::from(u32::try_from((word ^ (word >> 31)) >> 32).unwrap()) / f64::from(u32::MAX)
}

#[actix_web::test]
async fn ten_thousand_positions_lie_where_a_ray_says() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let outlines = outlines(&caller.get("/v1/communes.geojson?detail=full").await.expect(200));
    let mut inside = 0;
    for counter in (0..20_000).step_by(2) {
        let point = (105.4 + 0.9 * part(counter), 21.3 + 1.5 * part(counter + 1));
        let holder = outlines.iter().find(|polygon| polygon.holds(point));
        let expected = holder.map(|polygon| polygon.code.as_str());
        let position = Position::new(point.1, point.0).unwrap();
        let found = service.app.snapshot().map.locate(position).map(String::from);
        assert_eq!(found.as_deref(), expected, "{point:?}");
        inside += usize::from(expected.is_some());
        if counter % 100 == 0 {
            let path = format!("/v1/communes/locate?lat={}&lon={}", point.1, point.0);
            let answer = caller.get(&path).await;
            assert_eq!(answer.json()["code"], expected.unwrap_or("outside_province"));
        }
    }
    assert!((4_000..8_000).contains(&inside), "{inside}");
}

#[actix_web::test]
async fn nobody_lives_in_the_sea() {
    let service = Store::Sqlite.service().await;
    for query in ["lat=17.0&lon=110.0", "lat=0&lon=0", "lat=-90&lon=180", "lat=21.5&lon=-105.8"] {
        let problem = service.anonymous().get(&format!("/v1/communes/locate?{query}")).await;
        assert_eq!(problem.expect(404)["code"], "outside_province", "{query}");
    }
}
