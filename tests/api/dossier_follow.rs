//! Following a dossier: who may, what they are told, and what is left of it when they go.

use chrono::TimeDelta;
use domain::dossier::{DossierCode, DossierRepository as _};
use futures_util::future::join;
use infra::database::Transaction;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::{
    dossier_sources::{CODE, one_stop, report, told},
    dossiers::with_a_dossier,
    every_store,
};

const MINE: &str = "/v1/me/dossiers";

fn by_receipt() -> Value {
    json!({ "code": CODE, "proof": { "phone_last4": "5678" } })
}

async fn inbox(caller: &Caller) -> Vec<String> {
    let told = caller.get("/v1/me/notifications").await.expect(200);
    let text = |item: &Value| item["text"].as_str().unwrap().to_owned();
    told["items"].as_array().unwrap().iter().map(text).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_follower_is_told_of_each_change_once(#[case] store: Store) {
    let (service, one_stop) = with_a_dossier(store).await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let followed = an.post(MINE, by_receipt()).await.expect(201);
    assert_eq!((&followed["code"], &followed["status"]), (&json!(CODE), &json!("processing")));
    let again = an.post(MINE, by_receipt()).await.expect(201);
    assert_eq!((&again["id"], &again["followed_at"]), (&followed["id"], &followed["followed_at"]));
    assert_eq!(inbox(&an).await, [""; 0]);

    let mut missing = report("07:50:00", "5");
    missing["missing_papers"] = json!(["Giấy chứng sinh"]);
    let later = report("07:55:00", "4");
    told(&one_stop, std::slice::from_ref(&missing)).await;
    told(&one_stop, std::slice::from_ref(&missing)).await;
    let first = format!("Hồ sơ {CODE}: Yêu cầu bổ sung giấy tờ. Cần nộp thêm: Giấy chứng sinh.");
    assert_eq!(inbox(&an).await, [first.as_str()]);
    // What came and went within one request, what arrives late, and details are no news.
    let mut detail = missing.clone();
    detail["at"] = json!("2026-11-23T07:58:00+07:00");
    told(&one_stop, &[later, detail, report("07:40:00", "1")]).await;
    assert_eq!(inbox(&an).await, [first.as_str()]);
    told(&one_stop, &[report("08:00:00", "9"), report("08:01:00", "10")]).await;
    let second = format!("Hồ sơ {CODE}: Đã trả kết quả.");
    assert_eq!(inbox(&an).await, [second.as_str(), first.as_str()]);
    assert_eq!(inbox(&binh).await, [""; 0]);
    let mine = an.get(MINE).await.expect(200);
    assert_eq!(mine["items"][0]["status"], "returned");
    assert_eq!(binh.get(MINE).await.expect(200)["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_follower_is_told_of_another_day_and_of_more_papers(#[case] store: Store) {
    let (service, one_stop) = with_a_dossier(store).await;
    let an = service.citizen("an").await;
    an.post(MINE, by_receipt()).await.expect(201);
    let due = |at: &str, status: &str, day: &str, papers: &[&str]| {
        let mut report = report(at, status);
        report["due_at"] = json!(format!("{day}170000"));
        report["missing_papers"] = json!(papers);
        report
    };
    told(&one_stop, &[due("07:50:00", "4", "20261125", &[])]).await;
    assert_eq!(inbox(&an).await, [""; 0], "a day where there was none is on the receipt");
    told(&one_stop, &[due("07:51:00", "4", "20261130", &[])]).await;
    let moved = format!("Hồ sơ {CODE}: Hẹn trả kết quả: 17:00 30/11/2026.");
    assert_eq!(inbox(&an).await, [moved.as_str()]);
    told(&one_stop, &[due("07:52:00", "5", "20261130", &["Tờ khai"])]).await;
    told(&one_stop, &[due("07:53:00", "5", "20261130", &["Tờ khai", "Ảnh"])]).await;
    let more = format!("Hồ sơ {CODE}: Cần nộp thêm: Tờ khai; Ảnh.");
    assert_eq!(inbox(&an).await[0], more);
    assert_eq!(inbox(&an).await.len(), 3);
}

#[apply(every_store)]
#[actix_web::test]
async fn no_change_is_lost_between_the_answer_and_what_is_told(#[case] store: Store) {
    let (service, one_stop) = with_a_dossier(store).await;
    for number in 0..8 {
        let follower = service.citizen(&format!("follower-{number}")).await;
        let status = if number % 2 == 0 { "9" } else { "4" };
        let change = [report(&format!("07:{}:00", 50 + number), status)];
        let (followed, news) =
            join(follower.post(MINE, by_receipt()), told(&one_stop, &change)).await;
        assert_eq!(news, ["taken"]);
        let answered = followed.expect(201)["status"].clone();
        let expected = if number % 2 == 0 { "processed" } else { "processing" };
        let knows = answered == expected || inbox(&follower).await.len() == 1;
        assert!(knows, "{number}: answered {answered}, and told nothing");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn ones_own_number_proves_as_well_as_the_receipt(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let one_stop = one_stop(&service).await;
    let mut of_an = report("07:30:00", "2");
    of_an["applicant"] = json!({ "phone": an.get("/v1/me").await.expect(200)["phone"] });
    told(&one_stop, &[of_an]).await;
    let bare = json!({ "code": CODE });
    an.post(MINE, bare.clone()).await.expect(201);
    for _ in 0..5 {
        binh.post(MINE, bare.clone()).await.expect(404);
    }
    binh.post(MINE, bare).await.expect(429);
    binh.post(MINE, json!({ "code": "H55.242-261123-0002" })).await.expect(404);
    service.anonymous().post(MINE, by_receipt()).await.expect(401);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_stops_following_is_told_nothing_more(#[case] store: Store) {
    let (service, one_stop) = with_a_dossier(store).await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let followed = an.post(MINE, by_receipt()).await.expect(201);
    let path = format!("{MINE}/{}", followed["id"].as_str().unwrap());
    binh.delete(&path).await.expect(404);
    an.delete(&path).await.expect(204);
    an.delete(&path).await.expect(404);
    an.delete(&format!("{MINE}/nothing")).await.expect(404);
    told(&one_stop, &[report("08:00:00", "10")]).await;
    assert_eq!(inbox(&an).await, [""; 0]);
    assert_eq!(an.get(MINE).await.expect(200)["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_follows_more_than_fifty(#[case] store: Store) {
    let service = store.service().await;
    let one_stop = one_stop(&service).await;
    let an = service.citizen("an").await;
    for number in 0..=50 {
        let mut one = report("07:30:00", "2");
        one["code"] = json!(format!("H55.242-261123-{number:04}"));
        told(&one_stop, std::slice::from_ref(&one)).await;
        let body = json!({ "code": one["code"], "proof": { "national_id_last4": "4567" } });
        let answer = an.post(MINE, body).await;
        assert_eq!(answer.status(), if number < 50 { 201 } else { 409 });
    }
}

/// A dossier that the system does not know keeps nobody else from being asked after.
#[apply(every_store)]
#[actix_web::test]
async fn whatever_was_asked_after_waits_for_its_turn(#[case] store: Store) {
    let service = store.service().await;
    let one_stop = one_stop(&service).await;
    let an = service.citizen("an").await;
    let codes = ["H55.242-261123-0001", "H55.242-261123-0002"];
    for code in codes {
        let mut one = report("07:30:00", "2");
        one["code"] = json!(code);
        told(&one_stop, std::slice::from_ref(&one)).await;
        let body = json!({ "code": code, "proof": { "national_id_last4": "4567" } });
        an.post(MINE, body).await.expect(201);
        service.clock.advance(TimeDelta::minutes(1));
    }
    for code in [codes[0], codes[1], codes[0]] {
        service.clock.advance(TimeDelta::minutes(40));
        let at = service.app.now().at;
        let before = at - TimeDelta::minutes(30);
        let take = move |tx: &mut Transaction<'_>| tx.take_unheard_dossiers(before, at, 1);
        let taken = service.app.database.write(take).await.unwrap();
        assert_eq!(taken.iter().map(DossierCode::as_str).collect::<Vec<_>>(), [code]);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_one_follows_goes_along_and_goes_away(#[case] store: Store) {
    let (service, one_stop) = with_a_dossier(store).await;
    let an = service.citizen("an").await;
    let followed = an.post(MINE, by_receipt()).await.expect(201);
    let archive = an.get("/v1/me/export").await.expect(200);
    let mine = json!([
        { "code": CODE, "status": "processing", "followed_at": followed["followed_at"] }
    ]);
    assert_eq!(archive["dossiers"], mine);
    an.delete("/v1/me").await.expect(202);
    told(&one_stop, &[report("08:00:00", "10")]).await;
    service.clock.advance(TimeDelta::minutes(20));
    api::chores::tick(&service.app.database, &service.app.now()).await.unwrap();
    let everything = tests::everything(&service.app.settings.database().unwrap().url);
    let told = b"dossier.status_changed";
    assert!(!everything.windows(told.len()).any(|bytes| bytes == told), "nobody was told");
    let back = service.citizen("an").await;
    assert_eq!(back.get(MINE).await.expect(200)["items"], json!([]));
}
