//! Deadlines: reminders, alarms at ever higher levels, and honest estimates.

use chrono::TimeDelta;
use domain::{
    identity::{Role, StaffRepository as _},
    notification::Inbox as _,
};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Service, Store};

use crate::{
    businesses::machine,
    every_store,
    feedback::{codes, lamp, report, step},
    feedback_desk::staff_with_id,
    feedback_life::walk,
};

/// What the member of the staff called `name` was told, the latest last.
async fn told(service: &Service, name: &str) -> Vec<String> {
    let name = name.to_owned();
    let messages = service.app.database.read(move |tx| {
        let member = tx.staff_by_username(&name)?.expect("on the staff");
        tx.of(member.id.uuid(), None, 50)
    });
    messages.await.unwrap().into_iter().rev().map(|message| message.kind).collect()
}

fn due(report: &Value) -> chrono::DateTime<chrono::Utc> {
    report["due_at"].as_str().unwrap().parse().unwrap()
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_overdue_is_told_ever_higher(#[case] store: Store) {
    let service = store.service().await;
    let (_, own) = staff_with_id(&service, "own", "commune-05443").await;
    service.staff("near", Role::AgencyManager, "commune-05443").await;
    service.staff("chief", Role::AgencyManager, "province").await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    let officer = service.officer().await;
    step(&officer, &submitted["id"], "accept", json!({})).await.expect(200);
    step(&officer, &submitted["id"], "assign", json!({ "assignee": own })).await.expect(200);
    let wait = due(&submitted) - service.app.now().at;

    service.clock.advance(wait / 2);
    api::feedback::tick(&service.app).await.unwrap();
    assert_eq!(told(&service, "own").await, ["feedback.assigned"]);
    service.clock.advance(wait / 4 + TimeDelta::seconds(1));
    for _ in 0..2 {
        api::feedback::tick(&service.app).await.unwrap();
    }
    assert_eq!(told(&service, "own").await, ["feedback.assigned", "feedback.reminded"]);
    assert_eq!(told(&service, "near").await, [""; 0]);
    service.clock.advance(wait / 4);
    api::feedback::tick(&service.app).await.unwrap();
    assert_eq!(told(&service, "near").await, ["feedback.escalated"]);
    assert_eq!(told(&service, "chief").await, [""; 0]);
    service.clock.advance(TimeDelta::days(2));
    for _ in 0..2 {
        api::feedback::tick(&service.app).await.unwrap();
    }
    assert_eq!(told(&service, "near").await, ["feedback.escalated"]);
    assert_eq!(told(&service, "chief").await, ["feedback.escalated"]);
    service.clock.advance(TimeDelta::days(30));
    for _ in 0..3 {
        api::feedback::tick(&service.app).await.unwrap();
    }
    assert_eq!(told(&service, "chief").await.len(), 2, "three levels, and no more");

    let holder = service.anonymous().bearing(submitted["tracking_token"].as_str().unwrap());
    let track = format!("/v1/feedback/track/{}", submitted["code"].as_str().unwrap());
    let seen = holder.get(&track).await.expect(200);
    let events: Vec<_> = seen["timeline"].as_array().unwrap().iter().collect();
    let count = |kind: &str| events.iter().filter(|entry| entry["event"] == kind).count();
    assert_eq!((count("feedback.escalated"), count("feedback.reminded")), (3, 0));
}

/// Due on a Thursday, the next level hears of it on Monday: nobody works on the days between.
#[apply(every_store)]
#[actix_web::test]
async fn levels_are_climbed_on_working_days(#[case] store: Store) {
    let service = store.service().await;
    service.staff("near", Role::AgencyManager, "commune-05443").await;
    service.staff("chief", Role::AgencyManager, "province").await;
    service.clock.advance(TimeDelta::days(3));
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    assert_eq!(submitted["due_at"], "2026-12-03T10:00:00Z");
    service.clock.advance(due(&submitted) - service.app.now().at);
    for _ in 0..2 {
        api::feedback::tick(&service.app).await.unwrap();
    }
    assert_eq!(told(&service, "near").await, ["feedback.reminded", "feedback.escalated"]);
    service.clock.advance(TimeDelta::days(4) - TimeDelta::seconds(1));
    api::feedback::tick(&service.app).await.unwrap();
    assert_eq!(told(&service, "chief").await, [""; 0]);
    service.clock.advance(TimeDelta::seconds(1));
    api::feedback::tick(&service.app).await.unwrap();
    assert_eq!(told(&service, "chief").await, ["feedback.escalated"]);
}

/// A quarter of the time that the agency above got is left, not of all since the report arrived.
#[apply(every_store)]
#[actix_web::test]
async fn what_was_opened_again_is_not_due_soon_at_once(#[case] store: Store) {
    let service = store.service().await;
    service.staff("chief", Role::AgencyManager, "province").await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    walk(&service.officer().await, &submitted, &["accept", "assign", "resolve"]).await;
    service.clock.advance(domain::feedback::OBJECTION);
    let holder = service.anonymous().bearing(submitted["tracking_token"].as_str().unwrap());
    let path = format!("/v1/feedback/{}/reopen", submitted["id"].as_str().unwrap());
    let opened = holder.post(&path, json!({ "reason": "Vẫn tắt" })).await.expect(200);
    let wait = due(&opened) - service.app.now().at;
    service.clock.advance(wait / 2);
    api::feedback::tick(&service.app).await.unwrap();
    assert_eq!(told(&service, "chief").await, ["feedback.reopened"]);
    service.clock.advance(wait / 4 + TimeDelta::seconds(1));
    api::feedback::tick(&service.app).await.unwrap();
    assert_eq!(told(&service, "chief").await, ["feedback.reopened", "feedback.reminded"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn while_the_reporter_is_asked_no_alarm_rings(#[case] store: Store) {
    let service = store.service().await;
    service.staff("near", Role::AgencyManager, "commune-05443").await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    let officer = service.officer().await;
    let question = json!({ "question": "Ở đâu?" });
    step(&officer, &submitted["id"], "ask", question).await.expect(200);
    service.clock.advance(TimeDelta::days(9));
    api::feedback::tick(&service.app).await.unwrap();
    assert_eq!(told(&service, "near").await, [""; 0]);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_reporter_hears_how_long_such_answers_took(#[case] store: Store) {
    let service = Service::configured(store.fresh().await, &[("CTN_LIMITS", "off")]).await;
    let caller = service.anonymous();
    let mine = report(&caller, lamp(0.0)).await;
    let holder = caller.bearing(mine["tracking_token"].as_str().unwrap());
    let track = format!("/v1/feedback/track/{}", mine["code"].as_str().unwrap());
    let (business, machine) = machine(&service, &service.citizen("an").await).await;
    let its = report(&machine, lamp(6.0)).await;
    let mut others = Vec::new();
    for _ in 0..10 {
        others.push(report(&caller, lamp(300.0)).await);
    }
    for (done, other) in others.iter().enumerate() {
        let estimate = holder.get(&track).await.expect(200)["estimate"].clone();
        assert_eq!(estimate, Value::Null, "too few: {done}");
        service.clock.advance(TimeDelta::hours(1));
        let officer = service.officer().await;
        for (name, body) in [
            ("accept", json!({})),
            ("assign", json!({})),
            ("resolve", json!({ "answer": "Xong." })),
        ] {
            step(&officer, &other["id"], name, body).await.expect(200);
        }
    }
    let estimate = holder.get(&track).await.expect(200)["estimate"].clone();
    assert_eq!(estimate, json!({ "median_s": 5 * 3_600, "p80_s": 8 * 3_600, "sample": 10 }));
    let its = format!("{business}/feedback/{}", its["id"].as_str().unwrap());
    assert_eq!(machine.get(&its).await.expect(200)["estimate"], estimate, "as a business does");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_queue_is_narrowed_to_an_agency_or_an_officer(#[case] store: Store) {
    let service = store.service().await;
    let (own, id) = staff_with_id(&service, "own", "commune-05443").await;
    let mine = report(&service.anonymous(), lamp(0.0)).await;
    let other = report(&service.anonymous(), lamp(9.0)).await;
    step(&own, &mine["id"], "accept", json!({})).await.expect(200);
    step(&own, &mine["id"], "assign", json!({})).await.expect(200);
    let [mine, other] = [&mine, &other].map(|report| report["code"].as_str().unwrap());
    for (query, expected) in [
        (format!("assignee={id}"), vec![mine]),
        ("agency=commune-05443".to_owned(), vec![mine, other]),
        ("agency=police".to_owned(), vec![]),
    ] {
        let list = own.get(&format!("/v1/desk/feedback?{query}")).await.expect(200);
        assert_eq!(codes(&list), expected, "{query}");
    }
    own.get("/v1/desk/feedback?assignee=nobody").await.expect(422);
}
