//! Answering reports.

use domain::identity::Role;
use futures_util::future::join_all;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::Store;

use crate::{
    every_store,
    feedback::{but, codes, lamp, report, step},
};

/// What officers may do with a report that nobody has looked at.
const UNSEEN: [&str; 11] = [
    "accept",
    "ask",
    "reject",
    "transfer",
    "recategorise",
    "extend",
    "prioritise",
    "merge",
    "split",
    "note",
    "publish",
];

fn path(report: &Value) -> String {
    format!("/v1/desk/feedback/{}", report["id"].as_str().unwrap())
}

#[apply(every_store)]
#[actix_web::test]
async fn an_edit_names_what_it_saw(#[case] store: Store) {
    let service = store.service().await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    let officer = service.officer().await;
    let accept = format!("{}/accept", path(&submitted));
    let blind = officer.post(&accept, json!({})).await.expect(428);
    assert_eq!(blind["code"], "precondition_required");
    for wrong in ["\"0\"", "\"2\"", "W/\"1\"", "*", "1", "x"] {
        let stale = officer.with("If-Match", wrong).post(&accept, json!({})).await;
        assert_eq!((stale.status(), stale.header("etag")), (412, "\"1\""), "{wrong}");
        let problem = stale.json();
        assert_eq!(problem["code"], "precondition_failed");
        assert_eq!(problem["errors"][0]["pointer"], "/header/If-Match");
    }
    let done = officer.with("If-Match", "\"1\"").post(&accept, json!({})).await;
    assert_eq!(done.header("etag"), "\"2\"");
    assert_eq!(done.expect(200)["status"], "accepted");
}

#[apply(every_store)]
#[actix_web::test]
async fn of_two_officers_who_saw_the_same_one_wins(#[case] store: Store) {
    let service = store.service().await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    let officers = [
        service.staff("hoa", Role::Officer, "province").await,
        service.staff("lan", Role::Officer, "commune-05443").await,
    ];
    let accept = format!("{}/accept", path(&submitted));
    let seen = officers.map(|officer| officer.with("If-Match", "\"1\""));
    let answers = join_all(seen.iter().map(|officer| officer.post(&accept, json!({})))).await;
    let mut ends: Vec<_> =
        answers.iter().map(|answer| (answer.status(), answer.header("etag"))).collect();
    ends.sort_unstable();
    assert_eq!(ends, [(200, "\"2\""), (412, "\"2\"")]);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_officer_reaches_as_far_as_their_agency(#[case] store: Store) {
    let service = store.service().await;
    let here = report(&service.anonymous(), lamp(0.0)).await;
    let conduct = but(lamp(0.0), json!({ "category": "service.conduct", "attributes": {} }));
    let conduct = report(&service.anonymous(), conduct).await;

    let neighbour = service.staff("neighbour", Role::Officer, "commune-01840").await;
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    for (officer, report) in [(&neighbour, &here), (&neighbour, &conduct), (&own, &conduct)] {
        officer.get(&path(report)).await.expect(404);
        let seen = officer.with("If-Match", "\"1\"");
        for step in ["accept", "assign", "start", "publish", "hide"] {
            seen.post(&format!("{}/{step}", path(report)), json!({})).await.expect(404);
        }
        let answer = json!({ "answer": "Xong" });
        seen.post(&format!("{}/resolve", path(report)), answer).await.expect(404);
        let reason = json!({ "reason": "duplicate" });
        seen.post(&format!("{}/reject", path(report)), reason).await.expect(404);
    }
    assert_eq!(codes(&neighbour.get("/v1/desk/feedback").await.expect(200)), [""; 0]);
    assert_eq!(
        codes(&own.get("/v1/desk/feedback").await.expect(200)),
        [here["code"].as_str().unwrap()]
    );
    assert_eq!(codes(&service.officer().await.get("/v1/desk/feedback").await.expect(200)).len(), 2);

    for (caller, status) in [
        (service.anonymous(), 401),
        (service.anonymous().bearing(here["tracking_token"].as_str().unwrap()), 401),
        (service.citizen("an").await, 403),
        (service.dispatcher().await, 403),
        (service.administrator().await, 403),
    ] {
        caller.get("/v1/desk/feedback").await.expect(status);
        caller.get(&path(&here)).await.expect(status);
        let seen = caller.with("If-Match", "\"1\"");
        seen.post(&format!("{}/accept", path(&here)), json!({})).await.expect(status);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_the_table_does_not_hold_cannot_be_done(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    for (name, body) in [
        ("assign", json!({})),
        ("start", json!({})),
        ("resolve", json!({ "answer": "Xong." })),
        ("hide", json!({})),
    ] {
        let refused = step(&officer, &submitted["id"], name, body).await.expect(409);
        assert_eq!(refused["allowed_actions"], json!(UNSEEN), "{name}");
    }
    let seen = officer.get(&path(&submitted)).await;
    assert_eq!(seen.header("etag"), "\"1\"");
    allow_duplicates! {
    assert_json_snapshot!(seen.expect(200), { ".id" => "[id]", ".code" => "[code]" }, @r#"
        {
          "address": null,
          "agency": "commune-05443",
          "allowed_actions": [
            "accept",
            "ask",
            "reject",
            "transfer",
            "recategorise",
            "extend",
            "prioritise",
            "merge",
            "split",
            "note",
            "publish"
          ],
          "answer": null,
          "assignee": null,
          "attributes": {
            "fault": "out"
          },
          "category": "lighting.street",
          "channel": "app",
          "code": "[code]",
          "commune_code": "05443",
          "due_at": "2026-12-01T10:00:00Z",
          "history_intact": true,
          "id": "[id]",
          "location": {
            "lat": 21.586112,
            "lon": 105.836192
          },
          "overdue": false,
          "priority": "normal",
          "published_at": null,
          "rejection": null,
          "reopened": 0,
          "reporter": {
            "kind": "anonymous"
          },
          "reporter_kept": false,
          "status": "submitted",
          "status_since": "2026-11-23T01:02:03.456Z",
          "submitted_at": "2026-11-23T01:02:03.456Z",
          "supports": 0,
          "text": "Đèn đường trước số 7 không sáng",
          "timeline": [
            {
              "agency": "commune-05443",
              "at": "2026-11-23T01:02:03.456Z",
              "by": {
                "kind": "reporter"
              },
              "event": "feedback.submitted",
              "status": "submitted"
            }
          ],
          "title": null,
          "transfers": 0,
          "updated_at": "2026-11-23T01:02:03.456Z",
          "urgency": "normal",
          "version": 1,
          "visibility": "hidden"
        }
        "#);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn an_answer_and_a_reason_are_needed(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    for name in ["accept", "assign"] {
        step(&officer, &submitted["id"], name, json!({})).await.expect(200);
    }
    let cases = [
        ("resolve", json!({}), "/answer"),
        ("resolve", json!({ "answer": " " }), "/answer"),
        ("resolve", json!({ "answer": "x".repeat(4_001) }), "/answer"),
        ("reject", json!({}), "/reason"),
        ("reject", json!({ "reason": "because" }), "/reason"),
        ("reject", json!({ "reason": "duplicate", "go_to": "x".repeat(501) }), "/go_to"),
        ("reject", json!({ "reason": "not_responsible" }), "/go_to"),
        ("reject", json!({ "reason": "outside_province", "go_to": " " }), "/go_to"),
        ("reject", json!({ "reason": "legal_track" }), "/go_to"),
        ("start", json!({ "now": true }), "/now"),
        ("assign", json!({ "agency": "nowhere" }), "/agency"),
        ("assign", json!({ "assignee": "0199aaaa-0000-7000-8000-000000000001" }), "/assignee"),
    ];
    for (name, body, pointer) in cases {
        let flawed = step(&officer, &submitted["id"], name, body).await.expect(422);
        assert_eq!(flawed["errors"][0]["pointer"], pointer);
    }
    let rejection = json!({ "reason": "not_responsible", "go_to": "Công ty Điện lực" });
    let rejected = step(&officer, &submitted["id"], "reject", rejection.clone()).await.expect(200);
    assert_eq!((&rejected["status"], &rejected["rejection"]), (&json!("rejected"), &rejection));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_report_is_handed_to_whoever_can_answer_it(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await;
    let (own, own_id) = staff_with_id(&service, "own", "commune-05443").await;
    let (neighbour, neighbour_id) = staff_with_id(&service, "neighbour", "commune-01840").await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    let id = &submitted["id"];
    step(&officer, id, "accept", json!({})).await.expect(200);
    let assigned = step(&officer, id, "assign", json!({ "assignee": own_id })).await.expect(200);
    assert_eq!((&assigned["status"], &assigned["assignee"]), (&json!("assigned"), &json!(own_id)));
    step(&officer, id, "assign", json!({ "assignee": neighbour_id })).await.expect(422);
    let both = json!({ "assignee": own_id, "agency": "police" });
    step(&officer, id, "assign", both).await.expect(422);

    let elsewhere = json!({ "agency": "commune-01840" });
    let refused = step(&own, id, "assign", elsewhere).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/agency", "that is a transfer, and counted");
    let elsewhere = json!({ "agency": "commune-01840", "reason": "Thuộc địa bàn xã bên." });
    let moved = step(&own, id, "transfer", elsewhere).await.expect(200);
    assert_eq!((&moved["status"], &moved["transfers"]), (&json!("submitted"), &json!(1)));
    assert_eq!((&moved["agency"], &moved["assignee"]), (&json!("commune-01840"), &Value::Null));
    assert_eq!(moved["due_at"], submitted["due_at"]);
    own.get(&path(&submitted)).await.expect(404);
    step(&neighbour, id, "accept", json!({})).await.expect(200);
    step(&neighbour, id, "assign", json!({})).await.expect(200);
    step(&neighbour, id, "start", json!({})).await.expect(200);
}

pub(crate) async fn staff_with_id(
    service: &tests::Service,
    name: &str,
    agency: &str,
) -> (tests::Caller, String) {
    use domain::identity::StaffRepository as _;
    let caller = service.staff(name, Role::Officer, agency).await;
    let name = name.to_owned();
    let member = service.app.database.read(move |tx| tx.staff_by_username(&name)).await;
    (caller, member.unwrap().expect("on the staff").id.to_string())
}

#[apply(every_store)]
#[actix_web::test]
async fn what_the_law_seals_is_never_shown(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await;
    for category in ["legal.complaint", "legal.denunciation", "security.child"] {
        let sealed = but(lamp(0.0), json!({ "category": category, "attributes": {} }));
        let sealed = report(&service.anonymous(), sealed).await;
        let refused = step(&officer, &sealed["id"], "publish", json!({})).await.expect(409);
        assert_eq!(refused["allowed_actions"], json!(UNSEEN[..10]), "{category}");
        let name = sealed["code"].as_str().unwrap();
        service.anonymous().get(&format!("/v1/feedback/{name}")).await.expect(404);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_confidential_reporter_is_not_shown(#[case] store: Store) {
    let service = store.service().await;
    let (an, officer) = (service.citizen("an").await, service.officer().await);
    let open = report(&an, lamp(0.0)).await;
    let hidden = report(&an, but(lamp(1.0), json!({ "confidential": true }))).await;
    let me = an.get("/v1/me").await.expect(200);
    let open = officer.get(&path(&open)).await.expect(200);
    assert_eq!(open["reporter"], json!({ "kind": "citizen", "id": me["id"] }));
    let hidden = officer.get(&path(&hidden)).await;
    assert!(!hidden.text().contains(me["id"].as_str().unwrap()));
    assert_eq!(hidden.json()["reporter"], json!({ "kind": "confidential" }));
}

#[apply(every_store)]
#[actix_web::test]
async fn the_queue_shows_what_waits_the_one_due_first_first(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let slow = but(lamp(0.0), json!({ "category": "land.misuse", "attributes": {} }));
    let slow = report(&caller, slow).await;
    let quick = but(lamp(0.0), json!({ "category": "road.manhole", "attributes": {} }));
    let quick = report(&caller, quick).await;
    let done = report(&caller, lamp(0.0)).await;
    let officer = service.officer().await;
    step(&officer, &done["id"], "reject", json!({ "reason": "duplicate" })).await.expect(200);
    let [slow, quick, done] = [&slow, &quick, &done].map(|report| report["code"].as_str().unwrap());

    service.clock.advance(chrono::TimeDelta::days(2));
    let officer = service.officer().await;
    for (query, expected) in [
        ("", vec![quick, slow]),
        ("?overdue=true", vec![quick]),
        ("?status=rejected", vec![done]),
        ("?status=rejected,submitted", vec![quick, done, slow]),
        ("?status=rejected&overdue=true", vec![]),
        ("?category=land", vec![slow]),
        ("?commune=05443", vec![quick, slow]),
        ("?commune=01840", vec![]),
    ] {
        let list = officer.get(&format!("/v1/desk/feedback{query}")).await.expect(200);
        assert_eq!(codes(&list), expected, "{query}");
    }
    let first = officer.get("/v1/desk/feedback?limit=1").await.expect(200);
    assert_eq!((codes(&first), &first["items"][0]["overdue"]), (vec![quick], &json!(true)));
    let next = format!("/v1/desk/feedback?cursor={}", first["next_cursor"].as_str().unwrap());
    let rest = officer.get(&next).await.expect(200);
    assert_eq!((codes(&rest), &rest["next_cursor"]), (vec![slow], &Value::Null));
}
