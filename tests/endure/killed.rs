//! The server is killed by SIGKILL in the middle of its work, again and again.

use std::time::Duration;

use reqwest::Client;
use tests::{Crowd, Promise};

use crate::Site;

const ROUNDS: u64 = 20;

#[actix_web::test]
async fn an_embedded_store_loses_nothing_that_was_promised() {
    is_killed_again_and_again(Site::embedded()).await;
}

#[actix_web::test]
async fn a_shared_store_loses_nothing_that_was_promised() {
    is_killed_again_and_again(Site::postgres()).await;
}

async fn is_killed_again_and_again(site: Site) {
    let client = Client::new();
    let mut server = site.start().await;
    let crowd = Crowd::calling(&site.base(), 16);
    let (mut kept, mut longest) = (0, Duration::ZERO);
    for round in 0..ROUNDS {
        // Never twice at the same point of whatever the server does in turns.
        tokio::time::sleep(Duration::from_millis(300 + round * 379 % 1_500)).await;
        drop(server);
        let promises = crowd.look().promises;
        kept += promises.len();
        server = site.start().await;
        longest = longest.max(server.start_took);
        let broken = Promise::broken(promises, &client, &site.base()).await;
        assert!(broken.is_empty(), "{broken:?} in round {round}");
    }
    let last = crowd.falls_silent().await;
    assert_eq!(last.refusals, [0; 0]);
    eprintln!("{kept} calls checked; ready again within {longest:?}");
    assert!(kept > 100, "only {kept} emergencies were raised");
}
