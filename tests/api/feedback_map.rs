//! The map of what was published, what is near, and how soon it is gone.

use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    agency_tree::soon,
    every_store,
    feedback::{HERE, but, codes, lamp, published, report, step},
    revocation::{replica, shared},
};

/// A rectangle around everything here.
const WIDE: &str = "105.7,21.5,105.9,21.7";

async fn map(caller: &Caller, query: &str) -> Value {
    let answer = caller.get(&format!("/v1/feedback/map?{query}")).await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    assert_eq!(answer.header("cache-control"), "public, no-cache");
    answer.expect(200)
}

/// How many reports the features stand for.
fn counted(map: &Value) -> u64 {
    let features = map["features"].as_array().unwrap().iter();
    features.map(|feature| feature["properties"]["count"].as_u64().unwrap_or(1)).sum()
}

#[apply(every_store)]
#[actix_web::test]
async fn reports_are_clusters_from_afar_and_single_close_by(#[case] store: Store) {
    let service = store.service().await;
    for metres in [0.0, 20.0, 40.0, 5_000.0] {
        published(&service, lamp(metres)).await;
    }
    let hole = json!({ "category": "road.pothole", "attributes": {} });
    published(&service, but(lamp(60.0), hole)).await;
    let stranger = service.anonymous();
    for zoom in 0..=22 {
        let map = map(&stranger, &format!("bbox={WIDE}&zoom={zoom}")).await;
        assert_eq!(counted(&map), 5, "{zoom}");
        let close = zoom >= 16;
        let clusters = map["features"].as_array().unwrap().iter();
        let clusters = clusters.filter(|it| it["properties"]["cluster"] == true).count();
        assert_eq!(clusters == 0, close, "{zoom}: {map}");
    }
    let afar = map(&stranger, &format!("bbox={WIDE}&zoom=5")).await;
    assert_eq!(afar["features"].as_array().unwrap().len(), 1);
    let close = map(&stranger, &format!("bbox={WIDE}&zoom=18")).await;
    let first = &close["features"][0];
    assert_eq!(first["geometry"]["type"], "Point");
    assert_eq!(first["properties"]["category"], "road.pothole", "the latest comes first");

    let (lat, lon) = HERE;
    let below = format!("{},{},{},{}", lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.000_2);
    for zoom in [13, 15, 18] {
        let part = map(&stranger, &format!("bbox={below}&zoom={zoom}")).await;
        assert_eq!(counted(&part), 2, "what lies outside of the rectangle is not counted");
    }
    for (filter, expected) in
        [("category=road", 1), ("category=lighting", 4), ("status=closed", 0), ("q=den+duong", 5)]
    {
        let some = map(&stranger, &format!("bbox={WIDE}&zoom=9&{filter}")).await;
        assert_eq!(counted(&some), expected, "{filter}");
    }
    for (query, pointer) in [
        ("zoom=3", "/query/bbox"),
        ("bbox=105.7,21.5,105.9,21.7", "/query/zoom"),
        ("bbox=105.7,21.5,105.9,21.7&zoom=23", "/query/zoom"),
        ("bbox=105.7,21.5,105.9,21.7&zoom=-1", "/query/zoom"),
        ("bbox=106,21,105,22&zoom=3", "/query/bbox"),
    ] {
        let problem = stranger.get(&format!("/v1/feedback/map?{query}")).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
    }
}

/// Pages of what is near follow each other, the nearest first, each report once.
#[apply(every_store)]
#[actix_web::test]
async fn the_nearest_come_first_page_by_page(#[case] store: Store) {
    let service = store.service().await;
    let mut expected = Vec::new();
    for metres in [400.0, 100.0, 300.0, 100.0, 200.0, 1_100.0] {
        let (submitted, _) = published(&service, lamp(metres)).await;
        expected.push((metres, submitted["code"].as_str().unwrap().to_owned()));
    }
    expected.sort_by(|one, other| one.0.total_cmp(&other.0));
    expected.pop();
    let (stranger, mut seen) = (service.anonymous(), Vec::new());
    let mut next = Some(String::new());
    while let Some(cursor) = next {
        let path = format!("/v1/feedback?near={},{}&limit=2{cursor}", HERE.0, HERE.1);
        let page = stranger.get(&path).await.expect(200);
        for item in page["items"].as_array().unwrap() {
            seen.push((
                item["distance_m"].as_f64().unwrap(),
                item["code"].as_str().unwrap().to_owned(),
            ));
        }
        next = page["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
    }
    assert_eq!(seen, expected);
    let page =
        stranger.get("/v1/feedback?near=21.5,105.8&limit=1&radius_m=50000").await.expect(200);
    let stray = format!("/v1/feedback?cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(stranger.get(&stray).await.expect(422)["code"], "invalid_cursor");
    let far = stranger.get("/v1/feedback?near=22.8,105.1").await.expect(200);
    assert_eq!(codes(&far), [""; 0]);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_list_is_a_map_too(#[case] store: Store) {
    let service = store.service().await;
    published(&service, lamp(0.0)).await;
    published(&service, lamp(9.0)).await;
    let stranger = service.anonymous();
    let first = stranger.get("/v1/feedback.geojson?limit=1").await;
    assert_eq!(first.header("content-type"), "application/geo+json");
    let first = first.expect(200);
    assert_eq!(first["type"], "FeatureCollection");
    assert_eq!(first["features"][0]["geometry"]["coordinates"][0], HERE.1);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = stranger.get(&format!("/v1/feedback.geojson?limit=1&cursor={cursor}")).await;
    let second = second.expect(200);
    assert_eq!(second["features"][0]["properties"]["location_blurred"], false);
    assert_eq!(second["next_cursor"], Value::Null);
}

/// Everything that shows published reports.
async fn showing(service: &Service, submitted: &Value) -> Vec<&'static str> {
    let (stranger, code) = (service.anonymous(), submitted["code"].as_str().unwrap());
    let near = format!("/v1/feedback?near={},{}", HERE.0, HERE.1);
    let map = format!("/v1/feedback/map?bbox={WIDE}&zoom=18");
    let mut showing = Vec::new();
    for (what, path) in [
        ("list", "/v1/feedback"),
        ("near", &near),
        ("map", &map),
        ("search", "/v1/feedback?q=den"),
        ("feed", "/v1/feedback.rss"),
        ("file", "/v1/feedback.geojson"),
    ] {
        if stranger.get(path).await.text().contains(code) {
            showing.push(what);
        }
    }
    let afar = stranger.get(&format!("/v1/feedback/map?bbox={WIDE}&zoom=5")).await.expect(200);
    if counted(&afar) > 0 {
        showing.push("clusters");
    }
    if stranger.get(&format!("/v1/feedback/{code}")).await.status() == 200 {
        showing.push("detail");
    }
    showing
}

/// Hidden by an officer, taken back by its reporter or sealed by what it turns out to be: it is
/// gone from everywhere at once.
#[apply(every_store)]
#[actix_web::test]
async fn what_is_withdrawn_is_gone_at_once(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await;
    let an = service.citizen("an").await;
    for how in ["hide", "withdraw", "seal"] {
        let submitted = report(&an, lamp(0.0)).await;
        step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
        assert_eq!(showing(&service, &submitted).await.len(), 8, "{how}");
        let path = format!("/v1/feedback/{}", submitted["id"].as_str().unwrap());
        match how {
            "hide" => step(&officer, &submitted["id"], "hide", json!({})).await.expect(200),
            "withdraw" => an.post(&format!("{path}/withdraw"), json!({})).await.expect(200),
            _ => {
                let law = json!({ "category": "legal.complaint" });
                step(&officer, &submitted["id"], "recategorise", law).await.expect(200)
            }
        };
        assert_eq!(showing(&service, &submitted).await, [""; 0], "{how}");
    }
}

/// Another process shows what is published here, and shows it no more, without being asked to.
#[apply(every_store)]
#[actix_web::test]
async fn every_replica_shows_the_same(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let (before, officer) = published(&service, lamp(0.0)).await;
    let other = replica(url).await;
    assert_eq!(showing(&other, &before).await.len(), 8, "what was published before it started");
    let (submitted, _) = published(&service, lamp(3_000.0)).await;
    let code = submitted["code"].as_str().unwrap();
    let listed = || async {
        let list = other.anonymous().get("/v1/feedback").await.expect(200);
        codes(&list).contains(&code)
    };
    assert!(soon(listed).await);
    for gone in [&submitted, &before] {
        step(&officer, &gone["id"], "hide", json!({})).await.expect(200);
        let path = format!("/v1/feedback/{}", gone["id"].as_str().unwrap());
        other.anonymous().get(&path).await.expect(404);
        assert!(!listed().await, "the list shows only what the store shows");
    }
    let empty = || async { showing(&other, &before).await.is_empty() };
    assert!(soon(empty).await, "the map, too");
}
