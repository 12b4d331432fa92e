//! Facilities: by kind, by commune, near by.

use chrono::TimeDelta;
use infra::dataset::ImportError;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::Value;
use tests::{Service, Store};

use crate::{
    every_store,
    import::{command, take_in},
};

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn the_nearest_comes_first(#[case] store: Store) {
    let service = store.service().await;
    let path = "/v1/facilities?kind=hospital&near=21.4593,105.8501&radius_m=2000";
    let page = service.anonymous().get(path).await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(page, @r#"
        {
          "items": [
            {
              "address": null,
              "commune": "05518",
              "data_as_of": "2024-09-27",
              "distance_m": 8.0,
              "id": "osm-way-995113700",
              "kind": "hospital",
              "licence": "ODbL 1.0 (© OpenStreetMap contributors)",
              "name": "Trung tâm Y tế thành phố Sông Công",
              "open_now": null,
              "opening_hours": null,
              "opening_hours_raw": null,
              "phone": null,
              "position": {
                "lat": 21.4593691,
                "lon": 105.8501064
              },
              "source": "OpenStreetMap (Overpass extract inside TrieuThanhTung/location-based-service@0d6b76f)",
              "source_url": "https://www.openstreetmap.org/way/995113700"
            },
            {
              "address": null,
              "commune": "05518",
              "data_as_of": "2024-09-27",
              "distance_m": 1400.0,
              "id": "osm-node-9028202324",
              "kind": "hospital",
              "licence": "ODbL 1.0 (© OpenStreetMap contributors)",
              "name": "Bệnh viện Y Tế Phúc Thái",
              "open_now": null,
              "opening_hours": null,
              "opening_hours_raw": null,
              "phone": null,
              "position": {
                "lat": 21.4535845,
                "lon": 105.862155
              },
              "source": "OpenStreetMap (Overpass extract inside TrieuThanhTung/location-based-service@0d6b76f)",
              "source_url": "https://www.openstreetmap.org/node/9028202324"
            },
            {
              "address": null,
              "commune": "05518",
              "data_as_of": "2024-09-27",
              "distance_m": 1869.0,
              "id": "osm-way-1091993287",
              "kind": "hospital",
              "licence": "ODbL 1.0 (© OpenStreetMap contributors)",
              "name": "Bệnh viện C Thái Nguyên",
              "open_now": null,
              "opening_hours": null,
              "opening_hours_raw": null,
              "phone": null,
              "position": {
                "lat": 21.4463892,
                "lon": 105.8616689
              },
              "source": "OpenStreetMap (Overpass extract inside TrieuThanhTung/location-based-service@0d6b76f)",
              "source_url": "https://www.openstreetmap.org/way/1091993287"
            }
          ],
          "next_cursor": null
        }
        "#);
    }
}

#[actix_web::test]
async fn without_a_position_all_are_listed() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let all = caller.get("/v1/facilities").await.expect(200);
    assert_eq!(names(&all).len(), 11);
    let here = caller.get("/v1/facilities?commune=05908").await.expect(200);
    assert_eq!(names(&here), ["Bệnh viện Đa khoa huyện Phú Bình"]);
    let none = caller.get("/v1/facilities?kind=police").await.expect(200);
    assert_eq!(names(&none), Vec::<&str>::new());
    let id = here["items"][0]["id"].as_str().unwrap();
    let one = caller.get(&format!("/v1/facilities/{id}")).await.expect(200);
    assert_eq!(one, here["items"][0]);
    assert_eq!(caller.get("/v1/facilities/nowhere").await.expect(404)["code"], "not_found");
}

#[actix_web::test]
async fn pages_follow_each_other() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let first = caller.get("/v1/facilities?limit=6").await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = caller.get(&format!("/v1/facilities?limit=6&cursor={cursor}")).await.expect(200);
    assert_eq!(second["next_cursor"], Value::Null);
    let both: Vec<_> = names(&first).into_iter().chain(names(&second)).collect();
    let all = caller.get("/v1/facilities").await.expect(200);
    assert_eq!(both, names(&all));
}

#[actix_web::test]
async fn what_is_wrong_is_named() {
    let service = Store::Sqlite.service().await;
    let cases = [
        ("near=21.5", "/query/near", "wrong_form"),
        ("near=21.5,x", "/query/near", "wrong_form"),
        ("near=121.5,105", "/query/near", "out_of_range"),
        ("radius_m=5", "/query/near", "missing"),
        ("near=21.5,105&radius_m=0", "/query/radius_m", "out_of_range"),
        ("near=21.5,105&radius_m=NaN", "/query/radius_m", "out_of_range"),
        ("near=21.5,105&radius_m=1e9", "/query/radius_m", "out_of_range"),
        ("commune=0544", "/query/commune", "wrong_form"),
        ("commune=00000", "/query/commune", "unknown"),
        ("kind=castle", "/query/kind", "unknown"),
        ("open_now=maybe", "/query/open_now", "wrong_form"),
        ("limit=0", "/query/limit", "out_of_range"),
        ("cursor=x", "/query/cursor", "wrong_form"),
        ("q=x", "/query/q", "unknown_field"),
    ];
    for (query, pointer, code) in cases {
        let problem = service.anonymous().get(&format!("/v1/facilities?{query}")).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
        assert_eq!(problem["errors"][0]["code"], code, "{query}");
    }
}

const OFFICES: &str = "id,type,name,lat,lon,source,licence,opening_hours,phone,phone_confirmed
office,one_stop,Một cửa,21.5942,105.8482,tỉnh,CC0,\"Mo-Fr 07:30-11:30,13:30-17:00; PH off\",0208 1,
night,pharmacy,Nhà thuốc,21.5943,105.8483,tỉnh,CC0,Mo-Su 20:00-06:00,02083855123,yes
always,hospital,Bệnh viện,21.5944,105.8484,tỉnh,CC0,24/7,,
unsaid,post,Bưu điện,21.5945,105.8485,tỉnh,CC0,Mo-Fr 08:00-17:00,,
nothing,police,Công an,21.5946,105.8486,tỉnh,CC0,,,
";

/// What is open, by id.
async fn open(service: &Service, open_now: bool) -> Vec<String> {
    let path = format!("/v1/facilities?open_now={open_now}&near=21.5942,105.8482");
    let page = service.anonymous().get(&path).await.expect(200);
    let ids = page["items"].as_array().unwrap().iter();
    ids.map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_open_depends_on_the_clocks_and_holidays_of_vietnam(#[case] store: Store) {
    let service = store.service().await;
    take_in(&service, "facilities", "offices.csv", OFFICES).await.unwrap();
    // Monday, 08:02.
    assert_eq!(open(&service, true).await, ["office", "always", "unsaid"]);
    assert_eq!(open(&service, false).await, ["night"]);
    service.clock.advance(TimeDelta::hours(15));
    assert_eq!(open(&service, true).await, ["night", "always"]);
    assert_eq!(open(&service, false).await, ["office", "unsaid"]);
    // Tuesday, 24 November, 08:02: a holiday, on which only some say what they do.
    service.clock.advance(TimeDelta::hours(9));
    assert_eq!(open(&service, true).await, ["always"]);
    assert_eq!(open(&service, false).await, ["office", "night"]);
    let unsaid = service.anonymous().get("/v1/facilities/unsaid").await.expect(200);
    assert_eq!(unsaid["open_now"], Value::Null);
}

#[actix_web::test]
async fn only_confirmed_numbers_are_shown() {
    let service = Store::Sqlite.service().await;
    take_in(&service, "facilities", "offices.csv", OFFICES).await.unwrap();
    let phone = async |id: &str| {
        service.anonymous().get(&format!("/v1/facilities/{id}")).await.expect(200)["phone"].clone()
    };
    assert_eq!(phone("office").await, Value::Null);
    assert_eq!(phone("night").await, "02083855123");
}

#[actix_web::test]
async fn an_answer_changes_its_tag_when_a_place_opens() {
    let service = Store::Sqlite.service().await;
    take_in(&service, "facilities", "offices.csv", OFFICES).await.unwrap();
    let caller = service.anonymous();
    let first = caller.get("/v1/facilities/office").await;
    assert_eq!(first.header("cache-control"), "public, max-age=30, stale-while-revalidate=300");
    let again = caller.with("If-None-Match", first.header("etag"));
    assert_eq!(again.get("/v1/facilities/office").await.status(), 304);
    service.clock.advance(TimeDelta::hours(5));
    assert_eq!(again.get("/v1/facilities/office").await.expect(200)["open_now"], false);
}

#[apply(every_store)]
#[actix_web::test]
async fn pages_go_on_although_places_close_meanwhile(#[case] store: Store) {
    let service = store.service().await;
    take_in(&service, "facilities", "offices.csv", OFFICES).await.unwrap();
    let path = "/v1/facilities?open_now=true&near=21.5942,105.8482&limit=1";
    let first = service.anonymous().get(path).await.expect(200);
    assert_eq!(names(&first), ["Một cửa"]);
    // Until it is closed.
    service.clock.advance(TimeDelta::hours(15));
    let path = format!("{path}&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = service.anonymous().get(&path).await.expect(200);
    assert_eq!(names(&second), ["Nhà thuốc"]);
    take_in(&service, "facilities", "fewer.csv", &OFFICES.replace("office,", "other,"))
        .await
        .unwrap();
    assert_eq!(service.anonymous().get(&path).await.expect(410)["code"], "cursor_expired");
}

#[apply(every_store)]
#[actix_web::test]
async fn half_a_file_does_not_take_most_places_away(#[case] store: Store) {
    let service = store.service().await;
    let row = |n: usize| format!("place-{n},clinic,Phòng khám số {n},,,thử,CC0\n");
    let file = |rows: usize| {
        let rows: String = (0..rows).map(row).collect();
        format!("id,type,name,lat,lon,source,licence\n{rows}")
    };
    take_in(&service, "facilities", "all.csv", &file(60)).await.unwrap();
    let half = file(60);
    let refused = take_in(&service, "facilities", "half.csv", &half[..half.len() / 3]).await;
    assert!(matches!(refused, Err(ImportError::Shrinks { in_force: 60, .. })), "{refused:?}");
    let page = service.anonymous().get("/v1/facilities?limit=100").await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 60);
    take_in(&service, "facilities", "fewer.csv", &file(40)).await.unwrap();
    let (succeeded, said) = command(&service, "facilities", &file(5));
    assert!(!succeeded && said.contains("nothing has changed"), "{said}");
}

#[actix_web::test]
async fn who_is_at_sea_is_near_nothing() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let page = caller.get("/v1/facilities?near=16.5,112.3").await.expect(200);
    assert_eq!(names(&page), Vec::<&str>::new());
    for path in ["/v1/offices?lat=16.5&lon=112.3", "/v1/procedures/1.001193/where?lat=0&lon=0"] {
        let problem = caller.get(path).await.expect(404);
        assert_eq!(problem["code"], "outside_province", "{path}");
    }
}
