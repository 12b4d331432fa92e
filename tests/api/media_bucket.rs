//! Media in a bucket: a real server that speaks S3.

use chrono::TimeDelta;
use reqwest::Method;
use rstest_reuse::apply;
use tests::{Bucket, Caller, Service, Store, picture};

use crate::{every_store, media::upload};

async fn service(store: Store, bucket: &Bucket) -> Service {
    let variables = bucket.variables();
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Service::configured(store.fresh().await, &variables).await
}

/// Uploads `file` to `location` in pieces, from its beginning.
async fn in_pieces(caller: &Caller, location: &str, file: &[u8]) {
    let mut at = 0;
    for piece in file.chunks(1_700_000) {
        let request = caller.request(Method::PATCH, location).header("Upload-Offset", at);
        let request = request.header("Content-Type", "application/offset+octet-stream");
        caller.send(request.body(piece.to_vec())).await.expect(204);
        at += piece.len();
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_bucket_keeps_what_a_folder_keeps(#[case] store: Store) {
    let bucket = Bucket::start().await;
    let service = service(store, &bucket).await;
    let anyone = service.anonymous().with("Tus-Resumable", "1.0.0");
    // Longer than a part of S3: it is put together of several.
    let film = picture::film(12_000_000);
    let begun = anyone.request(Method::POST, "/v1/uploads").header("Upload-Length", film.len());
    let begun = anyone.send(begun).await.expect(201);
    let location = format!("/v1/uploads/{}", begun["token"].as_str().unwrap());
    in_pieces(&anyone, &location, &film).await;
    assert_eq!(bucket.files(), ["clean", "original"], "no part is left");
    let own = service.anonymous().bearing(begun["token"].as_str().unwrap());
    let path = format!("/v1/media/{}", begun["id"].as_str().unwrap());
    assert!(own.get(&path).await.bytes() == film, "identical");
    let range = own.with("Range", "bytes=6000000-6000099").get(&path).await;
    assert_eq!((range.status(), range.bytes()), (206, &film[6_000_000..6_000_100]));

    let photo = picture::photo(400, 300);
    upload(&anyone, &photo).await.expect(201);
    assert_eq!(bucket.files().len(), 6);
    upload(&anyone, &photo[..9000]).await.expect(422);
    assert_eq!(bucket.files().len(), 6, "nothing half-stored");
    service.clock.advance(TimeDelta::hours(25));
    api::media::tick(&service.app).await.unwrap();
    assert_eq!(bucket.files(), Vec::<String>::new());
}

#[apply(every_store)]
#[actix_web::test]
async fn while_the_bucket_is_away_nothing_is_lost(#[case] store: Store) {
    let mut bucket = Bucket::start().await;
    let service = service(store, &bucket).await;
    let anyone = service.anonymous().with("Tus-Resumable", "1.0.0");
    let photo = picture::photo(900, 700);
    let begun = anyone.request(Method::POST, "/v1/uploads").header("Upload-Length", photo.len());
    let begun = anyone.send(begun).await.expect(201);
    let location = format!("/v1/uploads/{}", begun["token"].as_str().unwrap());
    let append = |from: usize| {
        let request = anyone.request(Method::PATCH, &location).header("Upload-Offset", from);
        let request = request.header("Content-Type", "application/offset+octet-stream");
        anyone.send(request.body(photo[from..].to_vec()))
    };
    bucket.go_away();
    assert_eq!(append(0).await.status(), 503);
    bucket.come_back().await;
    append(0).await.expect(204);
    assert_eq!(bucket.files(), ["clean", "original", "screen", "thumb"]);
}
