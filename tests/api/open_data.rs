//! What anybody may take along of published reports.

use chrono::TimeDelta;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{but, lamp, report, step},
    feedback_life::walk,
    revocation::{replica, shared},
};

const FILES: &str = "/v1/open-data/feedback";
const NOVEMBER: &str = "/v1/open-data/feedback/2026-11.csv";
const HEADING: &str = "received_on,category,commune_code,h3_cell,agency,status,answered_on,\
                       working_days,on_time,extended,reopened,stars";

/// From the first morning of the tests to the end of the thirtieth day after November.
const SETTLED: TimeDelta = TimeDelta::days(38);

/// Publishes what `sender` reports.
async fn publish(service: &Service, sender: &Caller, body: Value) -> Value {
    let submitted = report(sender, body).await;
    let officer = service.officer().await;
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    submitted
}

#[apply(every_store)]
#[actix_web::test]
async fn a_month_is_told_once_it_is_settled_and_names_nobody(#[case] store: Store) {
    let service = store.service().await;
    let (an, stranger) = (service.citizen("an").await, service.anonymous());
    let plain = publish(&service, &an, lamp(0.0)).await;
    walk(&service.officer().await, &plain, &["accept", "assign", "resolve"]).await;
    publish(&service, &an, but(lamp(0.0), json!({ "blur_location": true }))).await;
    publish(&service, &an, but(lamp(0.0), json!({ "confidential": true }))).await;
    report(&an, lamp(0.0)).await;
    assert_eq!(stranger.get(FILES).await.expect(200)["items"], json!([]));
    service.clock.advance(TimeDelta::days(36));
    stranger.get(NOVEMBER).await.expect(404);
    service.clock.advance(SETTLED - TimeDelta::days(36));

    let answer = stranger.get(NOVEMBER).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"feedback-2026-11.csv\""
    );
    let tag = answer.header("etag").to_owned();
    let (file, length) = (answer.text().to_owned(), answer.bytes().len());
    let lines: Vec<_> = file.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 3, "{file}");
    assert_eq!(lines[0], HEADING);
    assert_eq!(
        lines[1],
        "2026-11-23,lighting.street,05443,,commune-05443,submitted,,,false,false,false,"
    );
    let (before, cell) = lines[2].split_once(",87").expect("a wide cell");
    assert_eq!(before, "2026-11-23,lighting.street,05443");
    assert_eq!(&cell[13..], ",commune-05443,resolved,2026-11-23,0,true,false,false,");
    for secret in [&plain["code"], &plain["id"], &json!("Đèn"), &json!("21.58")] {
        assert!(!file.contains(secret.as_str().unwrap()), "{secret} is in the file");
    }
    assert_eq!(stranger.with("If-None-Match", &tag).get(NOVEMBER).await.status(), 304);

    let list = stranger.get(FILES).await.expect(200);
    let listed = &list["items"][0];
    assert_eq!((&list["licence"], &listed["month"]), (&json!("CC-BY-4.0"), &json!("2026-11")));
    assert_eq!((&listed["path"], &listed["reports"]), (&json!(NOVEMBER), &json!(2)));
    assert_eq!(listed["bytes"], length);
    assert_eq!(listed["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    for wrong in ["2026-12", "2026-10", "2026-13", "2026-1", "nothing"] {
        stranger.get(&format!("{FILES}/{wrong}.csv")).await.expect(404);
    }
}

/// What is hidden later stays counted: the file tells nothing that has to be taken back.
#[apply(every_store)]
#[actix_web::test]
async fn every_replica_sends_the_same_file_whatever_happens_later(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let other = replica(url).await;
    let submitted = publish(&service, &service.anonymous(), lamp(0.0)).await;
    service.clock.advance(SETTLED);
    other.clock.advance(SETTLED + TimeDelta::days(40));
    let first = service.anonymous().get(NOVEMBER).await;
    let officer = service.officer().await;
    step(&officer, &submitted["id"], "hide", json!({})).await.expect(200);
    let second = other.anonymous().get(NOVEMBER).await;
    assert_eq!((first.status(), second.status()), (200, 200));
    assert_eq!(first.bytes(), second.bytes());
    assert_eq!(first.header("etag"), second.header("etag"));
    let list = other.anonymous().get(FILES).await.expect(200);
    let months: Vec<_> = list["items"].as_array().unwrap().iter().collect();
    assert_eq!(months.len(), 2, "December is settled there, and tells of nothing");
    assert_eq!((&months[1]["month"], &months[1]["reports"]), (&json!("2026-12"), &json!(0)));
}
