//! The primary of two PostgreSQL servers is lost under load, and its synchronous standby takes over.

use std::time::{Duration, Instant};

use reqwest::Client;
use tests::{
    Crowd, Promise,
    cluster::{Cluster, Durability},
};

use crate::{Site, is_caught_up, recovers};

#[actix_web::test]
async fn nothing_is_lost_with_the_primary() {
    let primary = Cluster::start(Durability::Flushed).unwrap();
    primary.create_database("site").unwrap();
    let standby = primary.synchronous_standby().unwrap();
    let site = Site { url: Some(primary.url_with(&standby, "site")), ..Site::embedded() };
    let client = Client::new();
    let server = site.start().await;
    let crowd = Crowd::calling(&site.base(), 16);
    tokio::time::sleep(Duration::from_secs(5)).await;

    primary.crash().unwrap();
    let lost = Instant::now();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let away = client.post(server.url("/v1/emergencies")).body("{}").send().await.unwrap();
    assert_eq!(away.status(), 202, "the call is kept on disk");
    standby.promote().unwrap();
    let promoted = Instant::now();
    recovers(&client, &site).await;
    eprintln!("all stored {:?} after the promotion", promoted.elapsed());
    tokio::time::sleep(Duration::from_secs(2)).await;

    assert!(is_caught_up(&client, &site).await);
    let met = crowd.falls_silent().await;
    assert_eq!(met.silences, 0, "a caller got no answer");
    assert_eq!(met.refusals, [0; 0]);
    let calls = met.promises.len();
    let broken = Promise::broken(met.promises, &client, &site.base()).await;
    assert!(broken.is_empty(), "{broken:?}");
    eprintln!("{calls} calls checked, {:?} after the loss", lost.elapsed());
    assert!(calls > 100, "only {calls} emergencies were raised");
    server.stop().unwrap();
}
