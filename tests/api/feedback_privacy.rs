//! What strangers try in order to learn what is not shown: where exactly, whose number, what is
//! hidden.

use domain::territory::Position;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{HERE, but, codes, lamp, published, report, step},
};

/// Where the blurred report is said to be.
const SHOWN: (f64, f64) = (21.5875, 105.8375);

/// A report whose reporter wants nobody to know where they live.
async fn blurred(service: &Service) -> Value {
    let discreet = json!({ "blur_location": true, "address": "Số 7, ngõ 12", "title": "Đèn ngõ" });
    published(service, but(lamp(0.0), discreet)).await.0
}

async fn shown(caller: &Caller, path: &str) -> Value {
    caller.get(path).await.expect(200)
}

/// Whatever is asked, it is answered from the middle of the cell: no list, distance, rectangle,
/// map, feed, tag or hint at duplicates tells more.
#[apply(every_store)]
#[actix_web::test]
async fn nobody_finds_out_where_exactly_a_blurred_report_is(#[case] store: Store) {
    let service = store.service().await;
    let submitted = blurred(&service).await;
    let stranger = service.anonymous();
    let (lat, lon) = HERE;
    let place = json!({ "lat": SHOWN.0, "lon": SHOWN.1 });
    let path = format!("/v1/feedback/{}", submitted["code"].as_str().unwrap());
    let detail = shown(&stranger, &path).await;
    assert_eq!((&detail["location"], &detail["location_blurred"]), (&place, &json!(true)));
    assert_eq!(detail["address"], Value::Null);

    let truth = Position::new(lat, lon).unwrap();
    let middle = Position::new(SHOWN.0, SHOWN.1).unwrap();
    for asked in [(lat, lon), (lat + 0.002, lon), (lat, lon - 0.002), SHOWN] {
        let near = format!("/v1/feedback?near={},{}&radius_m=2000", asked.0, asked.1);
        let item = shown(&stranger, &near).await["items"][0].clone();
        let from = Position::new(asked.0, asked.1).unwrap();
        let told = item["distance_m"].as_f64().unwrap();
        assert!((told - middle.distance_m(from)).abs() < 2.0, "{told}");
        assert!((told - truth.distance_m(from)).abs() > 20.0, "{told} tells the true place");
    }
    let around = |(lat, lon): (f64, f64)| {
        format!("{},{},{},{}", lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5)
    };
    for (bbox, found) in [(around(HERE), 0), (around(SHOWN), 1)] {
        let list = shown(&stranger, &format!("/v1/feedback?bbox={bbox}")).await;
        assert_eq!(codes(&list).len(), found, "{bbox}");
        for zoom in [3, 15, 20, 22] {
            let map = shown(&stranger, &format!("/v1/feedback/map?bbox={bbox}&zoom={zoom}")).await;
            assert_eq!(map["features"].as_array().unwrap().len(), found, "{bbox} {zoom}");
        }
    }
    let asked = json!({ "text": "Đèn", "category": "lighting.street",
        "location": { "lat": lat, "lon": lon } });
    let preview = stranger.post("/v1/feedback/preview", asked).await.expect(200);
    let near = report(&stranger, lamp(0.0)).await;
    for told in [&preview, &near] {
        let distance = told["possible_duplicates"][0]["distance_m"].as_f64();
        assert!(distance.is_none_or(|metres| metres > 100.0), "{told}");
    }
    let wide = "105.8,21.5,105.9,21.7";
    for path in [
        path.clone(),
        format!("/v1/feedback?bbox={wide}"),
        format!("/v1/feedback.geojson?bbox={wide}"),
        format!("/v1/feedback/map?bbox={wide}&zoom=20"),
        format!("/v1/feedback/map?bbox={wide}&zoom=9"),
        "/v1/feedback.rss".to_owned(),
    ] {
        let text = stranger.get(&path).await.text().to_owned();
        assert!(!text.contains("21.586") && !text.contains("105.836"), "{path}: {text}");
        assert!(!text.contains("ngõ 12"), "{path} tells the address");
    }
    let searched = shown(&stranger, "/v1/feedback?q=ngo+12").await;
    assert_eq!(codes(&searched), [""; 0], "the search does not tell the address");
}

/// Moved by a hundred metres, the report is shown at the same place, under another tag for its
/// text alone.
#[apply(every_store)]
#[actix_web::test]
async fn many_blurred_reports_tell_no_more_than_one(#[case] store: Store) {
    let service = store.service().await;
    let mut places = Vec::new();
    for metres in [0.0, 30.0, 60.0] {
        let discreet = but(lamp(metres), json!({ "blur_location": true }));
        published(&service, discreet).await;
    }
    let list = shown(&service.anonymous(), "/v1/feedback").await;
    for item in list["items"].as_array().unwrap() {
        places.push(item["location"].clone());
    }
    assert_eq!(places, vec![json!({ "lat": SHOWN.0, "lon": SHOWN.1 }); 3]);
}

/// A category that tells of people's homes blurs, whoever reports; when the officers say that it is
/// about something else, it is shown as that is.
#[apply(every_store)]
#[actix_web::test]
async fn a_category_asks_for_it_too(#[case] store: Store) {
    let service = store.service().await;
    let noise = json!({ "category": "environment.noise", "attributes": {}, "address": "Số 7" });
    let (submitted, officer) = published(&service, but(lamp(0.0), noise)).await;
    let path = format!("/v1/feedback/{}", submitted["id"].as_str().unwrap());
    let stranger = service.anonymous();
    assert_eq!(shown(&stranger, &path).await["location_blurred"], true);
    let other = json!({ "category": "other" });
    step(&officer, &submitted["id"], "recategorise", other).await.expect(200);
    let now = shown(&stranger, &path).await;
    assert_eq!((&now["location"]["lat"], &now["address"]), (&json!(HERE.0), &json!("Số 7")));
    let near = format!("/v1/feedback?near={},{}&radius_m=5&q=so+7", HERE.0, HERE.1);
    assert_eq!(codes(&shown(&stranger, &near).await).len(), 1);
}

/// Numbers that name people are covered in whatever strangers read, and cannot be searched for;
/// reporter and officers read them.
#[apply(every_store)]
#[actix_web::test]
async fn strangers_read_no_numbers(#[case] store: Store) {
    let service = store.service().await;
    let said = json!({
        "title": "Gọi 0912 345 678",
        "text": "Xe 20A-123.45 của CCCD 019088001234, thư an@example.com",
        "address": "Nhà ông B, 0208 3855 123",
    });
    let (submitted, officer) = published(&service, but(lamp(0.0), said)).await;
    let answer = json!({ "answer": "Đã gọi 0987.654.321" });
    step(&officer, &submitted["id"], "start", json!({})).await;
    step(&officer, &submitted["id"], "resolve", answer).await;
    let stranger = service.anonymous();
    let path = format!("/v1/feedback/{}", submitted["id"].as_str().unwrap());
    for path in [&path, "/v1/feedback", "/v1/feedback.geojson", "/v1/feedback.rss"] {
        let text = stranger.get(path).await.text().to_owned();
        for number in ["345 678", "123.45", "019088", "example.com", "3855", "654.321"] {
            assert!(!text.contains(number), "{path} tells {number}");
        }
        assert!(text.contains("[đã ẩn]"), "{path}");
    }
    for word in ["0912345678", "345", "019088001234"] {
        let list = shown(&stranger, &format!("/v1/feedback?q={word}")).await;
        assert_eq!(codes(&list), [""; 0], "{word}");
    }
    let desk = format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap());
    assert_eq!(officer.get(&desk).await.expect(200)["title"], "Gọi 0912 345 678");
}

/// Whether a report is there is not told: what is hidden is answered as what never was.
#[apply(every_store)]
#[actix_web::test]
async fn what_is_hidden_is_as_if_it_were_not(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let binh = service.citizen("binh").await;
    let hidden = report(&an, lamp(0.0)).await;
    let law = json!({ "text": "Tôi tố cáo ông A nhận tiền" });
    let sealed = report(&an, but(lamp(0.0), law)).await;
    let mut answers = Vec::new();
    let nothing =
        json!({ "id": "0199aaaa-0000-7000-8000-00000000dead", "code": "PA-261123-222222" });
    for named in [&hidden, &sealed, &nothing] {
        for name in [named["id"].as_str().unwrap(), named["code"].as_str().unwrap()] {
            let path = format!("/v1/feedback/{name}");
            answers.push(binh.get(&path).await);
            answers.push(binh.get(&format!("{path}/comments")).await);
            answers.push(binh.post(&format!("{path}/comments"), json!({ "text": "?" })).await);
            answers.push(binh.post(&format!("{path}/support"), json!({})).await);
            answers.push(binh.delete(&format!("{path}/support")).await);
            answers.push(binh.post(&format!("{path}/follow"), json!({})).await);
            answers.push(binh.delete(&format!("{path}/follow")).await);
        }
    }
    let told = |answer: &tests::Answer| {
        let mut told = answer.json();
        told["request_id"] = Value::Null;
        told
    };
    for answer in &answers {
        assert_eq!(answer.status(), 404);
        assert_eq!(told(answer), told(&answers[0]));
    }
}

/// What people write is never markup, for the XML of the feed and for the HTML in it.
#[apply(every_store)]
#[actix_web::test]
async fn a_feed_carries_no_script(#[case] store: Store) {
    let service = store.service().await;
    let evil = json!({
        "title": "</title><script>alert(1)</script>]]>&",
        "text": "<img src=x onerror=alert(1)>\n]]><script>",
    });
    published(&service, but(lamp(0.0), evil)).await;
    published(&service, but(lamp(0.0), json!({ "category": "road.pothole", "attributes": {} })))
        .await;
    let stranger = service.anonymous();
    let feed = stranger.get("/v1/feedback.rss").await;
    assert_eq!(feed.header("content-type"), "application/rss+xml; charset=utf-8");
    let text = feed.text();
    assert!(!text.contains("<script") && !text.contains("<img"), "{text}");
    assert!(!text.contains("&lt;script") && !text.contains("&lt;img"), "HTML in XML: {text}");
    assert!(text.contains("&amp;lt;script&amp;gt;"), "{text}");
    assert_eq!(text.matches("<item>").count(), 2);
    let some = stranger.get("/v1/feedback.rss?category=road&commune=05443").await;
    assert_eq!(some.text().matches("<item>").count(), 1);
    let tag = feed.header("etag").to_owned();
    assert_eq!(stranger.with("If-None-Match", &tag).get("/v1/feedback.rss").await.status(), 304);
    stranger.get("/v1/feedback.rss?category=nothing").await.expect(422);
}
