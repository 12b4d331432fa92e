//! Notices from calendars: fetched, and imported by the command.

use std::sync::Arc;

use api::directory::calendars;
use chrono::TimeDelta;
use infra::directory::CalendarFeed;
use rstest::rstest;
use rstest_reuse::apply;
use serde_json::Value;
use tests::{Service, Store};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use crate::{every_store, import::command};

fn event(uid: &str, title: &str, start: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART;TZID=Asia/Ho_Chi_Minh:{start}\r\n\
         DURATION:PT4H\r\nCATEGORIES:POWER,05443\r\nEND:VEVENT\r\n"
    )
}

fn calendar(events: &[String]) -> String {
    let events = events.concat();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n")
}

fn cuts() -> String {
    calendar(&[
        event("1@evn", "Cúp điện tổ 5", "20261124T073000"),
        event("2@evn", "Cúp điện tổ 6", "20261125T073000"),
    ])
}

/// Somebody who keeps a calendar, and a feed that fetches it.
async fn kept() -> (MockServer, CalendarFeed) {
    let server = MockServer::start().await;
    let feed = CalendarFeed::new(&format!("Điện lực={}/power.ics", server.uri())).unwrap();
    (server, feed)
}

async fn holds(server: &MockServer, answer: ResponseTemplate) {
    server.reset().await;
    Mock::given(method("GET")).respond_with(answer).mount(server).await;
}

async fn fetch(service: &Service, feed: CalendarFeed) -> CalendarFeed {
    let (app, feeds) = (&service.app, [feed]);
    calendars::tick(&app.database, &app.entries, &feeds, &app.now()).await;
    // So that it is due again.
    service.clock.advance(TimeDelta::minutes(10));
    let [feed] = feeds;
    feed
}

async fn shown(service: &Service) -> Vec<(String, String)> {
    let page = service.anonymous().get("/v1/notices?kind=power&commune=05443").await.expect(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| (text(&item["title"]), text(&item["starts_at"]))).collect()
}

fn titles(shown: &[(String, String)]) -> Vec<&str> {
    shown.iter().map(|(title, _)| title.as_str()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_calendar_is_followed_by_the_names_of_its_entries(#[case] store: Store) {
    let service = store.service().await;
    let (server, feed) = kept().await;
    holds(&server, ResponseTemplate::new(200).set_body_string(cuts())).await;
    let feed = fetch(&service, feed).await;
    let first = shown(&service).await;
    assert_eq!(titles(&first), ["Cúp điện tổ 5", "Cúp điện tổ 6"]);
    assert_eq!(first[0].1, "2026-11-24T00:30:00Z");

    let later = calendar(&[event("2@evn", "Cúp điện tổ 6 và 7", "20261126T073000")]);
    holds(&server, ResponseTemplate::new(200).set_body_string(later)).await;
    let feed = fetch(&service, feed).await;
    let second = shown(&service).await;
    assert_eq!(titles(&second), ["Cúp điện tổ 6 và 7"]);

    holds(&server, ResponseTemplate::new(200).set_body_string(calendar(&[]))).await;
    fetch(&service, feed).await;
    assert_eq!(shown(&service).await, []);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_calendar_that_cannot_be_had_leaves_what_was_known(#[case] store: Store) {
    let service = store.service().await;
    let (server, mut feed) = kept().await;
    holds(&server, ResponseTemplate::new(200).set_body_string(cuts())).await;
    feed = fetch(&service, feed).await;
    let before = shown(&service).await;
    assert_eq!(before.len(), 2);
    let whole = cuts();
    let elsewhere = format!("{}/elsewhere.ics", server.uri());
    let ok = || ResponseTemplate::new(200);
    for broken in [
        ResponseTemplate::new(500).set_body_string(&whole),
        ResponseTemplate::new(302).insert_header("Location", elsewhere.as_str()),
        ok().set_body_string(&whole[..whole.len() - 10]),
        ok().set_body_string("<html>Đăng nhập</html>"),
        ok().set_body_bytes([0xff; 40]),
        ok().set_body_string(calendar(&["BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n".to_owned()])),
        ok().set_body_string(format!("{whole}{}", " ".repeat(600_000))),
    ] {
        holds(&server, broken).await;
        feed = fetch(&service, feed).await;
        assert_eq!(shown(&service).await, before);
    }
}

/// Of what cannot be read nobody knows whether it was taken back.
#[apply(every_store)]
#[actix_web::test]
async fn an_event_that_cannot_be_read_any_more_stays_shown(#[case] store: Store) {
    let service = store.service().await;
    let (server, feed) = kept().await;
    holds(&server, ResponseTemplate::new(200).set_body_string(cuts())).await;
    let feed = fetch(&service, feed).await;
    let broken =
        event("2@evn", "Cúp điện tổ 6", "20261125T073000").replace("DURATION:PT4H\r\n", "");
    let both = calendar(&[event("1@evn", "Cúp điện tổ 5 và 7", "20261124T073000"), broken]);
    holds(&server, ResponseTemplate::new(200).set_body_string(both)).await;
    let feed = fetch(&service, feed).await;
    assert_eq!(titles(&shown(&service).await), ["Cúp điện tổ 5 và 7", "Cúp điện tổ 6"]);
    let one = calendar(&[event("1@evn", "Cúp điện tổ 5 và 7", "20261124T073000")]);
    holds(&server, ResponseTemplate::new(200).set_body_string(one)).await;
    let feed = fetch(&service, feed).await;
    assert_eq!(titles(&shown(&service).await), ["Cúp điện tổ 5 và 7"]);

    let before = service.app.entries.current();
    fetch(&service, feed).await;
    assert!(Arc::ptr_eq(&before, &service.app.entries.current()), "nothing is made anew");
}

#[rstest]
#[case("Điện lực")]
#[case("=https://calendar.example/power.ics")]
#[case("Điện lực=http://calendar.example/power.ics")]
#[case("Điện lực=file:///etc/passwd")]
#[case("Điện lực=//calendar.example")]
fn only_what_is_safe_is_fetched(#[case] line: &str) {
    assert!(CalendarFeed::new(line).is_err());
}

#[apply(every_store)]
#[actix_web::test]
async fn the_command_takes_a_calendar_and_repeats_it(#[case] store: Store) {
    let service = store.service().await;
    let file = calendar(&[
        event("1@evn", "Cúp điện tổ 5", "20361124T073000"),
        "BEGIN:VEVENT\r\nUID:2@evn\r\nEND:VEVENT\r\n".to_owned(),
    ]);
    for changed in [1, 0] {
        let (succeeded, said) = command(&service, "notices", &file);
        assert!(succeeded, "{said}");
        assert!(said.contains("       2  left out  DTSTART is missing"), "{said}");
        let summary = format!("notices: {changed} of the calendar data are new or changed");
        assert!(said.contains(&summary), "{said}");
    }
    service.app.entries.refresh(&service.app.database).await.unwrap();
    assert_eq!(titles(&shown(&service).await), ["Cúp điện tổ 5"]);
    let (succeeded, said) = command(&service, "notices", &file[..file.len() - 20]);
    assert!(!succeeded && said.contains("nothing has changed"), "{said}");
}

#[apply(every_store)]
#[actix_web::test]
async fn of_all_processes_one_fetches_a_calendar(#[case] store: Store) {
    let service = store.service().await;
    let (server, feed) = kept().await;
    holds(&server, ResponseTemplate::new(200).set_body_string(cuts())).await;
    let (app, feeds) = (&service.app, [feed]);
    let (now, another) = (app.now(), crate::import::another_process(&service).await);
    for database in [&app.database, &another, &another] {
        calendars::tick(database, &app.entries, &feeds, &now).await;
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
    service.clock.advance(TimeDelta::minutes(10));
    let later = app.now();
    futures_util::future::join(
        calendars::tick(&app.database, &app.entries, &feeds, &later),
        calendars::tick(&another, &app.entries, &feeds, &later),
    )
    .await;
    assert_eq!(server.received_requests().await.unwrap().len(), 2);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_repeats_is_shown_each_time_and_a_cancelled_time_is_not(#[case] store: Store) {
    let service = store.service().await;
    let (server, feed) = kept().await;
    let weekly = event("w@evn", "Cắt nước", "20261124T073000")
        .replace("END:VEVENT", "RRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT");
    let text = |events: &[String]| ResponseTemplate::new(200).set_body_string(calendar(events));
    holds(&server, text(std::slice::from_ref(&weekly))).await;
    let feed = fetch(&service, feed).await;
    let days = async || {
        let shown = shown(&service).await.into_iter();
        shown.map(|(_, start)| start[5..10].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(days().await, ["11-24", "12-01", "12-08"]);
    let cancelled = "BEGIN:VEVENT\r\nUID:w@evn\r\nSTATUS:CANCELLED\r\nRECURRENCE-ID:20261201T003000Z\r\n\
                     END:VEVENT\r\n";
    holds(&server, text(&[weekly.clone(), cancelled.to_owned()])).await;
    let feed = fetch(&service, feed).await;
    assert_eq!(days().await, ["11-24", "12-08"]);
    let all = cancelled.replace("RECURRENCE-ID:20261201T003000Z", "SEQUENCE:1");
    holds(&server, text(&[weekly, all])).await;
    fetch(&service, feed).await;
    assert_eq!(days().await, [""; 0]);
}
