//! What the app has to know before anything else.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::json;
use tests::{Service, Store};

use crate::every_store;

#[apply(every_store)]
#[actix_web::test]
async fn the_app_learns_what_holds(#[case] store: Store) {
    let service = store.service().await;
    let answer = service.anonymous().get("/v1/app/config").await;
    let tag = answer.header("etag").to_owned();
    let again = service.anonymous().with("If-None-Match", &tag).get("/v1/app/config").await;
    assert_eq!(again.status(), 304);
    let config = answer.expect(200);
    assert_eq!(config["data"].as_object().unwrap().len(), 16);
    allow_duplicates! {
        assert_json_snapshot!(config, { ".data" => "..", }, @r#"
        {
          "data": "..",
          "emergency": {
            "numbers": [
              {
                "name": "Công an (an ninh, trật tự)",
                "number": "113"
              },
              {
                "name": "Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ",
                "number": "114"
              },
              {
                "name": "Cấp cứu y tế",
                "number": "115"
              },
              {
                "name": "Tìm kiếm, cứu nạn",
                "number": "112"
              },
              {
                "name": "Tổng đài điện thoại quốc gia bảo vệ trẻ em",
                "number": "111"
              }
            ],
            "staffed": false
          },
          "features": {
            "emergency": true,
            "feedback": true,
            "public_services": true,
            "sign_in_by_phone": true
          },
          "minimum_app_version": "1.0.0",
          "sign_in": {
            "openid": false,
            "phone": true
          }
        }
        "#);
    }
}

#[actix_web::test]
async fn parts_can_be_hidden() {
    let hidden = [
        ("CTN_FEATURES_OFF", "feedback,emergency,sign_in_by_phone"),
        ("CTN_MINIMUM_APP_VERSION", "2.1"),
        ("CTN_OIDC_ISSUER", "http://127.0.0.1:9"),
        ("CTN_OIDC_CLIENT_ID", "cthainguyen"),
    ];
    let service = Service::configured(Store::Sqlite.fresh().await, &hidden).await;
    let config = service.anonymous().get("/v1/app/config").await.expect(200);
    assert_eq!(config["features"]["feedback"], false);
    assert_eq!(config["features"]["public_services"], true);
    assert_eq!(config["minimum_app_version"], "2.1");
    assert_eq!(config["sign_in"], json!({ "openid": true, "phone": false }));
}
