//! One of two replicas is killed in the middle of its work; the other goes on.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use reqwest::Client;
use serde_json::Value;
use tests::{Caller, Crowd, Promise};

use crate::Site;

const ROUNDS: u64 = 8;

#[actix_web::test]
async fn the_other_one_goes_on_and_nothing_is_missed() {
    let site = Site::postgres();
    let other = site.replica();
    let client = Client::new();
    let surviving = other.start().await;
    let mut server = site.start().await;
    let mut dispatcher = other.signed_in(&site, "dispatcher-province").await;
    let (mut heard, mut cursor) = (HashSet::new(), String::new());

    let there = Crowd::calling(&site.base(), 8);
    let here = Crowd::calling(&other.base(), 8);
    let (mut promised, mut longest) = (Vec::new(), Duration::ZERO);
    for round in 0..ROUNDS {
        tokio::time::sleep(Duration::from_millis(500 + round * 379 % 1_500)).await;
        drop(server);
        let killed = Instant::now();
        let answer = client.post(surviving.url("/v1/emergencies")).body("{}").send().await.unwrap();
        assert_eq!(answer.status(), 201, "the other replica stores at once");
        longest = longest.max(killed.elapsed());
        server = site.start().await;
        promised.extend(there.look().promises);
        // Whoever starts makes the demo people anew, which ends the sessions they had.
        dispatcher = other.signed_in(&site, "dispatcher-province").await;
        follow(&dispatcher, &mut cursor, &mut heard).await;
    }
    let met = there.falls_silent().await;
    assert_eq!(met.refusals, [0; 0]);
    promised.extend(met.promises);
    let met = here.falls_silent().await;
    assert_eq!((met.refusals.as_slice(), met.silences), ([0; 0].as_slice(), 0));
    promised.extend(met.promises);

    let calls = promised.len();
    tokio::time::sleep(Duration::from_secs(2)).await;
    follow(&dispatcher, &mut cursor, &mut heard).await;
    let missed = promised.iter().filter(|promise| !heard.contains(promise.id())).count();
    assert_eq!(missed, 0, "events that no dispatcher was told of");
    let broken = Promise::broken(promised, &client, &other.base()).await;
    assert!(broken.is_empty(), "{broken:?}");
    eprintln!("{calls} calls checked; the other replica stored within {longest:?} of each kill");
    assert!(calls > 100, "only {calls} emergencies were raised");
}

/// Reads the feed to its end, and asserts that it tells of no emergency twice.
async fn follow(dispatcher: &Caller, cursor: &mut String, heard: &mut HashSet<String>) {
    loop {
        let path = format!("/v1/dispatch/events?after={cursor}&limit=100&types=emergency.received");
        let page = dispatcher.get(&path).await.expect(200);
        next(&page, "next_cursor").clone_into(cursor);
        for item in page["items"].as_array().unwrap() {
            let id = next(item, "emergency_id").to_owned();
            assert!(heard.insert(id), "told twice: {item}");
        }
        if page["more"] == false && page["items"].as_array().unwrap().is_empty() {
            return;
        }
    }
}

fn next<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}
