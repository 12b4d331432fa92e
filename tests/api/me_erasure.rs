//! Taking one's data along, and being forgotten.

use api::chores;
use chrono::TimeDelta;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, everything};

use crate::{every_store, me_personal::decide, revocation::is_refused};

/// Words and numbers that only An has said.
const WORDS: [&str; 4] = ["Khong tho duoc", "Hen suyen nang", "Duong rieng", "912000111"];

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// An lives in the service: agrees, keeps a card, calls for help, reports something.
pub(crate) async fn lived_in(service: &Service) -> (Caller, String) {
    let an = service.citizen("an").await;
    for purpose in ["medical_card", "emergency_contacts", "push"] {
        decide(&an, purpose, true).await;
    }
    let card = json!({ "conditions": ["Hen suyen nang"] });
    an.put("/v1/me/medical-card", card).await.expect(200);
    let mother = json!({ "name": "Me", "phone": "0912000111" });
    an.put("/v1/me/emergency-contacts", json!({ "items": [mother] })).await.expect(200);
    an.post("/v1/me/devices", json!({ "platform": "web" })).await.expect(201);
    let place = json!({ "lat": 21.5928, "lon": 105.8442 });
    let call = json!({ "kind": "medical", "note": "Khong tho duoc", "location": place });
    let raised = an.post("/v1/emergencies", call).await.expect(201);
    let report = json!({
        "category": "lighting.street", "text": "Duong rieng khong co den",
        "attributes": { "fault": "out" }, "location": place
    });
    an.post("/v1/feedback", report).await.expect(201);
    (an, text(&raised["id"]))
}

pub(crate) async fn settle(service: &Service, emergency: &str) {
    let dispatcher = service.dispatcher().await;
    let path = format!("/v1/dispatch/emergencies/{emergency}");
    dispatcher.post(&format!("{path}/claim"), json!({})).await.expect(200);
    let handled = json!({ "disposition": "handled" });
    dispatcher.post(&format!("{path}/resolve"), handled).await.expect(200);
}

pub(crate) async fn work(service: &Service) {
    chores::tick(&service.app.database, &service.app.now()).await.unwrap();
}

fn holds(everything: &[u8], text: &str) -> bool {
    everything.windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

#[apply(every_store)]
#[actix_web::test]
async fn the_archive_holds_everything_of_its_owner_and_of_nobody_else(#[case] store: Store) {
    let service = store.service().await;
    let (an, emergency) = lived_in(&service).await;
    let stranger = service.anonymous();
    let words = json!({ "note": "Loi nguoi la" });
    stranger.put(&format!("/v1/emergencies/{emergency}"), words).await;
    let answer = an.get("/v1/me/export").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-disposition").starts_with("attachment"));
    let archive = answer.expect(200);
    for word in WORDS {
        assert!(archive.to_string().contains(word), "{word} is missing");
    }
    assert!(!archive.to_string().contains("Loi nguoi la"), "what strangers say is theirs");
    assert_eq!(archive["account"], an.get("/v1/me").await.expect(200));
    for (list, count) in [("sessions", 1), ("consents", 3), ("devices", 1), ("emergencies", 1)] {
        assert_eq!(archive[list].as_array().unwrap().len(), count, "{list}");
    }
    assert_eq!(archive["emergencies"][0]["locations"].as_array().unwrap().len(), 1);
    let binh = service.citizen("binh").await.get("/v1/me/export").await.expect(200);
    for word in WORDS {
        assert!(!binh.to_string().contains(word), "{word} is somebody else's");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn who_asks_is_hidden_at_once_and_erased_soon(#[case] store: Store) {
    let service = store.service().await;
    let (an, emergency) = lived_in(&service).await;
    settle(&service, &emergency).await;
    let withdrawn = json!({
        "category": "lighting.street", "text": "Chuyen da rut lai", "attributes": { "fault": "out" },
        "location": { "lat": 21.5928, "lon": 105.8442 }
    });
    let report = an.post("/v1/feedback", withdrawn).await.expect(201);
    let withdraw = format!("/v1/feedback/{}/withdraw", text(&report["id"]));
    an.post(&withdraw, json!({})).await.expect(200);
    let before = an.get("/v1/me").await.expect(200);
    let told = an.delete("/v1/me").await.expect(202);
    let kept: Vec<_> = told["kept"].as_array().unwrap().iter().map(|kept| &kept["what"]).collect();
    assert_eq!(kept, ["published_reports", "consent_ledger"]);
    for path in ["/v1/me", "/v1/me/export", "/v1/me/medical-card", "/v1/me/devices"] {
        assert_eq!(an.get(path).await.status(), 401, "{path}");
    }
    assert_eq!(an.delete("/v1/me").await.status(), 401);
    // Lists do not look at the account: the token itself has ended.
    assert!(is_refused(&an, "/v1/me/feedback").await);
    // Whoever has the number now begins anew.
    let again = service.citizen("an").await.get("/v1/me").await.expect(200);
    assert_ne!(again["id"], before["id"]);
    work(&service).await;
    let dispatcher = service.dispatcher().await;
    let path = format!("/v1/dispatch/emergencies/{emergency}");
    let opened = dispatcher.get(&path).await.expect(200);
    assert_eq!(opened["caller"]["account_phone"], json!(null));
    assert_eq!(opened["locations"], json!([]));
    assert!(!opened.to_string().contains("Khong tho duoc"));
    // What its last access token wrote goes too.
    service.clock.advance(TimeDelta::minutes(16));
    work(&service).await;
    let id = text(&before["id"]);
    let log = service.administrator().await;
    let entries = log.get("/v1/admin/audit?action=citizen.erased").await.expect(200);
    assert_eq!(entries["items"][0]["subject"], json!(id), "the tombstone is told");
    let left = everything(&service.app.settings.database().unwrap().url);
    assert!(holds(&left, "Duong rieng"), "somebody still has to mend the street");
    // The embedded store writes over what was erased when it next needs the space.
    assert!(!holds(&left, "Chuyen da rut lai") || store == Store::Sqlite);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_open_emergency_goes_on_with_its_caller_known(#[case] store: Store) {
    let service = store.service().await;
    let (an, emergency) = lived_in(&service).await;
    let told = an.delete("/v1/me").await.expect(202);
    assert_eq!(told["kept"][0]["what"], "open_emergency");
    let path = format!("/v1/dispatch/emergencies/{emergency}");
    for _ in 0..2 {
        service.clock.advance(TimeDelta::hours(2));
        work(&service).await;
        let dispatcher = service.dispatcher().await;
        dispatcher.post(&format!("{path}/claim"), json!({})).await.expect(200);
        let opened = dispatcher.get(&path).await.expect(200);
        assert!(opened["caller"]["account_phone"].is_string(), "{opened}");
        assert_eq!(opened["caller"]["medical_card"]["conditions"], json!(["Hen suyen nang"]));
        assert_eq!(opened["note"], "Khong tho duoc");
    }
    settle(&service, &emergency).await;
    service.clock.advance(TimeDelta::hours(2));
    work(&service).await;
    let opened = service.dispatcher().await.get(&path).await.expect(200);
    assert_eq!(opened["caller"]["account_phone"], json!(null));
    assert_eq!(opened["note"], json!(null));
}

#[apply(every_store)]
#[actix_web::test]
async fn what_a_hold_names_is_kept_until_it_is_lifted(#[case] store: Store) {
    let service = store.service().await;
    let (an, emergency) = lived_in(&service).await;
    settle(&service, &emergency).await;
    let administrator = service.administrator().await;
    let hold = json!({ "subject": emergency, "reason": "Quyết định số 12/QĐ" });
    let placed = administrator.post("/v1/admin/legal-holds", hold).await.expect(201);
    assert_eq!(an.delete("/v1/me").await.expect(202)["kept"][0]["what"], "legal_hold");
    let note = async || {
        let path = format!("/v1/dispatch/emergencies/{emergency}");
        service.dispatcher().await.get(&path).await.expect(200)["note"].clone()
    };
    service.clock.advance(TimeDelta::hours(2));
    work(&service).await;
    assert_eq!(note().await, "Khong tho duoc");
    let path = format!("/v1/admin/legal-holds/{}", text(&placed["id"]));
    let administrator = service.administrator().await;
    let standing = administrator.get("/v1/admin/legal-holds").await.expect(200);
    assert_eq!(standing["items"], json!([placed]));
    administrator.delete(&path).await.expect(204);
    administrator.delete(&path).await.expect(404);
    service.clock.advance(TimeDelta::hours(2));
    work(&service).await;
    assert_eq!(note().await, json!(null));
}

#[actix_web::test]
async fn a_hold_says_why_and_staff_have_no_account_to_erase() {
    let service = Store::Sqlite.service().await;
    for staff in [service.dispatcher().await, service.administrator().await] {
        assert_eq!(staff.delete("/v1/me").await.status(), 403);
    }
    let administrator = service.administrator().await;
    let hold = json!({ "subject": "0193572a-0000-7000-8000-000000000000", "reason": " " });
    let told = administrator.post("/v1/admin/legal-holds", hold).await.expect(422);
    assert_eq!(told["errors"][0]["pointer"], "/reason");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_hold_names_something_that_is_there_and_nobody_reads_it_in_secret(#[case] store: Store) {
    let service = store.service().await;
    let (_, emergency) = lived_in(&service).await;
    let administrator = service.administrator().await;
    let path = "/v1/admin/legal-holds";
    let nothing = "0193572a-0000-7000-8000-000000000000";
    let hold = json!({ "subject": nothing, "reason": "Quyet dinh 12" });
    let told = administrator.post(path, hold).await.expect(422);
    assert_eq!(told["errors"][0]["pointer"], "/subject");
    let hold = json!({ "subject": emergency, "reason": "Quyet dinh 12" });
    let placed = administrator.post(path, hold).await.expect(201);
    let standing = administrator.get(path).await.expect(200);
    assert_eq!(standing["items"][0]["reason"], "Quyet dinh 12");
    let left = everything(&service.app.settings.database().unwrap().url);
    assert!(!holds(&left, "Quyet dinh 12"), "the reason can be read in the store");
    let auditor = service.staff("auditor", domain::identity::Role::Auditor, "province").await;
    let read = auditor.get("/v1/admin/audit?action=hold.read").await.expect(200);
    assert_eq!(read["items"][0]["subject"], placed["id"]);
}
