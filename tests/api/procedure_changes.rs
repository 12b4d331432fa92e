//! What changed in the catalogue: versions, tombstones, and who follows them.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use infra::{
    dataset::{Dataset, ImportError, Source, import},
    shipped::COMMUNE_PROCEDURES,
};
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, tamper};

use crate::{
    every_store,
    import::{another_process, source, take_in},
    revocation::{replica, shared},
};

/// The shipped list of the commune, edited line by line.
fn edited(edit: impl Fn(&str) -> Option<String>) -> String {
    let list = std::str::from_utf8(COMMUNE_PROCEDURES).unwrap();
    list.lines().filter_map(edit).map(|line| line + "\n").collect()
}

/// The list with one procedure renamed, one less and one more.
fn next_list() -> String {
    let list = edited(|line| match line.split(',').next() {
        Some("1.014352") => Some(line.replace("chuyên gia", "chuyên viên")),
        Some("2.001661") => None,
        _ => Some(line.to_owned()),
    });
    list + "1.999999,Thủ tục mới,Lao động,Bộ Nội vụ,Cấp xã,yes\n"
}

/// Imports `list` an hour later.
async fn an_hour_later(service: &Service, list: &str) {
    service.clock.advance(TimeDelta::hours(1));
    let report = take_in(service, "procedures", "list.csv", list).await.unwrap();
    assert_eq!(report.dataset, Dataset::CommuneProcedures);
}

/// The changes after `cursor`, in pages, and where to go on.
async fn follow(caller: &Caller, cursor: &str) -> (Vec<Value>, String) {
    let (mut changes, mut cursor) = (Vec::new(), cursor.to_owned());
    loop {
        let after = if cursor.is_empty() { String::new() } else { format!("&after={cursor}") };
        let path = format!("/v1/procedures/changes?limit=100{after}");
        let page = caller.get(&path).await.expect(200);
        changes.extend(page["items"].as_array().unwrap().clone());
        page["next_cursor"].as_str().unwrap().clone_into(&mut cursor);
        if page["more"] == false {
            return (changes, cursor);
        }
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn the_history_begins_with_the_shipped_catalogue(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let (changes, cursor) = follow(&caller, "").await;
    let codes: BTreeSet<_> = changes.iter().map(|each| each["code"].as_str().unwrap()).collect();
    assert_eq!((changes.len(), codes.len()), (2757, 2757));
    assert!(changes.iter().all(|each| each["version"] == 1 && each["withdrawn"] == false));
    assert!(changes.iter().all(|each| each["procedure"]["code"] == each["code"]));
    assert_eq!(follow(&caller, &cursor).await, (vec![], cursor), "there is nothing more");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_import_makes_versions_and_tombstones(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let (_, seen) = follow(&caller, "").await;
    an_hour_later(&service, &next_list()).await;
    let (changes, next) = follow(&caller, &seen).await;
    allow_duplicates! {
        assert_json_snapshot!(changes, @r#"
        [
          {
            "at": "2026-11-23T02:02:03.456Z",
            "code": "1.014352",
            "procedure": {
              "code": "1.014352",
              "field": "Lao động",
              "issuing_agency": "Bộ Nội vụ",
              "levels": [
                "cap_xa"
              ],
              "life_events": [],
              "name": "Thủ tục tuyển chọn chuyên viên",
              "targets": [],
              "valid_from": "2026-11-23T02:02:03.456Z",
              "version": 2
            },
            "version": 2,
            "withdrawn": false
          },
          {
            "at": "2026-11-23T02:02:03.456Z",
            "code": "1.999999",
            "procedure": {
              "code": "1.999999",
              "field": "Lao động",
              "issuing_agency": "Bộ Nội vụ",
              "levels": [
                "cap_xa"
              ],
              "life_events": [],
              "name": "Thủ tục mới",
              "targets": [],
              "valid_from": "2026-11-23T02:02:03.456Z",
              "version": 1
            },
            "version": 1,
            "withdrawn": false
          },
          {
            "at": "2026-11-23T02:02:03.456Z",
            "code": "2.001661",
            "procedure": null,
            "version": 2,
            "withdrawn": true
          }
        ]
        "#);
    }
    assert_eq!(follow(&caller, &next).await.0, Vec::<Value>::new());
    let modified = "/v1/procedures?fields=code&modified_after=2026-11-23T01:02:03.456Z";
    let modified = caller.get(modified).await.expect(200)["items"].clone();
    assert_eq!(modified, json!([{ "code": "1.999999" }, { "code": "1.014352" }]));
}

#[apply(every_store)]
#[actix_web::test]
async fn versions_stay_readable(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    an_hour_later(&service, &next_list()).await;
    an_hour_later(&service, std::str::from_utf8(COMMUNE_PROCEDURES).unwrap()).await;

    let read = async |path: &str| {
        let record = caller.get(&format!("/v1/procedures/{path}")).await.expect(200);
        let said = ["name", "version", "valid_from", "valid_to"].map(|part| record[part].clone());
        json!(said)
    };
    let (first, second, third) =
        ("2026-11-23T01:02:03.456Z", "2026-11-23T02:02:03.456Z", "2026-11-23T03:02:03.456Z");
    let (expert, officer) = ("Thủ tục tuyển chọn chuyên gia", "Thủ tục tuyển chọn chuyên viên");
    assert_eq!(read("1.014352").await, json!([expert, 3, third, null]));
    assert_eq!(read("1.014352?version=3").await, json!([expert, 3, third, null]));
    assert_eq!(read("1.014352.H55?version=2").await, json!([officer, 2, second, third]));
    assert_eq!(read("1.014352?version=1").await, json!([expert, 1, first, second]));
    assert_eq!(read("2.001661").await[1], 3, "it is back");
    assert_eq!(read("1.999999?version=1").await[3], third, "it is gone, but was there");
    let name = caller.get("/v1/procedures/1.014352?version=2&fields=name").await.expect(200);
    assert_eq!(name, json!({ "name": officer }));

    let nowhere = ["1.999999", "1.999999?version=2", "2.001661?version=2", "1.014352?version=0"];
    for path in nowhere.into_iter().chain(["1.014352?version=-1", "1.014352?version=4"]) {
        let problem = caller.get(&format!("/v1/procedures/{path}")).await.expect(404);
        assert_eq!(problem["code"], "not_found", "{path}");
    }
    caller.get("/v1/procedures/1.014352?version=one").await.expect(422);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_says_the_same_is_no_change(#[case] store: Store) {
    let service = store.service().await;
    let (_, seen) = follow(&service.anonymous(), "").await;
    let mut lines: Vec<_> =
        edited(|line| Some(line.to_owned())).lines().map(String::from).collect();
    lines[1..].reverse();
    an_hour_later(&service, &(lines.join("\n") + "\n")).await;
    assert_eq!(follow(&service.anonymous(), &seen).await, (vec![], seen));
    let one = service.anonymous().get("/v1/procedures/1.014352").await.expect(200);
    assert_eq!((&one["version"], &one["data_as_of"]), (&json!(1), &json!("2026-11-23")));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_broken_file_leaves_yesterdays_catalogue(#[case] store: Store) {
    let service = store.service().await;
    let (_, seen) = follow(&service.anonymous(), "").await;
    let whole = std::str::from_utf8(COMMUNE_PROCEDURES).unwrap();
    let cut = &whole[..whole.len() / 2];
    let refused = take_in(&service, "procedures", "cut.csv", cut).await;
    assert!(matches!(refused, Err(ImportError::Shrinks { in_force: 115, .. })), "{refused:?}");
    let garbled = edited(|line| Some(line.replace("Bộ", "\u{0}").replacen(',', "\"", 1)));
    take_in(&service, "procedures", "garbled.csv", &garbled).await.unwrap_err();
    assert_eq!(follow(&service.anonymous(), &seen).await, (vec![], seen.clone()));

    let meant =
        Source { may_shrink: true, ..source(&service, "procedures", "cut.csv", cut.as_bytes()) };
    let database = another_process(&service).await;
    let now = || service.app.now();
    let report = import(&database, &now, meant, &mut |_, _| {}).await.unwrap();
    service.app.refresh_snapshot().await.unwrap();
    let (changes, _) = follow(&service.anonymous(), &seen).await;
    let gone = changes.iter().filter(|each| each["withdrawn"] == true).count();
    assert_eq!((report.changes.withdrawn, gone), (115 - report.records, 115 - report.records));
}

#[apply(every_store)]
#[actix_web::test]
async fn imports_that_race_make_one_history(#[case] store: Store) {
    let service = store.service().await;
    let lists = ["Một", "Hai"].map(|name| edited(|line| Some(line.replace("Hội tự", name))));
    let sources =
        lists.each_ref().map(|list| source(&service, "procedures", "list.csv", list.as_bytes()));
    let [one, two] = [another_process(&service).await, another_process(&service).await];
    let now = || service.app.now();
    let [first, second] = sources;
    let (mut untold, mut unheard) = (|_, _| {}, |_, _| {});
    let raced = tokio::join!(
        import(&one, &now, first, &mut untold),
        import(&two, &now, second, &mut unheard)
    );
    let outcomes = [raced.0, raced.1];
    assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
    let sound = |outcome: &Result<_, _>| matches!(outcome, Ok(_) | Err(ImportError::Overtaken));
    assert!(outcomes.iter().all(sound), "{outcomes:?}");

    service.app.refresh_snapshot().await.unwrap();
    let caller = service.anonymous();
    let (changes, _) = follow(&caller, "").await;
    let renamed: BTreeMap<_, _> =
        changes.iter().map(|each| (each["code"].as_str().unwrap(), each)).collect();
    let renamed = renamed["1.013708"];
    let stands = caller.get("/v1/procedures/1.013708?fields=name,version").await.expect(200);
    assert_eq!(renamed["procedure"]["name"], stands["name"]);
    assert_eq!(renamed["version"], stands["version"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_cursor_holds_on_every_replica(#[case] store: Store) {
    let (ours, url) = shared(store).await;
    let theirs = replica(url).await;
    let (_, seen) = follow(&ours.anonymous(), "").await;
    assert_eq!(follow(&theirs.anonymous(), &seen).await, (vec![], seen.clone()));
    an_hour_later(&ours, &next_list()).await;
    let (changes, next) = follow(&ours.anonymous(), &seen).await;
    // The other one may not know of the edition yet: it has nothing more, and says no more.
    assert_eq!(follow(&theirs.anonymous(), &next).await, (vec![], next.clone()));
    theirs.app.refresh_snapshot().await.unwrap();
    assert_eq!(follow(&theirs.anonymous(), &seen).await, (changes, next));
}

#[apply(every_store)]
#[actix_web::test]
async fn an_edition_whose_load_died_is_swept(#[case] store: Store) {
    let service = store.service().await;
    an_hour_later(&service, &next_list()).await;
    let (before, _) = follow(&service.anonymous(), "").await;
    an_hour_later(&service, std::str::from_utf8(COMMUNE_PROCEDURES).unwrap()).await;
    // As if the last one had been killed before it was in force.
    let killed = "UPDATE catalogue_edition SET state = 'loading', number = NULL WHERE number = 3";
    tamper(service.app.database.url(), killed);
    an_hour_later(&service, &next_list()).await;
    let (after, _) = follow(&service.anonymous(), "").await;
    let versions = |changes: &[Value]| -> BTreeMap<String, Value> {
        changes.iter().map(|each| (each["code"].to_string(), each["version"].clone())).collect()
    };
    assert_eq!(versions(&after), versions(&before));
}

#[actix_web::test]
async fn a_place_that_was_never_given_is_refused() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let place = |edition: i64| {
        let place = format!("{{\"edition\":{edition},\"digest\":\"x\",\"code\":\"1.000001\"}}");
        URL_SAFE_NO_PAD.encode(format!("[\"procedure-changes\",{place}]"))
    };
    let ask =
        async |after: &str| caller.get(&format!("/v1/procedures/changes?after={after}")).await;
    assert_eq!(ask(&place(1)).await.expect(410)["code"], "cursor_expired");
    assert_eq!(ask(&place(-1)).await.expect(410)["code"], "cursor_expired");
    let ahead = ask(&place(99)).await.expect(200);
    assert_eq!((&ahead["items"], &ahead["next_cursor"]), (&json!([]), &json!(place(99))));
    for garbled in ["x", "%F0%9F%99%82", &URL_SAFE_NO_PAD.encode("[\"procedures\",null]")] {
        let problem = ask(garbled).await.expect(422);
        assert_eq!(problem["code"], "invalid_cursor", "{garbled}");
        assert_eq!(problem["errors"][0]["pointer"], "/query/after");
    }
    let problem = caller.get("/v1/procedures/changes?limit=0").await.expect(422);
    assert_eq!(problem["errors"][0]["pointer"], "/query/limit");
    let parts = "/v1/procedures/changes?limit=1&fields=code,name_raw,details";
    let parts = caller.get(parts).await.expect(200)["items"][0]["procedure"].clone();
    assert_eq!(parts.as_object().unwrap().len(), 3, "{parts}");
}
