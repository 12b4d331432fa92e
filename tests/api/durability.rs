//! What was answered 2xx stands, whatever happens to the server: shown on the real binary.

use std::{
    fs,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use reqwest::Client;
use rstest_reuse::apply;
use tests::{
    Crowd, Promise, Store,
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

#[actix_web::test]
async fn while_its_disk_is_full_the_server_keeps_every_call() {
    let binary = Build::Dev.server().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let address = free_address().unwrap();
    let server = Process::serve(&binary, address, folder.path(), &[]).await.unwrap();
    let base = server.url("");
    // The store's files are larger than this by now, and the spool is not.
    server.limit_files("262144").unwrap();
    let crowd = Crowd::calling(&base, 4);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let met = crowd.falls_silent().await;
    assert!(!met.promises.is_empty());
    assert_eq!((met.refusals.as_slice(), met.silences), ([0; 0].as_slice(), 0));
    let client = Client::new();
    assert!(spooled(&client, &base).await > 0, "nothing was kept on disk");

    server.limit_files("unlimited").unwrap();
    is_caught_up(&client, &base).await;
    let broken = Promise::broken(met.promises, &client, &base).await;
    assert!(broken.is_empty(), "{broken:?}");
}

/// The disk is a real one, small and full to the last byte, which takes a file system of its own: root
/// gives the server one that nobody else sees. Whoever is not root has the test before this one.
#[actix_web::test]
async fn on_a_real_disk_without_room_the_server_keeps_every_call() {
    let binary = Build::Dev.server().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let address = free_address().unwrap();
    let small = Process::serve_on_small_disk(&binary, address, folder.path(), 64).await.unwrap();
    let Some((server, disk)) = small else { return };
    let base = server.url("");
    let reserve = disk.join("reserve");
    assert!(reserve.exists(), "room is held from the start");
    let crowd = Crowd::calling(&base, 4);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let filler = disk.join("filler");
    fill(&filler);
    let begin = Instant::now();
    while reserve.exists() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it was not given back for the calls");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    fs::remove_file(&filler).unwrap();
    let client = Client::new();
    let met = crowd.falls_silent().await;
    is_caught_up(&client, &base).await;
    assert_eq!((met.refusals.as_slice(), met.silences), ([0; 0].as_slice(), 0));
    assert!(!met.promises.is_empty());
    let broken = Promise::broken(met.promises, &client, &base).await;
    assert!(broken.is_empty(), "{broken:?}");
}

/// Writes `file` until the disk takes no more.
fn fill(file: &Path) {
    let mut file = fs::File::create(file).unwrap();
    let mut piece = vec![7; 1 << 20];
    while !piece.is_empty() {
        if file.write_all(&piece).is_err() {
            piece.truncate(piece.len() / 2);
        }
    }
}

/// Waits until nothing waits on disk any more.
async fn is_caught_up(client: &Client, base: &str) {
    for _ in 0..300 {
        if spooled(client, base).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// How many calls wait on disk for the store.
async fn spooled(client: &Client, base: &str) -> u64 {
    let told = client.get(format!("{base}/readyz")).send().await.unwrap();
    told.json::<serde_json::Value>().await.unwrap()["spooled"].as_u64().unwrap()
}
