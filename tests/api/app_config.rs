//! What the app has to know before anything else.

use insta::assert_json_snapshot;
use rstest_reuse::apply;
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
    assert_json_snapshot!(answer.expect(200), { ".data.*" => "..", }, @"");
}

#[actix_web::test]
async fn parts_can_be_hidden() {
    let hidden = [("CTN_FEATURES_OFF", "feedback,emergency"), ("CTN_MINIMUM_APP_VERSION", "2.1")];
    let service = Service::configured(Store::Sqlite.fresh().await, &hidden).await;
    let config = service.anonymous().get("/v1/app/config").await.expect(200);
    assert_eq!(config["features"]["feedback"], false);
    assert_eq!(config["features"]["public_services"], true);
    assert_eq!(config["minimum_app_version"], "2.1");
}
