//! Intake never refuses: whatever is sent, it is a call for help.

use std::{
    io::Write as _,
    net::{Shutdown, TcpStream},
    time::{Duration, Instant},
};

use insta::{allow_duplicates, assert_json_snapshot};
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";

/// Sends `body` as it is.
async fn send(caller: &Caller, path: &str, body: impl Into<reqwest::Body>) -> Answer {
    caller.send(caller.request(Method::POST, path).body(body)).await
}

/// The emergency as a dispatcher of the province sees it.
async fn opened(dispatcher: &Caller, id: &Value) -> Value {
    dispatcher.get(&format!("/v1/dispatch/emergencies/{}", id.as_str().unwrap())).await.expect(200)
}

#[apply(every_store)]
#[actix_web::test]
async fn nothing_is_required(#[case] store: Store) {
    let service = store.service().await;
    let raised = service.anonymous().post(CALLS, json!({})).await.expect(201);
    allow_duplicates! {
        assert_json_snapshot!(raised, {
        ".id" => "[id]", ".receipt" => "[receipt]", ".token" => "[token]",
    }, @r#"
    {
      "advice": [
        "Hãy gọi ngay 112: chưa có người trực nào nhận cuộc gọi này.",
        "Cuộc gọi của bạn đã được lưu và hiện trên màn hình của người trực. Hãy giữ máy.",
        "113 Công an · 114 Cứu hỏa · 115 Cấp cứu · 112 Tìm kiếm cứu nạn · 111 Bảo vệ trẻ em"
      ],
      "allowed_actions": [
        "update",
        "cancel"
      ],
      "cancel_requested": false,
      "id": "[id]",
      "next_update_s": 10,
      "queue": null,
      "receipt": "[receipt]",
      "received_at": "2026-11-23T01:02:03.456Z",
      "staffed": false,
      "status": "received",
      "token": "[token]"
    }
    "#);
    }
    let receipt = raised["receipt"].as_str().unwrap();
    assert!(receipt.parse::<domain::emergency::Receipt>().is_ok(), "{receipt}");
}

#[apply(every_store)]
#[actix_web::test]
async fn all_that_is_said_is_kept(#[case] store: Store) {
    let service = store.service().await;
    let call = json!({
        "kind": "fire", "note": "Cháy nhà\u{0} ở xóm 3", "people": 4, "phone": "0912 345 678",
        "landmark": "cạnh trạm y tế", "on_behalf_of": {"name": "Bà Lan"}, "age_ms": 90_000,
        "location": {
            "lat": 21.5928, "lon": 105.8442, "accuracy_m": 12.5, "altitude_m": 31,
            "vertical_accuracy_m": 4, "confidence": 0.95, "source": "gps", "speed_mps": 2,
            "bearing_deg": 270, "fixed_at": "1999-12-31T00:00:00Z", "age_ms": 10_000,
            "battery_pct": 18, "mock": false,
        },
    });
    let raised = service.anonymous().post(CALLS, call).await.expect(201);
    assert_eq!(raised["next_update_s"], 40, "a weak battery is spared");
    let dispatcher = service.dispatcher().await;
    let opened = opened(&dispatcher, &raised["id"]).await;
    allow_duplicates! {
        assert_json_snapshot!(opened, {
        ".id" => "[id]", ".receipt" => "[receipt]",
    }, @r#"
    {
      "age_s": 0,
      "agency": "fire",
      "allowed_actions": [
        "claim",
        "set_priority",
        "merge",
        "correct"
      ],
      "callbacks": [],
      "caller": {
        "account_phone": null,
        "display_name": null,
        "emergency_contacts": [],
        "medical_card": null,
        "phone": "0912 345 678",
        "signed_in": false
      },
      "cancel_requested": false,
      "commune_code": "05443",
      "corrections": [],
      "dangers": [],
      "delayed_s": 90,
      "dispatches": [],
      "doubts": [],
      "drill": false,
      "escalation": {
        "agency": null,
        "everyone": false,
        "level": 0,
        "since": "2026-11-23T01:02:03.456Z"
      },
      "holder": null,
      "household": null,
      "id": "[id]",
      "kind": "fire",
      "landmark": "cạnh trạm y tế",
      "late": false,
      "location": {
        "accuracy_m": 12.5,
        "age_s": 10,
        "altitude_m": 31.0,
        "battery_pct": 18.0,
        "bearing_deg": 270.0,
        "confidence": 0.95,
        "fixed_at": "2026-11-23T01:01:53.456Z",
        "lat": 21.5928,
        "lon": 105.8442,
        "may_be_last": false,
        "mock": false,
        "radius_m": 33.0,
        "received_at": "2026-11-23T01:02:03.456Z",
        "source": "gps",
        "speed_mps": 2.0,
        "vertical_accuracy_m": 4.0
      },
      "locations": [
        {
          "accuracy_m": 12.5,
          "age_s": 10,
          "altitude_m": 31.0,
          "battery_pct": 18.0,
          "bearing_deg": 270.0,
          "confidence": 0.95,
          "fixed_at": "2026-11-23T01:01:53.456Z",
          "lat": 21.5928,
          "lon": 105.8442,
          "may_be_last": false,
          "mock": false,
          "radius_m": 33.0,
          "received_at": "2026-11-23T01:02:03.456Z",
          "source": "gps",
          "speed_mps": 2.0,
          "vertical_accuracy_m": 4.0
        }
      ],
      "merged": 0,
      "merged_emergencies": [],
      "merged_into": null,
      "needs_review": false,
      "note": "Cháy nhà ở xóm 3",
      "notes": [],
      "on_behalf_of": {
        "name": "Bà Lan"
      },
      "outcome": null,
      "overheard": false,
      "people": 4,
      "phone": "•••••••••678",
      "possible_duplicates": [],
      "priority": "normal",
      "proposed_unit": null,
      "questions": [],
      "receipt": "[receipt]",
      "received_at": "2026-11-23T01:02:03.456Z",
      "routed_by": "commune",
      "silent": false,
      "silent_since": null,
      "statements": [],
      "status": "received",
      "suspect": false,
      "taken_by": null,
      "timeline": [
        {
          "at": "2026-11-23T01:02:03.456Z",
          "data": {
            "agency": "fire",
            "drill": false,
            "holder_id": null,
            "kind": "fire",
            "priority": "normal",
            "routed_by": "commune",
            "status": "received",
            "version": 1
          },
          "type": "emergency.received"
        }
      ],
      "transfer": null,
      "units": [],
      "unread": {},
      "version": 1,
      "waiting_s": 0
    }
    "#);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn whatever_bytes_come_are_a_call(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let dispatcher = service.dispatcher().await;
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: Vec<(Vec<u8>, &[&str])> = vec![
        (b"".to_vec(), &["body"]),
        (b"{\"kind\":\"fire\",\"note\":\"gi".to_vec(), &["body"]),
        ("cháy nhà ở xóm 3".into(), &["body"]),
        (b"\xff\xfe\x00\x01".to_vec(), &["body"]),
        (b"null".to_vec(), &["body"]),
        (b"{\"note\":\"\\u0000 gi\\u00fap\"}".to_vec(), &[]),
        (b"{\"note\":\"\\ud800 gi\\u00fap\"}".to_vec(), &[]),
        (b"{\"people\":1e999}".to_vec(), &["people"]),
        (
            b"{\"kind\":7,\"silent\":{},\"location\":\"here\"}".to_vec(),
            &["silent", "kind", "location"],
        ),
        (b"{\"location\":{\"lat\":91,\"lon\":105}}".to_vec(), &["location.lat", "location.lon"]),
        (b"kind=fire&note=help".to_vec(), &["body"]),
        (deep.into_bytes(), &[]),
        (format!("{{\"note\":\"{}\"}}", "x".repeat(250_000)).into_bytes(), &[]),
    ];
    for (body, doubts) in bodies {
        let head = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let raised = send(&caller, CALLS, body).await.expect(201);
        let opened = opened(&dispatcher, &raised["id"]).await;
        assert_eq!(opened["doubts"], json!(doubts), "{head}");
        assert_eq!(opened["needs_review"], !doubts.is_empty(), "{head}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_cannot_be_read_is_kept_as_it_came(#[case] store: Store) {
    let service = store.service().await;
    let (caller, dispatcher) = (service.anonymous(), service.dispatcher().await);
    let unread = async |body: &str| {
        let raised = send(&caller, CALLS, body.to_owned()).await.expect(201);
        opened(&dispatcher, &raised["id"]).await["unread"].clone()
    };
    assert_eq!(unread("giúp tôi").await, json!({ "": "giúp tôi" }));
    assert_eq!(unread(r#"{"kind":"flood"}"#).await, json!({ "kind": "flood" }));
    assert_eq!(unread(r#"{"colour":["red"]}"#).await, json!({ "colour": ["red"] }));
    let cut = unread(&format!("x{}", "y".repeat(100_000))).await;
    assert_eq!(cut[""].as_str().unwrap().len(), 16 * 1024);
}

#[actix_web::test]
async fn a_cut_body_still_says_what_stands_before_the_cut() {
    let service = Store::Sqlite.service().await;
    let cut = r#"{"kind":"fire","location":{"lat":21.59,"lon":105.84},"note":"chá"#;
    let raised = send(&service.anonymous(), CALLS, cut).await.expect(201);
    let opened = opened(&service.dispatcher().await, &raised["id"]).await;
    assert_eq!(opened["kind"], "fire");
    assert_eq!(opened["agency"], "fire");
    assert_eq!(opened["location"]["lat"], 21.59);
}

#[apply(every_store)]
#[actix_web::test]
async fn no_content_type_and_no_authorization_is_a_reason(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let refused = [
        ("Authorization", "Bearer expired.garbled.token"),
        ("Authorization", "Bearer ctn_e_AAAA"),
        ("Authorization", "Basic !!"),
    ];
    for (name, value) in refused {
        let caller = service.anonymous().with(name, value);
        let raised = caller.post(CALLS, json!({ "kind": "police" })).await.expect(201);
        let opened = opened(&dispatcher, &raised["id"]).await;
        assert_eq!(opened["doubts"], json!(["authorization"]), "{value}");
        assert_eq!(opened["caller"]["signed_in"], false);
    }
    for kind in ["text/plain", "application/xml", "image/png; x=\"", "nonsense"] {
        let caller = service.anonymous();
        let request = caller.request(Method::POST, CALLS).header("Content-Type", kind);
        let raised = caller.send(request.body(r#"{"kind":"fire"}"#)).await.expect(201);
        assert_eq!(opened(&dispatcher, &raised["id"]).await["kind"], "fire", "{kind}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn an_id_that_is_no_uuid_is_found_again(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let call = json!({ "id": "sos-của-tôi/1", "kind": "fire" });
    let first = caller.post(CALLS, call.clone()).await.expect(201);
    let again = caller.post(CALLS, call).await.expect(201);
    assert_eq!(first, again);

    let put = caller.put("/v1/emergencies/sos-1", json!({})).await.expect(201);
    let mine = caller.bearing(put["token"].as_str().unwrap());
    assert_eq!(mine.get("/v1/emergencies/sos-1").await.expect(200)["id"], put["id"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_id_that_every_client_could_send_is_none(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let call = json!({ "id": "00000000-0000-0000-0000-000000000000" });
    let first = caller.post(CALLS, call.clone()).await.expect(201);
    let second = caller.post(CALLS, call).await.expect(201);
    assert_ne!(first["id"], second["id"]);
}

#[actix_web::test]
async fn only_what_is_too_large_is_refused() {
    let service = Store::Sqlite.service().await;
    let answer = send(&service.anonymous(), CALLS, vec![b' '; 256 * 1024 + 1]).await;
    assert_eq!(answer.expect(413)["code"], "payload_too_large");
    send(&service.anonymous(), CALLS, vec![b' '; 256 * 1024]).await.expect(201);
}

#[apply(every_store)]
#[actix_web::test]
async fn bad_points_of_a_batch_hinder_nothing(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let raised = caller.post(CALLS, json!({ "kind": "rescue" })).await.expect(201);
    let (id, token) = (raised["id"].as_str().unwrap(), raised["token"].as_str().unwrap());
    let mine = caller.bearing(token);
    let path = format!("{CALLS}/{id}/locations");
    let batch = json!({ "locations": [
        { "lat": 21.50, "lon": 105.80, "fixed_at": "2026-11-23T01:02:00Z" },
        { "lat": "north", "lon": 105.80 },
        { "lat": 21.52, "lon": 105.82, "fixed_at": "2026-11-23T01:02:02Z", "accuracy_m": "close" },
        7,
    ]});
    let told = mine.post(&path, batch.clone()).await.expect(200);
    let statuses = |told: &Value| {
        let results = told["results"].as_array().unwrap().clone();
        results.into_iter().map(|r| r["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(statuses(&told), ["stored", "unreadable", "stored", "unreadable"]);
    let again = mine.post(&path, batch).await.expect(200);
    assert_eq!(statuses(&again), ["repeated", "unreadable", "repeated", "unreadable"]);
    let opened = opened(&service.dispatcher().await, &raised["id"]).await;
    assert_eq!(opened["locations"].as_array().unwrap().len(), 2);
    assert_eq!(opened["location"]["lat"], 21.52);
    assert_eq!(
        opened["doubts"],
        json!(["locations.1.lat", "locations.1.lon", "locations.2.accuracy_m", "locations.3"])
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn positions_and_cancellations_may_come_before_their_call(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let id = "0193a5b0-0000-7000-8000-000000000001";
    let point = json!({ "lat": 21.59, "lon": 105.84 });
    let told = caller.post(&format!("{CALLS}/{id}/locations"), point).await.expect(200);
    assert_eq!(told["results"], json!([{ "index": 0, "status": "stored" }]));

    let call = json!({ "id": id, "kind": "rescue", "secret": "c2VjcmV0LXNlY3JldC1zZWNyZXQ" });
    let raised = caller.post(CALLS, call.clone()).await.expect(201);
    assert_eq!(raised["receipt"], told["receipt"]);
    assert!(raised["token"].is_string(), "the call itself is its caller's");
    assert_eq!(caller.post(CALLS, call).await.expect(201)["token"], raised["token"]);
    let opened = opened(&service.dispatcher().await, &raised["id"]).await;
    assert_eq!(opened["kind"], "rescue");
    assert_eq!(opened["location"]["lat"], 21.59);

    let other = format!("{CALLS}/0193a5b0-0000-7000-8000-000000000002/cancellation");
    let off = caller.post(&other, json!({})).await.expect(200);
    assert_eq!(off["status"], "received", "somebody has to look at it");
    assert_eq!(off["cancel_requested"], true);
}

#[apply(every_store)]
#[actix_web::test]
async fn too_many_empty_calls_are_folded_into_one(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let mut receipts = std::collections::HashSet::new();
    let mut last = Value::Null;
    for _ in 0..60 {
        last = caller.post(CALLS, json!({ "kind": "fire" })).await.expect(201);
        assert_eq!(last["status"], "received");
        receipts.insert(last["receipt"].to_string());
    }
    assert_eq!(receipts.len(), 60, "each has a receipt of its own");
    let dispatcher = service.dispatcher().await;
    let queue = dispatcher.get("/v1/dispatch/emergencies?limit=100").await.expect(200);
    let items = queue["items"].as_array().unwrap();
    assert_eq!(items.len(), 20);
    let merged: i64 = items.iter().map(|item| item["merged"].as_i64().unwrap()).sum();
    assert_eq!(merged, 40, "none is shed");

    // One of them that says where it is stands up by itself.
    let mine = caller.bearing(last["token"].as_str().unwrap());
    let path = format!("{CALLS}/{}", last["id"].as_str().unwrap());
    assert_eq!(mine.get(&path).await.expect(200)["status"], "received");
    let point = json!({ "lat": 21.59, "lon": 105.84 });
    mine.post(&format!("{path}/locations"), point).await.expect(200);
    let queue = dispatcher.get("/v1/dispatch/emergencies?limit=100").await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 21);

    // Whoever says anything is never folded.
    caller.post(CALLS, json!({ "note": "cháy" })).await.expect(201);
    let queue = dispatcher.get("/v1/dispatch/emergencies?limit=100").await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 22);
}

#[apply(every_store)]
#[actix_web::test]
async fn abuse_is_marked_never_refused(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    for number in 0..40 {
        caller.post(CALLS, json!({ "note": format!("{number}") })).await.expect(201);
    }
    caller.post(CALLS, json!({ "silent": true, "note": "im lặng" })).await.expect(201);
    let dispatcher = service.dispatcher().await;
    let queue = dispatcher.get("/v1/dispatch/emergencies?limit=100").await.expect(200);
    let items = queue["items"].as_array().unwrap();
    assert_eq!(items[0]["note"], "im lặng", "suspicion never beats priority");
    assert_eq!(items[1]["note"], "0");
    let suspects = items.iter().filter(|item| item["suspect"] == true).count();
    assert_eq!(suspects, 11);
    assert!(items[1..31].iter().all(|item| item["suspect"] == false));
}

#[apply(every_store)]
#[actix_web::test]
async fn nothing_in_the_head_of_a_request_is_a_reason(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    for (name, value) in [
        ("Origin", "https://elsewhere.example"),
        ("Accept", "application/xml"),
        ("Accept-Language", "xx;q=9"),
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "nonsense"),
        ("Idempotency-Key", "\"; DROP TABLE emergency"),
        ("If-None-Match", "*"),
    ] {
        let caller = service.anonymous().with(name, value);
        let raised = caller.post(CALLS, json!({ "kind": "fire", "note": value })).await;
        assert_eq!(raised.status(), 201, "{name}: {value}");
        let opened = opened(&dispatcher, &raised.json()["id"]).await;
        assert_eq!(opened["note"], value, "{name}");
    }
}

#[actix_web::test]
async fn a_connection_that_breaks_in_the_body_is_a_call() {
    let service = Store::Sqlite.service().await;
    let request = service.anonymous().request(Method::GET, "/").build().unwrap();
    let mut phone = TcpStream::connect(request.url().socket_addrs(|| None).unwrap()[0]).unwrap();
    let head = "POST /v1/emergencies HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n";
    let cut = r#"{"kind":"fire","phone":"0912345678","note":"ch"#;
    write!(phone, "{head}{cut}").unwrap();
    phone.shutdown(Shutdown::Write).unwrap();
    let dispatcher = service.dispatcher().await;
    let deadline = Instant::now() + Duration::from_secs(20);
    let queued = loop {
        let queue = dispatcher.get("/v1/dispatch/emergencies").await.expect(200);
        if let Some(first) = queue["items"].get(0) {
            break first.clone();
        }
        assert!(Instant::now() < deadline, "the call was lost");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(queued["kind"], "fire");
    assert_eq!(queued["needs_review"], true);
}
