//! Facilities from extracts of OpenStreetMap.

use infra::dataset::{Dataset, ImportError};
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::Value;
use tests::{
    Service, Store,
    osm::{Feature, extract},
};

use crate::{every_store, import::take_in_bytes};

/// 2026-11-20.
const DAY: i64 = 1_795_132_800;

const ONE_STOP: &[(&str, &str)] = &[
    ("office", "government"),
    ("name", "Trung tâm Phục vụ hành chính công phường Phan Đình Phùng"),
    ("addr:street", "Đường Hoàng Văn Thụ"),
    ("phone", "+84 208 3855 123"),
    ("opening_hours", "Mo-Fr 07:30-11:30,13:30-17:00; PH off"),
];

fn province() -> Vec<u8> {
    let post =
        &[("amenity", "post_office"), ("name", "Bưu điện"), ("opening_hours", "sunrise-18:00")];
    extract(
        &[
            Feature::Node(1, (21.5940, 105.8480), ONE_STOP),
            Feature::Node(2, (21.5950, 105.8490), &[("amenity", "police")]),
            Feature::Node(3, (21.0285, 105.8542), &[("amenity", "hospital"), ("name", "Hà Nội")]),
            Feature::Node(4, (21.5960, 105.8500), &[("amenity", "cafe"), ("name", "Cà phê")]),
            Feature::Node(5, (21.5900, 105.8400), &[]),
            Feature::Node(6, (21.5920, 105.8400), &[]),
            Feature::Way(7, &[5, 6], post),
            Feature::Way(8, &[99], post),
            Feature::Relation(9, &[("amenity", "hospital"), ("name", "Bệnh viện")]),
        ],
        DAY,
    )
}

async fn take_in(service: &Service, bytes: &[u8]) -> Result<Vec<(u64, bool, String)>, ImportError> {
    let report = take_in_bytes(service, "facilities", "thai-nguyen.osm.pbf", bytes).await?;
    assert_eq!(report.dataset, Dataset::OsmFacilities);
    Ok(report.doubts.into_iter().map(|doubt| (doubt.line, doubt.refused, doubt.message)).collect())
}

async fn facilities(service: &Service, query: &str) -> Vec<Value> {
    let page = service.anonymous().get(&format!("/v1/facilities?limit=100{query}")).await;
    page.expect(200)["items"].as_array().unwrap().clone()
}

#[apply(every_store)]
#[actix_web::test]
async fn what_citizens_need_is_taken_from_the_map(#[case] store: Store) {
    let service = store.service().await;
    let doubts = take_in(&service, &province()).await.unwrap();
    allow_duplicates! {
        assert_json_snapshot!(doubts, @r#"
        [
          [
            2,
            true,
            "node/2 has no name"
          ],
          [
            4,
            false,
            "opening_hours is \"sunrise-18:00\": it is shown as it is, and never called open or closed"
          ],
          [
            5,
            true,
            "way/8 has no position"
          ],
          [
            6,
            true,
            "relation/9 has no position"
          ]
        ]
        "#);
    }
    assert_eq!(facilities(&service, "").await.len(), 13);
    let found = facilities(&service, "&kind=one_stop&near=21.594,105.848").await;
    allow_duplicates! {
        assert_json_snapshot!(found[0], @r#"
        {
          "address": "Đường Hoàng Văn Thụ",
          "commune": "05443",
          "data_as_of": "2026-11-20",
          "distance_m": 0.0,
          "id": "osm-node-1",
          "kind": "one_stop",
          "licence": "ODbL 1.0 (© OpenStreetMap contributors)",
          "name": "Trung tâm Phục vụ hành chính công phường Phan Đình Phùng",
          "open_now": true,
          "opening_hours": {
            "holidays": [],
            "text": "Mo-Fr 07:30-11:30,13:30-17:00; PH off",
            "week": [
              {
                "day": "Mo",
                "hours": [
                  "07:30-11:30",
                  "13:30-17:00"
                ]
              },
              {
                "day": "Tu",
                "hours": [
                  "07:30-11:30",
                  "13:30-17:00"
                ]
              },
              {
                "day": "We",
                "hours": [
                  "07:30-11:30",
                  "13:30-17:00"
                ]
              },
              {
                "day": "Th",
                "hours": [
                  "07:30-11:30",
                  "13:30-17:00"
                ]
              },
              {
                "day": "Fr",
                "hours": [
                  "07:30-11:30",
                  "13:30-17:00"
                ]
              },
              {
                "day": "Sa",
                "hours": []
              },
              {
                "day": "Su",
                "hours": []
              }
            ]
          },
          "opening_hours_raw": "Mo-Fr 07:30-11:30,13:30-17:00; PH off",
          "phone": null,
          "position": {
            "lat": 21.594,
            "lon": 105.848
          },
          "source": "OpenStreetMap",
          "source_url": "https://www.openstreetmap.org/node/1"
        }
        "#);
    }
    let post = &facilities(&service, "&kind=post").await[0];
    assert_eq!((&post["opening_hours"], &post["open_now"]), (&Value::Null, &Value::Null));
    assert_eq!(post["opening_hours_raw"], "sunrise-18:00");
    assert_eq!(post["position"]["lat"], 21.591);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_extract_is_taken_in_once_and_a_broken_one_leaves_what_was_there(#[case] store: Store) {
    let service = store.service().await;
    let whole = province();
    take_in(&service, &whole).await.unwrap();
    let before = facilities(&service, "").await;
    let again = take_in_bytes(&service, "facilities", "again.osm.pbf", &whole).await.unwrap();
    assert!(!again.switched);
    for broken in [&whole[..whole.len() - 5], &whole[..40], &[&whole[..60], &[0xff; 300]].concat()]
    {
        let refused = take_in(&service, broken).await;
        assert!(matches!(refused, Err(ImportError::NothingValid { .. })));
    }
    assert_eq!(facilities(&service, "").await, before);
}

#[apply(every_store)]
#[actix_web::test]
async fn of_what_stands_in_both_lists_the_extract_knows_more(#[case] store: Store) {
    let service = store.service().await;
    let tags = &[("amenity", "hospital"), ("name", "Bệnh viện đa khoa Yên Bình (mới)")];
    let at = (21.4051, 105.8744);
    let bytes = extract(&[Feature::Node(7_146_615_786, at, tags)], DAY);
    take_in(&service, &bytes).await.unwrap();
    assert_eq!(facilities(&service, "").await.len(), 11);
    let one = service.anonymous().get("/v1/facilities/osm-node-7146615786").await.expect(200);
    assert_eq!(one["name"], "Bệnh viện đa khoa Yên Bình (mới)");
    assert_eq!((&one["commune"], &one["data_as_of"]), (&"05890".into(), &"2026-11-20".into()));
}

#[apply(every_store)]
#[actix_web::test]
async fn what_several_lines_make_up_lies_within_its_outer_ones(#[case] store: Store) {
    let service = store.service().await;
    let tags = &[("amenity", "hospital"), ("name", "Bệnh viện Nhiều Khu")];
    let bytes = extract(
        &[
            Feature::Node(1, (21.590, 105.840), &[]),
            Feature::Node(2, (21.592, 105.844), &[]),
            Feature::Node(3, (21.900, 105.900), &[]),
            Feature::Way(7, &[1, 2], &[]),
            Feature::Way(8, &[3], &[]),
            Feature::Area(9, &[(7, "outer"), (8, "inner")], tags),
            Feature::Area(10, &[(7, "")], &[("amenity", "police"), ("name", "Công an Một Khu")]),
        ],
        DAY,
    );
    take_in(&service, &bytes).await.unwrap();
    for id in ["osm-relation-9", "osm-relation-10"] {
        let place = service.anonymous().get(&format!("/v1/facilities/{id}")).await.expect(200);
        assert_eq!(place["position"], serde_json::json!({ "lat": 21.591, "lon": 105.842 }), "{id}");
        assert_eq!(place["commune"], "05443");
    }
}
