//! What dispatchers decide about a call: its priority, notes, how it ended, taking it up again.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{every_store, me_personal::decide};

const CALLS: &str = "/v1/emergencies";
const QUEUE: &str = "/v1/dispatch/emergencies";

async fn raise(service: &Service, call: Value) -> String {
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    format!("{QUEUE}/{}", raised["id"].as_str().unwrap())
}

async fn act(caller: &Caller, desk: &str, action: &str, body: Value, status: u16) -> Value {
    caller.post(&format!("{desk}/{action}"), body).await.expect(status)
}

/// The types of what happened, without the one that every call begins with.
fn happenings(opened: &Value) -> Vec<&str> {
    let timeline = opened["timeline"].as_array().unwrap().iter();
    timeline.skip(1).map(|event| event["type"].as_str().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_dispatcher_s_priority_stands_until_worse_is_said(#[case] store: Store) {
    let service = store.service().await;
    let raised = service.anonymous().post(CALLS, json!({ "note": "ngã" })).await.expect(201);
    let mine = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let path = format!("{CALLS}/{}", raised["id"].as_str().unwrap());
    let desk = format!("{QUEUE}/{}", raised["id"].as_str().unwrap());
    raise(&service, json!({ "note": "khác", "kind": "fire" })).await;
    let dispatcher = service.dispatcher().await;
    let low = json!({ "priority": "low", "reason": "Đã có người bên cạnh" });
    assert_eq!(act(&dispatcher, &desk, "priority", low, 200).await["priority"], "low");
    let queue = dispatcher.get(QUEUE).await.expect(200);
    assert_eq!(queue["items"][1]["note"], "ngã", "it stands behind the other one");
    mine.put(&path, json!({ "note": "vẫn đau" })).await.expect(200);
    assert_eq!(dispatcher.get(&desk).await.expect(200)["priority"], "low");
    mine.put(&path, json!({ "silent": true })).await.expect(200);
    let opened = dispatcher.get(&desk).await.expect(200);
    assert_eq!(opened["priority"], "high");
    assert_eq!(opened["notes"][0]["about"], "emergency.prioritised");
    assert_eq!(opened["notes"][0]["text"], "Đã có người bên cạnh");
    assert!(happenings(&opened).contains(&"emergency.prioritised"));
    let words = opened["timeline"].to_string();
    assert!(!words.contains("bên cạnh"), "events hold nobody's words: {words}");
    let refused = act(&dispatcher, &desk, "priority", json!({ "priority": "urgent" }), 422).await;
    assert_eq!(refused["errors"][0]["pointer"], "/priority");
}

#[apply(every_store)]
#[actix_web::test]
async fn notes_are_for_dispatchers_alone_and_written_once(#[case] store: Store) {
    let service = store.service().await;
    let raised = service.anonymous().post(CALLS, json!({ "kind": "fire" })).await.expect(201);
    let id = raised["id"].as_str().unwrap();
    let desk = format!("{QUEUE}/{id}");
    let dispatcher = service.dispatcher().await;
    let keyed = dispatcher.with("Idempotency-Key", "note-1");
    let text = json!({ "text": "  Nhà có chó dữ\u{200b}\n\nGọi hàng xóm trước " });
    let first = act(&keyed, &desk, "notes", text.clone(), 201).await;
    assert_eq!(first["text"], "Nhà có chó dữ\n\nGọi hàng xóm trước");
    assert_eq!(act(&keyed, &desk, "notes", text, 201).await["id"], first["id"]);
    let reused = act(&keyed, &desk, "notes", json!({ "text": "khác" }), 422).await;
    assert_eq!(reused["code"], "idempotency_key_reused");
    act(&dispatcher, &desk, "notes", json!({ "text": "hai" }), 201).await;
    for wrong in [json!({}), json!({ "text": " " }), json!({ "text": "a".repeat(4_001) })] {
        let refused = act(&dispatcher, &desk, "notes", wrong, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], "/text");
    }
    let opened = dispatcher.get(&desk).await.expect(200);
    let notes = opened["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 2);
    assert_eq!((&notes[0]["username"], &notes[1]["text"]), (&json!("dispatcher"), &json!("hai")));
    assert_eq!(happenings(&opened), ["emergency.noted", "emergency.noted"]);
    let mine = service.anonymous().bearing(raised["token"].as_str().unwrap());
    let seen = mine.get(&format!("{CALLS}/{id}")).await.expect(200).to_string();
    assert!(!seen.contains("chó dữ"), "{seen}");
    let police = service.staff("police", Role::Dispatcher, "police").await;
    act(&police, &desk, "notes", json!({ "text": "x" }), 404).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn what_came_of_it_is_one_of_a_closed_list(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let list = dispatcher.get("/v1/dispatch/dispositions").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!((&items[0]["code"], &items[0]["name"]), (&json!("handled"), &json!("Đã xử lý")));
    let common: Vec<_> = items.iter().filter_map(|item| item["apco"].as_u64()).collect();
    assert_eq!(common, [10, 14, 17, 22, 24, 25, 38]);
    let english = dispatcher.with("Accept-Language", "en").get("/v1/dispatch/dispositions").await;
    assert_eq!(english.expect(200)["items"][3]["name"], "False alarm");

    let desk = raise(&service, json!({ "kind": "fire" })).await;
    act(&dispatcher, &desk, "claim", json!({}), 200).await;
    for unknown in [json!("x"), json!("11"), json!(11), json!(""), json!("apco_11")] {
        let wrong = json!({ "disposition": unknown });
        let refused = act(&dispatcher, &desk, "resolve", wrong, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], "/disposition", "{unknown}");
        assert_eq!(refused["errors"][0]["code"], "unknown", "{unknown}");
    }
    let named = [json!("false_alarm"), json!(17), json!("17"), json!("apco_17"), json!("handled")];
    for (disposition, code) in
        named.into_iter().zip(["false_alarm", "apco_17", "apco_17", "apco_17", "handled"])
    {
        let ended = json!({ "disposition": disposition });
        act(&dispatcher, &desk, "resolve", ended, 200).await;
        let opened = dispatcher.get(&desk).await.expect(200);
        assert_eq!(opened["outcome"]["disposition"], code);
        let last = opened["timeline"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["data"]["disposition"], code);
        act(&dispatcher, &desk, "reopen", json!({}), 200).await;
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn who_reopens_a_call_holds_it(#[case] store: Store) {
    let service = store.service().await;
    let binh = service.staff("binh", Role::Dispatcher, "fire").await;
    let desk = raise(&service, json!({ "kind": "fire" })).await;
    let dispatcher = service.dispatcher().await;
    let refused = act(&dispatcher, &desk, "reopen", json!({}), 409).await;
    assert_eq!(refused["code"], "action_not_allowed");
    act(&dispatcher, &desk, "claim", json!({}), 200).await;
    act(&dispatcher, &desk, "resolve", json!({ "disposition": "handled" }), 200).await;
    let reason = json!({ "reason": "Cháy lại" });
    let reopened = act(&binh, &desk, "reopen", reason, 200).await;
    assert_eq!(reopened["status"], "claimed");
    assert_eq!(reopened["holder"]["username"], "binh");
    let opened = binh.get(&desk).await.expect(200);
    assert_eq!(
        (&opened["outcome"], &opened["notes"][0]["text"]),
        (&json!(null), &json!("Cháy lại"))
    );
    let last = opened["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["type"], "emergency.reopened");
    assert_eq!(
        act(&dispatcher, &desk, "reopen", json!({}), 409).await["current_status"],
        "claimed"
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn a_medical_card_is_its_holder_s_to_open_and_that_is_written_down(#[case] store: Store) {
    let service = store.service().await;
    let owner = service.citizen("an").await;
    decide(&owner, "medical_card", true).await;
    owner.put("/v1/me/medical-card", json!({ "blood_type": "O-" })).await.expect(200);
    let raised = owner.post(CALLS, json!({ "kind": "fire" })).await.expect(201);
    let desk = format!("{QUEUE}/{}", raised["id"].as_str().unwrap());
    let an = service.staff("an", Role::Dispatcher, "fire").await;
    let binh = service.staff("binh", Role::Dispatcher, "fire").await;
    let auditor = service.staff("auditor", Role::Auditor, "province").await;
    let opened = async |by: &Caller| {
        by.get(&desk).await.expect(200)["caller"]["medical_card"]["blood_type"].clone()
    };
    let written = async || {
        let audit = auditor.get("/v1/admin/audit?limit=100").await.expect(200);
        let items = audit["items"].as_array().unwrap().clone();
        let cards = items.iter().filter(|item| item["action"] == "medical_card.opened");
        cards.map(|item| item["actor"]["name"].clone()).collect::<Vec<_>>()
    };
    act(&an, &desk, "claim", json!({}), 200).await;
    assert_eq!(opened(&binh).await, Value::Null);
    assert_eq!(written().await, [Value::Null; 0]);
    assert_eq!(opened(&an).await, "O-");
    assert_eq!(written().await.len(), 1);
    act(&binh, &desk, "take-over", json!({ "reason": "Hết ca" }), 200).await;
    assert_eq!((opened(&an).await, opened(&binh).await), (Value::Null, json!("O-")));
    assert_eq!(written().await.len(), 2);
    act(&binh, &desk, "resolve", json!({ "disposition": "handled" }), 200).await;
    assert_eq!(opened(&binh).await, Value::Null, "nobody holds what has ended");
}
