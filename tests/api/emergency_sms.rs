//! Calls for help by text message: from a gateway, signed.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::TimeDelta;
use domain::emergency::{Kind, sms::Line};
use jsonwebtoken::{Algorithm, EncodingKey, crypto::sign};
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Service, Store, tamper};
use uuid::Uuid;

use crate::{every_store, me_personal::decide};

const CALLS: &str = "/v1/emergencies";
const GATEWAY: &str = "/v1/gateways/sms";
const KEY: &[u8] = b"a key that only the gateway has";
const PHONE: &str = "+84912345678";
const ID: &str = "0193f000-0000-7000-8000-00000000abcd";
const SECRET: &[u8; 16] = b"sixteen-byte-key";

async fn service(store: Store) -> Service {
    let key = STANDARD.encode(KEY);
    Service::configured(store.fresh().await, &[("CTN_SMS_INBOUND_KEY", &key)]).await
}

/// What a gateway sends with `body` under the name `id`, signed at `at` with `key`.
async fn send(service: &Service, id: &str, at: i64, key: &[u8], body: &str) -> Answer {
    let content = format!("{id}.{at}.{body}");
    let key = EncodingKey::from_secret(key);
    let signature = sign(content.as_bytes(), &key, Algorithm::HS256).unwrap();
    let signature = STANDARD.encode(URL_SAFE_NO_PAD.decode(signature).unwrap());
    let caller = service
        .anonymous()
        .with("webhook-id", id)
        .with("webhook-timestamp", &at.to_string())
        .with("webhook-signature", &format!("v1,AAAA v1,{signature}"));
    caller.send(caller.request(Method::POST, GATEWAY).body(body.to_owned())).await
}

/// What the gateway is answered when it hands in `text` from `PHONE`.
async fn text(service: &Service, id: &str, text: &str, sender_verified: bool) -> Value {
    let body = json!({ "from": PHONE, "text": text, "sender_verified": sender_verified });
    let at = service.app.now().at.timestamp();
    send(service, id, at, KEY, &body.to_string()).await.expect(200)
}

async fn opened(service: &Service, id: &Value) -> Value {
    let desk = format!("/v1/dispatch/emergencies/{}", id.as_str().unwrap());
    service.dispatcher().await.get(&desk).await.expect(200)
}

#[apply(every_store)]
#[actix_web::test]
async fn plain_words_become_a_call_and_its_receipt_goes_back(#[case] store: Store) {
    let service = service(store).await;
    let raised = text(&service, "one", "Cháy nhà ở xóm 3", false).await;
    assert_eq!(raised["token"], Value::Null, "the gateway is not the caller");
    let seen = opened(&service, &raised["id"]).await;
    assert_eq!(seen["note"], "Cháy nhà ở xóm 3");
    assert_eq!(seen["caller"]["phone"], PHONE);
    let receipt = raised["receipt"].as_str().unwrap();
    let answer = service.messages.receive(PHONE).await;
    assert!(answer.contains(receipt) && answer.chars().count() <= 70, "{answer}");
    let again = text(&service, "one", "Cháy nhà ở xóm 3", false).await;
    assert_eq!(again["id"], raised["id"], "what the gateway sends again is the same call");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_message_that_waited_for_the_store_is_answered_once_it_is_back(#[case] store: Store) {
    let service = service(store).await;
    let url = service.app.database.url();
    tamper(url, "ALTER TABLE emergency RENAME TO emergency_away");
    let body = json!({ "from": PHONE, "text": "Cháy nhà ở xóm 3", "sender_verified": true });
    let at = service.app.now().at.timestamp();
    let kept = send(&service, "one", at, KEY, &body.to_string()).await.expect(202);
    assert_eq!(service.messages.take(PHONE), None, "nobody has it yet");
    tamper(url, "ALTER TABLE emergency_away RENAME TO emergency");
    let answer = service.messages.receive(PHONE).await;
    assert!(answer.contains(kept["receipt"].as_str().unwrap()), "{answer}");
    text(&service, "one", "Cháy nhà ở xóm 3", true).await;
    assert_eq!(opened(&service, &kept["id"]).await["note"], "Cháy nhà ở xóm 3");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_app_s_line_and_the_call_by_internet_are_one(#[case] store: Store) {
    let service = service(store).await;
    let line = Line {
        id: Some(ID.parse::<Uuid>().unwrap().into()),
        secret: Some(*SECRET),
        kind: Some(Kind::Rescue),
        battery_pct: Some(40),
        .."CTN1 KF P21.59280/105.84420/12 A30 B64 N3 .".parse().unwrap()
    };
    let raised = text(&service, "one", &format!("{line}\nNước lên nhanh"), false).await;
    assert_eq!(raised["id"], ID);
    let call = json!({ "secret": URL_SAFE_NO_PAD.encode(SECRET), "phone": "0987654321" });
    let known = service.anonymous().put(&format!("{CALLS}/{ID}"), call).await.expect(200);
    assert_eq!(known["receipt"], raised["receipt"]);
    let follower = service.anonymous().bearing(known["token"].as_str().unwrap());
    let followed = follower.get(&format!("{CALLS}/{ID}")).await.expect(200);
    assert_eq!(followed["kind"], "rescue");
    let seen = opened(&service, &json!(ID)).await;
    assert_eq!((&seen["people"], &seen["note"]), (&json!(3), &json!("Nước lên nhanh")));
    assert_eq!((&seen["location"]["age_s"], &seen["overheard"]), (&json!(30), &json!(false)));
}

#[apply(every_store)]
#[actix_web::test]
async fn without_the_secret_a_line_stands_beside_and_is_not_answered(#[case] store: Store) {
    let service = service(store).await;
    let call = json!({ "id": ID, "kind": "fire", "secret": URL_SAFE_NO_PAD.encode(SECRET) });
    service.anonymous().post(CALLS, call).await.expect(201);
    let line = Line {
        id: Some(ID.parse::<Uuid>().unwrap().into()),
        kind: Some(Kind::Other),
        ..Line::default()
    };
    assert_eq!(text(&service, "one", &line.to_string(), true).await["id"], ID);
    let seen = opened(&service, &json!(ID)).await;
    assert_eq!((&seen["kind"], &seen["overheard"]), (&json!("fire"), &json!(true)));
    assert_eq!(service.messages.take(PHONE), None);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_a_phone_sends_by_itself_is_a_place(#[case] store: Store) {
    let service = service(store).await;
    let aml = "A\"ML=2;en=115;et=1795395700;lo=21.59280,105.84420,12;lt=-5;lc=68;ls=G;ei=3512";
    let raised = text(&service, "one", aml, false).await;
    let seen = opened(&service, &raised["id"]).await;
    assert_eq!((&seen["kind"], &seen["commune_code"]), (&json!("medical"), &json!("05443")));
    assert_eq!(seen["location"]["source"], "gps");
    assert!(!seen.to_string().contains("3512"), "serial numbers are not kept");
    let first =
        "A\"ML=1;lt=+21.59280;lg=+105.84420;rd=50;top=20261123010100;lc=90;pm=W;si=4520;ml=9";
    let raised = text(&service, "first version", first, false).await;
    let seen = opened(&service, &raised["id"]).await;
    assert_eq!((&seen["location"]["source"], &seen["kind"]), (&json!("wifi"), &Value::Null));
    assert_eq!(seen["location"]["fixed_at"], "2026-11-23T01:01:00Z");
    assert!(!seen.to_string().contains("4520"));
    let garbled = text(&service, "two", "CTN1 KF P21.5/105.8 X", false).await;
    assert_eq!(opened(&service, &garbled["id"]).await["needs_review"], true);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_number_that_the_network_vouches_for_is_one_caller(#[case] store: Store) {
    let service = service(store).await;
    let first = text(&service, "one", "Cháy nhà", true).await;
    let second = text(&service, "two", "Có người kẹt", true).await;
    assert_eq!(first["id"], second["id"]);
    let seen = opened(&service, &first["id"]).await;
    assert_eq!(seen["note"], "Cháy nhà\nCó người kẹt");
    let forged = text(&service, "three", "Không sao, đừng đến", false).await;
    assert_ne!(forged["id"], first["id"], "a number that nobody vouches for proves nothing");

    let desk = format!("/v1/dispatch/emergencies/{}", first["id"].as_str().unwrap());
    let dispatcher = service.dispatcher().await;
    dispatcher.post(&format!("{desk}/claim"), json!({})).await.expect(200);
    let resolve = json!({ "disposition": "handled" });
    dispatcher.post(&format!("{desk}/resolve"), resolve).await.expect(200);
    text(&service, "two", "Có người kẹt", true).await;
    let seen = opened(&service, &first["id"]).await;
    assert_eq!(seen["status"], "resolved", "the gateway handed it in again");
    let again = text(&service, "four", "Có người kẹt", true).await;
    assert_eq!((&again["id"], &again["status"]), (&first["id"], &json!("received")));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_medical_card_comes_with_a_number_that_the_network_vouches_for(#[case] store: Store) {
    let service = service(store).await;
    let an = service.citizen("an").await;
    decide(&an, "medical_card", true).await;
    an.put("/v1/me/medical-card", json!({ "blood_type": "O-" })).await.expect(200);
    let phone = an.get("/v1/me").await.expect(200)["phone"].clone();
    let dispatcher = service.dispatcher().await;
    for (vouched, card) in [(false, Value::Null), (true, json!("O-"))] {
        let name = vouched.to_string();
        let body = json!({ "from": phone, "text": "Đau ngực", "sender_verified": vouched });
        let at = service.app.now().at.timestamp();
        let raised = send(&service, &name, at, KEY, &body.to_string()).await.expect(200);
        let desk = format!("/v1/dispatch/emergencies/{}", raised["id"].as_str().unwrap());
        dispatcher.post(&format!("{desk}/claim"), json!({})).await.expect(200);
        let caller = dispatcher.get(&desk).await.expect(200)["caller"].clone();
        assert_eq!((&caller["signed_in"], &caller["phone"]), (&json!(vouched), &phone));
        assert_eq!(caller["medical_card"]["blood_type"], card);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_silent_call_is_not_answered_and_nobody_is_flooded(#[case] store: Store) {
    let service = service(store).await;
    let silent = Line { silent: true, ..Line::default() }.to_string();
    let raised = text(&service, "silent", &silent, false).await;
    assert_eq!(opened(&service, &raised["id"]).await["silent"], true);
    for number in 0..6 {
        text(&service, &number.to_string(), &format!("Cứu {number}"), false).await;
    }
    for _ in 0..3 {
        service.messages.receive(PHONE).await;
    }
    let last = text(&service, "last", "Cứu với", true).await;
    assert!(last["receipt"].is_string(), "every call is taken");
    assert_eq!(service.messages.take(PHONE), None);
}

#[apply(every_store)]
#[actix_web::test]
async fn only_a_bad_signature_is_refused(#[case] store: Store) {
    let service = service(store).await;
    let now = service.app.now().at.timestamp();
    let body = json!({ "from": PHONE, "text": "Cháy" }).to_string();
    for (at, key) in [(now, b"another".as_slice()), (now - 301, KEY), (now + 301, KEY)] {
        let refused = send(&service, "one", at, key, &body).await.expect(401);
        assert_eq!(refused["code"], "unauthorized");
    }
    service.anonymous().post(GATEWAY, json!({ "text": "Cháy" })).await.expect(401);
    for (number, body) in
        ["", "{", "[1]", r#"{"from": 7}"#, r#"{"text": "x", "more": 1}"#].into_iter().enumerate()
    {
        send(&service, &number.to_string(), now - 299, KEY, body).await.expect(200);
    }
    let unconfigured = store.service().await;
    send(&unconfigured, "one", now, b"", &body).await.expect(401);
}

#[apply(every_store)]
#[actix_web::test]
async fn where_no_answer_can_be_sent_the_call_stands_all_the_same(#[case] store: Store) {
    let service = service(store).await;
    let dispatcher = service.dispatcher().await;
    for table in ["outbox_message", "allowance", "citizen"] {
        let gone = format!("ALTER TABLE {table} RENAME TO {table}_gone");
        tamper(service.app.database.url(), &gone);
    }
    let raised = text(&service, "one", "Cháy nhà", true).await;
    let desk = format!("/v1/dispatch/emergencies/{}", raised["id"].as_str().unwrap());
    assert_eq!(dispatcher.get(&desk).await.expect(200)["status"], "received");
    service.clock.advance(TimeDelta::seconds(1));
    let again = text(&service, "one", "Cháy nhà", true).await;
    assert_eq!(again["receipt"], raised["receipt"]);
}
