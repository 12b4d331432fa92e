//! Where much is reported.

use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{but, lamp, report, step},
};

const WIDE: &str = "105.2,21.3,106.3,22.8";

/// Publishes `count` reports of a category, some metres north.
async fn publish(service: &Service, category: &str, metres: f64, count: usize) -> Vec<Value> {
    let officer = service.officer().await;
    let mut reports = Vec::new();
    for _ in 0..count {
        let body = but(lamp(metres), json!({ "category": category, "attributes": {} }));
        let body = if category == "lighting.street" { lamp(metres) } else { body };
        let submitted = report(&service.anonymous(), body).await;
        step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
        reports.push(submitted);
    }
    reports
}

async fn heat(caller: &Caller, query: &str) -> Value {
    caller.get(&format!("/v1/feedback/heatmap?{query}")).await.expect(200)
}

fn counts(heat: &Value) -> Vec<u64> {
    let cells = heat["cells"].as_array().unwrap().iter();
    cells.map(|cell| cell["count"].as_u64().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn no_cell_of_the_heat_map_is_small(#[case] store: Store) {
    let service = Service::configured(store.fresh().await, &[("CTN_LIMITS", "off")]).await;
    let lamps = publish(&service, "lighting.street", 0.0, 6).await;
    publish(&service, "road.pothole", 5_000.0, 4).await;
    report(&service.anonymous(), lamp(0.0)).await;
    let stranger = service.anonymous();
    let path = format!("/v1/feedback/heatmap?bbox={WIDE}&resolution=9");
    let answer = stranger.get(&path).await;
    assert_eq!(answer.header("cache-control"), "public, no-cache");
    let tag = answer.header("etag").to_owned();
    let map = answer.expect(200);
    assert_eq!((counts(&map), &map["left_out"]), (vec![6], &json!(4)));
    let cell = &map["cells"][0];
    assert_eq!((cell["cell"].as_str().unwrap().len(), &cell["resolution"]), (15, &json!(9)));
    assert!((cell["centre"]["lat"].as_f64().unwrap() - 21.586).abs() < 0.003);
    assert_eq!(stranger.with("If-None-Match", &tag).get(&path).await.status(), 304);

    publish(&service, "road.pothole", 5_000.0, 1).await;
    let both = heat(&stranger, &format!("bbox={WIDE}")).await;
    assert_eq!((both["resolution"].clone(), &both["left_out"]), (json!(7), &json!(0)));
    assert_eq!(counts(&both).iter().sum::<u64>(), 11);
    for (query, expected) in [
        ("category=road", vec![5]),
        ("category=lighting", vec![6]),
        ("from=2026-11-23&to=2026-11-23&category=road", vec![5]),
        ("from=2026-11-24", vec![]),
        ("to=2026-11-22", vec![]),
    ] {
        let map = heat(&stranger, &format!("bbox={WIDE}&{query}")).await;
        assert_eq!(counts(&map), expected, "{query}");
    }
    let elsewhere = heat(&stranger, "bbox=105.2,22.0,105.3,22.1").await;
    assert_eq!((counts(&elsewhere), &elsewhere["left_out"]), (vec![], &json!(0)));

    let officer = service.officer().await;
    for lamp in &lamps[..2] {
        step(&officer, &lamp["id"], "hide", json!({})).await.expect(200);
    }
    let map = heat(&stranger, &format!("bbox={WIDE}&category=lighting")).await;
    assert_eq!((counts(&map), &map["left_out"]), (vec![], &json!(4)), "gone at once");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_heat_map_of_nothing_is_refused(#[case] store: Store) {
    let service = store.service().await;
    for (query, pointer) in [
        ("resolution=7", "/query/bbox"),
        ("bbox=1,2,3", "/query/bbox"),
        ("bbox=105,21,106,22&resolution=2", "/query/resolution"),
        ("bbox=105,21,106,22&resolution=10", "/query/resolution"),
        ("bbox=105,21,106,22&from=2026-11-02&to=2026-11-01", "/query/from"),
        ("bbox=105,21,106,22&category=nothing", "/query/category"),
    ] {
        let path = format!("/v1/feedback/heatmap?{query}");
        let refused = service.anonymous().get(&path).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{query}");
    }
}
