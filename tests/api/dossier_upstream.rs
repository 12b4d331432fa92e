//! Asking the one-stop system how a dossier stands, whatever it answers.

use chrono::TimeDelta;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Behaviour, OneStopStub, Service, Store};

use crate::{
    dossier_sources::{CODE, one_stop, report, told},
    dossiers::LOOKUP,
    every_store,
};

/// A service that asks a stub, which knows [`CODE`].
async fn asking(store: Store) -> (Service, OneStopStub) {
    let stub = OneStopStub::start(Behaviour::telling(&report("07:45:00", "4"))).await;
    let variables = [
        ("CTN_DOSSIER_UPSTREAM_URL", stub.url()),
        ("CTN_DOSSIER_UPSTREAM_HEADERS", "Authorization: Bearer 123"),
        ("CTN_DOSSIER_UPSTREAM_PATIENCE_MS", "2000"),
    ];
    let service = Service::configured(store.fresh().await, &variables).await;
    (service, stub)
}

async fn ask(service: &Service, last4: &str) -> Answer {
    let body = json!({ "code": CODE, "proof": { "phone_last4": last4 } });
    service.anonymous().post(LOOKUP, body).await
}

/// Every way in which a system can fail, and whether it is asked once more at once.
fn failures() -> Vec<(Behaviour, bool)> {
    let json = |value: Value| Behaviour::telling(&value);
    let with = |field: &str, value: Value| {
        let mut told = report("07:50:00", "4");
        told[field] = value;
        json(told)
    };
    let whole = report("07:50:00", "4").to_string();
    let half = whole.split_at(whole.len() / 2).0.to_owned();
    vec![
        (Behaviour::HangsUp, true),
        (Behaviour::Answers(500, "text/html", "<h1>Lỗi</h1>".to_owned()), true),
        (Behaviour::Answers(429, "text/plain", String::new()), true),
        (Behaviour::Answers(401, "application/json", "{}".to_owned()), false),
        (Behaviour::Answers(302, "application/json", whole.clone()), false),
        (Behaviour::Answers(200, "text/html", whole), false),
        (Behaviour::Answers(200, "application/json", half), false),
        (Behaviour::Answers(200, "application/json", "\u{0}\u{1}".to_owned()), false),
        (Behaviour::Answers(200, "application/json", "[".repeat(600_000)), false),
        (json(json!([])), false),
        (json(json!({})), false),
        (with("status", json!(4)), false),
        (with("status", json!("11")), false),
        (with("at", json!("2027-01-01T00:00:00Z")), false),
        (with("missing_papers", json!("none")), false),
        (with("applicant", json!("Nguyễn Văn A")), false),
        (with("code", json!("H55.242-261123-0002")), false),
    ]
}

#[apply(every_store)]
#[actix_web::test]
async fn what_the_system_tells_is_shown_and_kept(#[case] store: Store) {
    let (service, stub) = asking(store).await;
    let dossier = ask(&service, "5678").await.expect(200);
    assert_eq!((&dossier["status"], &dossier["stale"]), (&json!("processing"), &json!(false)));
    let asked = stub.asked();
    assert_eq!(asked.len(), 1);
    let (head, body) = asked[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /dossier HTTP/1.1"), "the code is in no address: {head}");
    assert!(head.to_lowercase().contains("authorization: bearer 123"));
    assert_eq!(body, json!({ "code": CODE }).to_string(), "no proof leaves the house");
    ask(&service, "5678").await.expect(200);
    assert_eq!(stub.asked().len(), 0, "what was told just now is not asked for");
    stub.behave(Behaviour::telling(&report("08:00:00", "10")));
    service.clock.advance(TimeDelta::minutes(2));
    assert_eq!(ask(&service, "5678").await.expect(200)["status"], "returned");
}

#[apply(every_store)]
#[actix_web::test]
async fn however_it_fails_the_last_known_answer_is_shown_with_its_age(#[case] store: Store) {
    let (service, stub) = asking(store).await;
    let known = ask(&service, "5678").await.expect(200);
    stub.asked();
    let mut age = 0;
    for (behaviour, again) in failures() {
        stub.behave(behaviour.clone());
        // Long enough for the system to be asked again, however often it failed.
        service.clock.advance(TimeDelta::minutes(2));
        age += 120;
        let dossier = ask(&service, "5678").await.expect(200);
        assert_eq!((&dossier["stale"], &dossier["age_s"]), (&json!(true), &json!(age)));
        assert_eq!((&dossier["status"], &dossier["as_of"]), (&known["status"], &known["as_of"]));
        assert_eq!(stub.asked().len() > 1, again, "{behaviour:?}");
    }
    stub.behave(Behaviour::telling(&report("07:45:00", "4")));
    service.clock.advance(TimeDelta::minutes(2));
    let dossier = ask(&service, "5678").await.expect(200);
    assert_eq!((&dossier["stale"], &dossier["age_s"]), (&json!(false), &json!(0)));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_silent_system_holds_nobody_up_for_longer_than_agreed(#[case] store: Store) {
    let (service, stub) = asking(store).await;
    ask(&service, "5678").await.expect(200);
    service.clock.advance(TimeDelta::minutes(2));
    stub.behave(Behaviour::IsSilent);
    assert_eq!(ask(&service, "5678").await.expect(200)["stale"], true);
    let answer = ask(&service, "5679").await;
    assert_eq!((answer.status(), answer.header("retry-after")), (503, "30"));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_system_that_fails_is_left_alone_for_a_while(#[case] store: Store) {
    let (service, stub) = asking(store).await;
    ask(&service, "5678").await.expect(200);
    service.clock.advance(TimeDelta::minutes(2));
    stub.behave(Behaviour::Answers(401, "application/json", "{}".to_owned()));
    stub.asked();
    for _ in 0..10 {
        assert_eq!(ask(&service, "5678").await.expect(200)["stale"], true);
    }
    assert_eq!(stub.asked().len(), 5);
    stub.behave(Behaviour::telling(&report("08:00:00", "10")));
    assert_eq!(ask(&service, "5678").await.expect(200)["stale"], true);
    service.clock.advance(TimeDelta::seconds(31));
    assert_eq!(ask(&service, "5678").await.expect(200)["status"], "returned");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_wrong_proof_and_a_code_of_nobody_are_alike_upstream_too(#[case] store: Store) {
    let (service, stub) = asking(store).await;
    ask(&service, "5678").await.expect(200);
    stub.asked();
    let nobodys = json!({ "code": "H55.242-261123-0002", "proof": { "phone_last4": "5678" } });
    for failing in [false, true] {
        ask(&service, "5679").await.expect(if failing { 503 } else { 404 });
        assert_eq!(stub.asked().len(), 1, "a wrong proof");
        let unknown = Behaviour::Answers(404, "text/plain", String::new());
        stub.behave(if failing { Behaviour::Answers(401, "", String::new()) } else { unknown });
        let answer = service.anonymous().post(LOOKUP, nobodys.clone()).await;
        answer.expect(if failing { 503 } else { 404 });
        assert_eq!(stub.asked().len(), 1, "a code of nobody");
        stub.behave(Behaviour::Answers(401, "", String::new()));
    }
    for status in [503, 503, 503, 503] {
        ask(&service, "5679").await.expect(status);
    }
    // The same proof once more is no other guess while nobody answers; others are.
    for (guess, status) in [("1111", 503), ("2222", 503), ("3333", 503), ("4444", 429)] {
        ask(&service, guess).await.expect(status);
    }
    ask(&service, "5678").await.expect(429);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_outage_uses_up_one_look_up_however_often_the_same_is_asked(#[case] store: Store) {
    let (service, stub) = asking(store).await;
    stub.behave(Behaviour::Answers(503, "", String::new()));
    for _ in 0..12 {
        ask(&service, "5678").await.expect(503);
    }
    stub.behave(Behaviour::telling(&report("07:45:00", "4")));
    service.clock.advance(TimeDelta::minutes(2));
    ask(&service, "5678").await.expect(200);
    service.clock.advance(TimeDelta::minutes(2));
    for status in [404, 404, 404, 404, 429] {
        ask(&service, "9999").await.expect(status);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn odd_codes_hold_up_nobody_else(#[case] store: Store) {
    let (service, stub) = asking(store).await;
    ask(&service, "5678").await.expect(200);
    service.clock.advance(TimeDelta::minutes(2));
    stub.behave(Behaviour::Chokes(CODE.to_owned(), report("07:50:00", "9").to_string()));
    for number in 0..8 {
        let odd = format!("ODD.{number:08}");
        let body = json!({ "code": odd, "proof": { "phone_last4": "5678" } });
        service.anonymous().post(LOOKUP, body).await.expect(503);
    }
    let dossier = ask(&service, "5678").await.expect(200);
    assert_eq!((&dossier["status"], &dossier["stale"]), (&json!("processed"), &json!(false)));
}

#[apply(every_store)]
#[actix_web::test]
async fn what_was_pushed_later_stays_in_force(#[case] store: Store) {
    let (service, stub) = asking(store).await;
    told(&one_stop(&service).await, &[report("08:00:00", "10")]).await;
    service.clock.advance(TimeDelta::minutes(2));
    let dossier = ask(&service, "5678").await.expect(200);
    assert_eq!((&dossier["status"], &dossier["age_s"]), (&json!("returned"), &json!(0)));
    assert_eq!(stub.asked().len(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_follows_is_told_without_asking(#[case] store: Store) {
    let (service, stub) = asking(store).await;
    let an = service.citizen("an").await;
    let follow = json!({ "code": CODE, "proof": { "phone_last4": "5678" } });
    an.post("/v1/me/dossiers", follow).await.expect(201);
    stub.asked();
    let app = &service.app;
    let round = async || {
        let system = app.dossiers.as_deref().unwrap();
        api::dossier::rounds::tick(&app.database, &app.keys, system, &app.now()).await.unwrap()
    };
    stub.behave(Behaviour::telling(&report("08:00:00", "9")));
    assert_eq!((round().await, stub.asked().len()), (0, 0), "it was heard of just now");
    service.clock.advance(TimeDelta::minutes(31));
    assert_eq!((round().await, round().await, stub.asked().len()), (1, 0, 1));
    let an = service.citizen("an").await;
    let inbox = an.get("/v1/me/notifications").await.expect(200);
    assert_eq!(inbox["items"][0]["text"], format!("Hồ sơ {CODE}: Đã xử lý xong."));
    stub.behave(Behaviour::telling(&report("08:01:00", "10")));
    service.clock.advance(TimeDelta::minutes(31));
    assert_eq!(round().await, 1);
    service.clock.advance(TimeDelta::minutes(31));
    assert_eq!(round().await, 0, "nothing more will happen to it");
}

#[test]
fn a_system_that_cannot_be_asked_safely_is_refused_at_the_start() {
    for bad in ["http://one-stop.example/", "http://127.0.0.1.example/", "file:///etc/passwd", ""] {
        let variables = [("CTN_DOSSIER_UPSTREAM_URL".to_owned(), bad.to_owned())];
        let settings = api::settings::Settings::load(None, variables.into_iter()).unwrap();
        let clock = std::sync::Arc::new(tests::FrozenClock::default());
        let refused = infra::dossier::Upstream::new(&settings.dossier_upstream().unwrap(), clock);
        let told = refused.err().unwrap().to_string();
        assert!(told.starts_with("dossier_upstream_url"), "{told}");
    }
}
