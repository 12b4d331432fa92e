//! The audit log: what is written, who may read it, and that tampering shows.

use std::{path::Path, process::Command, sync::Arc};

use api::audit::{forget_old, seal_waiting};
use chrono::TimeDelta;
use domain::{
    audit::{AuditChain as _, FlawKind, Verification, verify},
    identity::Role,
};
use infra::database::DatabaseUrl;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest::rstest;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, PASSWORD, Service, Store, process::Build, tamper};

use crate::every_store;

const AUDIT: &str = "/v1/admin/audit";

async fn auditor(service: &Service) -> Caller {
    service.staff("auditor", Role::Auditor, "province").await
}

/// A case that was claimed, opened twice and resolved by a dispatcher.
async fn handled_case(service: &Service) -> String {
    let dispatcher = service.dispatcher().await;
    let call = json!({ "kind": "fire", "phone": "0912345678" });
    let raised = service.anonymous().post("/v1/emergencies", call).await.expect(201);
    let id = raised["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/dispatch/emergencies/{id}");
    dispatcher.post(&format!("{path}/claim"), json!({})).await.expect(200);
    dispatcher.get(&path).await.expect(200);
    dispatcher.get(&path).await.expect(200);
    let handled = json!({ "disposition": "handled" });
    dispatcher.post(&format!("{path}/resolve"), handled).await.expect(200);
    id
}

async fn actions(auditor: &Caller, query: &str) -> Vec<String> {
    let page = auditor.get(&format!("{AUDIT}{query}")).await.expect(200);
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["action"].as_str().unwrap().to_owned()).collect()
}

async fn seal(service: &Service) -> usize {
    seal_waiting(&service.app.database, &service.app.keys, &service.app.now()).await.unwrap()
}

async fn verified(service: &Service) -> Verification {
    let keys = Arc::clone(&service.app.keys);
    service.app.database.snapshot(move |tx| verify(tx, &*keys)).await.unwrap()
}

/// Seals until nothing waits: the service does so by itself every second, too.
async fn all_sealed(service: &Service) -> usize {
    while service.app.database.read(|tx| tx.waiting()).await.unwrap().0 > 0 {
        seal(service).await;
    }
    verified(service).await.sealed
}

#[apply(every_store)]
#[actix_web::test]
async fn every_step_of_staff_is_written_down(#[case] store: Store) {
    let service = store.service().await;
    let id = handled_case(&service).await;
    let auditor = auditor(&service).await;
    let about = format!("?subject={id}");
    let mut steps = actions(&auditor, &about).await;
    steps.sort();
    let all = ["emergency.claimed", "emergency.opened", "emergency.resolved"];
    assert_eq!(steps, all, "two openings within an hour are one entry");
    let claimed =
        auditor.get(&format!("{AUDIT}{about}&action=emergency.claimed")).await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(claimed["items"][0], {
            ".id" => "[id]", ".actor.id" => "[id]", ".subject" => "[id]", ".at" => "[at]",
        }, @r#"
        {
          "action": "emergency.claimed",
          "actor": {
            "address": "127.0.0.1",
            "agency": "province",
            "id": "[id]",
            "kind": "staff",
            "name": "dispatcher",
            "role": "dispatcher"
          },
          "at": "[at]",
          "id": "[id]",
          "reason": null,
          "subject": "[id]"
        }
        "#);
    }
    assert_eq!(actions(&auditor, "?action=audit.read").await.len(), 1, "reading it is, too");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_step_that_is_refused_leaves_no_entry(#[case] store: Store) {
    let service = store.service().await;
    let id = handled_case(&service).await;
    let other = service.staff("other", Role::Dispatcher, "province").await;
    let path = format!("/v1/dispatch/emergencies/{id}/claim");
    other.post(&path, json!({})).await.expect(409);
    let auditor = auditor(&service).await;
    assert_eq!(
        actions(&auditor, &format!("?subject={id}&action=emergency.claimed")).await.len(),
        1
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn an_agency_sees_what_its_own_people_did(#[case] store: Store) {
    let service = store.service().await;
    handled_case(&service).await;
    let of_fire = service.staff("fire-audit", Role::Auditor, "fire").await;
    assert_eq!(actions(&of_fire, "").await, ["audit.read", "staff.signed_in"]);
    assert!(actions(&of_fire, "?agency=province").await.is_empty());
    for role in [Role::Dispatcher, Role::Officer, Role::AgencyManager, Role::Responder] {
        let stranger = service.staff(&format!("some-{role}"), role, "province").await;
        stranger.get(AUDIT).await.expect(403);
    }
    service.citizen("an").await.get(AUDIT).await.expect(403);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_log_is_read_page_by_page(#[case] store: Store) {
    let service = store.service().await;
    for _ in 0..3 {
        handled_case(&service).await;
        service.clock.advance(TimeDelta::seconds(1));
    }
    let auditor = auditor(&service).await;
    let (mut seen, mut cursor) = (Vec::<Value>::new(), String::new());
    loop {
        let page = auditor.get(&format!("{AUDIT}?limit=2{cursor}")).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let all = auditor.get(&format!("{AUDIT}?limit=100")).await.expect(200);
    let all: Vec<_> = all["items"].as_array().unwrap().iter().map(|i| i["id"].clone()).collect();
    assert_eq!(seen, all);
    auditor.get(&format!("{AUDIT}?cursor=abc")).await.expect(422);
    auditor.get(&format!("{AUDIT}?actor=nobody")).await.expect(422);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_log_is_sealed_once_whoever_seals(#[case] store: Store) {
    let service = store.service().await;
    handled_case(&service).await;
    let _ = tokio::join!(seal(&service), seal(&service), seal(&service));
    let sealed = all_sealed(&service).await;
    assert!(sealed >= 3, "{sealed}");
    assert_eq!(verified(&service).await.flaws, []);
}

#[rstest]
#[case::changed("UPDATE audit_entry SET action = 'none' WHERE position = 2", 2, FlawKind::Changed)]
#[case::person_changed(
    "UPDATE audit_entry SET personal = replace(personal, 'dispatcher', 'x') WHERE position = 2",
    2,
    FlawKind::PersonalChanged
)]
#[case::removed("DELETE FROM audit_entry WHERE position = 2", 2, FlawKind::Missing)]
#[case::reordered(
    "UPDATE audit_entry SET position = -1 WHERE position = 2;
     UPDATE audit_entry SET position = 2 WHERE position = 1;
     UPDATE audit_entry SET position = 1 WHERE position = -1",
    1,
    FlawKind::Changed
)]
#[case::cut(
    "DELETE FROM audit_entry WHERE position = (SELECT max(position) FROM audit_entry)",
    0,
    FlawKind::EndMoved
)]
#[case::cut_with_its_mark(
    "DELETE FROM audit_entry WHERE position > 2;
     UPDATE audit_chain SET head_position = 2,
       head_link = (SELECT link FROM audit_entry WHERE position = 2)",
    2,
    FlawKind::EndMoved
)]
#[case::start_moved(
    "UPDATE audit_chain SET start_position = 1,
       start_link = (SELECT link FROM audit_entry WHERE position = 1);
     DELETE FROM audit_entry WHERE position = 1",
    1,
    FlawKind::StartMoved
)]
#[actix_web::test]
async fn tampering_shows(
    #[values(Store::Sqlite, Store::Postgres)] store: Store,
    #[case] tampering: &'static str,
    #[case] position: i64,
    #[case] kind: FlawKind,
) {
    let service = store.service().await;
    handled_case(&service).await;
    all_sealed(&service).await;
    tamper(service.app.database.url(), tampering);
    let flaws = verified(&service).await.flaws;
    let found =
        flaws.iter().any(|flaw| flaw.kind == kind && (position == 0 || flaw.position == position));
    assert!(found, "{flaws:?}");
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_personal_can_be_erased_without_breaking_the_chain(#[case] store: Store) {
    let service = store.service().await;
    handled_case(&service).await;
    all_sealed(&service).await;
    tamper(service.app.database.url(), "UPDATE audit_entry SET personal = NULL");
    assert_eq!(verified(&service).await.flaws, []);
    let auditor = auditor(&service).await;
    let page = auditor.get(&format!("{AUDIT}?action=emergency.claimed")).await.expect(200);
    assert_eq!(page["items"][0]["actor"]["name"], Value::Null);
}

#[apply(every_store)]
#[actix_web::test]
async fn each_day_is_anchored_and_old_entries_are_forgotten(#[case] store: Store) {
    let service = store.service().await;
    handled_case(&service).await;
    all_sealed(&service).await;
    service.clock.advance(TimeDelta::days(3));
    handled_case(&service).await;
    let all = all_sealed(&service).await;
    let anchors = service.app.database.read(|tx| tx.anchors()).await.unwrap();
    assert_eq!(anchors.len(), 1);
    assert_eq!(verified(&service).await.flaws, []);

    let old = service.app.now().at - TimeDelta::days(1);
    let forgotten = forget_old(&service.app.database, &service.app.keys, old).await.unwrap();
    let left = verified(&service).await;
    assert_eq!((left.sealed + forgotten, left.flaws), (all, vec![]));
    assert!(forgotten > 0);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_broken_anchor_shows(#[case] store: Store) {
    let service = store.service().await;
    handled_case(&service).await;
    all_sealed(&service).await;
    service.clock.advance(TimeDelta::days(1));
    handled_case(&service).await;
    all_sealed(&service).await;
    let other = "UPDATE audit_anchor SET link = (SELECT link FROM audit_entry WHERE position = 1)";
    tamper(service.app.database.url(), other);
    let flaws = verified(&service).await.flaws;
    assert!(flaws.iter().any(|flaw| flaw.kind == FlawKind::AnchorBroken), "{flaws:?}");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_operator_verifies_the_log_from_the_command_line(#[case] store: Store) {
    let service = store.service().await;
    handled_case(&service).await;
    all_sealed(&service).await;
    let whole = audit_verify(&service).await;
    assert!(whole.0, "{}", whole.1);
    assert!(whole.1.contains("entries are sealed, 0 not yet"), "{}", whole.1);
    tamper(service.app.database.url(), "DELETE FROM audit_entry WHERE position = 1");
    let broken = audit_verify(&service).await;
    assert!(!broken.0, "{}", broken.1);
    assert!(broken.1.contains("1: entries are missing from here on"), "{}", broken.1);
}

/// Whether `cthainguyen audit verify` succeeds, and what it says.
async fn audit_verify(service: &Service) -> (bool, String) {
    let binary = tokio::task::spawn_blocking(|| Build::Dev.server()).await.unwrap().unwrap();
    let settings = &service.app.settings;
    let address = match service.app.database.url() {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let key: &Path = settings.master_key_file.as_deref().unwrap();
    let output = Command::new(binary)
        .args(["audit", "verify"])
        .env("DATABASE_URL", address)
        .env("CTN_VAR", &settings.var)
        .env("CTN_MASTER_KEY_FILE", key)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// The entries of `action`.
async fn entries(auditor: &Caller, action: &str) -> Vec<Value> {
    let page = auditor.get(&format!("{AUDIT}?action={action}")).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

#[apply(every_store)]
#[actix_web::test]
async fn what_becomes_of_staff_says_from_where_and_what_exactly(#[case] store: Store) {
    let service = store.service().await;
    let (administrator, auditor) = (service.administrator().await, auditor(&service).await);
    let anybody = service.anonymous();
    let who = json!({ "username": "binh", "role": "officer", "agency": "fire" });
    let invited = administrator.post("/v1/admin/staff", who).await.expect(201);
    assert_eq!(entries(&auditor, "staff.invited").await[0]["reason"], "officer, fire");
    let link = invited["invitation_token"].as_str().unwrap();
    let accept = json!({ "password": "con trâu là đầu cơ nghiệp" });
    anybody.post(&format!("/v1/auth/staff/invitations/{link}"), accept).await.expect(204);
    let accepted = entries(&auditor, "staff.invitation_accepted").await;
    assert_eq!(accepted[0]["actor"]["address"], "127.0.0.1");
    let path = format!("/v1/admin/staff/{}", invited["staff"]["id"].as_str().unwrap());
    let seen = administrator.get(&path).await.header("etag").to_owned();
    let change = json!({ "role": "administrator", "agency": "province" });
    administrator.with("If-Match", &seen).patch(&path, change).await.expect(200);
    let changed = entries(&auditor, "staff.changed").await;
    assert_eq!(changed[0]["reason"], "officer, fire -> administrator, province");
    for _ in 0..5 {
        let guess = json!({ "username": "nobody-here", "password": "a wrong guess" });
        anybody.post("/v1/auth/staff/login", guess).await.expect(401);
    }
    let guessed = entries(&auditor, "staff.guessed_at").await;
    assert_eq!(guessed[0]["actor"]["address"], "127.0.0.1");
}

#[apply(every_store)]
#[actix_web::test]
async fn leaving_and_a_token_that_is_used_twice_are_written_down(#[case] store: Store) {
    let service = store.service().await;
    let auditor = auditor(&service).await;
    service.officer().await.post("/v1/auth/logout", json!({})).await.expect(204);
    let left = entries(&auditor, "staff.signed_out").await;
    assert_eq!((&left[0]["actor"]["name"], left.len()), (&json!("officer"), 1));
    service.citizen("an").await.post("/v1/auth/logout", json!({})).await.expect(204);
    assert_eq!(entries(&auditor, "staff.signed_out").await.len(), 1);
    let login = json!({ "username": "officer", "password": PASSWORD });
    let tokens = service.anonymous().post("/v1/auth/staff/login", login).await.expect(200);
    let refresh = json!({ "refresh_token": tokens["refresh_token"] });
    service.anonymous().post("/v1/auth/refresh", refresh.clone()).await.expect(200);
    service.anonymous().post("/v1/auth/refresh", refresh).await.expect(401);
    let reused = entries(&auditor, "staff.token_reused").await;
    assert_eq!(reused[0]["subject"], tokens["staff"]["id"]);
    assert_eq!(reused[0]["actor"]["address"], "127.0.0.1");
}
