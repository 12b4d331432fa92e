//! What was answered 2xx stands, whatever happens to the server: shown on the real binary.

use std::time::Duration;

use reqwest::Client;
use rstest_reuse::apply;
use tests::{
    Crowd, Store,
    process::{Build, Process, free_address},
};

use crate::every_store;

#[apply(every_store)]
#[actix_web::test]
async fn a_killed_server_has_kept_what_it_promised(#[case] store: Store) {
    let binary = Build::Dev.server().unwrap();
    let fresh = store.fresh().await;
    let key = fresh.folder.path().join("master.key");
    std::fs::write(&key, "A".repeat(43) + "=").unwrap();
    let key = key.display().to_string();
    let variables = [("DATABASE_URL", fresh.url.as_str()), ("CTN_MASTER_KEY_FILE", &key)];
    let address = free_address().unwrap();
    let start = || Process::serve(&binary, address, fresh.folder.path(), &variables);

    let server = start().await.unwrap();
    let base = server.url("");
    let crowd = Crowd::calling(&base, 8);
    tokio::time::sleep(Duration::from_secs(1)).await;
    drop(server);
    let met = crowd.falls_silent().await;
    assert!(!met.promises.is_empty());
    assert_eq!(met.refusals, [0; 0]);

    let _server = start().await.unwrap();
    for promise in &met.promises {
        assert!(promise.is_kept(&Client::new(), &base).await, "{promise:?}");
    }
}
