//! What strangers see.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::{
    every_store,
    feedback::{HERE, but, codes, lamp, published, report, step},
};

/// Every way in which a stranger could come upon the report of [`lamp`].
fn searches() -> Vec<String> {
    let (lat, lon) = HERE;
    [
        String::new(),
        format!("near={lat},{lon}"),
        format!("near={lat},{lon}&radius_m=5"),
        format!("bbox={},{},{},{}", lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01),
        "category=lighting".to_owned(),
        "category=lighting.street".to_owned(),
        "commune=05443".to_owned(),
        "q=den+duong".to_owned(),
        "q=%C4%91%C3%A8n+%C4%90%C6%AF%E1%BB%9CNG".to_owned(),
        "updated_after=2026-11-22T00:00:00Z".to_owned(),
    ]
    .map(|query| format!("/v1/feedback?{query}"))
    .to_vec()
}

async fn found(caller: &Caller, path: &str) -> Value {
    caller.get(path).await.expect(200)
}

/// Nothing is public before an officer publishes it, and nothing stays so that is hidden.
#[apply(every_store)]
#[actix_web::test]
async fn only_what_is_published_is_seen(#[case] store: Store) {
    let service = store.service().await;
    let (stranger, officer) = (service.anonymous(), service.officer().await);
    let submitted = report(&service.citizen("an").await, lamp(0.0)).await;
    let (id, code) = (submitted["id"].as_str().unwrap(), submitted["code"].as_str().unwrap());
    let visible = async |expected: bool| {
        for path in searches() {
            let seen = codes(&found(&stranger, &path).await).contains(&code);
            assert_eq!(seen, expected, "{path}");
        }
        let status = if expected { 200 } else { 404 };
        for name in [id, code] {
            stranger.get(&format!("/v1/feedback/{name}")).await.expect(status);
        }
    };
    visible(false).await;
    step(&officer, &submitted["id"], "accept", json!({})).await.expect(200);
    visible(false).await;
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    visible(true).await;
    step(&officer, &submitted["id"], "hide", json!({})).await.expect(200);
    visible(false).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn strangers_learn_nothing_of_the_reporter(#[case] store: Store) {
    let service = store.service().await;
    let citizen = service.citizen("an").await;
    let me = citizen.get("/v1/me").await.expect(200);
    let submitted = report(&citizen, lamp(0.0)).await;
    let officer = service.officer().await;
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    let path = format!("/v1/feedback/{}", submitted["id"].as_str().unwrap());
    let answer = service.anonymous().get(&path).await;
    assert!(!answer.text().contains(me["id"].as_str().unwrap()));
    allow_duplicates! {
        assert_json_snapshot!(answer.expect(200), { ".id" => "[id]", ".code" => "[code]" }, @r#"
        {
          "address": null,
          "agency": "commune-05443",
          "answer": null,
          "category": "lighting.street",
          "code": "[code]",
          "comments": 0,
          "commune_code": "05443",
          "due_at": "2026-12-01T10:00:00Z",
          "id": "[id]",
          "location": {
            "lat": 21.586112,
            "lon": 105.836192
          },
          "location_blurred": false,
          "published_at": "2026-11-23T01:02:03.456Z",
          "rejection": null,
          "status": "submitted",
          "submitted_at": "2026-11-23T01:02:03.456Z",
          "supports": 0,
          "text": "Đèn đường trước số 7 không sáng",
          "timeline": [
            {
              "agency": "commune-05443",
              "at": "2026-11-23T01:02:03.456Z",
              "event": "feedback.submitted",
              "status": "submitted"
            }
          ],
          "title": null,
          "updated_at": "2026-11-23T01:02:03.456Z"
        }
        "#);
    }
    let list = service.anonymous().get("/v1/feedback").await;
    assert!(!list.text().contains(me["id"].as_str().unwrap()));
}

#[apply(every_store)]
#[actix_web::test]
async fn filters_leave_out_the_rest(#[case] store: Store) {
    let service = store.service().await;
    let (lit, officer) = published(&service, lamp(0.0)).await;
    let pothole = but(
        lamp(2_000.0),
        json!({ "category": "road.pothole", "attributes": {}, "text": "Ổ gà 50%" }),
    );
    let (hole, _) = published(&service, pothole).await;
    step(&officer, &hole["id"], "accept", json!({})).await.expect(200);
    let (lat, lon) = HERE;
    let lit = lit["code"].as_str().unwrap();
    let hole = hole["code"].as_str().unwrap();
    let caller = service.anonymous();
    let cases = [
        (format!("near={lat},{lon}&radius_m=1999"), vec![lit]),
        (format!("near={lat},{lon}&radius_m=2001"), vec![lit, hole]),
        (format!("near={lat},{lon}&radius_m=2001&sort=newest"), vec![hole, lit]),
        (format!("near={lat},{lon}&radius_m=2001&q=50%25"), vec![hole]),
        ("q=ga+o".to_owned(), vec![hole]),
        ("q=den+duo".to_owned(), vec![lit]),
        ("q=den+o".to_owned(), vec![]),
        ("q=...".to_owned(), vec![]),
        ("category=road&status=accepted&commune=05443&q=ga".to_owned(), vec![]),
        (format!("bbox={lon},{lat},{},{}", lon + 0.1, lat + 0.001), vec![lit]),
        ("category=road".to_owned(), vec![hole]),
        ("category=land".to_owned(), vec![]),
        ("status=accepted".to_owned(), vec![hole]),
        ("status=accepted,submitted".to_owned(), vec![hole, lit]),
        ("commune=01840".to_owned(), vec![]),
        ("q=o+ga".to_owned(), vec![hole]),
        ("q=%25".to_owned(), vec![hole]),
        ("q=_".to_owned(), vec![]),
        ("q=%5C".to_owned(), vec![]),
        ("updated_after=2026-11-24T00:00:00Z".to_owned(), vec![]),
    ];
    for (query, expected) in cases {
        let list = found(&caller, &format!("/v1/feedback?{query}")).await;
        assert_eq!(codes(&list), expected, "{query}");
    }
}

#[actix_web::test]
async fn a_query_that_cannot_be_is_refused() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let cases = [
        ("near=91,0", "/query/near"),
        ("near=21", "/query/near"),
        ("near=21,105&radius_m=-1", "/query/radius_m"),
        ("near=21,105&radius_m=NaN", "/query/radius_m"),
        ("bbox=1,2,3", "/query/bbox"),
        ("bbox=106,21,105,22", "/query/bbox"),
        ("category=nothing", "/query/category"),
        ("status=lost", "/query/status"),
        ("commune=x", "/query/commune"),
        ("updated_after=yesterday", "/query/updated_after"),
        ("sort=distance", "/query/near"),
        ("sort=dearest", "/query/sort"),
        ("limit=0", "/query/limit"),
        ("colour=red", "/query/colour"),
        ("cursor=nonsense", "/query/cursor"),
    ];
    for (query, pointer) in cases {
        let problem = caller.get(&format!("/v1/feedback?{query}")).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
    }
    let citizen = service.citizen("an").await;
    for metres in [0.0, 1.0] {
        report(&citizen, lamp(metres)).await;
    }
    let mine = citizen.get("/v1/me/feedback?limit=1").await.expect(200);
    let stray = format!("/v1/feedback?cursor={}", mine["next_cursor"].as_str().unwrap());
    assert_eq!(caller.get(&stray).await.expect(422)["code"], "invalid_cursor");
}

#[apply(every_store)]
#[actix_web::test]
async fn pages_follow_each_other_while_others_publish(#[case] store: Store) {
    let service = store.service().await;
    let mut expected = Vec::new();
    for metres in 0..5 {
        let (submitted, _) = published(&service, lamp(f64::from(metres))).await;
        expected.insert(0, submitted["code"].as_str().unwrap().to_owned());
    }
    let caller = service.anonymous();
    let mut seen = Vec::new();
    let mut next = Some(String::new());
    while let Some(cursor) = next {
        let page = found(&caller, &format!("/v1/feedback?limit=2{cursor}")).await;
        seen.extend(codes(&page).into_iter().map(str::to_owned));
        next = page["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
        service.clock.advance(chrono::TimeDelta::seconds(1));
        published(&service, lamp(9.0)).await;
    }
    assert_eq!(seen, expected);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_has_not_changed_is_not_sent_again(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, officer) = published(&service, lamp(0.0)).await;
    let caller = service.anonymous();
    let path = format!("/v1/feedback/{}", submitted["id"].as_str().unwrap());
    for path in [path.as_str(), "/v1/feedback"] {
        let tag = caller.get(path).await.header("etag").to_owned();
        let knowing = caller.with("If-None-Match", &tag);
        assert_eq!(knowing.get(path).await.status(), 304, "{path}");
    }
    let tag = caller.get(&path).await.header("etag").to_owned();
    step(&officer, &submitted["id"], "accept", json!({})).await.expect(200);
    assert_eq!(caller.with("If-None-Match", &tag).get(&path).await.status(), 200);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_shown_again_is_public_since_it_first_was(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, _) = published(&service, lamp(0.0)).await;
    let path = format!("/v1/feedback/{}", submitted["id"].as_str().unwrap());
    let first = service.anonymous().get(&path).await.expect(200)["published_at"].clone();
    service.clock.advance(chrono::TimeDelta::days(40));
    let officer = service.officer().await;
    let hidden = step(&officer, &submitted["id"], "hide", json!({})).await.expect(200);
    assert_eq!(hidden["published_at"], Value::Null);
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    assert_eq!(service.anonymous().get(&path).await.expect(200)["published_at"], first);
}
