//! Facilities: by kind, by commune, near by.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::Value;
use tests::Store;

use crate::every_store;

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
