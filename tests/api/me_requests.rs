//! The register of what people ask to be done with their data.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store};

use crate::every_store;

async fn data_officer(service: &Service) -> Caller {
    service.staff("data-officer", Role::AgencyManager, "province").await
}

async fn ask(citizen: &Caller, kind: &str) -> Value {
    let request = json!({ "kind": kind, "text": "Sửa ngày sinh của tôi" });
    citizen.post("/v1/me/requests", request).await.expect(201)
}

fn path(request: &Value, action: &str) -> String {
    format!("/v1/admin/subject-requests/{}/{action}", request["id"].as_str().unwrap())
}

/// `officer` handles a request at the version they saw.
async fn handle(officer: &Caller, seen: &Value, action: &str, body: &Value) -> Answer {
    let officer = officer.with("If-Match", &format!("\"{}\"", seen["version"]));
    officer.post(&path(seen, action), body.clone()).await
}

#[apply(every_store)]
#[actix_web::test]
async fn a_request_goes_its_way_within_the_legal_time(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    // Monday, 23 November 2026; Tuesday is a holiday, so two working days end on Thursday.
    let request = ask(&an, "correction").await;
    assert_eq!(request["status"], "received");
    assert_eq!(request["acknowledge_by"], "2026-11-26T10:00:00Z");
    let due: chrono::DateTime<chrono::Utc> = request["due_at"].as_str().unwrap().parse().unwrap();
    assert!(due <= service.app.now().at + TimeDelta::days(10), "{due}");
    let officer = data_officer(&service).await;
    let listed = officer.get("/v1/admin/subject-requests").await.expect(200);
    assert_eq!(listed["items"][0]["text"], "Sửa ngày sinh của tôi");
    let nothing = json!({});
    officer.post(&path(&request, "acknowledge"), json!({})).await.expect(428);
    let acknowledged = handle(&officer, &request, "acknowledge", &nothing).await.expect(200);
    assert_eq!(acknowledged["status"], "acknowledged");
    let again = handle(&officer, &acknowledged, "acknowledge", &nothing).await.expect(409);
    assert_eq!(again["code"], "action_not_allowed");
    let why = json!({ "reason": "Cần đối chiếu sổ hộ tịch" });
    let blindly = handle(&officer, &request, "extend", &why).await;
    assert_eq!(blindly.header("etag"), "\"2\"");
    blindly.expect(412);
    let extended = handle(&officer, &acknowledged, "extend", &why).await.expect(200);
    assert!(extended["due_at"].as_str() > request["due_at"].as_str());
    handle(&officer, &extended, "extend", &why).await.expect(409);
    let end = json!({ "outcome": "done", "answer": "Đã sửa." });
    let closed = handle(&officer, &extended, "close", &end).await.expect(200);
    assert_eq!((&closed["status"], &closed["answer"]), (&json!("done"), &json!("Đã sửa.")));
    handle(&officer, &closed, "close", &end).await.expect(409);
    assert_eq!(an.get("/v1/me/requests").await.expect(200)["items"], json!([closed]));
    let told = an.get("/v1/me/notifications").await.expect(200);
    assert_eq!(told["items"][0]["text"], "Đã sửa.");
    let left = officer.get("/v1/admin/subject-requests").await.expect(200);
    assert_eq!(left["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn the_register_is_for_those_of_the_province_who_answer(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let request = ask(&an, "access").await;
    let elsewhere = service.staff("elsewhere", Role::AgencyManager, "police").await;
    assert_eq!(elsewhere.get("/v1/admin/subject-requests").await.status(), 403);
    assert_eq!(elsewhere.post(&path(&request, "acknowledge"), json!({})).await.status(), 403);
    let administrator = service.administrator().await;
    assert_eq!(administrator.get("/v1/admin/subject-requests").await.status(), 403);
    let binh = service.citizen("binh").await;
    assert_eq!(binh.get("/v1/me/requests").await.expect(200)["items"], json!([]));
    let officer = data_officer(&service).await;
    let unknown = "/v1/admin/subject-requests/0193572a-0000-7000-8000-000000000000/acknowledge";
    officer.with("If-Match", "\"1\"").post(unknown, json!({})).await.expect(404);
}

#[actix_web::test]
async fn ten_are_enough_and_what_is_no_request_is_refused() {
    let service = Store::Sqlite.service().await;
    let an = service.citizen("an").await;
    for body in [
        json!({ "kind": "revenge", "text": "x" }),
        json!({ "kind": "access", "text": " " }),
        json!({ "kind": "access", "text": "x".repeat(2_001) }),
        json!({ "kind": "access" }),
    ] {
        an.post("/v1/me/requests", body).await.expect(422);
    }
    for _ in 0..10 {
        ask(&an, "objection").await;
    }
    let eleventh = json!({ "kind": "access", "text": "x" });
    let told = an.post("/v1/me/requests", eleventh).await.expect(409);
    assert_eq!(told["code"], "action_not_allowed");
    let officer = data_officer(&service).await;
    let first = officer.get("/v1/admin/subject-requests?limit=7").await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = officer.get(&format!("/v1/admin/subject-requests?limit=7&cursor={cursor}")).await;
    assert_eq!(rest.expect(200)["items"].as_array().unwrap().len(), 3);
}

#[apply(every_store)]
#[actix_web::test]
async fn of_two_who_handle_a_request_at_once_one_does(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let request = ask(&an, "restriction").await;
    let officer = data_officer(&service).await;
    let end = |outcome: &str| json!({ "outcome": outcome, "answer": "Trả lời." });
    let (done, refused) = (end("done"), end("refused"));
    let (one, two) = tokio::join!(
        handle(&officer, &request, "close", &done),
        handle(&officer, &request, "close", &refused)
    );
    let mut statuses = [one.status(), two.status()];
    statuses.sort_unstable();
    assert!([[200, 409], [200, 412]].contains(&statuses), "{statuses:?}");
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_reads_a_request_is_written_down_under_its_person(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    ask(&an, "correction").await;
    data_officer(&service).await.get("/v1/admin/subject-requests").await.expect(200);
    let auditor = service.staff("auditor", Role::Auditor, "province").await;
    let read = auditor.get("/v1/admin/audit?action=subject_requests.read").await.expect(200);
    let me = an.get("/v1/me").await.expect(200);
    assert_eq!(read["items"][0]["subject"], me["id"]);
}
