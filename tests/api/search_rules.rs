//! What administrators see of the search, and change about it.

use chrono::TimeDelta;
use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store};

use crate::{
    agency_tree::soon,
    every_store,
    revocation::{replica, shared},
};

const RULES: &str = "/v1/admin/search/rules";

fn synonym(term: &str, meaning: &str) -> Value {
    json!({ "synonym": { "term": term, "expansions": [meaning] } })
}

async fn put(caller: &Caller, seen: &str, rule: Value) -> Answer {
    let request = caller.request(reqwest::Method::PUT, RULES).header("If-Match", seen);
    caller.send(request.json(&rule)).await
}

async fn first(service: &Service, query: &str) -> (Value, Value) {
    let caller = service.anonymous();
    let request = caller.request(reqwest::Method::GET, "/v1/search").query(&[("q", query)]);
    let answer = caller.send(request).await.expect(200);
    (answer["behaviour"].clone(), answer["items"][0]["code"].clone())
}

#[apply(every_store)]
#[actix_web::test]
async fn a_new_synonym_is_understood_without_a_restart(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    assert_eq!(first(&service, "xyzzy").await.0, "none");
    let added = put(&administrator, "\"0\"", synonym("XYZZY", "đăng ký kết hôn")).await;
    assert_eq!(added.header("etag"), "\"1\"");
    let id = added.expect(200)["id"].as_str().unwrap().to_owned();
    service.app.refresh_snapshot().await.unwrap();
    assert_eq!(first(&service, "xyzzy").await, ("answer".into(), "1.000894".into()));

    let changed = put(&administrator, "\"1\"", synonym("xyzzy", "đăng ký khai sinh")).await;
    assert_eq!(changed.expect(200)["version"], 2);
    service.app.refresh_snapshot().await.unwrap();
    assert_eq!(first(&service, "xyzzy").await.1, "1.001193");

    let gone = administrator.with("If-Match", "\"2\"").delete(&format!("{RULES}/{id}")).await;
    assert_eq!(gone.expect(200)["rule"], Value::Null);
    service.app.refresh_snapshot().await.unwrap();
    assert_eq!(first(&service, "xyzzy").await.0, "none");

    let history = administrator.get(&format!("{RULES}/{id}")).await.expect(200);
    let versions = history["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 3);
    assert!(
        versions.iter().all(|one| one["changed_by"].is_string() && one["changed_at"].is_string())
    );
    let audited = administrator.get(&format!("/v1/admin/audit?subject={id}")).await.expect(200);
    assert_eq!(audited["items"].as_array().unwrap().len(), 3);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_change_reaches_every_replica(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let other = replica(url.clone()).await;
    let administrator = service.administrator().await;
    put(&administrator, "\"0\"", synonym("xyzzy", "đăng ký kết hôn")).await.expect(200);
    let understood = || async { first(&other, "xyzzy").await.1 == "1.000894" };
    assert!(soon(understood).await, "by one that runs");
    assert_eq!(first(&replica(url).await, "xyzzy").await.1, "1.000894", "by one that starts");
}

#[apply(every_store)]
#[actix_web::test]
async fn of_two_who_saw_the_same_one_changes_it(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let unseen = administrator.request(reqwest::Method::PUT, RULES);
    administrator.send(unseen.json(&synonym("xyzzy", "kết hôn"))).await.expect(428);
    put(&administrator, "\"0\"", synonym("xyzzy", "kết hôn")).await.expect(200);
    let late = put(&administrator, "\"0\"", synonym("xyzzy", "khai sinh")).await;
    assert_eq!(late.header("etag"), "\"1\"");
    late.expect(412);
    put(&administrator, "\"7\"", synonym("abcde", "khai sinh")).await.expect(412);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_imported_rule_is_replaced_and_taken_away(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let found = administrator.get(&format!("{RULES}?kind=synonym&q=dkkh")).await.expect(200);
    let rule = &found["items"][0];
    assert_eq!((&rule["version"], &rule["changed_by"]), (&json!(0), &Value::Null));
    assert_eq!(rule["rule"]["synonym"]["term"], "đkkh");
    let path = format!("{RULES}/{}", rule["id"].as_str().unwrap());
    assert_eq!(administrator.get(&path).await.header("etag"), "\"0\"");
    administrator.with("If-Match", "\"0\"").delete(&path).await.expect(200);
    administrator.with("If-Match", "\"1\"").delete(&path).await.expect(404);
    service.app.refresh_snapshot().await.unwrap();
    let found = administrator.get(&format!("{RULES}?kind=synonym&q=dkkh")).await.expect(200);
    assert_eq!(found["items"], json!([]));
    let changed = administrator.get(&format!("{RULES}?changed=true")).await.expect(200);
    assert_eq!(changed["items"].as_array().unwrap().len(), 1);
    assert_ne!(first(&service, "đkkh").await.1, "1.000894");
    let pages = administrator.get(&format!("{RULES}?limit=2")).await.expect(200);
    assert!(pages["next_cursor"].is_string());
    administrator.get(&format!("{RULES}?kind=poem")).await.expect(422);
}

#[actix_web::test]
async fn rules_are_tried_without_any_effect() {
    let service = Store::Sqlite.service().await;
    let administrator = service.administrator().await;
    let bet = json!({ "best_bet": {
        "patterns": ["xyzzy"], "kind": "procedure", "codes": ["1.001193"], "behaviour": "answer",
    }});
    let outside = json!({ "out_of_scope": {
        "patterns": ["khai sinh"], "place": "Nơi khác", "text": "Không làm ở đây.",
    }});
    let tried = json!({ "q": "xyzzy", "rules": [bet] });
    let told = administrator.post("/v1/admin/search/preview", tried).await.expect(200);
    assert_eq!(told["before"]["behaviour"], "none");
    assert_eq!(told["after"]["items"][0]["code"], "1.001193");
    let tried = json!({ "q": "làm khai sinh", "rules": [outside] });
    let told = administrator.post("/v1/admin/search/preview", tried).await.expect(200);
    assert_eq!(told["before"]["behaviour"], "answer");
    assert_eq!(told["after"]["advice"]["place"], "Nơi khác");
    assert_eq!(first(&service, "xyzzy").await.0, "none");
    assert!(!service.app.refresh_snapshot().await.unwrap());
}

#[apply(every_store)]
#[actix_web::test]
async fn a_best_bet_may_name_a_procedure_by_its_local_code(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let local = json!({ "best_bet": {
        "patterns": ["xyzzy"], "kind": "procedure", "codes": ["1.001193.000.00.00.H55"],
        "behaviour": "answer",
    }});
    let told = put(&administrator, "\"0\"", local).await.expect(200);
    assert_eq!(told["rule"]["best_bet"]["codes"], json!(["1.001193"]));
}

#[actix_web::test]
async fn a_rule_has_to_make_sense() {
    let service = Store::Sqlite.service().await;
    let administrator = service.administrator().await;
    let bet = |codes: Value, behaviour: &str| {
        json!({ "best_bet": {
            "patterns": ["xyzzy"], "kind": "procedure", "codes": codes, "behaviour": behaviour,
        }})
    };
    let cases = [
        (synonym(" ", "x"), "/synonym/term", "too_short"),
        (synonym("x", &"y".repeat(201)), "/synonym/expansions/0", "too_long"),
        (
            json!({ "synonym": { "term": "x", "expansions": [] } }),
            "/synonym/expansions",
            "too_short",
        ),
        (bet(json!(["9.999999"]), "answer"), "/best_bet/codes/0", "unknown"),
        (bet(json!(["1.001193"]), "none"), "/best_bet/behaviour", "not_selectable"),
    ];
    for (rule, pointer, code) in cases {
        let told = put(&administrator, "\"0\"", rule).await.expect(422);
        assert_eq!(told["errors"][0]["pointer"], pointer);
        assert_eq!(told["errors"][0]["code"], code, "{pointer}");
    }
    put(&administrator, "\"0\"", json!({ "poem": {} })).await.expect(422);
}

#[actix_web::test]
async fn only_administrators_of_the_province_change_rules() {
    let service = Store::Sqlite.service().await;
    let of_police = service.staff("police-admin", Role::Administrator, "police").await;
    put(&of_police, "\"0\"", synonym("xyzzy", "kết hôn")).await.expect(403);
    of_police.get(RULES).await.expect(403);
    of_police.get("/v1/admin/search/unanswered").await.expect(403);
}

/// Asks for `query` from so many addresses.
async fn asked_by(service: &Service, query: &str, addresses: u8) {
    for number in 0..addresses {
        let caller = service.anonymous().with("X-Forwarded-For", &format!("192.0.2.{number}"));
        let request = caller.request(reqwest::Method::GET, "/v1/search").query(&[("q", query)]);
        caller.send(request).await.expect(200);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_several_people_miss_among_the_procedures_is_told(#[case] store: Store) {
    let proxies = [("CTN_TRUSTED_PROXIES", "127.0.0.1")];
    let service = Service::configured(store.fresh().await, &proxies).await;
    let administrator = service.administrator().await;
    for number in 0..3 {
        let caller = service.anonymous().with("X-Forwarded-For", &format!("192.0.2.{number}"));
        // The last is no procedure, and found all the same.
        for query in ["Xyzzy plugh", "kết hôn", "phường Phan Đình Phùng"] {
            let request = caller.request(reqwest::Method::GET, "/v1/procedures");
            caller.send(request.query(&[("q", query)])).await.expect(200);
        }
    }
    service.app.write_down_unanswered().await.unwrap();
    let told = administrator.get("/v1/admin/search/unanswered").await.expect(200);
    let items = told["items"].as_array().unwrap();
    let queries: Vec<_> = items.iter().map(|item| &item["query"]).collect();
    assert_eq!(queries, ["xyzzy plugh"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_several_people_miss_is_told(#[case] store: Store) {
    let proxies = [("CTN_TRUSTED_PROXIES", "127.0.0.1")];
    let service = Service::configured(store.fresh().await, &proxies).await;
    let administrator = service.administrator().await;
    asked_by(&service, "Xyzzy plugh", 3).await;
    asked_by(&service, "frobnicate 0912345678", 4).await;
    asked_by(&service, "qwrtzp của bà An", 2).await;
    asked_by(&service, "đăng ký kết hôn", 3).await;
    asked_by(&service, "ly hôn", 3).await;
    for _ in 0..9 {
        asked_by(&service, "grault", 1).await;
    }
    let told = || administrator.get("/v1/admin/search/unanswered");
    assert_eq!(told().await.expect(200)["items"], json!([]), "nothing is written as it is asked");
    service.app.write_down_unanswered().await.unwrap();
    service.app.write_down_unanswered().await.unwrap();
    let items = told().await.expect(200)["items"].clone();
    let queries: Vec<_> = items.as_array().unwrap().iter().map(|item| &item["query"]).collect();
    assert_eq!(queries, ["frobnicate #", "xyzzy plugh"]);
    assert_eq!(items[0]["times"], 4);
    asked_by(&service, "xyzzy plugh", 2).await;
    service.app.write_down_unanswered().await.unwrap();
    let page = administrator.get("/v1/admin/search/unanswered?limit=1").await.expect(200);
    assert_eq!(page["items"][0]["times"], 5, "what was told is counted on");
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = format!("/v1/admin/search/unanswered?limit=1&cursor={cursor}");
    assert_eq!(administrator.get(&next).await.expect(200)["items"][0]["query"], "frobnicate #");
    service.clock.advance(TimeDelta::days(91));
    service.app.write_down_unanswered().await.unwrap();
    let administrator = service.administrator().await;
    let left = administrator.get("/v1/admin/search/unanswered").await.expect(200);
    assert_eq!(left["items"], json!([]), "it is kept for 90 days");
}
