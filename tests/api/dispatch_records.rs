//! Figures, whole cases to hand over, and what is taken from old ones.

use api::chores;
use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    units::{chief, on_shift, responder},
};

const CALLS: &str = "/v1/emergencies";
const QUEUE: &str = "/v1/dispatch/emergencies";
const STATISTICS: &str = "/v1/dispatch/statistics";

pub(crate) async fn raise(service: &Service, call: Value) -> String {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    format!("{QUEUE}/{}", raised["id"].as_str().unwrap())
}

/// Claims what stands at `desk` after `seconds`.
pub(crate) async fn claim_after(service: &Service, seconds: i64, holder: &Caller, desk: &str) {
    service.clock.advance(TimeDelta::seconds(seconds));
    holder.post(&format!("{desk}/claim"), json!({})).await.expect(200);
}

async fn resolve(holder: &Caller, desk: &str, disposition: &str) {
    let body = json!({ "disposition": disposition });
    holder.post(&format!("{desk}/resolve"), body).await.expect(200);
}

/// Waits until followers are told of what happened last: positions are given after the commit.
pub(crate) async fn told(service: &Service, kind: &str, desk: &str) {
    let (dispatcher, id) = (service.dispatcher().await, desk.rsplit('/').next().unwrap());
    let mut after = String::new();
    loop {
        let path = format!("/v1/dispatch/events?after={after}&wait_s=5&limit=100");
        let page = dispatcher.get(&path).await.expect(200);
        let mut items = page["items"].as_array().unwrap().iter();
        if items.any(|event| event["type"] == kind && event["emergency_id"] == id) {
            return;
        }
        page["next_cursor"].as_str().unwrap().clone_into(&mut after);
    }
}

/// Lets the service do what it does by itself each minute.
pub(crate) async fn age(service: &Service) {
    let retention = service.app.settings.emergency_retention();
    chores::age(&service.app.database, &service.app.now(), retention).await.unwrap();
}

#[apply(every_store)]
#[actix_web::test]
async fn figures_are_told_from_the_timeline_and_drills_apart(#[case] store: Store) {
    let service = store.service().await;
    let chief = chief(&service, "fire").await;
    let (crew, crew_id) = responder(&service, "lan", "fire").await;
    let unit = on_shift(&service, "fire", "Xe 01", &[&crew_id]).await;

    let fire = raise(&service, json!({ "kind": "fire" })).await;
    claim_after(&service, 10, &chief, &fire).await;
    service.clock.advance(TimeDelta::seconds(50));
    let sent = chief.post(&format!("{fire}/dispatches"), json!({ "unit_id": unit })).await;
    let sent = sent.expect(201)["id"].as_str().unwrap().to_owned();
    for (step, seconds) in [("acknowledge", 5), ("en-route", 20), ("on-scene", 200), ("clear", 60)]
    {
        service.clock.advance(TimeDelta::seconds(seconds));
        crew.post(&format!("/v1/dispatches/{sent}/{step}"), json!({})).await.expect(200);
    }
    resolve(&chief, &fire, "handled").await;
    let slow = raise(&service, json!({ "kind": "fire" })).await;
    claim_after(&service, 18, &chief, &slow).await;
    resolve(&chief, &slow, "false_alarm").await;
    raise(&service, json!({ "kind": "fire", "note": "còn chờ" })).await;
    let drill = raise(&service, json!({ "kind": "fire", "drill": true })).await;
    claim_after(&service, 1, &chief, &drill).await;
    let last = raise(&service, json!({ "kind": "police" })).await;
    service.clock.advance(TimeDelta::seconds(1));
    told(&service, "emergency.received", &last).await;

    let figures = chief.get(STATISTICS).await.expect(200);
    assert_eq!((&figures["received"], &figures["open"]), (&json!(3), &json!(1)));
    assert_eq!(figures["resolved"], 2);
    let answer = &figures["answer"];
    assert_eq!((&answer["count"], &answer["p50_s"]), (&json!(2), &json!(10.0)));
    assert_eq!((&answer["p90_s"], &answer["p95_s"]), (&json!(18.0), &json!(18.0)));
    let goals = |stage: &str, field: &str| -> Vec<Value> {
        let goals = figures[stage]["goals"].as_array().unwrap().iter();
        goals.map(|goal| goal[field].clone()).collect()
    };
    assert_eq!(goals("answer", "within_s"), [15, 20]);
    assert_eq!(goals("answer", "reached_percent"), [50.0, 100.0]);
    assert_eq!(goals("answer", "met"), [false, true]);
    assert_eq!(goals("assign", "within_s"), [60, 64, 106]);
    assert_eq!(goals("arrive", "within_s"), [240]);
    assert_eq!(figures["assign"]["p50_s"], 50.0);
    assert_eq!(figures["arrive"]["p50_s"], 200.0);
    assert_eq!(figures["total"]["p50_s"], 10.0 + 50.0 + 5.0 + 20.0 + 200.0);
    assert_eq!(figures["dispositions"], json!({ "handled": 1, "false_alarm": 1 }));
    assert_eq!(figures["drills"]["received"], 1);
    assert_eq!(figures["by_kind"].as_array().unwrap().len(), 1, "the police's is not theirs");
    assert_eq!(figures["by_agency"][0]["value"], "fire");
    let everywhere = service.dispatcher().await.get(STATISTICS).await.expect(200);
    assert_eq!(everywhere["received"], 4);
    let fire = service.dispatcher().await.get(&format!("{STATISTICS}?agency=fire")).await;
    assert_eq!(fire.expect(200)["received"], 3);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_merged_call_and_a_reopened_one_count_as_what_they_are(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let leading = raise(&service, json!({ "kind": "medical" })).await;
    let other = raise(&service, json!({ "kind": "medical" })).await;
    claim_after(&service, 3, &dispatcher, &leading).await;
    let into = leading.rsplit('/').next().unwrap();
    dispatcher.post(&format!("{other}/merge"), json!({ "into": into })).await.expect(200);
    told(&service, "emergency.merged", &other).await;
    let figures = dispatcher.get(STATISTICS).await.expect(200);
    assert_eq!((&figures["received"], &figures["merged"]), (&json!(2), &json!(1)));
    assert_eq!(figures["answer"]["count"], 1);
    resolve(&dispatcher, &leading, "handled").await;
    told(&service, "emergency.resolved", &leading).await;
    assert_eq!(dispatcher.get(STATISTICS).await.expect(200)["open"], 0);
    let reason = json!({ "reason": "Gọi lại" });
    dispatcher.post(&format!("{leading}/reopen"), reason).await.expect(200);
    told(&service, "emergency.reopened", &leading).await;
    let figures = dispatcher.get(STATISTICS).await.expect(200);
    assert_eq!((&figures["open"], &figures["resolved"]), (&json!(1), &json!(0)));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_period_that_is_none_is_refused(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    for (query, pointer) in [
        ("from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z", "/query/from"),
        ("from=2020-01-01T00:00:00Z", "/query/from"),
        ("to=-262143-01-01T00:00:00Z", "/query/to"),
        ("from=yesterday", "/query/from"),
        ("agency=NOBODY%20AT%20ALL", "/query/agency"),
        ("since=1", "/query/since"),
    ] {
        let refused = dispatcher.get(&format!("{STATISTICS}?{query}")).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{query}");
    }
    let empty = dispatcher.get(STATISTICS).await.expect(200);
    assert_eq!(empty["answer"]["p50_s"], Value::Null);
    assert_eq!(empty["answer"]["goals"][0]["met"], Value::Null);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_case_is_taken_out_by_its_custodian_alone_and_that_is_written_down(#[case] store: Store) {
    let service = store.service().await;
    let chief = chief(&service, "fire").await;
    let call = json!({ "kind": "fire", "note": "<script>alert(1)</script> Cháy nhà",
        "phone": "0912345678", "location": { "lat": 21.5928, "lon": 105.8442 },
        "household": { "people": 4, "bedridden": 1 } });
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    let desk = format!("{QUEUE}/{}", raised["id"].as_str().unwrap());
    claim_after(&service, 5, &chief, &desk).await;
    chief.post(&format!("{desk}/notes"), json!({ "text": "Đã gọi lại" })).await.expect(201);
    chief.post(&format!("{desk}/messages"), json!({ "text": "Xe đang tới" })).await.expect(201);
    told(&service, "emergency.message", &desk).await;
    chief.get(STATISTICS).await.expect(200);
    let export = format!("{desk}/export");

    service.staff("fire-desk", Role::Dispatcher, "fire").await.get(&export).await.expect(403);
    let foreign = service.staff("chief-police", Role::AgencyManager, "police").await;
    foreign.get(&export).await.expect(404);
    service.anonymous().get(&export).await.expect(401);

    let answer = chief.get(&export).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-disposition").starts_with("attachment"));
    let case = answer.expect(200);
    assert_eq!(case["exported_by"], "chief-fire");
    assert_eq!(case["emergency"]["caller"]["phone"], "0912345678");
    assert_eq!(case["emergency"]["notes"][0]["text"], "Đã gọi lại");
    assert_eq!(case["messages"][0]["text"], "Xe đang tới");
    assert_eq!(case["messages"][0]["delivered_at"], Value::Null, "taking it out delivers nothing");
    assert_eq!(case["stages"]["claimed_at"], "2026-11-23T01:02:08.456Z");
    let page = chief.get(&format!("{export}?format=html")).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(page.status(), 200);
    let page = page.text().to_owned();
    assert!(page.contains("&lt;script&gt;"), "what callers say is text: {page}");
    assert!(!page.contains("<script>"));
    for part in ["Hồ sơ cuộc gọi khẩn cấp", "0912345678", "Xe đang tới", "23/11/2026 08:02:03"]
    {
        assert!(page.contains(part), "{part} is missing");
    }
    let english = chief.with("Accept-Language", "en").get(&format!("{export}?format=html")).await;
    assert!(english.text().contains("Emergency case"));
    chief.get(&format!("{export}?format=pdf")).await.expect(422);
    let log = service.administrator().await;
    let entries = log.get("/v1/admin/audit?action=emergency.exported").await.expect(200);
    assert_eq!(entries["items"].as_array().unwrap().len(), 3);
}

#[apply(every_store)]
#[actix_web::test]
async fn old_cases_lose_what_is_kept_no_longer_unless_a_hold_names_them(#[case] store: Store) {
    let kept = [
        ("CTN_EMERGENCY_LOCATIONS_KEPT_DAYS", "10"),
        ("CTN_EMERGENCY_MEDICAL_KEPT_DAYS", "20"),
        ("CTN_EMERGENCY_WORDS_KEPT_DAYS", "30"),
    ];
    let service = Service::configured(store.fresh().await, &kept).await;
    let chief = chief(&service, "fire").await;
    let call = |word: &str| {
        json!({ "kind": "fire", "note": word, "phone": "0912345678",
            "location": { "lat": 21.5928, "lon": 105.8442 }, "household": { "bedridden": 1 } })
    };
    let old = raise(&service, call("Khoi mu mit")).await;
    let held = raise(&service, call("Lua rat to")).await;
    let open = raise(&service, call("Chua ai den")).await;
    for desk in [&old, &held] {
        claim_after(&service, 1, &chief, desk).await;
        resolve(&chief, desk, "handled").await;
        told(&service, "emergency.resolved", desk).await;
    }
    let subject = held.rsplit('/').next().unwrap();
    let hold = json!({ "subject": subject, "reason": "Lệnh 12/2026" });
    let administrator = service.administrator().await;
    let hold = administrator.post("/v1/admin/legal-holds", hold).await.expect(201);

    let opened = async |desk: &str| service.dispatcher().await.get(desk).await.expect(200);
    age(&service).await;
    assert_eq!(opened(&old).await["locations"].as_array().unwrap().len(), 1, "not yet");
    service.clock.advance(TimeDelta::days(11));
    age(&service).await;
    let without_places = opened(&old).await;
    assert_eq!(without_places["locations"], json!([]));
    assert_eq!(without_places["location"], Value::Null);
    assert_eq!(without_places["household"]["bedridden"], 1);
    service.clock.advance(TimeDelta::days(10));
    age(&service).await;
    let without_health = opened(&old).await;
    assert_eq!(without_health["household"], Value::Null);
    assert_eq!(without_health["note"], "Khoi mu mit");
    service.clock.advance(TimeDelta::days(10));
    age(&service).await;
    let bare = opened(&old).await;
    assert_eq!((&bare["note"], &bare["caller"]["phone"]), (&Value::Null, &Value::Null));
    assert_eq!((&bare["kind"], &bare["outcome"]["disposition"]), (&Value::Null, &json!("handled")));
    for desk in [&held, &open] {
        let whole = opened(desk).await;
        assert_eq!(whole["household"]["bedridden"], 1, "what is held or open stays whole");
        assert_eq!(whole["locations"].as_array().unwrap().len(), 1);
    }
    let chief = self::chief(&service, "fire").await;
    let figures = chief.get(&format!("{STATISTICS}?from=2026-11-20T00:00:00Z")).await.expect(200);
    assert_eq!(figures["by_kind"][0]["value"], "fire", "figures stay");

    let administrator = service.administrator().await;
    let lift = format!("/v1/admin/legal-holds/{}", hold["id"].as_str().unwrap());
    administrator.delete(&lift).await.expect(204);
    age(&service).await;
    assert_eq!(opened(&held).await["household"], Value::Null);
}
