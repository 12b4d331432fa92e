//! How people are reached is forgotten some time after their report is over; the report stays, whole.

use chrono::TimeDelta;
use domain::{feedback::OBJECTION, identity::Role};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{but, lamp, step},
};

const DESK: &str = "/v1/desk/feedback";
/// For how many days contacts are kept.
const KEPT: i64 = 90;

async fn own(service: &Service) -> Caller {
    service.staff("own", Role::Officer, "commune-05443").await
}

/// What somebody reported at the counter, which an officer has.
async fn walked_in(service: &Service, metres: f64) -> Value {
    let contact = json!({ "contact": { "name": "Nguyễn Văn An", "phone": "0912345678" } });
    let own = own(service).await;
    let taken = own.post(DESK, but(lamp(metres), contact)).await.expect(201);
    for name in ["accept", "assign"] {
        step(&own, &taken["id"], name, json!({})).await.expect(200);
    }
    taken
}

/// Lets so much time pass, and the service do what it does by itself.
async fn pass(service: &Service, time: TimeDelta) {
    service.clock.advance(time);
    api::feedback::tick(&service.app).await.unwrap();
}

async fn opened(service: &Service, report: &Value) -> Value {
    let path = format!("{DESK}/{}", report["id"].as_str().unwrap());
    own(service).await.get(&path).await.expect(200)
}

async fn is_kept(service: &Service, report: &Value) -> bool {
    opened(service, report).await["reporter_kept"] == true
}

/// How often the audit log says that a contact was removed.
async fn removals(service: &Service) -> usize {
    let log = service.administrator().await;
    let log = log.get("/v1/admin/audit?action=feedback.contact_removed").await.expect(200);
    log["items"].as_array().unwrap().len()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_contact_is_forgotten_and_the_report_stays_whole(#[case] store: Store) {
    let service = store.service().await;
    let taken = walked_in(&service, 0.0).await;
    let open = walked_in(&service, 90.0).await;
    let desk = own(&service).await;
    step(&desk, &taken["id"], "publish", json!({})).await.expect(200);
    step(&desk, &taken["id"], "resolve", json!({ "answer": "Đã thay." })).await.expect(200);
    pass(&service, OBJECTION).await;
    assert_eq!(opened(&service, &taken).await["status"], "closed");
    pass(&service, TimeDelta::days(KEPT)).await;
    assert!(is_kept(&service, &taken).await, "the last instant of the window counts as in it");
    let before = opened(&service, &taken).await;
    pass(&service, TimeDelta::days(1)).await;
    let after = opened(&service, &taken).await;
    assert_eq!(after["reporter_kept"], false);
    assert_eq!(but(after, json!({ "reporter_kept": true })), before, "nothing else changed");
    assert_eq!(before["history_intact"], true);
    assert!(is_kept(&service, &open).await, "it is not over");
    let public = format!("/v1/feedback/{}", taken["code"].as_str().unwrap());
    let public = service.anonymous().get(&public).await.expect(200);
    assert_eq!((&public["answer"], &public["status"]), (&json!("Đã thay."), &json!("closed")));
    let why = json!({ "reason": "Gọi lại" });
    let opening = format!("{DESK}/{}/reporter", taken["id"].as_str().unwrap());
    own(&service).await.post(&opening, why).await.expect(404);

    for _ in 0..2 {
        pass(&service, TimeDelta::days(2)).await;
    }
    assert_eq!(removals(&service).await, 1, "once, however often it is looked for");
}

/// Two replicas at the same moment: one removes it, and says so once.
#[apply(every_store)]
#[actix_web::test]
async fn any_replica_may_do_it_and_none_doubles_it(#[case] store: Store) {
    let service = store.service().await;
    for metres in 0..3 {
        let taken = walked_in(&service, f64::from(metres) * 40.0).await;
        let desk = own(&service).await;
        step(&desk, &taken["id"], "reject", json!({ "reason": "duplicate" })).await.expect(200);
    }
    pass(&service, TimeDelta::days(1)).await;
    service.clock.advance(OBJECTION + TimeDelta::days(KEPT));
    let tick = || api::feedback::tick(&service.app);
    let (one, other, third) = futures_util::future::join3(tick(), tick(), tick()).await;
    for done in [one, other, third] {
        done.unwrap();
    }
    assert_eq!(removals(&service).await, 3);
}

/// While somebody may still object, and while an objection is looked at, offices ring back.
#[apply(every_store)]
#[actix_web::test]
async fn what_may_be_brought_back_keeps_its_contact(#[case] store: Store) {
    let service = store.service().await;
    let (rejected, reopened) = (walked_in(&service, 0.0).await, walked_in(&service, 60.0).await);
    let desk = own(&service).await;
    let no = json!({ "reason": "not_responsible", "go_to": "Công ty Điện lực" });
    step(&desk, &rejected["id"], "reject", no).await.expect(200);
    step(&desk, &reopened["id"], "resolve", json!({ "answer": "Xong." })).await.expect(200);
    let caller = service.anonymous().bearing(reopened["tracking_token"].as_str().unwrap());
    let path = format!("/v1/feedback/{}", reopened["id"].as_str().unwrap());
    caller.post(&format!("{path}/rating"), json!({ "stars": 5, "solved": true })).await.expect(200);
    // Closed at once, and open to objections for fifteen days all the same.
    pass(&service, TimeDelta::days(10)).await;
    caller.post(&format!("{path}/reopen"), json!({ "reason": "Lại hỏng" })).await.expect(200);
    pass(&service, TimeDelta::days(KEPT)).await;
    assert!(is_kept(&service, &rejected).await, "rejected for {KEPT} days and ten");
    pass(&service, TimeDelta::days(6)).await;
    assert!(!is_kept(&service, &rejected).await);
    assert_eq!(opened(&service, &rejected).await["status"], "rejected");
    pass(&service, TimeDelta::days(KEPT)).await;
    let officer = service.officer().await;
    let path = format!("{DESK}/{}", reopened["id"].as_str().unwrap());
    let seen = officer.get(&path).await.expect(200);
    assert_eq!((&seen["status"], &seen["reporter_kept"]), (&json!("in_progress"), &json!(true)));
}

/// What follows another report waits for its end.
#[apply(every_store)]
#[actix_web::test]
async fn what_was_merged_is_over_with_what_it_follows(#[case] store: Store) {
    let service = store.service().await;
    let (leading, other) = (walked_in(&service, 0.0).await, walked_in(&service, 5.0).await);
    let desk = own(&service).await;
    step(&desk, &other["id"], "merge", json!({ "into": leading["id"] })).await.expect(200);
    pass(&service, TimeDelta::days(3 * KEPT)).await;
    assert!(is_kept(&service, &other).await, "the other report is open");
    let desk = own(&service).await;
    step(&desk, &leading["id"], "resolve", json!({ "answer": "Xong." })).await.expect(200);
    pass(&service, OBJECTION).await;
    pass(&service, TimeDelta::days(KEPT)).await;
    assert!(is_kept(&service, &other).await);
    pass(&service, TimeDelta::days(2)).await;
    assert!(!is_kept(&service, &other).await && !is_kept(&service, &leading).await);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_legal_hold_keeps_it_until_it_is_lifted(#[case] store: Store) {
    let service = store.service().await;
    let taken = walked_in(&service, 0.0).await;
    let desk = own(&service).await;
    let no = json!({ "reason": "nothing_wrong" });
    step(&desk, &taken["id"], "reject", no).await.expect(200);
    let chief = service.administrator().await;
    let hold = json!({ "subject": taken["id"], "reason": "Quyết định số 12/QĐ" });
    let hold = chief.post("/v1/admin/legal-holds", hold).await.expect(201);
    pass(&service, TimeDelta::days(3 * KEPT)).await;
    assert!(is_kept(&service, &taken).await);
    let path = format!("/v1/admin/legal-holds/{}", hold["id"].as_str().unwrap());
    service.administrator().await.delete(&path).await.expect(204);
    pass(&service, TimeDelta::days(1)).await;
    assert!(!is_kept(&service, &taken).await, "looked at again within a day");
}
