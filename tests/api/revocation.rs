//! Access that ends before its token: at once, on every replica.

use std::time::Duration;

use domain::identity::Role;
use futures_util::StreamExt as _;
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::json;
use tests::{Caller, Fresh, Service, Store};

use crate::every_store;

/// Signs out of the session of `caller`.
async fn sign_out(caller: &Caller) {
    caller.post("/v1/auth/logout", json!({})).await.expect(204);
}

/// Waits until `caller` is refused. A word needs a moment from one process to the next.
pub(crate) async fn is_refused(caller: &Caller, path: &str) -> bool {
    for _ in 0..300 {
        let answer = caller.get(path).await;
        if answer.status() == 401 {
            return answer.json()["code"] == "unauthorized";
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

/// A service, and where another process finds its store.
pub(crate) async fn shared(store: Store) -> (Service, String) {
    let fresh = store.fresh().await;
    let url = fresh.url.clone();
    (Service::start(fresh).await, url)
}

/// Another process on the same store.
pub(crate) async fn replica(url: String) -> Service {
    Service::start(Fresh { folder: tempfile::tempdir().unwrap(), url }).await
}

#[apply(every_store)]
#[actix_web::test]
async fn a_staff_member_who_signs_out_is_out_at_once_on_every_replica(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let other = replica(url).await;
    let here = service.staff("binh", Role::Dispatcher, "police").await;
    let there = other.anonymous().bearing(here.token());
    there.get("/v1/dispatch/duty").await.expect(200);
    sign_out(&here).await;
    assert!(is_refused(&here, "/v1/dispatch/duty").await);
    assert!(is_refused(&there, "/v1/dispatch/duty").await);
    let again = service.staff("binh", Role::Dispatcher, "police").await;
    again.get("/v1/dispatch/duty").await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_process_that_starts_later_knows_who_was_signed_out(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let gone = service.dispatcher().await;
    let stays = service.staff("binh", Role::Dispatcher, "police").await;
    sign_out(&gone).await;
    let other = replica(url).await;
    other.anonymous().bearing(gone.token()).get("/v1/dispatch/duty").await.expect(401);
    other.anonymous().bearing(stays.token()).get("/v1/dispatch/duty").await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_open_stream_and_a_waiting_poll_end_with_the_session(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    let request = dispatcher.request(Method::GET, "/v1/dispatch/events");
    let stream = request.header("Accept", "text/event-stream").send().await.unwrap();
    let mut chunks = stream.bytes_stream();
    chunks.next().await.unwrap().unwrap();
    let waiting = dispatcher.clone();
    let poll = tokio::spawn(async move { waiting.get("/v1/dispatch/events?wait_s=30").await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    sign_out(&dispatcher).await;
    let ended = async { while chunks.next().await.is_some_and(|chunk| chunk.is_ok()) {} };
    tokio::time::timeout(Duration::from_secs(5), ended).await.expect("the stream ends");
    let poll = tokio::time::timeout(Duration::from_secs(5), poll).await.expect("the poll ends");
    assert_eq!(poll.unwrap().expect(401)["code"], "unauthorized");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_token_is_forgotten_when_it_ends_however_often_it_was_good(#[case] store: Store) {
    let service = store.service().await;
    let dispatcher = service.dispatcher().await;
    for _ in 0..3 {
        dispatcher.get("/v1/dispatch/duty").await.expect(200);
    }
    service.clock.advance(chrono::TimeDelta::seconds(606));
    dispatcher.get("/v1/dispatch/duty").await.expect(401);
    service.clock.advance(chrono::TimeDelta::seconds(-606));
    dispatcher.get("/v1/dispatch/duty").await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_citizen_who_is_erased_is_out_at_once_on_every_replica(#[case] store: Store) {
    let (service, url) = shared(store).await;
    let other = replica(url).await;
    let (phone, tablet) = (service.citizen("an").await, service.citizen("an").await);
    let there = other.anonymous().bearing(tablet.token());
    there.get("/v1/me/businesses").await.expect(200);
    phone.delete("/v1/me").await.expect(202);
    for caller in [phone, tablet, there] {
        assert!(is_refused(&caller, "/v1/me/businesses").await);
    }
    service.citizen("an").await.get("/v1/me/businesses").await.expect(200);
}
