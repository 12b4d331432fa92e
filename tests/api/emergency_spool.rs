//! Calls for help while the store is away: kept on disk, and stored once it is back.

use std::{fs, path::PathBuf, time::Duration};

use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Service, Store, tamper};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";
const ID: &str = "0193f000-0000-7000-8000-00000000abcd";
const SECRET: &str = "c2l4dGVlbi1ieXRlcy1zZWNyZXQ";

/// Takes away from the store what calls are stored in.
fn send_away(service: &Service) {
    tamper(service.app.database.url(), "ALTER TABLE emergency RENAME TO emergency_away");
}

/// Gives it back, and waits until everything that was kept is stored.
async fn bring_back(service: &Service) {
    tamper(service.app.database.url(), "ALTER TABLE emergency_away RENAME TO emergency");
    until_spooled(service, 0).await;
}

async fn until_spooled(service: &Service, count: u64) {
    let caller = service.anonymous();
    for _ in 0..1_000 {
        if caller.get("/readyz").await.expect(200)["spooled"] == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not {count} calls wait in the spool");
}

fn spool(service: &Service) -> PathBuf {
    service.app.settings.var.join("spool")
}

fn first_line(answer: &Value) -> &str {
    answer["advice"][0].as_str().unwrap()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_call_is_kept_while_the_store_is_away_and_stored_once_it_is_back(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    send_away(&service);
    let call = json!({ "kind": "fire", "note": "Cháy nhà", "phone": "0912345678" });
    let kept = caller.post(CALLS, call.clone()).await.expect(202);
    assert_eq!((&kept["status"], &kept["next_update_s"]), (&json!("received"), &json!(15)));
    assert!(first_line(&kept).starts_with("Hãy gọi ngay 114"), "{kept}");
    until_spooled(&service, 1).await;
    let on_disk: Vec<u8> = fs::read_dir(spool(&service))
        .unwrap()
        .flat_map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    let on_disk = String::from_utf8(on_disk).unwrap();
    assert!(!on_disk.contains("0912345678") && !on_disk.contains("note"), "{on_disk}");

    service.clock.advance(chrono::TimeDelta::minutes(20));
    bring_back(&service).await;
    let path = format!("{CALLS}/{}", kept["id"].as_str().unwrap());
    let follower = caller.bearing(kept["token"].as_str().unwrap());
    let followed = follower.get(&path).await.expect(200);
    assert_eq!(followed["receipt"], kept["receipt"]);
    assert_eq!(followed["received_at"], kept["received_at"], "it counts from when it came");
    assert_eq!(followed["timeline"].as_array().unwrap().len(), 1);
    assert_eq!(fs::read_dir(spool(&service)).unwrap().count(), 0);
}

#[apply(every_store)]
#[actix_web::test]
async fn under_an_id_of_its_own_a_call_gets_its_token_by_the_repetition(#[case] store: Store) {
    let service = store.service().await;
    let (caller, path) = (service.anonymous(), format!("{CALLS}/{ID}"));
    send_away(&service);
    let call = json!({ "kind": "medical", "secret": SECRET });
    let kept = caller.put(&path, call.clone()).await.expect(202);
    assert_eq!((&kept["id"], &kept["token"]), (&json!(ID), &Value::Null));
    let told = json!({ "lat": 21.59, "lon": 105.84, "secret": SECRET });
    caller.post(&format!("{path}/locations"), told).await.expect(202);
    let off = json!({ "secret": SECRET, "note": "Đã ổn" });
    caller.post(&format!("{path}/cancellation"), off).await.expect(202);
    caller.put(&path, call.clone()).await.expect(202);
    bring_back(&service).await;
    let stored = caller.put(&path, call).await.expect(201);
    assert_eq!(stored["receipt"], kept["receipt"]);
    assert_eq!(stored["status"], "cancelled", "what was asked later was done later");
    let follower = caller.bearing(stored["token"].as_str().unwrap());
    assert_eq!(follower.get(&path).await.expect(200)["location"]["lat"], 21.59);
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_gets_hold_of_anothers_emergency_while_the_store_is_away(#[case] store: Store) {
    let service = store.service().await;
    let (caller, path) = (service.anonymous(), format!("{CALLS}/{ID}"));
    let own = json!({ "kind": "fire", "phone": "0912345678", "secret": SECRET });
    let token = caller.put(&path, own).await.expect(201)["token"].as_str().unwrap().to_owned();
    send_away(&service);
    let anothers = json!({ "kind": "other", "phone": "0900000000", "note": "Không sao" });
    assert_eq!(caller.put(&path, anothers).await.expect(202)["token"], Value::Null);
    caller.post(&format!("{path}/cancellation"), json!({})).await.expect(202);
    bring_back(&service).await;
    let followed = caller.bearing(&token).get(&path).await.expect(200);
    assert_eq!((&followed["status"], &followed["kind"]), (&json!("received"), &json!("fire")));
    let dispatcher = service.dispatcher().await;
    let opened = dispatcher.get(&format!("/v1/dispatch/emergencies/{ID}")).await.expect(200);
    assert_eq!(opened["overheard"], true, "what was said stands beside");
}

#[apply(every_store)]
#[actix_web::test]
async fn what_a_crash_left_is_stored_and_what_it_cut_is_set_aside(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    send_away(&service);
    let kept = caller.post(CALLS, json!({ "note": "Sạt lở" })).await.expect(202);
    // A second file, as it is left where the power fails before the file is removed and in the
    // middle of the next line.
    let whole = fs::read_dir(spool(&service)).unwrap().next().unwrap().unwrap().path();
    let line = fs::read_to_string(&whole).unwrap();
    let left = spool(&service).join("ffffffff-ffff-7fff-bfff-ffffffffffff.calls");
    fs::write(left, format!("{line}{}", &line[..40])).unwrap();
    bring_back(&service).await;
    let token = kept["token"].as_str().unwrap();
    let path = format!("{CALLS}/{}", kept["id"].as_str().unwrap());
    let followed = caller.bearing(token).get(&path).await.expect(200);
    assert_eq!(followed["timeline"].as_array().unwrap().len(), 1, "stored once");
    let aside = fs::read_to_string(spool(&service).join("aside")).unwrap();
    assert_eq!(aside.trim_end(), &line[..40]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_message_is_kept_while_the_store_is_away_and_never_doubled(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let call = json!({ "kind": "fire", "secret": SECRET });
    let token = caller.put(&format!("{CALLS}/{ID}"), call).await.expect(201)["token"].clone();
    let mine = caller.bearing(token.as_str().unwrap());
    let path = format!("{CALLS}/{ID}/messages");
    send_away(&service);
    let words = json!({ "id": "m-1", "text": "Lửa lan sang nhà bên" });
    for _ in 0..2 {
        let kept = mine.post(&path, words.clone()).await.expect(202);
        assert!(first_line(&kept).starts_with("Hãy gọi ngay 112"), "{kept}");
    }
    let raw = mine.request(reqwest::Method::POST, &path).body("cứu");
    assert_eq!(mine.send(raw).await.status(), 202);
    let ahead = format!("{CALLS}/0193f000-0000-7000-8000-00000000abce/messages");
    caller.post(&ahead, json!({ "text": "Giúp tôi" })).await.expect(202);
    service.clock.advance(chrono::TimeDelta::minutes(2));
    bring_back(&service).await;
    mine.post(&path, words).await.expect(201);
    let page = mine.get(&path).await.expect(200);
    let texts: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| &one["text"]).collect();
    assert_eq!(texts, ["Lửa lan sang nhà bên", "cứu"]);
    assert_eq!(page["items"][0]["at"], "2026-11-23T01:02:03.456Z", "it counts from when it came");
    let queue = service.dispatcher().await.get("/v1/dispatch/emergencies").await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 2, "a message that got ahead is a call");
}
