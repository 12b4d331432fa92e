//! PostgreSQL goes away under load, in order and by a crash, and comes back.

use std::time::Duration;

use reqwest::Client;
use tests::{Crowd, Promise};

use crate::Site;

const ROUNDS: u64 = 6;

#[actix_web::test]
async fn the_service_says_so_and_recovers_by_itself() {
    let site = Site::postgres();
    let cluster = site.cluster.as_ref().unwrap();
    let client = Client::new();
    let server = site.start().await;
    let crowd = Crowd::calling(&site.base(), 16);
    let mut refused = 0;
    for round in 0..ROUNDS {
        tokio::time::sleep(Duration::from_secs(2)).await;
        if round % 2 == 0 {
            cluster.stop().unwrap()
        } else {
            cluster.crash().unwrap()
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        let away = client.post(server.url("/v1/emergencies")).body("{}").send().await.unwrap();
        assert_eq!(away.status(), 503);
        assert!(away.headers().contains_key("retry-after"));
        assert_eq!(client.get(server.url("/readyz")).send().await.unwrap().status(), 503);
        assert_eq!(client.get(server.url("/v1/hotlines")).send().await.unwrap().status(), 200);
        cluster.start_again().unwrap();

        let met = crowd.look();
        assert_eq!(met.silences, 0, "a caller got no answer in round {round}");
        assert!(met.refusals.iter().all(|&status| status == 503), "{:?}", met.refusals);
        refused += met.refusals.len();
        is_well_again(&client, &server.url("/readyz")).await;
        let broken = Promise::broken(met.promises, &client, &site.base()).await;
        assert!(broken.is_empty(), "{broken:?} in round {round}");
    }
    crowd.falls_silent().await;
    assert!(refused > 0, "nobody called while the store was away");
    server.stop().unwrap();
}

async fn is_well_again(client: &Client, ready: &str) {
    let patience = tokio::time::timeout(Duration::from_secs(15), async {
        while !client.get(ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    patience.await.expect("the service recovers by itself");
}
