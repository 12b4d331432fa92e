//! Following places and notices from a phone.

use chrono::TimeDelta;
use domain::StoreError;
use infra::{database::Transaction, directory::note_list};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Service, Store};

use crate::{
    every_store,
    import::{another_process, take_in},
};

const FACILITIES: &str = "/v1/facilities/changes";
const NOTICES: &str = "/v1/notices/changes";

const CLINICS: &str = "id,type,name,lat,lon,source,licence
clinic-1,clinic,Phòng khám Một,21.5942,105.8482,thử,CC0
clinic-2,clinic,Phòng khám Hai,,,thử,CC0
";

/// What comes from `path` after a cursor, page by page, and where to go on.
async fn follow(service: &Service, path: &str, after: Option<&str>) -> (Vec<Value>, String) {
    let (mut items, mut after) = (Vec::new(), after.map(str::to_owned));
    loop {
        let cursor = after.map(|after| format!("&after={after}")).unwrap_or_default();
        let page = service.anonymous().get(&format!("{path}?limit=4{cursor}")).await.expect(200);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        let next = page["next_cursor"].as_str().unwrap().to_owned();
        if page["more"] == false {
            return (items, next);
        }
        after = Some(next);
    }
}

fn told(items: &[Value]) -> Vec<(&str, bool)> {
    let one = |item: &'_ Value| item["withdrawn"].as_bool().unwrap();
    items.iter().map(|item| (item["id"].as_str().unwrap(), one(item))).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_phone_that_follows_has_the_list(#[case] store: Store) {
    let service = store.service().await;
    let (all, cursor) = follow(&service, FACILITIES, None).await;
    assert_eq!(all.len(), 11);
    let full = service.anonymous().get("/v1/facilities?limit=100").await.expect(200);
    for item in full["items"].as_array().unwrap() {
        let mut record = item.clone();
        record.as_object_mut().unwrap().remove("open_now");
        assert!(all.iter().any(|change| change["record"] == record), "{record}");
    }
    assert_eq!(follow(&service, FACILITIES, Some(&cursor)).await, (vec![], cursor.clone()));

    take_in(&service, "facilities", "clinics.csv", CLINICS).await.unwrap();
    let (changes, later) = follow(&service, FACILITIES, Some(&cursor)).await;
    let gone = told(&changes).into_iter().filter(|(_, withdrawn)| *withdrawn).count();
    assert_eq!((changes.len(), gone), (13, 11));
    let edited = CLINICS.replace("Phòng khám Hai", "Phòng khám Hai (mới)");
    service.clock.advance(TimeDelta::hours(1));
    let since = service.app.now().at.to_rfc3339().replace('+', "%2B");
    take_in(&service, "facilities", "clinics.csv", &edited).await.unwrap();
    let (changes, _) = follow(&service, FACILITIES, Some(&later)).await;
    assert_eq!(told(&changes), [("clinic-2", false)], "and of what stays as it was nothing");
    let path = format!("{FACILITIES}?modified_after={since}&fields=id,name");
    let lately = service.anonymous().get(&path).await.expect(200);
    let record = json!({ "id": "clinic-2", "name": "Phòng khám Hai (mới)" });
    assert_eq!(
        (lately["items"].as_array().unwrap().len(), &lately["items"][0]["record"]),
        (1, &record)
    );
    assert!(take_in(&service, "facilities", "broken.csv", "id,type\n").await.is_err());
    assert_eq!(
        follow(&service, FACILITIES, Some(&later)).await.0,
        changes,
        "a broken file is none"
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_withdrawn_is_told_to_whoever_had_it(#[case] store: Store) {
    let service = store.service().await;
    let clerk = service.administrator().await;
    let (_, before) = follow(&service, NOTICES, None).await;
    let posted = json!({ "kind": "traffic", "title": "Cấm đường Hoàng Văn Thụ" });
    let answer = clerk.post("/v1/desk/notices", posted).await;
    let tag = answer.header("etag").to_owned();
    let id = answer.expect(201)["id"].as_str().unwrap().to_owned();
    let (changes, cursor) = follow(&service, NOTICES, Some(&before)).await;
    assert_eq!(told(&changes), [(id.as_str(), false)]);
    assert_eq!(changes[0]["record"]["title"], "Cấm đường Hoàng Văn Thụ");
    let path = format!("/v1/desk/notices/{id}/withdraw");
    clerk.with("if-match", &tag).post(&path, json!({})).await.expect(200);
    let (changes, _) = follow(&service, NOTICES, Some(&cursor)).await;
    assert_eq!(told(&changes), [(id.as_str(), true)]);
    assert_eq!(changes[0]["record"], Value::Null);
    let (changes, _) = follow(&service, NOTICES, Some(&before)).await;
    assert_eq!(told(&changes), [(id.as_str(), true)], "once, as it stands now");
}

#[apply(every_store)]
#[actix_web::test]
async fn two_processes_note_the_same_once_and_answer_alike(#[case] store: Store) {
    let service = store.service().await;
    let another = another_process(&service).await;
    let records =
        || ["a", "b", "c"].map(|id| (id.to_owned(), format!("{{\"id\":\"{id}\"}}"))).to_vec();
    let now = service.app.now();
    let (one, two) = futures_util::future::join(
        note_list(&service.app.database, &now, "test", records()),
        note_list(&another, &now, "test", records()),
    )
    .await;
    assert!((3..=6).contains(&(one.unwrap() + two.unwrap())));
    assert_eq!(note_list(&another, &now, "test", records()).await.unwrap(), 0);
    let read = |tx: &mut Transaction<'_>| {
        Ok::<_, StoreError>((tx.list_place("test")?, tx.list_changes("test", (0, None), 10)?))
    };
    let (place, changes) = another.read(read).await.unwrap();
    let mut ids: Vec<_> = changes.iter().map(|change| change.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(changes.last().unwrap().position, place.unwrap().position);
    assert_eq!(note_list(&another, &now, "test", records()[1..].to_vec()).await.unwrap(), 1);
    let gone = another.read(move |tx: &mut Transaction<'_>| {
        tx.list_changes("test", (place.unwrap().position, None), 10)
    });
    let gone = gone.await.unwrap();
    assert_eq!((gone.len(), gone[0].id.as_str(), &gone[0].record), (1, "a", &None));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_cursor_of_something_else_is_refused_and_a_known_page_is_304(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let first = caller.get(FACILITIES).await;
    let tag = first.header("etag").to_owned();
    let cursor = first.expect(200)["next_cursor"].as_str().unwrap().to_owned();
    caller.with("if-none-match", &tag).get(FACILITIES).await.expect(304);
    for bad in ["x", "%F0%9F%98%80", &"A".repeat(5_000)] {
        let problem = caller.get(&format!("{FACILITIES}?after={bad}")).await.expect(422);
        assert_eq!(problem["code"], "invalid_cursor", "{bad}");
    }
    caller.get(&format!("{NOTICES}?after={cursor}")).await.expect(422);
    caller.get(&format!("{FACILITIES}?fields=colour")).await.expect(422);
    caller.get(&format!("{FACILITIES}?limit=0")).await.expect(422);
    caller.get(&format!("{FACILITIES}?modified_after=yesterday")).await.expect(422);
    let begun_anew = api::page::cursor("facilities", &(uuid::Uuid::nil(), 3));
    let problem = caller.get(&format!("{FACILITIES}?after={begun_anew}")).await.expect(410);
    assert_eq!(problem["code"], "cursor_expired");
}
