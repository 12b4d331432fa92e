//! How well reports are answered: for the desk, for strangers, and of one's own.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{but, lamp, report, step},
    feedback_life::walk,
};

const DESK: &str = "/v1/desk/statistics";
const PUBLIC: &str = "/v1/feedback/statistics";
const OWN: &str = "/v1/me/feedback/statistics";

async fn unlimited(store: Store) -> Service {
    Service::configured(store.fresh().await, &[("CTN_LIMITS", "off")]).await
}

/// Answers `count` reports of somebody about street lights.
async fn answered(sender: &Caller, officer: &Caller, count: usize) -> Vec<Value> {
    let mut reports = Vec::new();
    for _ in 0..count {
        let submitted = report(sender, lamp(0.0)).await;
        walk(officer, &submitted, &["accept", "assign", "resolve"]).await;
        reports.push(submitted);
    }
    reports
}

/// The figures of the group `value`.
fn group<'f>(figures: &'f Value, value: &str) -> &'f Value {
    let mut groups = figures["groups"].as_array().unwrap().iter();
    groups.find(|group| group["value"] == value).unwrap_or(&Value::Null)
}

#[apply(every_store)]
#[actix_web::test]
async fn of_too_few_reports_only_their_number_is_told(#[case] store: Store) {
    let service = unlimited(store).await;
    let sender = service.anonymous();
    let mut waiting = Vec::new();
    for _ in 0..9 {
        waiting.push(report(&sender, lamp(0.0)).await);
    }
    let hole = but(lamp(0.0), json!({ "category": "road.pothole", "attributes": {} }));
    report(&sender, hole).await;
    // Monday to Wednesday, and Tuesday the 24th is a holiday.
    service.clock.advance(TimeDelta::days(2));
    let officer = service.officer().await;
    for submitted in &waiting {
        walk(&officer, submitted, &["accept", "assign", "resolve"]).await;
    }
    let figures = officer.get(DESK).await.expect(200);
    assert_eq!((&figures["received"], &figures["open"]), (&json!(10), &json!(1)));
    assert_eq!((&figures["resolved"], &figures["minimum_sample"]), (&json!(9), &json!(10)));
    assert_eq!(figures["on_time"], json!({ "count": 9, "share": null }));
    assert_eq!(figures["working_days"], json!({ "count": 9, "median": null, "p80": null }));
    assert_eq!(figures["rating"], json!({ "count": 0, "mean": null }));

    answered(&sender, &officer, 1).await;
    let figures = officer.get(DESK).await.expect(200);
    let lamps = group(&figures, "lighting.street");
    assert_eq!(lamps["on_time"], json!({ "count": 10, "share": 1.0 }));
    assert_eq!(lamps["working_days"], json!({ "count": 10, "median": 1, "p80": 1 }));
    assert_eq!(lamps["reopened"], json!({ "count": 10, "share": 0.0 }));
    let holes = group(&figures, "road.pothole");
    assert_eq!((&holes["received"], &holes["on_time"]["share"]), (&json!(1), &Value::Null));

    // What nobody answers in time counts as late before it is answered.
    service.clock.advance(TimeDelta::days(60));
    let officer = service.officer().await;
    let late = officer.get(&format!("{DESK}?from=2026-11-01&by=month")).await.expect(200);
    assert_eq!(late["on_time"], json!({ "count": 11, "share": 0.909 }));
    assert_eq!(group(&late, "2026-11")["received"], 11);
}

#[apply(every_store)]
#[actix_web::test]
async fn officers_see_the_figures_of_what_they_answer(#[case] store: Store) {
    let service = unlimited(store).await;
    let (officer, sender) = (service.officer().await, service.anonymous());
    answered(&sender, &officer, 2).await;
    let here = service.staff("here", Role::AgencyManager, "commune-05443").await;
    let there = service.staff("there", Role::Officer, "commune-01840").await;
    for (by, value) in
        [("agency", "commune-05443"), ("commune", "05443"), ("category", "lighting.street")]
    {
        let figures = here.get(&format!("{DESK}?by={by}")).await.expect(200);
        assert_eq!(group(&figures, value)["received"], 2, "{by}");
        let others = there.get(&format!("{DESK}?by={by}")).await.expect(200);
        assert_eq!((&others["received"], &others["groups"]), (&json!(0), &json!([])));
    }
    let reached = there.get(&format!("{DESK}?agency=commune-05443")).await.expect(200);
    assert_eq!(reached["received"], 0, "asking for others does not reach them");
    for (query, count) in [
        ("category=lighting", 2),
        ("category=road", 0),
        ("commune=05443", 2),
        ("commune=01840", 0),
        ("agency=police", 0),
        ("from=2026-11-23&to=2026-11-23", 2),
        ("from=2026-11-24&to=2026-11-30", 0),
        ("from=2026-11-01&to=2026-11-22", 0),
    ] {
        let figures = officer.get(&format!("{DESK}?{query}")).await.expect(200);
        assert_eq!(figures["received"], count, "{query}");
    }
    for (query, pointer) in [
        ("from=2026-11-24&to=2026-11-23", "/query/from"),
        ("from=2025-11-22&to=2026-11-23", "/query/from"),
        ("from=yesterday", "/query/from"),
        ("to=-262143-01-01", "/query/to"),
        ("by=colour", "/query/by"),
        ("category=nothing", "/query/category"),
        ("commune=1", "/query/commune"),
        ("colour=red", "/query/colour"),
    ] {
        for path in [DESK, PUBLIC] {
            let refused = officer.get(&format!("{path}?{query}")).await.expect(422);
            assert_eq!(refused["errors"][0]["pointer"], pointer, "{path}?{query}");
        }
    }
    sender.get(DESK).await.expect(401);
    service.citizen("an").await.get(DESK).await.expect(403);
}

#[apply(every_store)]
#[actix_web::test]
async fn strangers_see_the_figures_of_what_is_published(#[case] store: Store) {
    let service = unlimited(store).await;
    let (officer, an) = (service.officer().await, service.citizen("an").await);
    let shown = answered(&an, &officer, 10).await;
    for submitted in &shown {
        step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
        let path = format!("/v1/feedback/{}/rating", submitted["id"].as_str().unwrap());
        an.post(&path, json!({ "stars": 4, "solved": true })).await.expect(200);
    }
    let confidential = report(&an, but(lamp(0.0), json!({ "confidential": true }))).await;
    step(&officer, &confidential["id"], "publish", json!({})).await.expect(200);
    let law = json!({ "category": "other", "attributes": {}, "text": "Đơn tố cáo cán bộ" });
    report(&an, but(lamp(0.0), law)).await;
    answered(&an, &officer, 1).await;

    let stranger = service.anonymous();
    let answer = stranger.get(PUBLIC).await;
    assert_eq!(answer.header("cache-control"), "public, max-age=30, stale-while-revalidate=300");
    let tag = answer.header("etag").to_owned();
    let figures = answer.expect(200);
    assert_eq!((&figures["received"], &figures["closed"]), (&json!(10), &json!(10)));
    assert_eq!(figures["rating"], json!({ "count": 10, "mean": 4.0 }));
    assert_eq!(figures["groups"].as_array().unwrap().len(), 1);
    assert_eq!(stranger.with("If-None-Match", &tag).get(PUBLIC).await.status(), 304);
    assert_eq!(officer.get(DESK).await.expect(200)["received"], 13);

    step(&officer, &shown[0]["id"], "hide", json!({})).await.expect(200);
    service.clock.advance(TimeDelta::minutes(5));
    let figures = stranger.get(PUBLIC).await.expect(200);
    assert_eq!(
        figures["rating"],
        json!({ "count": 9, "mean": null }),
        "what is hidden counts no more"
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn everybody_sees_what_became_of_their_own_reports(#[case] store: Store) {
    let service = unlimited(store).await;
    let (officer, an) = (service.officer().await, service.citizen("an").await);
    let solved = answered(&an, &officer, 1).await.remove(0);
    let path = format!("/v1/feedback/{}", solved["id"].as_str().unwrap());
    an.post(&format!("{path}/rating"), json!({ "stars": 3, "solved": true })).await.expect(200);
    step(&officer, &solved["id"], "publish", json!({})).await.expect(200);
    let binh = service.citizen("binh").await;
    binh.post(&format!("{path}/support"), json!({})).await.expect(200);
    report(&an, lamp(10.0)).await;
    report(&an, but(lamp(20.0), json!({ "anonymous": true }))).await;
    let own = an.get(OWN).await.expect(200);
    assert_eq!(
        own,
        json!({
            "sent": 2, "open": 1, "resolved": 0, "closed": 1, "rejected": 0, "withdrawn": 0,
            "merged": 0, "working_days": { "count": 1, "median": 0, "p80": 0 },
            "ratings_given": { "count": 1, "mean": 3.0 }, "supports_received": 1,
        })
    );
    assert_eq!(binh.get(OWN).await.expect(200)["sent"], 0);
    service.anonymous().get(OWN).await.expect(401);
}

/// Whoever has ever other figures counted waits for it; what was counted is told to everybody.
#[apply(every_store)]
#[actix_web::test]
async fn nobody_has_figures_counted_without_end(#[case] store: Store) {
    let service = store.service().await;
    let stranger = service.anonymous();
    let first = format!("{PUBLIC}?from=2026-10-01");
    stranger.get(&first).await.expect(200);
    let mut refused = None;
    for number in 0..200 {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + TimeDelta::days(number);
        let answer = stranger.get(&format!("{PUBLIC}?from={day}")).await;
        if answer.status() != 200 {
            refused = Some(answer);
            break;
        }
    }
    assert_eq!(refused.expect("one too many").expect(429)["code"], "rate_limited");
    stranger.get(&first).await.expect(200);
}
