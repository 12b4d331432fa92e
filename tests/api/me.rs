//! One's own account and sessions.

use chrono::TimeDelta;
use domain::identity::Role;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::json;
use tests::Store;

use crate::{every_store, revocation::is_refused};

#[apply(every_store)]
#[actix_web::test]
async fn a_citizen_says_what_to_be_called(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    assert_eq!(an.get("/v1/me").await.expect(200)["display_name"], json!(null));
    let change = json!({ "display_name": "  Nguye\u{302}\u{303}n  Va\u{306}n An " });
    let changed = an.patch("/v1/me", change).await.expect(200);
    assert_eq!(changed["display_name"], "Nguyễn Văn An");
    assert_eq!(an.patch("/v1/me", json!({})).await.expect(200), changed);
    assert_eq!(an.get("/v1/me").await.expect(200), changed);
    let cleared = an.patch("/v1/me", json!({ "display_name": null })).await.expect(200);
    assert_eq!(cleared["display_name"], json!(null));
}

#[actix_web::test]
async fn what_is_no_name_is_refused() {
    let service = Store::Sqlite.service().await;
    let an = service.citizen("an").await;
    let refused = async |name: serde_json::Value| {
        let told = an.patch("/v1/me", json!({ "display_name": name })).await.expect(422);
        let error = &told["errors"][0];
        assert_eq!(error["pointer"], "/display_name");
        error["code"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(refused(json!(" ")).await, "too_short");
    assert_eq!(refused(json!("x".repeat(101))).await, "too_long");
    assert_eq!(refused(json!(7)).await, "wrong_type");
    assert_eq!(refused(json!("a\u{0}b")).await, "control_character");
    an.patch("/v1/me", json!({ "display_name": "ễ".repeat(100) })).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_citizen_sees_and_ends_their_sessions(#[case] store: Store) {
    let service = store.service().await;
    let phone = service.citizen("an").await;
    service.clock.advance(TimeDelta::minutes(2));
    let tablet = service.citizen("an").await;
    let sessions = tablet.get("/v1/me/sessions").await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(sessions, { ".items[].id" => "[id]" }, @r#"
        {
          "items": [
            {
              "current": true,
              "device": null,
              "expires_at": "2027-01-22T01:04:03.456Z",
              "id": "[id]",
              "last_used_at": "2026-11-23T01:04:03.456Z",
              "started_at": "2026-11-23T01:04:03.456Z"
            },
            {
              "current": false,
              "device": null,
              "expires_at": "2027-01-22T01:02:03.456Z",
              "id": "[id]",
              "last_used_at": "2026-11-23T01:02:03.456Z",
              "started_at": "2026-11-23T01:02:03.456Z"
            }
          ],
          "next_cursor": null
        }
        "#);
    }
    let old = format!("/v1/me/sessions/{}", sessions["items"][1]["id"].as_str().unwrap());
    service.citizen("binh").await.delete(&old).await.expect(404);
    tablet.delete(&old).await.expect(204);
    tablet.delete(&old).await.expect(404);
    tablet.delete("/v1/me/sessions/nonsense").await.expect(404);
    assert!(is_refused(&phone, "/v1/me/businesses").await);
    let left = tablet.get("/v1/me/sessions").await.expect(200);
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1));
}

#[apply(every_store)]
#[actix_web::test]
async fn an_account_is_its_citizens_alone(#[case] store: Store) {
    let service = store.service().await;
    let nobody = service.anonymous().get("/v1/me").await;
    assert_eq!(nobody.header("www-authenticate"), "Bearer");
    assert_eq!(nobody.expect(401)["code"], "unauthorized");
    for role in Role::STAFF {
        let name = role.as_str().replace('_', "-");
        let staff = service.staff(&name, role, "province").await;
        for path in ["/v1/me", "/v1/me/sessions"] {
            assert_eq!(staff.get(path).await.expect(403)["code"], "forbidden", "{role} {path}");
        }
    }
}
