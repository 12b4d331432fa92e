//! One's own personal data: agreeing, the medical card, contacts, devices.

use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::every_store;

/// Agrees to `purpose`, or takes it back.
pub(crate) async fn decide(caller: &Caller, purpose: &str, granted: bool) -> Value {
    let decision = json!({ "purpose": purpose, "text_version": 1, "granted": granted });
    caller.put("/v1/me/consents", json!({ "items": [decision] })).await.expect(200)
}

fn granted(consents: &Value, purpose: &str) -> bool {
    let items = consents["items"].as_array().unwrap();
    items.iter().find(|item| item["purpose"] == purpose).unwrap()["granted"] == true
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_has_agreed_before_they_say_so(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let before = an.get("/v1/me/consents").await.expect(200);
    for item in before["items"].as_array().unwrap() {
        assert_eq!((&item["granted"], &item["decided_at"]), (&json!(false), &json!(null)));
        assert!(item["text"]["vi"].as_str().unwrap().len() > 20, "{item}");
    }
    let after = decide(&an, "medical_card", true).await;
    assert!(granted(&after, "medical_card") && !granted(&after, "push"));
    assert_eq!(an.get("/v1/me/consents").await.expect(200), after);
    let stranger = service.citizen("binh").await;
    assert!(!granted(&stranger.get("/v1/me/consents").await.expect(200), "medical_card"));
    assert!(!granted(&decide(&an, "medical_card", false).await, "medical_card"));
}

#[actix_web::test]
async fn who_agrees_agrees_to_the_text_of_today() {
    let service = Store::Sqlite.service().await;
    let an = service.citizen("an").await;
    let refused = async |decision: Value| {
        let told = an.put("/v1/me/consents", json!({ "items": [decision] })).await.expect(422);
        told["errors"][0]["pointer"].as_str().unwrap().to_owned()
    };
    let old = json!({ "purpose": "push", "text_version": 0, "granted": true });
    assert_eq!(refused(old).await, "/items/0/text_version");
    let unknown = json!({ "purpose": "spam", "text_version": 1, "granted": true });
    assert_eq!(refused(unknown).await, "/items/0/purpose");
    let silent = json!({ "purpose": "push", "text_version": 1 });
    assert_eq!(refused(silent).await, "/items/0/granted");
}

fn card() -> Value {
    json!({
        "blood_type": "O-", "allergies": ["penicillin "], "conditions": ["hen suyễn", " "],
        "medications": [], "note": "Mang ống hít"
    })
}

#[apply(every_store)]
#[actix_web::test]
async fn a_card_is_kept_while_its_owner_agrees_and_erased_when_not(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let told = an.put("/v1/me/medical-card", card()).await.expect(409);
    assert_eq!(
        (&told["code"], &told["purpose"]),
        (&json!("consent_required"), &json!("medical_card"))
    );
    decide(&an, "medical_card", true).await;
    let kept = an.put("/v1/me/medical-card", card()).await;
    assert_eq!(kept.header("cache-control"), "no-store");
    let kept = kept.expect(200);
    assert_eq!(kept["allergies"], json!(["penicillin"]));
    assert_eq!(kept["conditions"], json!(["hen suyễn"]));
    assert_eq!(an.get("/v1/me/medical-card").await.expect(200), kept);
    decide(&an, "medical_card", false).await;
    decide(&an, "medical_card", true).await;
    let empty = an.get("/v1/me/medical-card").await.expect(200);
    assert_eq!(empty["blood_type"], json!(null), "what was taken back does not come back");
}

#[actix_web::test]
async fn a_card_that_holds_too_much_is_refused_with_a_pointer() {
    let service = Store::Sqlite.service().await;
    let an = service.citizen("an").await;
    decide(&an, "medical_card", true).await;
    let refused = async |card: Value| {
        let told = an.put("/v1/me/medical-card", card).await.expect(422);
        told["errors"][0]["pointer"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(json!({ "allergies": vec!["x"; 31] })).await, "/allergies");
    assert_eq!(refused(json!({ "note": "x".repeat(2001) })).await, "/note");
    assert_eq!(refused(json!({ "blood_type": "C+" })).await, "/blood_type");
    assert_eq!(refused(json!({ "allergies": ["a\u{0}b"] })).await, "/allergies/0");
}

#[apply(every_store)]
#[actix_web::test]
async fn who_handles_the_owners_call_sees_card_and_contacts(#[case] store: Store) {
    let service = store.service().await;
    let (an, dispatcher) = (service.citizen("an").await, service.dispatcher().await);
    for purpose in ["medical_card", "emergency_contacts"] {
        decide(&an, purpose, true).await;
    }
    an.put("/v1/me/medical-card", card()).await.expect(200);
    let mother = json!({ "name": "Mẹ", "phone": "0912 000 111", "relation": "mẹ" });
    an.put("/v1/me/emergency-contacts", json!({ "items": [mother] })).await.expect(200);
    let open = async |body: Value| {
        let raised = an.post("/v1/emergencies", body).await.expect(201);
        let path = format!("/v1/dispatch/emergencies/{}", raised["id"].as_str().unwrap());
        let unclaimed = dispatcher.get(&path).await.expect(200)["caller"].clone();
        assert_eq!(
            (&unclaimed["medical_card"], &unclaimed["emergency_contacts"]),
            (&json!(null), &json!([])),
            "only the holder sees them"
        );
        dispatcher.post(&format!("{path}/claim"), json!({})).await.expect(200);
        dispatcher.get(&path).await.expect(200)["caller"].clone()
    };
    let caller = open(json!({ "kind": "medical", "note": "khó thở" })).await;
    assert_eq!(caller["medical_card"]["blood_type"], "O-");
    assert_eq!(caller["emergency_contacts"][0]["phone"], "+84912000111");
    let for_another = json!({ "kind": "fire", "on_behalf_of": { "name": "hàng xóm" } });
    assert_eq!(open(for_another).await["medical_card"], json!(null), "it would mislead");
    decide(&an, "medical_card", false).await;
    let caller = open(json!({ "kind": "medical", "note": "lại khó thở" })).await;
    assert_eq!(caller["medical_card"], json!(null));
    assert_eq!(caller["emergency_contacts"][0]["name"], "Mẹ");
}

#[actix_web::test]
async fn contacts_are_five_at_most_with_names_and_numbers() {
    let service = Store::Sqlite.service().await;
    let an = service.citizen("an").await;
    decide(&an, "emergency_contacts", true).await;
    let refused = async |items: Value| {
        let body = json!({ "items": items });
        let told = an.put("/v1/me/emergency-contacts", body).await.expect(422);
        told["errors"][0]["pointer"].as_str().unwrap().to_owned()
    };
    let contact = json!({ "name": "Mẹ", "phone": "0912000111" });
    assert_eq!(refused(json!(vec![contact.clone(); 6])).await, "/items");
    assert_eq!(refused(json!([contact, { "name": "Bố", "phone": "12" }])).await, "/items/1/phone");
    assert_eq!(refused(json!([{ "name": " ", "phone": "0912000111" }])).await, "/items/0/name");
    let none = an.get("/v1/me/emergency-contacts").await.expect(200);
    assert_eq!(none, json!({ "items": [] }));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_device_is_told_of_again_and_belongs_to_one_person(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let id = "0193572a-1111-4000-8000-000000000001";
    let phone = json!({ "id": id, "platform": "android", "push_token": "secret-token" });
    let told = an.post("/v1/me/devices", phone.clone()).await.expect(409);
    assert_eq!(told["purpose"], "push");
    for caller in [&an, &binh] {
        decide(caller, "push", true).await;
    }
    let first = an.post("/v1/me/devices", phone.clone()).await.expect(201);
    assert_eq!(an.post("/v1/me/devices", phone.clone()).await.expect(201), first);
    assert_eq!(binh.post("/v1/me/devices", phone).await.expect(409)["code"], "id_taken");
    // The phone changes hands: its token wakes its new owner alone.
    let sold = json!({ "platform": "android", "push_token": "secret-token", "name": "Máy cũ" });
    binh.post("/v1/me/devices", sold).await.expect(201);
    let of =
        async |caller: &Caller| caller.get("/v1/me/devices").await.expect(200)["items"].clone();
    let (ans, binhs) = (of(&an).await, of(&binh).await);
    assert!(ans.as_array().unwrap().iter().all(|device| device["wakeable"] == false), "{ans}");
    assert_eq!(binhs[0]["wakeable"], true);
    assert!(!binhs.to_string().contains("secret-token"));
    let path = format!("/v1/me/devices/{}", binhs[0]["id"].as_str().unwrap());
    an.delete(&path).await.expect(404);
    binh.delete(&path).await.expect(204);
    binh.delete(&path).await.expect(404);
}

#[actix_web::test]
async fn devices_beyond_twenty_fall_away_and_bad_ones_are_refused() {
    let service = Store::Sqlite.service().await;
    let an = service.citizen("an").await;
    for number in 0..25 {
        let device = json!({ "platform": "web", "name": format!("Máy {number}") });
        service.clock.advance(chrono::TimeDelta::seconds(1));
        an.post("/v1/me/devices", device).await.expect(201);
    }
    let devices = an.get("/v1/me/devices").await.expect(200);
    assert_eq!(devices["items"].as_array().unwrap().len(), 20);
    assert_eq!(devices["items"][0]["name"], "Máy 24");
    let told = an.post("/v1/me/devices", json!({ "platform": "toaster" })).await.expect(422);
    assert_eq!(told["errors"][0]["pointer"], "/platform");
    let token = json!({ "platform": "ios", "push_token": "với dấu cách" });
    let told = an.post("/v1/me/devices", token).await.expect(422);
    assert_eq!(told["errors"][0]["pointer"], "/push_token");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_guardian_who_agrees_speaks_for_children_until_they_are_sixteen(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let child = json!({ "name": "Bé Na", "born_on": "2010-11-24" });
    let told = an.post("/v1/me/children", child.clone()).await.expect(409);
    assert_eq!(told["purpose"], "children");
    decide(&an, "children", true).await;
    let added = an.post("/v1/me/children", child).await.expect(201);
    let of =
        async |caller: &Caller| caller.get("/v1/me/children").await.expect(200)["items"].clone();
    assert_eq!(of(&an).await, json!([added]));
    assert_eq!(an.get("/v1/me/export").await.expect(200)["children"], json!([added]));
    for born_on in ["2010-11-23", "2026-11-24", "x"] {
        let wrong = json!({ "name": "Bé", "born_on": born_on });
        let told = an.post("/v1/me/children", wrong).await.expect(422);
        assert_eq!(told["errors"][0]["pointer"], "/born_on", "{born_on}");
    }
    let path = format!("/v1/me/children/{}", added["id"].as_str().unwrap());
    assert_eq!(of(&binh).await, json!([]));
    binh.delete(&path).await.expect(404);
    an.delete(&path).await.expect(204);
    an.delete(&path).await.expect(404);
    let younger = json!({ "name": "Bé Nấm", "born_on": "2024-02-29" });
    an.post("/v1/me/children", younger).await.expect(201);
    decide(&an, "children", false).await;
    assert_eq!(of(&an).await, json!([]), "what was taken back is erased");
}
