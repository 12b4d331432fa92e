//! Uploading as the network lets one (tus 1.0.0).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use reqwest::{Method, RequestBuilder};
use rstest_reuse::apply;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use tests::{Answer, Caller, Service, Store, picture};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::{
    every_store,
    media::{files, report},
};

const OCTETS: &str = "application/offset+octet-stream";

/// Somebody who speaks the protocol.
fn tus(caller: &Caller) -> Caller {
    caller.with("Tus-Resumable", "1.0.0")
}

/// Announces an upload of `length` bytes.
async fn announce(caller: &Caller, length: usize) -> Answer {
    let request = tus(caller).request(Method::POST, "/v1/uploads");
    caller.send(request.header("Upload-Length", length)).await
}

fn patch(caller: &Caller, location: &str, offset: usize, bytes: &[u8]) -> RequestBuilder {
    tus(caller)
        .request(Method::PATCH, location)
        .header("Content-Type", OCTETS)
        .header("Upload-Offset", offset)
        .body(bytes.to_vec())
}

async fn append(caller: &Caller, location: &str, offset: usize, bytes: &[u8]) -> Answer {
    caller.send(patch(caller, location, offset, bytes)).await
}

/// The offset of an upload.
async fn offset(caller: &Caller, location: &str) -> usize {
    let answer = tus(caller).head(location).await;
    assert_eq!((answer.status(), answer.header("Cache-Control")), (200, "no-store"));
    answer.header("Upload-Offset").parse().unwrap()
}

fn checksum(bytes: &[u8]) -> String {
    format!("sha1 {}", STANDARD.encode(Sha1::digest(bytes)))
}

#[apply(every_store)]
#[actix_web::test]
async fn the_server_says_what_it_speaks(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let answer = anyone.send(anyone.request(Method::OPTIONS, "/v1/uploads")).await;
    assert_eq!(answer.status(), 204);
    let told = ["Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Checksum-Algorithm"]
        .map(|name| answer.header(name).to_owned());
    let extensions = "creation,creation-with-upload,expiration,termination,checksum";
    assert_eq!(told, ["1.0.0", "1.0.0", extensions, "sha1,sha256"]);
    assert_eq!(answer.header("Tus-Max-Size"), (100 << 20).to_string());
}

#[apply(every_store)]
#[actix_web::test]
async fn ten_megabytes_cut_five_times_arrive_whole_and_identical(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let photo = picture::large_jpeg();
    assert!(photo.len() > 8_000_000, "{}", photo.len());
    let begun = announce(&anyone, photo.len()).await;
    let location = begun.header("Location").to_owned();
    assert!(!begun.header("Upload-Expires").is_empty());
    let begun = begun.expect(201);
    for cut in 1..=5 {
        let from = offset(&anyone, &location).await;
        let until = photo.len() * cut / 6 + 777;
        hang_up(&service, &location, from, &photo[from..until], photo.len() - from).await;
        // What the server has in hand when a connection breaks it still keeps.
        while offset(&anyone, &location).await == from {
            tokio::task::yield_now().await;
        }
    }
    let last = loop {
        let from = offset(&anyone, &location).await;
        let last = append(&anyone, &location, from, &photo[from..]).await;
        if last.status() != 409 {
            break last;
        }
    };
    assert_eq!(
        (last.status(), last.header("Upload-Offset")),
        (204, photo.len().to_string().as_str())
    );
    assert_eq!(files(&service), ["clean", "original", "screen", "thumb"]);
    let own = anyone.bearing(begun["token"].as_str().unwrap());
    let path = format!("/v1/media/{}", begun["id"].as_str().unwrap());
    assert!(own.get(&path).await.bytes() == photo, "identical");
    // Sent again, for the answer was lost: as before.
    assert_eq!(append(&anyone, &location, photo.len(), b"").await.status(), 204);
    report(&anyone, &[&begun["token"]]).await.expect(201);
}

/// Sends `bytes` of the `promised` ones, and hangs up.
async fn hang_up(service: &Service, location: &str, from: usize, bytes: &[u8], promised: usize) {
    let mut stream = TcpStream::connect(service.address()).await.unwrap();
    let head = format!(
        "PATCH {location} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nContent-Type: {OCTETS}\r\n\
         Upload-Offset: {from}\r\nContent-Length: {promised}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
}

#[apply(every_store)]
#[actix_web::test]
async fn the_first_bytes_may_come_along(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let photo = picture::photo(320, 240);
    let request = tus(&anyone).request(Method::POST, "/v1/uploads");
    let request = request
        .header("Upload-Length", photo.len())
        .header("Upload-Metadata", "filename SU1HLmpwZw==,is_private")
        .header("Content-Type", OCTETS);
    let answer = anyone.send(request.body(photo[..1000].to_vec())).await;
    assert_eq!((answer.header("Upload-Offset"), answer.header("Tus-Resumable")), ("1000", "1.0.0"));
    let location = answer.header("Location").to_owned();
    assert_eq!(answer.expect(201)["whole"], false);
    append(&anyone, &location, 1000, &photo[1000..]).await.expect(204);
    assert_eq!(anyone.get(&location).await.expect(200)["whole"], true);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_does_not_fit_the_protocol_is_told(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let photo = picture::jpeg(320, 240);
    let post = |caller: &Caller| caller.request(Method::POST, "/v1/uploads");
    let silent = anyone.send(post(&anyone).header("Upload-Length", 10)).await;
    assert_eq!(silent.header("Tus-Version"), "1.0.0");
    assert_eq!(silent.expect(412)["code"], "tus_version_unsupported");
    let tus = tus(&anyone);
    for (length, code) in [("", "wrong_form"), ("-1", "wrong_form"), ("1e3", "wrong_form")] {
        let refused = anyone.send(post(&tus).header("Upload-Length", length)).await.expect(422);
        let error = json!([refused["errors"][0]["pointer"], refused["errors"][0]["code"]]);
        assert_eq!(error, json!(["/header/Upload-Length", code]));
    }
    let refused = anyone.send(post(&tus)).await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "missing");
    let garbled = post(&tus).header("Upload-Length", 9).header("Upload-Metadata", "a !!");
    let garbled = anyone.send(garbled).await.expect(422);
    assert_eq!(garbled["errors"][0]["pointer"], "/header/Upload-Metadata");
    let giant = announce(&anyone, (100 << 20) + 1).await;
    assert_eq!(giant.header("Tus-Resumable"), "1.0.0", "on problems, too");
    assert_eq!(giant.expect(413)["code"], "media_too_large");

    let location = announce(&anyone, photo.len()).await.header("Location").to_owned();
    let elsewhere = append(&anyone, &location, 5, &photo[5..]).await.expect(409);
    assert_eq!(elsewhere["code"], "upload_offset_conflict");
    let longer = [photo.as_slice(), b"more"].concat();
    assert_eq!(append(&anyone, &location, 0, &longer).await.expect(413)["code"], "media_too_large");
    let plain = tus.request(Method::PATCH, &location).header("Content-Type", "image/jpeg");
    let plain = anyone.send(plain.header("Upload-Offset", 0).body(photo.clone())).await;
    assert_eq!(plain.expect(415)["code"], "unsupported_media_type");
    let unknown = patch(&anyone, &location, 0, &photo).header("Upload-Checksum", "crc32 AAAA");
    let unknown = anyone.send(unknown).await.expect(400);
    assert_eq!(unknown["code"], "upload_checksum_unsupported");
    assert_eq!(offset(&anyone, &location).await, 0, "nothing of all this counts");
    assert_eq!(append(&anyone, "/v1/uploads/ctn_m_AAAA", 0, b"x").await.status(), 404);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_comes_with_a_wrong_checksum_does_not_count(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let photo = picture::large_jpeg();
    let location = announce(&anyone, photo.len()).await.header("Location").to_owned();
    let half = photo.len() / 2;
    let wrong = patch(&anyone, &location, 0, &photo[..half]);
    let wrong = wrong.header("Upload-Checksum", checksum(b"another"));
    let answer = anyone.send(wrong).await.expect(460);
    assert_eq!(answer["code"], "upload_checksum_mismatch");
    assert_eq!(offset(&anyone, &location).await, 0);
    assert_eq!(files(&service), Vec::<String>::new(), "nothing half-stored");
    for (from, part) in [(0, &photo[..half]), (half, &photo[half..])] {
        let right = patch(&anyone, &location, from, part);
        let right = right.header("Upload-Checksum", checksum(part));
        anyone.send(right).await.expect(204);
    }
    assert_eq!(files(&service), ["clean", "original", "screen", "thumb"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_upload_is_its_holders_alone_and_goes_in_time(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let begun = announce(&an, 1000).await.expect(201);
    let by_id = format!("/v1/uploads/{}", begun["id"].as_str().unwrap());
    assert_eq!(an.get(&by_id).await.status(), 200, "signed in as who began it");
    let token = begun["token"].as_str().unwrap();
    assert_eq!(service.anonymous().bearing(token).get(&by_id).await.status(), 200);
    assert_eq!(binh.get(&by_id).await.status(), 404);
    assert_eq!(service.anonymous().get(&by_id).await.status(), 404);
    assert_eq!(tus(&binh).delete(&by_id).await.status(), 404);

    let photo = picture::jpeg(200, 200);
    let head = &photo[..500];
    append(&an, &by_id, 0, head).await.expect(204);
    assert_eq!(files(&service).len(), 1);
    tus(&an).delete(&by_id).await.expect(204);
    assert_eq!(an.get(&by_id).await.status(), 404, "whose it was is forgotten");
    let location = format!("/v1/uploads/{token}");
    assert_eq!(an.get(&location).await.expect(410)["code"], "upload_gone");
    assert_eq!(files(&service), Vec::<String>::new());

    let late = announce(&an, 1000).await.header("Location").to_owned();
    append(&an, &late, 0, head).await.expect(204);
    service.clock.advance(TimeDelta::hours(25));
    let an = service.citizen("an").await;
    assert_eq!(append(&an, &late, 500, head).await.expect(410)["code"], "upload_gone");
    api::media::tick(&service.app).await.unwrap();
    assert_eq!(files(&service), Vec::<String>::new());
    service.clock.advance(TimeDelta::hours(2));
    api::media::tick(&service.app).await.unwrap();
    let gone = service.anonymous().get(&late).await.status();
    assert_eq!(gone, 404, "nothing at all is left");
}

#[apply(every_store)]
#[actix_web::test]
async fn of_two_who_continue_at_once_one_wins(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let photo = picture::large_jpeg();
    let location = announce(&anyone, photo.len()).await.header("Location").to_owned();
    let both = [&photo[..3_000_000], &photo[..3_000_000]];
    let [one, other] = both.map(|bytes| append(&anyone, &location, 0, bytes));
    let (one, other) = futures_util::join!(one, other);
    let mut statuses = [one.status(), other.status()];
    statuses.sort_unstable();
    assert!(statuses == [204, 409] || statuses == [409, 409], "{statuses:?}");
    let from = offset(&anyone, &location).await;
    append(&anyone, &location, from, &photo[from..]).await.expect(204);
    let whole = anyone.get(&location).await.expect(200);
    let own = anyone.bearing(whole["token"].as_str().unwrap());
    let path = format!("/v1/media/{}", whole["id"].as_str().unwrap());
    assert!(own.get(&path).await.bytes() == photo, "identical");
    assert_eq!(whole["offset"], Value::from(photo.len()));
}
