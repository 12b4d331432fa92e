//! Following one's own report, and taking it back.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::Store;

use crate::{
    every_store,
    feedback::{codes, lamp, report, step},
};

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap()
}

#[apply(every_store)]
#[actix_web::test]
async fn the_token_opens_the_report(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let submitted = report(&caller, lamp(0.0)).await;
    let (code, token) = (text(&submitted, "code"), text(&submitted, "tracking_token"));
    let holder = caller.bearing(token);
    let seen = holder.get(&format!("/v1/feedback/track/{code}")).await;
    assert_eq!((seen.header("etag"), seen.header("cache-control")), ("\"1\"", "private, no-cache"));
    let seen = seen.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(seen, { ".id" => "[id]", ".code" => "[code]" }, @r#"
        {
          "address": null,
          "agency": "commune-05443",
          "allowed_actions": [
            "withdraw"
          ],
          "answer": null,
          "attributes": {
            "fault": "out"
          },
          "category": "lighting.street",
          "code": "[code]",
          "commune_code": "05443",
          "confidential": false,
          "due_at": "2026-12-01T10:00:00Z",
          "id": "[id]",
          "location": {
            "lat": 21.586112,
            "lon": 105.836192
          },
          "published_at": null,
          "rejection": null,
          "status": "submitted",
          "submitted_at": "2026-11-23T01:02:03.456Z",
          "text": "Đèn đường trước số 7 không sáng",
          "timeline": [
            {
              "agency": "commune-05443",
              "at": "2026-11-23T01:02:03.456Z",
              "event": "feedback.submitted",
              "status": "submitted"
            }
          ],
          "title": null,
          "updated_at": "2026-11-23T01:02:03.456Z",
          "visibility": "hidden"
        }
        "#);
    }
    let by_link = caller.get(&format!("/v1/feedback/track/{code}?token={token}")).await.expect(200);
    assert_eq!(by_link, seen);
    let typed = code.to_lowercase().replace('-', "%20");
    assert_eq!(holder.get(&format!("/v1/feedback/track/{typed}")).await.expect(200), seen);
}

#[apply(every_store)]
#[actix_web::test]
async fn nothing_else_opens_it(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let mine = report(&an, lamp(0.0)).await;
    let other = report(&service.anonymous(), lamp(5.0)).await;
    let track = format!("/v1/feedback/track/{}", text(&mine, "code"));
    let withdraw = format!("/v1/feedback/{}/withdraw", text(&mine, "id"));

    let token = text(&mine, "tracking_token");
    let cut = &token[..token.len() - 1];
    let other_token = text(&other, "tracking_token");
    let guesses = ["ctn_f_", "ctn_e_AAAA", cut, other_token, &token.replace("ctn_f_", "ctn_e_")];
    for guess in guesses {
        let holder = service.anonymous().bearing(guess);
        assert_eq!(holder.get(&track).await.expect(404)["code"], "not_found", "{guess}");
        holder.post(&withdraw, json!({})).await.expect(404);
        service.anonymous().get(&format!("{track}?token={guess}")).await.expect(404);
    }
    for stranger in [service.citizen("binh").await, service.officer().await] {
        stranger.get(&track).await.expect(404);
        stranger.post(&withdraw, json!({})).await.expect(404);
    }
    service.anonymous().get(&track).await.expect(401);
    service.anonymous().post(&withdraw, json!({})).await.expect(401);
    service.anonymous().bearing(token).get("/v1/feedback/track/PA-261123-222222").await.expect(404);
    service.anonymous().bearing(token).get("/v1/feedback/track/nonsense").await.expect(404);
    assert_eq!(an.get(&track).await.expect(200)["status"], "submitted");
}

#[apply(every_store)]
#[actix_web::test]
async fn everybody_sees_their_own_reports_in_pages(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let mut reported = Vec::new();
    for metres in 0..5 {
        let submitted = report(&an, lamp(f64::from(metres))).await;
        reported.insert(0, text(&submitted, "code").to_owned());
    }
    report(&service.citizen("binh").await, lamp(9.0)).await;
    let first = an.get("/v1/me/feedback?limit=2").await.expect(200);
    report(&an, lamp(6.0)).await;
    let mut seen = codes(&first).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut cursor = first["next_cursor"].as_str().map(str::to_owned);
    while let Some(at) = cursor {
        let page = an.get(&format!("/v1/me/feedback?limit=2&cursor={at}")).await.expect(200);
        seen.extend(codes(&page).into_iter().map(str::to_owned));
        cursor = page["next_cursor"].as_str().map(str::to_owned);
    }
    assert_eq!(seen, reported);
    service.anonymous().get("/v1/me/feedback").await.expect(401);
    service.officer().await.get("/v1/me/feedback").await.expect(403);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_report_is_withdrawn_before_work_begins(#[case] store: Store) {
    let service = store.service().await;
    let (an, officer) = (service.citizen("an").await, service.officer().await);
    let submitted = report(&an, lamp(0.0)).await;
    let (id, code) = (&submitted["id"], text(&submitted, "code"));
    step(&officer, id, "publish", json!({})).await.expect(200);
    let path = format!("/v1/feedback/{}/withdraw", text(&submitted, "id"));
    let withdrawn = an.post(&path, json!({})).await.expect(200);
    assert_eq!(
        (&withdrawn["status"], &withdrawn["visibility"], &withdrawn["allowed_actions"]),
        (&json!("withdrawn"), &json!("hidden"), &json!([]))
    );
    an.post(&path, json!({})).await.expect(200);
    service.anonymous().get(&format!("/v1/feedback/{code}")).await.expect(404);
    let refused = step(&officer, id, "publish", json!({})).await.expect(409);
    assert_eq!(refused["allowed_actions"], json!(["note"]));
}

#[apply(every_store)]
#[actix_web::test]
async fn work_that_has_begun_goes_on(#[case] store: Store) {
    let service = store.service().await;
    let (caller, officer) = (service.anonymous(), service.officer().await);
    let submitted = report(&caller, lamp(0.0)).await;
    for name in ["accept", "assign", "start"] {
        step(&officer, &submitted["id"], name, json!({})).await.expect(200);
    }
    let holder = caller.bearing(text(&submitted, "tracking_token"));
    let path = format!("/v1/feedback/{}/withdraw", text(&submitted, "id"));
    let refused = holder.post(&path, json!({})).await.expect(409);
    assert_eq!(
        (&refused["code"], &refused["current_status"], &refused["allowed_actions"]),
        (&json!("action_not_allowed"), &json!("in_progress"), &json!([]))
    );
    let back = json!({ "agency": "commune-01840", "reason": "Nhầm phường" });
    for (name, body) in [("assign", json!({})), ("transfer", back)] {
        step(&officer, &submitted["id"], name, body).await.expect(200);
        let refused = holder.post(&path, json!({})).await.expect(409);
        assert_eq!(refused["allowed_actions"], json!([]), "after {name}");
    }
    for name in ["accept", "assign", "resolve"] {
        let answer = json!({ "answer": "Đã thay bóng." });
        let body = if name == "resolve" { answer } else { json!({}) };
        step(&officer, &submitted["id"], name, body).await.expect(200);
    }
    let reopen = format!("/v1/feedback/{}/reopen", text(&submitted, "id"));
    holder.post(&reopen, json!({ "reason": "Vẫn tắt" })).await.expect(200);
    step(&officer, &submitted["id"], "assign", json!({})).await.expect(200);
    holder.post(&path, json!({})).await.expect(409);
}
