//! Feedback: what can be reported, and the whole life of a report.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store};

use crate::every_store;

/// A place in the ward Phan Đình Phùng, 05443.
pub(crate) const HERE: (f64, f64) = (21.586_112, 105.836_192);

/// A report about a street light, some metres north of [`HERE`].
pub(crate) fn lamp(metres_north: f64) -> Value {
    json!({
        "category": "lighting.street",
        "text": "Đèn đường trước số 7 không sáng",
        "location": { "lat": HERE.0 + metres_north / 111_195.0, "lon": HERE.1 },
        "attributes": { "fault": "out" },
    })
}

/// `value` with the fields of `more` in place of its own.
pub(crate) fn but(mut value: Value, more: Value) -> Value {
    let (Value::Object(fields), Value::Object(more)) = (&mut value, more) else {
        panic!("two objects")
    };
    fields.extend(more);
    value
}

/// What the service answers to a report that it takes in.
pub(crate) async fn report(caller: &Caller, body: Value) -> Value {
    caller.post("/v1/feedback", body).await.expect(201)
}

/// An officer's step on the report `id`, which they have just looked at.
pub(crate) async fn step(officer: &Caller, id: &Value, step: &str, body: Value) -> Answer {
    let path = format!("/v1/desk/feedback/{}", id.as_str().unwrap());
    let seen = officer.get(&path).await;
    officer.with("If-Match", seen.header("etag")).post(&format!("{path}/{step}"), body).await
}

/// A published report, and the officer who published it.
pub(crate) async fn published(service: &Service, body: Value) -> (Value, Caller) {
    let submitted = report(&service.anonymous(), body).await;
    let officer = service.officer().await;
    step(&officer, &submitted["id"], "publish", json!({})).await.expect(200);
    (submitted, officer)
}

/// The codes of the items of a list.
pub(crate) fn codes(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["code"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn the_categories_are_a_tree() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let answer = caller.get("/v1/feedback-categories").await;
    let tag = answer.header("etag").to_owned();
    let list = answer.expect(200);
    let known = codes(&list);
    for (place, item) in list["items"].as_array().unwrap().iter().enumerate() {
        let parent = item["parent"].as_str();
        assert!(parent.is_none_or(|parent| known[..place].contains(&parent)), "{item}");
        assert!(item["name"]["vi"].is_string() && item["name"]["en"].is_string(), "{item}");
    }
    let again = caller.with("If-None-Match", &tag).get("/v1/feedback-categories").await;
    assert_eq!((again.status(), again.bytes()), (304, &b""[..]));
}

#[actix_web::test]
async fn a_category_says_what_it_asks() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let category = caller.get("/v1/feedback-categories/road.parking").await.expect(200);
    assert_json_snapshot!(category, @r#"
    {
      "after_photo_required": false,
      "agency": "police",
      "attributes": [
        {
          "code": "vehicle_count",
          "datatype": "number",
          "name": {
            "en": "Number of vehicles",
            "vi": "Số xe"
          },
          "required": false,
          "values": []
        }
      ],
      "code": "road.parking",
      "deadline": {
        "working_hours": 16
      },
      "legal_track": null,
      "location_blurred": false,
      "name": {
        "en": "Illegal parking",
        "vi": "Đỗ xe sai quy định"
      },
      "notice": null,
      "parent": "road",
      "photo_required": false,
      "publishable": true,
      "selectable": true,
      "urgency": "normal",
      "version": 1,
      "versions": [
        {
          "attributes": [
            {
              "code": "vehicle_count",
              "datatype": "number",
              "name": {
                "en": "Number of vehicles",
                "vi": "Số xe"
              },
              "required": false,
              "values": []
            }
          ],
          "name": {
            "en": "Illegal parking",
            "vi": "Đỗ xe sai quy định"
          },
          "version": 1
        }
      ]
    }
    "#);
    let sealed = caller.get("/v1/feedback-categories/legal.denunciation").await.expect(200);
    assert_eq!(sealed["legal_track"], "denunciation");
    assert_eq!(sealed["publishable"], false);
    let unknown = caller.get("/v1/feedback-categories/nothing").await.expect(404);
    assert_eq!(unknown["code"], "not_found");
}

/// From the report to its end, as its reporter and the officers see it.
#[apply(every_store)]
#[actix_web::test]
async fn a_report_lives(#[case] store: Store) {
    let service = store.service().await;
    let citizen = service.citizen("an").await;
    let submitted = report(&citizen, lamp(0.0)).await;
    let id = &submitted["id"];
    let officer = service.officer().await;
    step(&officer, id, "accept", json!({})).await.expect(200);
    step(&officer, id, "assign", json!({})).await.expect(200);
    step(&officer, id, "start", json!({})).await.expect(200);
    step(&officer, id, "publish", json!({})).await.expect(200);
    let resolved = step(&officer, id, "resolve", json!({ "answer": "Đã thay bóng." })).await;
    allow_duplicates! {
        assert_json_snapshot!(resolved.expect(200), {
            ".id" => "[id]", ".code" => "[code]", ".assignee" => "[officer]", ".reporter.id" => "[an]",
        }, @r#"
        {
          "address": null,
          "agency": "commune-05443",
          "allowed_actions": [
            "note",
            "hide"
          ],
          "answer": "Đã thay bóng.",
          "assignee": "[officer]",
          "attributes": {
            "fault": "out"
          },
          "category": "lighting.street",
          "channel": "app",
          "code": "[code]",
          "commune_code": "05443",
          "due_at": "2026-12-01T10:00:00Z",
          "id": "[id]",
          "location": {
            "lat": 21.586112,
            "lon": 105.836192
          },
          "overdue": false,
          "published_at": "2026-11-23T01:02:03.456Z",
          "rejection": null,
          "reopened": 0,
          "reporter": {
            "id": "[an]",
            "kind": "citizen"
          },
          "status": "resolved",
          "status_since": "2026-11-23T01:02:03.456Z",
          "submitted_at": "2026-11-23T01:02:03.456Z",
          "text": "Đèn đường trước số 7 không sáng",
          "title": null,
          "transfers": 0,
          "updated_at": "2026-11-23T01:02:03.456Z",
          "urgency": "normal",
          "version": 6,
          "visibility": "published"
        }
        "#);
    }

    service.clock.advance(domain::feedback::OBJECTION);
    api::feedback::tick(&service.app).await.unwrap();
    let path = format!("/v1/feedback/{}", submitted["code"].as_str().unwrap());
    let closed = service.anonymous().get(&path).await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(closed, { ".id" => "[id]", ".code" => "[code]" }, @r#"
        {
          "address": null,
          "agency": "commune-05443",
          "answer": "Đã thay bóng.",
          "category": "lighting.street",
          "code": "[code]",
          "comments": 0,
          "commune_code": "05443",
          "due_at": "2026-12-01T10:00:00Z",
          "ending": "unobjected",
          "id": "[id]",
          "location": {
            "lat": 21.586112,
            "lon": 105.836192
          },
          "location_blurred": false,
          "published_at": "2026-11-23T01:02:03.456Z",
          "rejection": null,
          "status": "closed",
          "submitted_at": "2026-11-23T01:02:03.456Z",
          "supports": 0,
          "text": "Đèn đường trước số 7 không sáng",
          "timeline": [
            {
              "agency": "commune-05443",
              "at": "2026-11-23T01:02:03.456Z",
              "event": "feedback.submitted",
              "status": "submitted"
            },
            {
              "agency": "commune-05443",
              "at": "2026-11-23T01:02:03.456Z",
              "event": "feedback.accepted",
              "status": "accepted"
            },
            {
              "agency": "commune-05443",
              "at": "2026-11-23T01:02:03.456Z",
              "event": "feedback.assigned",
              "status": "assigned"
            },
            {
              "agency": "commune-05443",
              "at": "2026-11-23T01:02:03.456Z",
              "event": "feedback.started",
              "status": "in_progress"
            },
            {
              "agency": "commune-05443",
              "at": "2026-11-23T01:02:03.456Z",
              "event": "feedback.resolved",
              "status": "resolved"
            },
            {
              "agency": "commune-05443",
              "at": "2026-12-08T01:02:03.456Z",
              "event": "feedback.closed",
              "status": "closed"
            }
          ],
          "title": null,
          "updated_at": "2026-12-08T01:02:03.456Z"
        }
        "#);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn nothing_is_closed_before_its_time(#[case] store: Store) {
    let service = store.service().await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    let officer = service.officer().await;
    for (name, body) in
        [("accept", json!({})), ("assign", json!({})), ("resolve", json!({ "answer": "Xong." }))]
    {
        step(&officer, &submitted["id"], name, body).await.expect(200);
    }
    service.clock.advance(domain::feedback::OBJECTION - chrono::TimeDelta::seconds(1));
    api::feedback::tick(&service.app).await.unwrap();
    let track = format!(
        "/v1/feedback/track/{}?token={}",
        submitted["code"].as_str().unwrap(),
        submitted["tracking_token"].as_str().unwrap()
    );
    assert_eq!(service.anonymous().get(&track).await.expect(200)["status"], "resolved");
}

/// The reporter is told of each step, in the inbox.
#[apply(every_store)]
#[actix_web::test]
async fn a_known_reporter_is_told(#[case] store: Store) {
    use domain::notification::Inbox as _;
    let service = store.service().await;
    let citizen = service.citizen("an").await;
    let me = citizen.get("/v1/me").await.expect(200);
    let submitted = report(&citizen, lamp(0.0)).await;
    let officer = service.officer().await;
    let rejection = json!({ "reason": "not_responsible", "go_to": "Công ty Điện lực" });
    step(&officer, &submitted["id"], "accept", json!({})).await.expect(200);
    step(&officer, &submitted["id"], "reject", rejection).await.expect(200);
    let me: uuid::Uuid = me["id"].as_str().unwrap().parse().unwrap();
    let messages = service.app.database.read(move |tx| tx.of(me, None, 10)).await.unwrap();
    let kinds: Vec<_> = messages.iter().rev().map(|message| message.kind.as_str()).collect();
    assert_eq!(kinds, ["feedback.accepted", "feedback.rejected"]);
    assert!(messages[0].text.contains(submitted["code"].as_str().unwrap()));
}

/// The demo can be opened again and again: its reports stay as they are.
#[apply(every_store)]
#[actix_web::test]
async fn the_demo_shows_live_reports(#[case] store: Store) {
    let service = store.service().await;
    for _ in 0..2 {
        let people = api::identity::demo::open(&service.app).await.unwrap();
        api::feedback::demo::open(&service.app, &people).await.unwrap();
    }
    let public = service.anonymous().get("/v1/feedback").await.expect(200);
    let mut statuses: Vec<_> =
        public["items"].as_array().unwrap().iter().map(|item| item["status"].as_str()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [Some("in_progress"), Some("resolved")]);
}
