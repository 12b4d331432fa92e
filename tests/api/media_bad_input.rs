//! What nobody should send: each answered with a stable code and a pointer, and nothing of it kept.

use chrono::TimeDelta;
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, picture};

use crate::{
    every_store,
    media::{files, upload},
};

/// An archive that would unpack to 10 GB: what stands in it is short, what it says is not.
fn zip_bomb() -> Vec<u8> {
    let size = u32::MAX.to_le_bytes();
    let name = b"0.txt";
    let local = [b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".as_slice(), &[9, 0, 0, 0], &size];
    let local = [local.concat(), vec![5, 0, 0, 0], name.to_vec(), vec![0; 900]].concat();
    [local, b"PK\x05\x06\0\0\0\0\x01\0\x01\0\0\0\0\0\0\0\0\0\0\0".to_vec()].concat()
}

fn polyglot(behind: &[u8]) -> Vec<u8> {
    [picture::jpeg(64, 48).as_slice(), behind].concat()
}

/// A WebP that moves, as far as its head says.
fn moving() -> Vec<u8> {
    let mut chunks = b"WEBPVP8X\x0a\0\0\0\x02\0\0\0\x07\0\0\x07\0\0ANIM\x06\0\0\0".to_vec();
    chunks.extend([0; 6]);
    chunks.extend(b"ANMF\x18\0\0\0");
    chunks.extend([0; 24]);
    let length = u32::try_from(chunks.len()).unwrap().to_le_bytes();
    [b"RIFF".as_slice(), &length, &chunks].concat()
}

fn cut(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() / 2].to_vec()
}

/// What is sent, and what it is answered.
fn bad() -> Vec<(&'static str, Vec<u8>, u16, &'static str)> {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    let page = b"<!DOCTYPE html><script>alert(1)</script>";
    let unreadable = "media_unreadable";
    vec![
        ("a zip bomb", zip_bomb(), 415, "media_unsupported"),
        ("a photo that is an archive, too", polyglot(&zip_bomb()), 422, "media_ambiguous"),
        ("a photo that is a page, too", polyglot(page), 422, "media_ambiguous"),
        ("a giant", picture::boast(50_000, 50_000), 422, "media_too_many_pixels"),
        ("a ribbon", picture::boast(1_000_000, 1), 422, "media_too_many_pixels"),
        ("a cut photo", cut(&picture::photo(300, 200)), 422, unreadable),
        ("a cut PNG", cut(&picture::png(300, 200)), 422, unreadable),
        ("a cut film", cut(&picture::film(4000)), 422, unreadable),
        ("a script in a drawing", svg, 415, "media_unsupported"),
        ("a page", page.to_vec(), 415, "media_unsupported"),
        ("a program", [b"\x7fELF".as_slice(), &[0; 900]].concat(), 415, "media_unsupported"),
        ("a picture that moves", moving(), 422, "media_animated"),
        ("nonsense", vec![7; 5000], 415, "media_unsupported"),
        ("the head of a photo", b"\xff\xd8\xff\xe0".to_vec(), 422, unreadable),
    ]
}

async fn left_over(service: &Service) -> Vec<String> {
    service.clock.advance(TimeDelta::hours(25));
    api::media::tick(&service.app).await.unwrap();
    files(service)
}

#[apply(every_store)]
#[actix_web::test]
async fn in_one_go_it_is_refused_and_leaves_nothing(#[case] store: Store) {
    let service = Service::configured(store.fresh().await, &[("CTN_LIMITS", "off")]).await;
    let anyone = service.anonymous();
    for (what, file, status, code) in bad() {
        let answer = upload(&anyone, &file).await;
        assert_eq!(answer.status(), status, "{what}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{what}");
        assert_eq!(problem["errors"][0]["pointer"], "/file", "{what}");
        assert_eq!(files(&service), Vec::<String>::new(), "{what} is half-stored");
    }
    for empty in [&b""[..], b" "] {
        let refused = upload(&anyone, empty).await;
        assert!([415, 422].contains(&refused.status()));
    }
    let no_form = anyone.request(Method::POST, "/v1/media").body("--x\r\n\r\n");
    let no_form = no_form.header("Content-Type", "multipart/form-data; boundary=y");
    assert_eq!(anyone.send(no_form).await.status(), 422);
    assert_eq!(left_over(&service).await, Vec::<String>::new());
}

#[apply(every_store)]
#[actix_web::test]
async fn bit_by_bit_it_is_refused_and_leaves_nothing(#[case] store: Store) {
    let service = Service::configured(store.fresh().await, &[("CTN_LIMITS", "off")]).await;
    let anyone = service.anonymous().with("Tus-Resumable", "1.0.0");
    for (what, file, status, code) in bad() {
        let begun = anyone.request(Method::POST, "/v1/uploads");
        let begun = anyone.send(begun.header("Upload-Length", file.len())).await;
        let location = begun.header("Location").to_owned();
        let bytes = |from: usize, until: usize| {
            let request = anyone.request(Method::PATCH, &location);
            let request = request.header("Content-Type", "application/offset+octet-stream");
            request.header("Upload-Offset", from).body(file[from..until].to_vec())
        };
        let half = (file.len() / 2).min(400);
        anyone.send(bytes(0, half)).await.expect(204);
        let problem = anyone.send(bytes(half, file.len())).await.expect(status);
        assert_eq!(problem["code"], code, "{what}");
        assert_eq!(anyone.get(&location).await.status(), 410, "{what} is gone");
        assert_eq!(files(&service), Vec::<String>::new(), "{what} is half-stored");
    }
    assert_eq!(left_over(&service).await, Vec::<String>::new());
}

#[apply(every_store)]
#[actix_web::test]
async fn names_and_types_count_for_nothing(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let post = |kind: &'static str, file: Vec<u8>| {
        let request = anyone.request(Method::POST, "/v1/media");
        anyone.send(request.header("Content-Type", kind).body(file))
    };
    // A film that says it is a photo is a film; a photo that says it is text is a photo.
    let film = upload(&anyone, &picture::film(3000)).await.expect(201);
    assert_eq!(film["content_type"], "video/mp4");
    let photo = post("text/html", picture::jpeg(64, 48)).await.expect(201);
    assert_eq!(photo["content_type"], "image/jpeg");
    let photo = post("image/png", picture::jpeg(65, 48)).await.expect(201);
    assert_eq!(photo["content_type"], "image/jpeg");
}

#[apply(every_store)]
#[actix_web::test]
async fn too_much_is_refused_before_it_is_read(#[case] store: Store) {
    let bounds = [
        ("CTN_MEDIA_PHOTO_MIB", "1"),
        ("CTN_MEDIA_VIDEO_MIB", "2"),
        ("CTN_MEDIA_AUDIO_MIB", "1"),
        ("CTN_MEDIA_MEGAPIXELS", "1"),
    ];
    let service = Service::configured(store.fresh().await, &bounds).await;
    let anyone = service.anonymous();
    let code = |problem: Value| problem["code"].as_str().unwrap().to_owned();
    let request = anyone.request(Method::POST, "/v1/media").header("Content-Type", "video/mp4");
    let announced = anyone.send(request.body(vec![0; 3 << 20])).await;
    assert_eq!(code(announced.expect(413)), "media_too_large");
    // As large as a film may be, and no film.
    let photo = [picture::jpeg(64, 48), vec![0; 1_100_000]].concat();
    assert_eq!(code(upload(&anyone, &photo).await.expect(413)), "media_too_large");
    let large = upload(&anyone, &picture::jpeg(1100, 1000)).await;
    assert_eq!(code(large.expect(422)), "media_too_many_pixels");
    assert_eq!(files(&service), Vec::<String>::new());
    // Elsewhere a body is as short as ever.
    let long = anyone.post("/v1/feedback", json!({ "text": "x".repeat(300_000) })).await;
    assert_eq!(code(long.expect(413)), "payload_too_large");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_key_sent_again_gives_the_first_upload(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let keyed: Caller = an.with("Idempotency-Key", "photo-1");
    let photo = picture::jpeg(64, 48);
    let first = upload(&keyed, &photo).await.expect(201);
    let again = upload(&keyed, &photo).await.expect(201);
    assert_eq!(first, again);
    let other = upload(&keyed, &picture::jpeg(65, 48)).await.expect(422);
    assert_eq!(other["code"], "idempotency_key_reused");
    assert_eq!(files(&service), ["clean", "original", "screen", "thumb"]);
}
