//! Fifty phones upload at once on a slow network, and the server dies in the middle of it.

use std::time::Duration;

use futures_util::{StreamExt as _, future::join_all, stream};
use reqwest::{Body, Client};
use serde_json::Value;
use tests::picture;

use crate::Site;

const PHONES: usize = 50;
/// How many bytes a phone sends at once, and how long it then waits.
const PIECE: usize = 64 * 1024;
const PAUSE: Duration = Duration::from_millis(60);
/// How much memory an upload may take, in MiB.
const MOST_MIB: f64 = 1.0;

#[actix_web::test]
async fn fifty_uploads_take_little_memory_and_survive_a_kill() {
    let site = Site::embedded();
    let mut server = site.start().await;
    let client = Client::new();
    let photo = picture::large_jpeg();
    // What the server keeps once it was used.
    let warm = begin(&client, &site, photo.len()).await;
    send(&client, &site, &warm, photo.clone()).await;
    let idle = server.resident_mib().unwrap();

    let begun = join_all((0..PHONES).map(|_| begin(&client, &site, photo.len()))).await;
    let all_but_the_end = &photo[..photo.len() - 1000];
    let sending = begun.iter().map(|token| send(&client, &site, token, all_but_the_end.to_vec()));
    let mut sending = std::pin::pin!(join_all(sending));
    let mut peak = idle;
    loop {
        tokio::select! {
            _ = &mut sending => break,
            () = tokio::time::sleep(Duration::from_millis(100)) => {
                peak = peak.max(server.resident_mib().unwrap());
            }
        }
    }
    let each = (peak - idle) / f64::from(u32::try_from(PHONES).unwrap());
    println!("{idle:.0} MiB idle, {peak:.0} MiB with {PHONES} uploads: {each:.2} MiB each");
    assert!(each < MOST_MIB, "{each} MiB each, from {idle} to {peak}");

    drop(server);
    server = site.start().await;
    for token in begun.iter().take(5) {
        let url = format!("{}/v1/uploads/{token}", site.base());
        let stands: Value = client.get(&url).send().await.unwrap().json().await.unwrap();
        assert_eq!(stands["offset"], all_but_the_end.len(), "what was answered is kept");
        send(&client, &site, token, photo.clone()).await;
        let id = stands["id"].as_str().unwrap();
        let url = format!("{}/v1/media/{id}", site.base());
        let whole = client.get(&url).bearer_auth(token).send().await.unwrap();
        assert!(whole.bytes().await.unwrap() == photo, "identical");
    }
    drop(server);
}

/// Announces an upload, and says its token.
async fn begin(client: &Client, site: &Site, length: usize) -> String {
    let request = client.post(format!("{}/v1/uploads", site.base()));
    let request = request.header("Tus-Resumable", "1.0.0").header("Upload-Length", length);
    let begun: Value = request.send().await.unwrap().json().await.unwrap();
    begun["token"].as_str().unwrap().to_owned()
}

/// Sends what is missing of `bytes`, slowly.
async fn send(client: &Client, site: &Site, token: &str, bytes: Vec<u8>) {
    let url = format!("{}/v1/uploads/{token}", site.base());
    let stands: Value = client.get(&url).send().await.unwrap().json().await.unwrap();
    let from = usize::try_from(stands["offset"].as_u64().unwrap()).unwrap();
    let pieces: Vec<Vec<u8>> = bytes[from..].chunks(PIECE).map(<[u8]>::to_vec).collect();
    let slowly = stream::iter(pieces).then(|piece| async move {
        tokio::time::sleep(PAUSE).await;
        Ok::<_, std::io::Error>(piece)
    });
    let request = client.patch(&url).header("Tus-Resumable", "1.0.0");
    let request = request.header("Content-Type", "application/offset+octet-stream");
    let request = request.header("Upload-Offset", from).body(Body::wrap_stream(slowly));
    assert_eq!(request.send().await.unwrap().status(), 204);
}
