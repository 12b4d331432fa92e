//! Photos, videos and sounds: uploading them in one go, and who sees what.

use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store, picture};

use crate::every_store;

/// `caller` uploads `file` as a form.
pub(crate) async fn upload(caller: &Caller, file: &[u8]) -> Answer {
    let request = caller.request(Method::POST, "/v1/media");
    let form = picture::form(file, "IMG_0001.JPG", "image/jpeg");
    caller.send(request.header("Content-Type", picture::form_type()).body(form)).await
}

/// The files that are kept under `var/media`.
pub(crate) fn files(service: &Service) -> Vec<String> {
    let folder = service.app.settings.var.join("media");
    let things = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = things
        .flat_map(|thing| std::fs::read_dir(thing).unwrap().map(|file| file.unwrap().path()))
        .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    files
}

/// A report of `caller` with `media_ids`.
pub(crate) async fn report(caller: &Caller, media_ids: &[&Value]) -> Answer {
    let report = json!({
        "category": "other", "text": "Cây đổ chắn ngang đường",
        "location": { "lat": 21.5942, "lon": 105.8482 }, "media_ids": media_ids,
    });
    caller.post("/v1/feedback", report).await
}

/// The version of the report `id` as the desk sees it, as `If-Match` names it.
pub(crate) async fn tag(officer: &Caller, id: &Value) -> String {
    let path = format!("/v1/desk/feedback/{}", id.as_str().unwrap());
    officer.get(&path).await.header("ETag").to_owned()
}

/// `officer` does `what` with something of the report `id`.
pub(crate) async fn at_desk(officer: &Caller, id: &Value, what: &str, body: Value) -> Answer {
    let tag = tag(officer, id).await;
    let path = format!("/v1/desk/feedback/{}/{what}", id.as_str().unwrap());
    officer.with("If-Match", &tag).post(&path, body).await
}

fn path(media: &Value, size: &str) -> String {
    format!("/v1/media/{}?size={size}", media["id"].as_str().unwrap())
}

#[apply(every_store)]
#[actix_web::test]
async fn a_photo_is_seen_by_its_holder_its_officers_and_when_approved_by_all(#[case] store: Store) {
    let service = store.service().await;
    let (anyone, officer) = (service.anonymous(), service.officer().await);
    let photo = picture::photo(1600, 1200);
    let media = upload(&anyone, &photo).await.expect(201);
    let token = media["token"].as_str().unwrap();
    assert!(token.starts_with("ctn_m_"));
    assert_eq!((&media["kind"], &media["content_type"]), (&json!("photo"), &json!("image/jpeg")));
    assert_eq!((&media["width"], &media["height"]), (&json!(1200), &json!(1600)), "upright");
    assert_eq!(files(&service), ["clean", "original", "screen", "thumb"], "no part is left");

    // Its id opens nothing.
    for size in ["thumb", "screen", "original"] {
        anyone.get(&path(&media, size)).await.expect(404);
        officer.get(&path(&media, size)).await.expect(404);
    }
    let own = anyone.bearing(token).get(&path(&media, "original")).await;
    assert_eq!((own.status(), own.bytes()), (200, photo.as_slice()));

    let filed = report(&anyone, &[&media["token"]]).await.expect(201);
    let tracking = filed["tracking_token"].as_str().unwrap();
    let tracked = anyone.bearing(tracking);
    let track = format!("/v1/feedback/track/{}", filed["code"].as_str().unwrap());
    assert_eq!(tracked.get(&track).await.expect(200)["media"][0]["id"], media["id"]);
    assert_eq!(tracked.get(&path(&media, "original")).await.status(), 200);
    assert_eq!(officer.get(&path(&media, "original")).await.bytes(), photo, "all of it");
    let list = format!("/v1/desk/feedback/{}/media", filed["id"].as_str().unwrap());
    let seen = officer.get(&list).await.expect(200)["items"][0].clone();
    assert_eq!(seen["taken"]["at"], "2026-11-21T03:15:00Z");
    let lat = seen["taken"]["location"]["lat"].as_f64().unwrap();
    assert!((lat - 21.594_166).abs() < 1e-5, "{lat}");

    at_desk(&officer, &filed["id"], "publish", json!({})).await.expect(200);
    anyone.get(&path(&media, "thumb")).await.expect(404);
    let public = format!("/v1/feedback/{}", filed["id"].as_str().unwrap());
    assert_eq!(anyone.get(&public).await.expect(200)["media"], Value::Null);

    let approve = format!("media/{}/approve", media["id"].as_str().unwrap());
    at_desk(&officer, &filed["id"], &approve, json!({})).await.expect(200);
    let shown = anyone.get(&public).await.expect(200)["media"][0].clone();
    assert_eq!((&shown["id"], &shown["taken"]), (&media["id"], &Value::Null));
    for (size, width, height) in [("thumb", 240, 320), ("screen", 960, 1280)] {
        let answer = anyone.get(&path(&media, size)).await;
        assert_eq!(answer.status(), 200);
        assert!(!picture::tells(answer.bytes()));
        let image = image::load_from_memory(answer.bytes()).unwrap();
        assert_eq!((image.width(), image.height()), (width, height), "upright");
    }
    let original = anyone.get(&path(&media, "original")).await;
    assert_eq!(image::load_from_memory(original.bytes()).unwrap().width(), 1600);
    assert!(picture::tells(&photo) && !picture::tells(original.bytes()));

    let hide = format!("media/{}/hide", media["id"].as_str().unwrap());
    at_desk(&officer, &filed["id"], &hide, json!({})).await.expect(200);
    anyone.get(&path(&media, "thumb")).await.expect(404);
    at_desk(&officer, &filed["id"], &approve, json!({})).await.expect(200);
    at_desk(&officer, &filed["id"], "hide", json!({})).await.expect(200);
    anyone.get(&path(&media, "thumb")).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn bytes_are_sent_in_ranges_and_never_run(#[case] store: Store) {
    let service = store.service().await;
    let photo = picture::photo(400, 300);
    let anyone = service.anonymous();
    let media = upload(&anyone, &photo).await.expect(201);
    let own = anyone.bearing(media["token"].as_str().unwrap());
    let path = path(&media, "original");
    let whole = own.get(&path).await;
    assert_eq!(whole.header("Content-Type"), "image/jpeg");
    assert_eq!(whole.header("X-Content-Type-Options"), "nosniff");
    assert!(whole.header("Content-Security-Policy").contains("sandbox"));
    assert!(whole.header("Content-Disposition").ends_with(".jpg\""));
    assert_eq!(whole.header("Cache-Control"), "private, no-cache");
    let (etag, size) = (whole.header("ETag").to_owned(), photo.len());

    let ranges = [
        ("bytes=0-99", 206, &photo[..100], format!("bytes 0-99/{size}")),
        ("bytes=100-", 206, &photo[100..], format!("bytes 100-{}/{size}", size - 1)),
        ("bytes=-7", 206, &photo[size - 7..], format!("bytes {}-{}/{size}", size - 7, size - 1)),
        ("bytes=5-999999999", 206, &photo[5..], format!("bytes 5-{}/{size}", size - 1)),
        ("bytes=0-1,4-5", 200, &photo[..], String::new()),
        ("lines=1-2", 200, &photo[..], String::new()),
    ];
    for (range, status, bytes, told) in ranges {
        let answer = own.with("Range", range).get(&path).await;
        assert_eq!((answer.status(), answer.bytes()), (status, bytes), "{range}");
        assert_eq!(answer.header("Content-Range"), told);
    }
    let beyond = own.with("Range", &format!("bytes={size}-")).get(&path).await;
    assert_eq!(beyond.header("Content-Range"), format!("bytes */{size}"));
    assert_eq!(beyond.expect(416)["code"], "range_not_satisfiable");
    let stale = own.with("Range", "bytes=0-9").with("If-Range", "\"old\"").get(&path).await;
    assert_eq!(stale.status(), 200);
    let fresh = own.with("Range", "bytes=0-9").with("If-Range", &etag).get(&path).await;
    assert_eq!(fresh.status(), 206);
    assert_eq!(own.with("If-None-Match", &etag).get(&path).await.status(), 304);
    let head = own.head(&path).await;
    assert_eq!(head.header("Content-Length"), size.to_string());
    own.get(&format!("{path}&more=1")).await.expect(422);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_film_is_shown_without_the_place_where_it_was_taken(#[case] store: Store) {
    let service = store.service().await;
    let (anyone, officer) = (service.anonymous(), service.officer().await);
    let film = picture::film(700_000);
    let media = upload(&anyone, &film).await.expect(201);
    assert_eq!((&media["kind"], &media["content_type"]), (&json!("video"), &json!("video/mp4")));
    assert_eq!(media["sizes"], json!(["original"]));
    let filed = report(&anyone, &[&media["token"]]).await.expect(201);
    at_desk(&officer, &filed["id"], "publish", json!({})).await.expect(200);
    let approve = format!("media/{}/approve", media["id"].as_str().unwrap());
    at_desk(&officer, &filed["id"], &approve, json!({})).await.expect(200);
    let shown = anyone.get(&path(&media, "original")).await;
    assert_eq!(shown.header("Content-Disposition").split(';').next(), Some("attachment"));
    assert_eq!(shown.bytes().len(), film.len(), "no offset moves");
    assert!(picture::tells(&film) && !picture::tells(shown.bytes()));
    let samples = |bytes: &[u8]| bytes[500..600_000].to_vec();
    assert_eq!(samples(shown.bytes()), samples(&film));
    assert_eq!(officer.get(&path(&media, "original")).await.bytes(), film);
    anyone.get(&path(&media, "thumb")).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn of_no_format_strangers_learn_where_or_with_what_it_was_made(#[case] store: Store) {
    let service = store.service().await;
    let (anyone, officer) = (service.anonymous(), service.officer().await);
    for (file, kind) in [
        (picture::photo(120, 90), "image/jpeg"),
        (picture::telling_png(120, 90), "image/png"),
        (picture::telling_webp(120, 90), "image/webp"),
        (picture::film(3000), "video/mp4"),
        (picture::film_of(*b"qt  ", *b"vide", 3000), "video/quicktime"),
        (picture::film_of(*b"3gp4", *b"vide", 3000), "video/3gpp"),
        (picture::film_of(*b"M4A ", *b"soun", 3000), "audio/mp4"),
    ] {
        let media = upload(&anyone, &file).await.expect(201);
        assert_eq!(media["content_type"], kind);
        let filed = report(&anyone, &[&media["token"]]).await.expect(201);
        at_desk(&officer, &filed["id"], "publish", json!({})).await.expect(200);
        let approve = format!("media/{}/approve", media["id"].as_str().unwrap());
        at_desk(&officer, &filed["id"], &approve, json!({})).await.expect(200);
        for size in media["sizes"].as_array().unwrap() {
            let seen = anyone.get(&path(&media, size.as_str().unwrap())).await;
            assert_eq!(
                (seen.status(), picture::tells(seen.bytes())),
                (200, false),
                "{kind} {size}"
            );
        }
        let whole = officer.get(&path(&media, "original")).await;
        assert!(whole.bytes() == file && picture::tells(&file), "{kind}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_cannot_be_cleaned_stays_private(#[case] store: Store) {
    let service = store.service().await;
    let (anyone, officer) = (service.anonymous(), service.officer().await);
    let sound = [b"#!AMR\n".as_slice(), &[0x3c; 400]].concat();
    let media = upload(&anyone, &sound).await.expect(201);
    assert_eq!((&media["kind"], &media["showable"]), (&json!("audio"), &json!(false)));
    let filed = report(&anyone, &[&media["token"]]).await.expect(201);
    at_desk(&officer, &filed["id"], "publish", json!({})).await.expect(200);
    let approve = format!("media/{}/approve", media["id"].as_str().unwrap());
    let refused = at_desk(&officer, &filed["id"], &approve, json!({})).await.expect(409);
    assert_eq!(refused["code"], "media_not_showable");
    anyone.get(&path(&media, "original")).await.expect(404);
    assert_eq!(officer.get(&path(&media, "original")).await.bytes(), sound);
}
