//! What callers show to those who help.

use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store, picture};

use crate::{
    every_store,
    media::{files, upload},
};

/// A call for help, and its caller with the token.
async fn call(caller: &Caller) -> (Value, Caller) {
    let call = caller.post("/v1/emergencies", json!({ "kind": "fire" })).await.expect(201);
    let with_token = caller.bearing(call["token"].as_str().unwrap());
    (call["id"].clone(), with_token)
}

/// The caller shows `body`, said to be of `kind`, under the emergency `id`.
async fn show(caller: &Caller, id: &Value, kind: &str, body: Vec<u8>) -> tests::Answer {
    let path = format!("/v1/emergencies/{}/media", id.as_str().unwrap());
    caller.send(caller.request(Method::POST, &path).header("Content-Type", kind).body(body)).await
}

#[apply(every_store)]
#[actix_web::test]
async fn helpers_see_what_a_caller_shows(#[case] store: Store) {
    let service = store.service().await;
    let (id, caller) = call(&service.anonymous()).await;
    let photo = picture::photo(300, 200);
    let form = picture::form(&photo, "x.exe", "application/x-msdownload");
    let shown = show(&caller, &id, &picture::form_type(), form).await.expect(201);
    assert_eq!(shown["items"][0]["kind"], "photo");
    let plain = show(&caller, &id, "video/mp4", picture::film(3000)).await.expect(201);
    assert_eq!(plain["items"][0]["kind"], "video");

    let dispatcher = service.dispatcher().await;
    let path = format!("/v1/dispatch/emergencies/{}", id.as_str().unwrap());
    let opened = dispatcher.get(&path).await.expect(200);
    assert_eq!(opened["media"].as_array().unwrap().len(), 2);
    assert_eq!(opened["media"][0]["taken"]["at"], "2026-11-21T03:15:00Z");
    assert!(opened["timeline"].to_string().contains("emergency.media"));
    let media = format!("/v1/media/{}", shown["items"][0]["id"].as_str().unwrap());
    assert_eq!(dispatcher.get(&media).await.bytes(), photo);
    assert_eq!(caller.get(&media).await.status(), 200, "it is the caller's own");
    assert_eq!(service.anonymous().get(&media).await.status(), 404);
    assert_eq!(service.officer().await.get(&media).await.status(), 404);
    let (_, other) = call(&service.anonymous()).await;
    assert_eq!(other.get(&media).await.status(), 404);
    let role = domain::identity::Role::Dispatcher;
    let elsewhere = service.staff("elsewhere", role, "medical").await;
    assert_eq!(elsewhere.get(&media).await.status(), elsewhere.get(&path).await.status());
    let auditor = service.staff("auditor", domain::identity::Role::Auditor, "province").await;
    assert!(auditor.get("/v1/admin/audit?limit=100").await.text().contains("media.opened"));
}

#[apply(every_store)]
#[actix_web::test]
async fn whatever_is_shown_is_kept_and_marked(#[case] store: Store) {
    let service = store.service().await;
    let (id, caller) = call(&service.anonymous()).await;
    let cut = picture::jpeg(300, 200)[..3000].to_vec();
    for (body, problem) in [
        (cut.clone(), "media_unreadable"),
        (b"<script>alert(1)</script>".to_vec(), "media_unsupported"),
        (picture::boast(50_000, 50_000), "media_too_many_pixels"),
        (Vec::new(), "media_unsupported"),
    ] {
        let shown = show(&caller, &id, "image/jpeg", body).await.expect(201);
        assert_eq!(shown["items"][0]["problem"], problem);
    }
    let dispatcher = service.dispatcher().await;
    let path = format!("/v1/dispatch/emergencies/{}", id.as_str().unwrap());
    let opened = dispatcher.get(&path).await.expect(200);
    let first = format!("/v1/media/{}", opened["media"][0]["id"].as_str().unwrap());
    let kept = dispatcher.get(&first).await;
    assert_eq!(kept.bytes(), cut);
    let page = format!("/v1/media/{}", opened["media"][1]["id"].as_str().unwrap());
    let page = dispatcher.get(&page).await;
    assert_eq!(page.header("Content-Type"), "application/octet-stream");
    assert!(page.header("Content-Disposition").starts_with("attachment"));
    assert_eq!(files(&service), ["original"; 4]);
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_shows_anything_under_anothers_call(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let (id, caller) = call(&anyone).await;
    let (other, _) = call(&anyone).await;
    let photo = picture::jpeg(64, 48);
    assert_eq!(show(&anyone, &id, "image/jpeg", photo.clone()).await.status(), 401);
    assert_eq!(show(&caller, &other, "image/jpeg", photo.clone()).await.status(), 404);
    let an = service.citizen("an").await;
    assert_eq!(show(&an, &id, "image/jpeg", photo.clone()).await.status(), 404);
    assert_eq!(files(&service), Vec::<String>::new());

    let before = upload(&anyone, &photo).await.expect(201);
    let path = format!("/v1/emergencies/{}/media", id.as_str().unwrap());
    let named = json!({ "media_ids": [before["token"]] });
    let shown = caller.post(&path, named.clone()).await.expect(201);
    assert_eq!(shown["items"][0]["id"], before["id"]);
    let by_id = json!({ "media_ids": [upload(&anyone, &photo).await.expect(201)["id"]] });
    caller.post(&path, by_id).await.expect(422);
    caller.post(&path, named).await.expect(201);
}
