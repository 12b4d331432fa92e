//! Agencies that are added and moved while the service runs: everybody knows at once, everywhere.

use std::{future::Future, time::Duration};

use domain::identity::Role;
use futures_util::future::join_all;
use rstest_reuse::apply;
use serde_json::json;
use tests::{Caller, Service, Store};

use crate::{
    every_store,
    feedback::{lamp, report, step},
    revocation::{replica, shared},
};

const AGENCIES: &str = "/v1/admin/agencies";

/// Whether `holds` comes true. A word needs a moment from one process to the next.
pub(crate) async fn soon<F: Future<Output = bool>>(holds: impl Fn() -> F) -> bool {
    for _ in 0..600 {
        if holds().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

async fn add_region(administrator: &Caller) {
    let region = json!({ "code": "region", "name": "Cụm xã phía bắc", "kind": "department" });
    administrator.post(AGENCIES, region).await.expect(201);
}

/// Puts the agency `code` below `parent`.
async fn put_below(administrator: &Caller, code: &str, parent: &str) {
    let path = format!("{AGENCIES}/{code}");
    let seen = administrator.get(&path).await;
    let informed = administrator.with("If-Match", seen.header("etag"));
    informed.patch(&path, json!({ "parent": parent })).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_moves_an_agency_gives_and_takes_at_once_on_every_replica(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let other = replica(url.clone()).await;
    let administrator = service.administrator().await;
    add_region(&administrator).await;
    let here = service.staff("lan", Role::Officer, "region").await;
    let there = other.anonymous().bearing(here.token());
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    let path = format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap());
    for (parent, status) in [("province", 404), ("region", 200), ("province", 404)] {
        put_below(&administrator, "commune-05443", parent).await;
        here.get(&path).await.expect(status);
        let told = || async { there.get(&path).await.status() == status };
        assert!(soon(told).await, "the replica answers {status} below {parent}");
    }
    put_below(&administrator, "commune-05443", "region").await;
    let third = replica(url).await;
    third.anonymous().bearing(here.token()).get(&path).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn two_agencies_are_not_moved_below_each_other(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await.with("If-Match", "\"0\"");
    let moves =
        [("police", "fire"), ("fire", "police"), ("medical", "rescue"), ("rescue", "medical")];
    let moved = join_all(moves.map(|(code, parent)| {
        let administrator = &administrator;
        async move {
            let path = format!("{AGENCIES}/{code}");
            administrator.patch(&path, json!({ "parent": parent })).await.status()
        }
    }));
    let mut answers = moved.await;
    answers.sort_unstable();
    assert_eq!(answers, [200, 200, 422, 422]);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_follows_the_feed_and_who_is_on_duty_see_what_was_moved_below_them(
    #[case] store: Store,
) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    add_region(&administrator).await;
    let dispatcher = service.staff("lan", Role::Dispatcher, "region").await;
    dispatcher.put("/v1/dispatch/duty", json!({ "on": true })).await.expect(200);
    let raise = || async {
        service.anonymous().post("/v1/emergencies", json!({ "kind": "fire" })).await.expect(201)
    };
    assert_eq!(raise().await["staffed"], false, "nobody there sees a fire");
    let queue = dispatcher.get("/v1/dispatch/emergencies").await.expect(200);
    assert_eq!(queue["items"], json!([]));
    let after = queue["events_cursor"].as_str().unwrap();
    let waiting = dispatcher.clone();
    let poll = format!("/v1/dispatch/events?wait_s=30&after={after}");
    let poll = tokio::spawn(async move { waiting.get(&poll).await.expect(200) });
    tokio::time::sleep(Duration::from_millis(100)).await;
    put_below(&administrator, "fire", "region").await;
    let raised = raise().await;
    assert_eq!(raised["staffed"], true);
    let told = tokio::time::timeout(Duration::from_secs(10), poll).await.unwrap().unwrap();
    assert_eq!(told["items"][0]["emergency_id"], raised["id"], "who waited before is told");
    let queue = dispatcher.get("/v1/dispatch/emergencies").await.expect(200);
    assert_eq!(queue["items"].as_array().unwrap().len(), 2);
    let asked = dispatcher.get("/v1/dispatch/emergencies?agency=police").await.expect(200);
    assert_eq!(asked["items"], json!([]), "asking for others widens nothing");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_added_agency_is_handed_reports_and_its_people_are_told(#[case] store: Store) {
    let service = store.service().await;
    add_region(&service.administrator().await).await;
    let officer = service.officer().await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    let id = &submitted["id"];
    step(&officer, id, "accept", json!({})).await.expect(200);
    let region = json!({ "agency": "region", "reason": "Thuộc cụm xã phía bắc" });
    let moved = step(&officer, id, "transfer", region).await.expect(200);
    assert_eq!((&moved["agency"], &moved["status"]), (&json!("region"), &json!("submitted")));
    step(&officer, id, "accept", json!({})).await.expect(200);
    let of_region = service.staff("lan", Role::Officer, "region").await;
    let administrator = service.administrator().await;
    let lan = administrator.get("/v1/admin/staff?agency=region").await.expect(200);
    let lan = json!({ "assignee": lan["items"][0]["id"] });
    step(&officer, id, "assign", lan).await.expect(200);
    let told = of_region.get("/v1/staff/notifications").await.expect(200);
    assert_eq!(told["items"][0]["kind"], "feedback.assigned");
    assert_eq!(told["items"][0]["subject"], *id);
    assert_eq!(told["items"].as_array().unwrap().len(), 1);
    let others = officer.get("/v1/staff/notifications").await.expect(200);
    assert_eq!(others["items"], json!([]), "what is told is for one person");
}

/// Whether a search for `name` finds the region before everything else.
async fn finds(service: &Service, name: &str) -> bool {
    let caller = service.anonymous();
    let request = caller.request(reqwest::Method::GET, "/v1/search").query(&[("q", name)]);
    caller.send(request).await.expect(200)["items"][0]["code"] == "region"
}

#[apply(every_store)]
#[actix_web::test]
async fn an_agency_is_found_by_the_name_it_has_now(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let other = replica(url).await;
    let administrator = service.administrator().await;
    let (name, later) = ("Cụm xã phía bắc", "Văn phòng Sông Công");
    assert!(!finds(&other, name).await);
    add_region(&administrator).await;
    assert!(soon(|| finds(&service, name)).await, "where it was added");
    assert!(soon(|| finds(&other, name)).await, "on the replica");
    let suggested = other.anonymous().get("/v1/search/suggest?q=cum+xa").await.expect(200);
    assert_eq!(suggested["items"][0]["code"], "region");
    let informed = administrator.with("If-Match", "\"1\"");
    informed.patch(&format!("{AGENCIES}/region"), json!({ "name": later })).await.expect(200);
    assert!(soon(|| finds(&other, later)).await, "by its later name");
}
