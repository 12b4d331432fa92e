//! The probe: a call that the service makes itself, to see that calls get through.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Service, Store, rows_naming, tamper};

use crate::every_store;

const QUEUE: &str = "/v1/dispatch/emergencies";

#[apply(every_store)]
#[actix_web::test]
async fn it_gets_through_and_leaves_nothing_behind(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    assert_eq!(caller.get("/readyz").await.expect(200)["probe"], Value::Null);
    let dispatcher = service.dispatcher().await;
    for _ in 0..2 {
        service.app.run_probe().await;
        let ready = caller.get("/readyz?strict=true").await.expect(200);
        assert_eq!((&ready["status"], &ready["probe"]["ok"]), (&json!("ready"), &json!(true)));
        assert_eq!(
            (&ready["probe"]["age_s"], &ready["probe"]["lost_at"]),
            (&json!(0), &Value::Null)
        );
    }
    for list in ["", "?probes=true", "?status=received,claimed,resolved,closed,cancelled"] {
        assert_eq!(dispatcher.get(&format!("{QUEUE}{list}")).await.expect(200)["items"], json!([]));
    }
    let told = dispatcher.get("/v1/dispatch/events").await.expect(200);
    assert_eq!(told["items"], json!([]), "nobody is told, but who asks for it");
    let told = dispatcher.get("/v1/dispatch/events?probes=true").await.expect(200);
    let types: Vec<_> = told["items"].as_array().unwrap().iter().map(|one| &one["type"]).collect();
    assert_eq!(types[..2], ["emergency.received", "emergency.claimed"]);
    assert_eq!(
        (&told["items"][0]["drill"], &told["items"][0]["probe"]),
        (&json!(true), &json!(true))
    );

    service.clock.advance(TimeDelta::minutes(11));
    service.app.run_probe().await;
    let dispatcher = service.dispatcher().await;
    let first = told["items"][0]["emergency_id"].as_str().unwrap().parse().unwrap();
    for column in [("event", "subject"), ("emergency", "id"), ("emergency_probe", "id")] {
        assert_eq!(rows_naming(service.app.database.url(), column, first), 0, "{column:?}");
    }
    assert_eq!(dispatcher.get("/v1/dispatch/events").await.expect(200)["items"], json!([]));
    let audit = service.staff("auditor", Role::Auditor, "province").await;
    let audit = audit.get("/v1/admin/audit?limit=100").await.expect(200).to_string();
    assert!(!audit.contains("emergency.claimed"), "{audit}");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_dead_feed_is_seen_before_anybody_needs_it(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous().with("Accept-Language", "en");
    service.app.run_probe().await;
    assert_eq!(caller.get("/readyz").await.expect(200)["status"], "ready");
    match store {
        // Calls are committed as ever, but nobody gives them their place in the log.
        Store::Postgres => tamper(
            service.app.database.url(),
            "ALTER SEQUENCE event_position_seq RENAME TO event_position_gone",
        ),
        Store::Sqlite => service.app.feed().close(),
    }
    service.app.run_probe().await;
    let ready = caller.get("/readyz").await.expect(200);
    assert_eq!(
        (&ready["status"], &ready["probe"]["lost_at"]),
        (&json!("degraded"), &json!("feed"))
    );
    let strict = caller.get("/readyz?strict=true").await.expect(503);
    assert_eq!((&strict["code"], &strict["probe"]["ok"]), (&json!("unavailable"), &json!(false)));
    caller.post("/v1/emergencies", json!({})).await.expect(201);
    let figures = caller.get("/metrics").await;
    let figures = figures.text();
    assert!(figures.contains("emergency_probes_lost_total{at=\"feed\"}"), "{figures}");
    assert!(figures.contains("emergency_probe_age_seconds"));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_probe_that_never_comes_is_missed(#[case] store: Store) {
    let every = [("CTN_PROBE_EVERY_S", "86400")];
    let service = Service::configured(store.fresh().await, &every).await;
    let caller = service.anonymous();
    service.app.run_probe().await;
    // None is made by itself any more.
    service.app.feed().close();
    service.clock.advance(TimeDelta::days(2));
    assert_eq!(caller.get("/readyz").await.expect(200)["probe"]["ok"], true);
    service.clock.advance(TimeDelta::days(2));
    let ready = caller.get("/readyz").await.expect(200);
    assert_eq!((&ready["status"], &ready["probe"]["ok"]), (&json!("degraded"), &json!(false)));
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_makes_a_call_that_passes_for_one(#[case] store: Store) {
    let service = store.service().await;
    let call = json!({ "probe": true, "taken_by": "x", "corrected": ["kind"], "place": {} });
    let raised = service.anonymous().post("/v1/emergencies", call).await.expect(201);
    let queue = service.dispatcher().await.get(QUEUE).await.expect(200);
    assert_eq!(queue["items"][0]["id"], raised["id"]);
    assert_eq!(queue["items"][0]["taken_by"], Value::Null);
}
