//! PostgreSQL goes away under load, in order and by a crash, and comes back: every call meanwhile is
//! answered 2xx, and stored in the end.

use std::time::{Duration, Instant};

use reqwest::Client;
use tests::{Crowd, Promise};

use crate::{Site, recovers};

const ROUNDS: u64 = 6;

#[actix_web::test]
async fn the_service_says_so_and_recovers_by_itself() {
    let site = Site::postgres();
    let cluster = site.cluster.as_ref().unwrap();
    let client = Client::new();
    let server = site.start().await;
    let crowd = Crowd::calling(&site.base(), 16);
    let (mut kept, mut longest) = (0, Duration::ZERO);
    for round in 0..ROUNDS {
        tokio::time::sleep(Duration::from_secs(2)).await;
        if round % 2 == 0 {
            cluster.stop().unwrap()
        } else {
            cluster.crash().unwrap()
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        let away = client.post(server.url("/v1/emergencies")).body("{}").send().await.unwrap();
        assert_eq!(away.status(), 202, "the call is kept on disk");
        assert_eq!(client.get(server.url("/readyz")).send().await.unwrap().status(), 503);
        assert_eq!(client.get(server.url("/v1/hotlines")).send().await.unwrap().status(), 200);
        cluster.start_again().unwrap();
        let back = Instant::now();

        let met = crowd.look();
        assert_eq!(met.silences, 0, "a caller got no answer in round {round}");
        assert_eq!(met.refusals, [0; 0], "round {round}");
        kept += met.promises.len();
        recovers(&client, &site).await;
        longest = longest.max(back.elapsed());
        let broken = Promise::broken(met.promises, &client, &site.base()).await;
        assert!(broken.is_empty(), "{broken:?} in round {round}");
    }
    crowd.falls_silent().await;
    eprintln!("{kept} calls checked; all stored within {longest:?} of each return");
    assert!(kept > 0, "nobody called");
    server.stop().unwrap();
}
