//! The life of a report: questions, ratings, objections, transfers, merging and splitting.

use chrono::TimeDelta;
use domain::{feedback::OBJECTION, identity::Role, notification::Inbox as _};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store};

use crate::{
    every_store,
    feedback::{but, lamp, report, step},
    feedback_desk::staff_with_id,
};

/// What the reporter says to a report of theirs.
async fn says(caller: &Caller, report: &Value, what: &str, body: Value) -> Answer {
    caller.post(&format!("/v1/feedback/{}/{what}", report["id"].as_str().unwrap()), body).await
}

/// The report as its reporter sees it.
async fn tracked(caller: &Caller, report: &Value) -> Value {
    let code = report["code"].as_str().unwrap();
    caller.get(&format!("/v1/feedback/track/{code}")).await.expect(200)
}

/// A report of nobody known, and who holds its token.
async fn reported(service: &Service, body: Value) -> (Value, Caller) {
    let submitted = report(&service.anonymous(), body).await;
    let holder = service.anonymous().bearing(submitted["tracking_token"].as_str().unwrap());
    (submitted, holder)
}

/// An officer's steps with a report, one after the other.
pub(crate) async fn walk(officer: &Caller, report: &Value, steps: &[&str]) -> Value {
    let mut last = Value::Null;
    for name in steps {
        let body = match *name {
            "resolve" => json!({ "answer": "Đã thay bóng." }),
            "reject" => json!({ "reason": "nothing_wrong" }),
            _ => json!({}),
        };
        last = step(officer, &report["id"], name, body).await.expect(200);
    }
    last
}

async fn told(service: &Service, id: &str) -> Vec<String> {
    let id: uuid::Uuid = id.parse().unwrap();
    let messages = service.app.database.read(move |tx| tx.of(id, None, 50)).await.unwrap();
    messages.into_iter().map(|message| message.kind).collect()
}

fn events(view: &Value) -> Vec<&str> {
    let timeline = view["timeline"].as_array().unwrap();
    timeline.iter().map(|entry| entry["event"].as_str().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn the_clock_stands_while_the_reporter_is_asked(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    let officer = service.officer().await;
    walk(&officer, &submitted, &["accept", "assign", "start"]).await;
    let question = json!({ "question": "Cột đèn số mấy?" });
    let asked = step(&officer, &submitted["id"], "ask", question).await.expect(200);
    assert_eq!((&asked["status"], &asked["due_at"]), (&json!("needs_info"), &submitted["due_at"]));

    let seen = tracked(&holder, &submitted).await;
    assert_eq!(seen["question"], "Cột đèn số mấy?");
    assert_eq!(seen["allowed_actions"], json!(["answer"]), "work has begun: no way back");
    says(&service.anonymous(), &submitted, "answers", json!({ "text": "7" })).await.expect(401);
    says(&service.citizen("binh").await, &submitted, "answers", json!({ "text": "7" }))
        .await
        .expect(404);
    // Monday 08:02 to Wednesday 08:02, and Tuesday the 24th is a holiday.
    service.clock.advance(TimeDelta::days(2));
    let answered = says(&holder, &submitted, "answers", json!({ "text": "Cột 112" })).await;
    let answered = answered.expect(200);
    assert_eq!(answered["status"], "in_progress", "it returns to where it was");
    assert_eq!(answered["due_at"], "2026-12-02T10:00:00Z", "one working day later");
    says(&holder, &submitted, "answers", json!({ "text": "Cột 112" })).await.expect(409);

    let path = format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap());
    let desk = service.officer().await.get(&path).await.expect(200);
    let last = desk["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["text"], &last["by"]["kind"]), (&json!("Cột 112"), &json!("reporter")));
    assert_eq!(desk["history_intact"], true);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_question_nobody_answers_closes_the_report(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    let question = json!({ "question": "Ở đâu?" });
    let officer = service.officer().await;
    step(&officer, &submitted["id"], "ask", question).await.expect(200);
    service.clock.advance(TimeDelta::days(10) - TimeDelta::seconds(1));
    api::feedback::tick(&service.app).await.unwrap();
    assert_eq!(tracked(&holder, &submitted).await["status"], "needs_info");
    service.clock.advance(TimeDelta::seconds(1));
    api::feedback::tick(&service.app).await.unwrap();
    let closed = tracked(&holder, &submitted).await;
    assert_eq!((&closed["status"], &closed["ending"]), (&json!("closed"), &json!("unanswered")));
    assert_eq!(closed["allowed_actions"], json!(["rate"]));
    says(&holder, &submitted, "answers", json!({ "text": "Đây" })).await.expect(409);
    says(&holder, &submitted, "reopen", json!({ "reason": "Đây" })).await.expect(409);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_finds_it_solved_closes_it(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    walk(&service.officer().await, &submitted, &["accept", "assign", "resolve"]).await;
    for (body, pointer) in [
        (json!({ "stars": 0, "solved": true }), "/stars"),
        (json!({ "stars": 6, "solved": true }), "/stars"),
        (json!({ "stars": 3 }), "/solved"),
        (json!({ "stars": 3, "solved": true, "comment": "x".repeat(1_001) }), "/comment"),
    ] {
        let flawed = says(&holder, &submitted, "rating", body).await.expect(422);
        assert_eq!(flawed["errors"][0]["pointer"], pointer);
    }
    let unsolved = json!({ "stars": 2, "solved": false, "comment": "Vẫn tối" });
    let rated = says(&holder, &submitted, "rating", unsolved).await.expect(200);
    assert_eq!(rated["status"], "resolved", "that alone opens nothing again");
    let solved = json!({ "stars": 5, "solved": true });
    let rated = says(&holder, &submitted, "rating", solved.clone()).await.expect(200);
    assert_eq!((&rated["status"], &rated["ending"]), (&json!("closed"), &json!("confirmed")));
    assert_eq!(rated["rating"], solved);
    assert_eq!(rated["allowed_actions"], json!(["reopen"]), "a rated case can be opened again");
}

#[apply(every_store)]
#[actix_web::test]
async fn what_solved_nothing_is_opened_again_one_level_higher(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    walk(&own, &submitted, &["accept", "assign", "resolve"]).await;
    service.clock.advance(OBJECTION);
    let again = json!({ "reason": "Đèn vẫn tắt" });
    says(&holder, &submitted, "reopen", json!({ "reason": " " })).await.expect(422);
    let opened = says(&holder, &submitted, "reopen", again.clone()).await.expect(200);
    assert_eq!((&opened["status"], &opened["agency"]), (&json!("in_progress"), &json!("province")));
    assert_ne!(opened["due_at"], submitted["due_at"], "the agency above gets its own time");
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    own.get(&format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap())).await.expect(404);

    let officer = service.officer().await;
    walk(&officer, &submitted, &["resolve"]).await;
    says(&holder, &submitted, "reopen", again.clone()).await.expect(200);
    walk(&officer, &submitted, &["resolve"]).await;
    let refused = says(&holder, &submitted, "reopen", again).await.expect(409);
    assert_eq!(refused["allowed_actions"], json!(["rate"]), "twice at most");
}

#[apply(every_store)]
#[actix_web::test]
async fn after_fifteen_days_an_answer_stands(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    walk(&service.officer().await, &submitted, &["accept", "assign", "resolve"]).await;
    service.clock.advance(OBJECTION + TimeDelta::seconds(1));
    says(&holder, &submitted, "reopen", json!({ "reason": "Tắt lại" })).await.expect(409);
    api::feedback::tick(&service.app).await.unwrap();
    says(&holder, &submitted, "reopen", json!({ "reason": "Tắt lại" })).await.expect(409);
    assert_eq!(tracked(&holder, &submitted).await["ending"], "unobjected");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_refusal_is_appealed_once(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    let (manager, manager_id) = staff_with_id(&service, "chief", "province").await;
    drop(manager);
    walk(&service.officer().await, &submitted, &["reject"]).await;
    assert_eq!(tracked(&holder, &submitted).await["allowed_actions"], json!(["appeal"]));
    let reason = json!({ "reason": "Đây là đường của phường" });
    let appealed = says(&holder, &submitted, "appeal", reason.clone()).await.expect(200);
    assert_eq!(
        (&appealed["status"], &appealed["agency"], &appealed["rejection"]),
        (&json!("submitted"), &json!("province"), &Value::Null)
    );
    walk(&service.officer().await, &submitted, &["reject"]).await;
    let refused = says(&holder, &submitted, "appeal", reason).await.expect(409);
    assert_eq!(refused["allowed_actions"], json!([]));
    assert_eq!(told(&service, &manager_id).await, [""; 0], "an officer is no supervisor");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_third_transfer_alerts_a_supervisor(#[case] store: Store) {
    use domain::identity::StaffRepository as _;
    let service = store.service().await;
    service.staff("chief", Role::AgencyManager, "province").await;
    let chief = service.app.database.read(|tx| tx.staff_by_username("chief")).await.unwrap();
    let chief = chief.unwrap().id.to_string();
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    let officer = service.officer().await;
    let to = |agency: &str| json!({ "agency": agency, "reason": "Không thuộc thẩm quyền" });
    for (body, pointer) in [
        (to("nowhere"), "/agency"),
        (to("commune-05443"), "/agency"),
        (json!({ "agency": "police", "reason": "" }), "/reason"),
    ] {
        let flawed = step(&officer, &submitted["id"], "transfer", body).await.expect(422);
        assert_eq!(flawed["errors"][0]["pointer"], pointer);
    }
    for (transfers, agency) in [(1, "commune-01840"), (2, "police"), (3, "commune-05443")] {
        assert_eq!(told(&service, &chief).await, [""; 0]);
        let moved = step(&officer, &submitted["id"], "transfer", to(agency)).await.expect(200);
        assert_eq!((&moved["transfers"], &moved["agency"]), (&json!(transfers), &json!(agency)));
        assert_eq!(moved["due_at"], submitted["due_at"], "the first clock goes on");
    }
    assert_eq!(told(&service, &chief).await, ["feedback.bounced"]);
    let seen = tracked(&holder, &submitted).await;
    assert_eq!(seen["timeline"][1]["text"], "Không thuộc thẩm quyền");
}

#[apply(every_store)]
#[actix_web::test]
async fn merged_reports_follow_the_leading_one_and_are_restored(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let (first, _) = reported(&service, lamp(0.0)).await;
    let second = report(&an, lamp(3.0)).await;
    let officer = service.officer().await;
    walk(&officer, &second, &["accept"]).await;
    let into = json!({ "into": first["id"] });
    let oneself = json!({ "into": second["id"] });
    step(&officer, &second["id"], "merge", oneself).await.expect(422);
    let merged = step(&officer, &second["id"], "merge", into.clone()).await.expect(200);
    assert_eq!((&merged["status"], &merged["merged_into"]), (&json!("merged"), &first["id"]));
    let circle = json!({ "into": second["id"] });
    step(&officer, &first["id"], "merge", circle).await.expect(422);
    walk(&officer, &first, &["accept", "assign", "resolve"]).await;
    let seen = tracked(&an, &second).await;
    assert_eq!(
        (&seen["leading"]["status"], &seen["leading"]["answer"]),
        (&json!("resolved"), &json!("Đã thay bóng."))
    );
    let me = an.get("/v1/me").await.expect(200);
    let told = told(&service, me["id"].as_str().unwrap()).await;
    assert_eq!(told, ["feedback.resolved", "feedback.merged", "feedback.accepted"]);

    let restored = step(&officer, &second["id"], "unmerge", json!({})).await.expect(200);
    assert_eq!(
        (&restored["status"], &restored["due_at"], &restored["merged_into"]),
        (&json!("accepted"), &second["due_at"], &Value::Null)
    );
    assert_eq!(tracked(&an, &second).await["leading"], Value::Null);
}

#[apply(every_store)]
#[actix_web::test]
async fn of_two_that_are_merged_into_each_other_one_stays(#[case] store: Store) {
    let service = store.service().await;
    let (one, _) = reported(&service, lamp(0.0)).await;
    let (other, _) = reported(&service, lamp(3.0)).await;
    let officer = service.officer().await.with("If-Match", "\"1\"");
    let merge = |from: &Value, into: &Value| {
        let path = format!("/v1/desk/feedback/{}/merge", from["id"].as_str().unwrap());
        (path, json!({ "into": into["id"] }))
    };
    let ((here, there), (back, again)) = (merge(&one, &other), merge(&other, &one));
    let ends = futures_util::join!(officer.post(&here, there), officer.post(&back, again));
    let merged = [ends.0.status(), ends.1.status()].iter().filter(|&&end| end == 200).count();
    assert!(merged <= 1, "{} and {}", ends.0.status(), ends.1.status());
}

#[apply(every_store)]
#[actix_web::test]
async fn a_part_becomes_a_report_of_its_own(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    let officer = service.officer().await;
    let path = format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap());
    let part = json!({ "category": "road.manhole", "text": "Bên cạnh còn mất nắp cống" });
    let seen = officer.with("If-Match", "\"1\"").with("Idempotency-Key", "split-1");
    let wrong = but(part.clone(), json!({ "category": "road" }));
    officer.with("If-Match", "\"1\"").post(&format!("{path}/split"), wrong).await.expect(422);
    let split = seen.post(&format!("{path}/split"), part.clone()).await.expect(201);
    assert_eq!(seen.post(&format!("{path}/split"), part.clone()).await.expect(201), split);
    officer.with("If-Match", "\"1\"").post(&format!("{path}/split"), part).await.expect(412);
    let new = officer.get(&format!("/v1/desk/feedback/{}", split["id"].as_str().unwrap())).await;
    let new = new.expect(200);
    assert_eq!(
        (&new["split_from"], &new["location"], &new["status"]),
        (&submitted["id"], &lamp(0.0)["location"], &json!("submitted"))
    );
    let parts = tracked(&holder, &submitted).await["parts"].clone();
    assert_eq!(parts.as_array().unwrap().len(), 1);
    let follows = service.anonymous().bearing(parts[0]["tracking_token"].as_str().unwrap());
    assert_eq!(tracked(&follows, &parts[0]).await["category"], "road.manhole");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_answer_gets_more_time_once_and_the_reporter_sees_why(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    let officer = service.officer().await;
    for (body, pointer) in [
        (json!({ "reason": "Chờ vật tư" }), "/days"),
        (json!({ "days": 0, "reason": "Chờ vật tư" }), "/days"),
        (json!({ "days": 61, "reason": "Chờ vật tư" }), "/days"),
        (json!({ "days": 3, "reason": " " }), "/reason"),
        (json!({ "due_at": submitted["due_at"], "reason": "Chờ vật tư" }), "/due_at"),
        (json!({ "due_at": "2028-01-01T00:00:00Z", "reason": "Chờ vật tư" }), "/due_at"),
    ] {
        let flawed = step(&officer, &submitted["id"], "extend", body).await.expect(422);
        assert_eq!(flawed["errors"][0]["pointer"], pointer);
    }
    let more = json!({ "days": 3, "reason": "Chờ vật tư" });
    let extended = step(&officer, &submitted["id"], "extend", more.clone()).await.expect(200);
    assert_eq!(extended["due_at"], "2026-12-04T10:00:00Z");
    let seen = tracked(&holder, &submitted).await;
    assert_eq!(seen["extended_from"], submitted["due_at"]);
    assert_eq!(seen["timeline"][1]["text"], "Chờ vật tư");
    step(&officer, &submitted["id"], "extend", more).await.expect(409);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_more_pressing_is_due_earlier_and_what_is_sealed_stays_so(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, _) = reported(&service, lamp(0.0)).await;
    let officer = service.officer().await;
    let to = |category: &str| json!({ "category": category });
    step(&officer, &submitted["id"], "recategorise", to("road")).await.expect(422);
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    let pressing = step(&officer, &submitted["id"], "recategorise", to("road.manhole")).await;
    let pressing = pressing.expect(200);
    assert!(pressing["due_at"].as_str() < submitted["due_at"].as_str());
    let slow = step(&officer, &submitted["id"], "recategorise", to("land.misuse")).await;
    assert_eq!(slow.expect(200)["due_at"], pressing["due_at"], "never later than promised");
    let sealed = step(&officer, &submitted["id"], "recategorise", to("legal.denunciation")).await;
    let sealed = sealed.expect(200);
    assert_eq!((&sealed["visibility"], &sealed["published_at"]), (&json!("sealed"), &Value::Null));
    let back = step(&officer, &submitted["id"], "recategorise", to("road.pothole")).await;
    assert_eq!(back.expect(200)["visibility"], "sealed");
}

#[apply(every_store)]
#[actix_web::test]
async fn notes_are_for_officers_alone(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, holder) = reported(&service, lamp(0.0)).await;
    let officer = service.officer().await;
    step(&officer, &submitted["id"], "notes", json!({ "text": "" })).await.expect(422);
    let note = json!({ "text": "Gọi cho anh Bình ở điện lực" });
    step(&officer, &submitted["id"], "notes", note).await.expect(200);
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    let path = format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap());
    let desk = officer.get(&path).await.expect(200);
    assert_eq!(events(&desk), ["feedback.submitted", "feedback.noted", "feedback.published"]);
    let own = tracked(&holder, &submitted).await;
    assert_eq!(events(&own), ["feedback.submitted", "feedback.published"]);
    let path = format!("/v1/feedback/{}", submitted["code"].as_str().unwrap());
    let public = service.anonymous().get(&path).await.expect(200);
    assert_eq!(events(&public), ["feedback.submitted"]);
    assert!(!format!("{own}{public}").contains("Bình"));
}

#[apply(every_store)]
#[actix_web::test]
async fn what_asks_for_a_legal_way_is_shown_it_and_never_published(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await;
    for (text, kind) in [
        ("Tôi làm đơn tố cáo ông trưởng thôn nhận tiền", "denunciation"),
        ("khieu nai quyet dinh thu hoi dat", "complaint"),
    ] {
        let (submitted, holder) = reported(&service, but(lamp(0.0), json!({ "text": text }))).await;
        assert_eq!(submitted["legal_track"]["kind"], kind);
        assert_eq!(submitted["agency"], "province", "not to those whom it may be about");
        assert!(submitted["legal_track"]["notice"]["vi"].as_str().unwrap().contains("Luật"));
        assert_eq!(tracked(&holder, &submitted).await["legal_track"]["kind"], kind);
        step(&officer, &submitted["id"], "publish", json!({})).await.expect(409);
        let into = json!({ "into": reported(&service, lamp(0.0)).await.0["id"] });
        step(&officer, &submitted["id"], "merge", into).await.expect(422);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_changed_history_is_noticed(#[case] store: Store) {
    let service = store.service().await;
    let (submitted, _) = reported(&service, lamp(0.0)).await;
    let officer = service.officer().await;
    walk(&officer, &submitted, &["accept"]).await;
    let url = service.app.settings.database().unwrap().url;
    tests::tamper(&url, "DELETE FROM feedback_entry WHERE number = 1");
    let path = format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap());
    assert_eq!(officer.get(&path).await.expect(200)["history_intact"], false);
}
