//! Media that belong to reports: whose they are, what is left of them.

use chrono::TimeDelta;
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, picture};

use crate::{
    every_store,
    me_erasure::work,
    media::{at_desk, files, report, tag, upload},
};

/// A small photo that `caller` uploaded.
async fn photo(caller: &Caller) -> Value {
    upload(caller, &picture::photo(120, 90)).await.expect(201)
}

fn pointers(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn only_its_holder_links_an_upload_and_only_once(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let anyone = service.anonymous();
    let (mine, nobodys) = (photo(&an).await, photo(&anyone).await);

    for (caller, ids) in [
        (&binh, vec![&mine["id"]]),
        (&anyone, vec![&mine["id"]]),
        (&anyone, vec![&nobodys["id"]]),
        (&an, vec![&nobodys["id"]]),
        (&an, vec![&mine["id"], &json!("ctn_m_forged"), &json!("nothing")]),
    ] {
        let refused = report(caller, &ids).await.expect(422);
        let last = format!("/media_ids/{}", ids.len() - 1);
        assert!(pointers(&refused).contains(&last.as_str()), "{refused}");
    }
    let many = vec![&mine["id"]; 11];
    assert_eq!(pointers(&report(&an, &many).await.expect(422)), ["/media_ids"]);

    let filed = report(&an, &[&mine["id"], &nobodys["token"], &mine["token"]]).await.expect(201);
    let list = format!("/v1/desk/feedback/{}/media", filed["id"].as_str().unwrap());
    let officer = service.officer().await;
    assert_eq!(officer.get(&list).await.expect(200)["items"].as_array().unwrap().len(), 2);
    assert_eq!(pointers(&report(&an, &[&mine["id"]]).await.expect(422)), ["/media_ids/0"]);
    // What is linked stays.
    let upload = format!("/v1/uploads/{}", mine["id"].as_str().unwrap());
    an.with("Tus-Resumable", "1.0.0").delete(&upload).await.expect(404);
    service.clock.advance(TimeDelta::days(3));
    api::media::tick(&service.app).await.unwrap();
    assert_eq!(files(&service).len(), 8);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_upload_that_is_not_whole_cannot_be_linked(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let request = anyone.with("Tus-Resumable", "1.0.0").request(Method::POST, "/v1/uploads");
    let begun = anyone.send(request.header("Upload-Length", 5000)).await.expect(201);
    assert_eq!(pointers(&report(&anyone, &[&begun["token"]]).await.expect(422)), ["/media_ids/0"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_category_can_want_a_photo_before_and_after(#[case] store: Store) {
    let service = store.service().await;
    let (an, officer) = (service.citizen("an").await, service.officer().await);
    let mut wanted = json!({
        "category": "construction.advertising", "text": "Dán quảng cáo trái phép lên cột điện",
        "location": { "lat": 21.5942, "lon": 105.8482 },
    });
    let missing = an.post("/v1/feedback", wanted.clone()).await.expect(422);
    assert_eq!(pointers(&missing), ["/media_ids"]);
    let sound = [b"#!AMR\n".as_slice(), &[0x3c; 400]].concat();
    let sound = upload(&an, &sound).await.expect(201);
    wanted["media_ids"] = json!([sound["id"]]);
    assert_eq!(
        pointers(&an.post("/v1/feedback", wanted.clone()).await.expect(422)),
        ["/media_ids"]
    );
    wanted["media_ids"] = json!([sound["id"], photo(&an).await["id"]]);
    let filed = an.post("/v1/feedback", wanted).await.expect(201);
    let id = &filed["id"];
    for (step, body) in [("accept", json!({})), ("assign", json!({}))] {
        at_desk(&officer, id, step, body).await.expect(200);
    }
    let answer = json!({ "answer": "Đã tháo dỡ và lập biên bản" });
    let refused = at_desk(&officer, id, "resolve", answer.clone()).await.expect(422);
    assert_eq!(pointers(&refused), ["/media_ids"], "what was reported does not show what was done");
    let ours = photo(&officer).await;
    let stale = officer.with("If-Match", "\"1\"");
    let path = format!("/v1/desk/feedback/{}/media", id.as_str().unwrap());
    stale.post(&path, json!({ "media_ids": [ours["id"]] })).await.expect(412);
    let not_ours = json!({ "media_ids": [photo(&an).await["id"]] });
    assert_eq!(
        pointers(&at_desk(&officer, id, "media", not_ours).await.expect(422)),
        ["/media_ids/0"]
    );
    let added = at_desk(&officer, id, "media", json!({ "media_ids": [ours["id"]] })).await;
    let added = added.expect(200);
    assert_eq!(added["items"][2]["stage"], "after");
    let resolved = at_desk(&officer, id, "resolve", answer).await.expect(200);
    assert_eq!(resolved["status"], "resolved");
    let detail =
        officer.get(&format!("/v1/desk/feedback/{}", id.as_str().unwrap())).await.expect(200);
    assert_eq!(
        (&detail["history_intact"], detail["media"].as_array().unwrap().len()),
        (&json!(true), 3)
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn what_was_shown_before_a_reopening_proves_nothing_any_more(#[case] store: Store) {
    let service = store.service().await;
    let (an, officer) = (service.citizen("an").await, service.officer().await);
    let wanted = json!({
        "category": "construction.advertising", "text": "Dán quảng cáo trái phép lên cột điện",
        "location": { "lat": 21.5942, "lon": 105.8482 }, "media_ids": [photo(&an).await["id"]],
    });
    let filed = an.post("/v1/feedback", wanted).await.expect(201);
    for step in ["accept", "assign"] {
        at_desk(&officer, &filed["id"], step, json!({})).await.expect(200);
    }
    let done = json!({ "answer": "Đã tháo dỡ", "media_ids": [photo(&officer).await["id"]] });
    at_desk(&officer, &filed["id"], "resolve", done).await.expect(200);
    let path = format!("/v1/feedback/{}/reopen", filed["id"].as_str().unwrap());
    an.post(&path, json!({ "reason": "Vẫn còn" })).await.expect(200);
    let again = json!({ "answer": "Đã tháo dỡ" });
    let refused = at_desk(&officer, &filed["id"], "resolve", again.clone()).await.expect(422);
    assert_eq!(pointers(&refused), ["/media_ids"]);
    let shown = json!({ "answer": "Đã tháo dỡ", "media_ids": [photo(&officer).await["id"]] });
    at_desk(&officer, &filed["id"], "resolve", shown).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_answer_can_show_what_was_asked(#[case] store: Store) {
    let service = store.service().await;
    let (an, officer) = (service.citizen("an").await, service.officer().await);
    let filed = report(&an, &[]).await.expect(201);
    at_desk(&officer, &filed["id"], "ask", json!({ "question": "Cho xem ảnh?" })).await.expect(200);
    let path = format!("/v1/feedback/{}/answers", filed["id"].as_str().unwrap());
    let unknown = json!({ "text": "Đây", "media_ids": ["nothing"] });
    assert_eq!(pointers(&an.post(&path, unknown).await.expect(422)), ["/media_ids/0"]);
    let shown = json!({ "text": "Đây", "media_ids": [photo(&an).await["id"]] });
    an.post(&path, shown).await.expect(200);
    let desk = format!("/v1/desk/feedback/{}", filed["id"].as_str().unwrap());
    assert_eq!(officer.get(&desk).await.expect(200)["media"].as_array().unwrap().len(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_links_nothing_may_not_upload_for_ever(#[case] store: Store) {
    let few = [("CTN_MEDIA_UNLINKED", "2"), ("CTN_MEDIA_UNLINKED_MIB", "1")];
    let service = Service::configured(store.fresh().await, &few).await;
    let (anyone, an) = (service.anonymous(), service.citizen("an").await);
    let first = photo(&anyone).await;
    photo(&anyone).await;
    let third = picture::photo(120, 90);
    let refused = upload(&anyone, &third).await;
    assert!(!refused.header("Retry-After").is_empty());
    assert_eq!(refused.expect(429)["code"], "media_quota_used_up");
    photo(&an).await;
    report(&anyone, &[&first["token"]]).await.expect(201);
    photo(&anyone).await;
    let large = an.with("Tus-Resumable", "1.0.0").request(Method::POST, "/v1/uploads");
    let large = an.send(large.header("Upload-Length", 2 << 20)).await;
    assert_eq!(large.expect(429)["code"], "media_quota_used_up");
    // After a day all of it is there again.
    service.clock.advance(TimeDelta::hours(25));
    api::media::tick(&service.app).await.unwrap();
    photo(&anyone).await;
    photo(&anyone).await;
    assert_eq!(files(&service).len(), 4 * 3);
}

/// What is announced counts from the first byte on: nobody sends much at once beside the limit.
#[apply(every_store)]
#[actix_web::test]
async fn a_form_counts_with_what_it_announces(#[case] store: Store) {
    let little = [("CTN_MEDIA_UNLINKED_MIB", "1")];
    let service = Service::configured(store.fresh().await, &little).await;
    let anyone = service.anonymous();
    let film = picture::film(700_000);
    let first = upload(&anyone, &film).await.expect(201);
    assert_eq!(upload(&anyone, &film).await.expect(429)["code"], "media_quota_used_up");
    report(&anyone, &[&first["token"]]).await.expect(201);
    upload(&anyone, &film).await.expect(201);
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_uploads_more_by_beginning_all_at_once(#[case] store: Store) {
    let service = Service::configured(store.fresh().await, &[("CTN_MEDIA_UNLINKED", "2")]).await;
    let (anyone, file) = (service.anonymous(), picture::photo(120, 90));
    let answers = futures_util::future::join_all((0..6).map(|_| upload(&anyone, &file))).await;
    let taken = answers.iter().filter(|answer| answer.status() == 201).count();
    assert!(taken <= 2, "{taken}");
    assert!(answers.iter().all(|answer| [201, 429].contains(&answer.status())));
    assert_eq!(files(&service).len(), 4 * taken);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_reports_anonymously_is_not_kept_with_the_photo(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let mine = photo(&an).await;
    let unnamed = json!({
        "category": "other", "text": "Cây đổ", "anonymous": true, "media_ids": [mine["id"]],
    });
    an.post("/v1/feedback", unnamed).await.expect(201);
    assert_eq!(an.get("/v1/me/export").await.expect(200)["media"], json!([]));
    assert_eq!(an.get(&format!("/v1/media/{}", mine["id"].as_str().unwrap())).await.status(), 404);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_officer_of_elsewhere_sees_nothing(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let mine = photo(&an).await;
    let filed = report(&an, &[&mine["id"]]).await.expect(201);
    let role = domain::identity::Role::Officer;
    let elsewhere = service.staff("elsewhere", role, "commune-01840").await;
    let path = format!("/v1/media/{}", mine["id"].as_str().unwrap());
    assert_eq!(elsewhere.get(&path).await.status(), 404);
    assert_eq!(service.dispatcher().await.get(&path).await.status(), 404);
    let list = format!("/v1/desk/feedback/{}/media", filed["id"].as_str().unwrap());
    assert_eq!(elsewhere.get(&list).await.status(), 404);
    // Whoever may see it leaves a trace.
    let officer = service.officer().await;
    assert_eq!(officer.get(&path).await.status(), 200);
    let auditor = service.staff("auditor", domain::identity::Role::Auditor, "province").await;
    let audit = auditor.get("/v1/admin/audit?limit=100").await.text().to_owned();
    assert!(audit.contains("media.opened") && audit.contains(mine["id"].as_str().unwrap()));
}

#[apply(every_store)]
#[actix_web::test]
async fn who_is_erased_leaves_published_photos_without_them(#[case] store: Store) {
    let service = store.service().await;
    let (an, officer) = (service.citizen("an").await, service.officer().await);
    let (shown, unseen) = (photo(&an).await, photo(&an).await);
    let published = report(&an, &[&shown["id"]]).await.expect(201);
    let withdrawn = report(&an, &[&unseen["id"]]).await.expect(201);
    photo(&an).await;
    assert_eq!(an.get("/v1/me/export").await.expect(200)["media"].as_array().unwrap().len(), 3);
    at_desk(&officer, &published["id"], "publish", json!({})).await.expect(200);
    let approve = format!("media/{}/approve", shown["id"].as_str().unwrap());
    at_desk(&officer, &published["id"], &approve, json!({})).await.expect(200);
    let withdraw = format!("/v1/feedback/{}/withdraw", withdrawn["id"].as_str().unwrap());
    an.post(&withdraw, json!({})).await.expect(200);
    assert!(!tag(&officer, &withdrawn["id"]).await.is_empty());
    an.delete("/v1/me").await.expect(202);
    service.clock.advance(TimeDelta::minutes(16));
    work(&service).await;
    api::media::tick(&service.app).await.unwrap();
    assert_eq!(files(&service), ["clean", "original", "screen", "thumb"]);
    let public = format!("/v1/media/{}?size=screen", shown["id"].as_str().unwrap());
    assert_eq!(service.anonymous().get(&public).await.status(), 200);
}

/// What still waits keeps its photos, for they are what has to be answered; then they go, too.
#[apply(every_store)]
#[actix_web::test]
async fn photos_of_whoever_is_erased_go_with_the_words(#[case] store: Store) {
    let service = store.service().await;
    let (an, officer) = (service.citizen("an").await, service.officer().await);
    let (shown, unseen) = (photo(&an).await, photo(&an).await);
    let published = report(&an, &[&shown["id"]]).await.expect(201);
    let quiet = report(&an, &[&unseen["id"]]).await.expect(201);
    at_desk(&officer, &published["id"], "publish", json!({})).await.expect(200);
    let approve = format!("media/{}/approve", shown["id"].as_str().unwrap());
    at_desk(&officer, &published["id"], &approve, json!({})).await.expect(200);
    an.delete("/v1/me").await.expect(202);
    service.clock.advance(TimeDelta::minutes(16));
    work(&service).await;
    api::media::tick(&service.app).await.unwrap();
    assert_eq!(files(&service).len(), 8);

    let officer = service.officer().await;
    for filed in [&published, &quiet] {
        for step in ["accept", "assign"] {
            at_desk(&officer, &filed["id"], step, json!({})).await.expect(200);
        }
        let answer = json!({ "answer": "Đã dọn." });
        at_desk(&officer, &filed["id"], "resolve", answer).await.expect(200);
    }
    service.clock.advance(domain::feedback::OBJECTION);
    api::feedback::tick(&service.app).await.unwrap();
    api::media::tick(&service.app).await.unwrap();
    assert_eq!(files(&service), ["clean", "original", "screen", "thumb"]);
    let original = format!("/v1/media/{}", shown["id"].as_str().unwrap());
    for caller in [service.officer().await, service.anonymous()] {
        let seen = caller.get(&original).await;
        assert_eq!((seen.status(), picture::tells(seen.bytes())), (200, false));
    }
    let gone = format!("/v1/media/{}", unseen["id"].as_str().unwrap());
    assert_eq!(service.officer().await.get(&gone).await.status(), 404);
}

/// However many want one upload at once, one of them gets it, and all others are told.
#[apply(every_store)]
#[actix_web::test]
async fn one_upload_is_linked_once_by_many_at_once(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    for _ in 0..4 {
        let mine = photo(&anyone).await;
        let wanted = [&mine["token"]];
        let answers =
            futures_util::future::join_all((0..6).map(|_| report(&anyone, &wanted))).await;
        let mut linked = Vec::new();
        for answer in answers {
            match answer.status() {
                201 => linked.push(answer.expect(201)["id"].clone()),
                _ => assert_eq!(pointers(&answer.expect(422)), ["/media_ids/0"]),
            }
        }
        let [filed] = linked.as_slice() else { panic!("linked {} times", linked.len()) };
        let list = format!("/v1/desk/feedback/{}/media", filed.as_str().unwrap());
        let seen = service.officer().await.get(&list).await.expect(200);
        assert_eq!(seen["items"][0]["id"], mine["id"]);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_expired_is_not_linked_though_it_is_not_swept_yet(#[case] store: Store) {
    let service = store.service().await;
    let anyone = service.anonymous();
    let mine = photo(&anyone).await;
    service.clock.advance(TimeDelta::hours(25));
    let refused = report(&anyone, &[&mine["token"]]).await.expect(422);
    assert_eq!(pointers(&refused), ["/media_ids/0"]);
}
