//! What staff know better about facilities.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::Store;

use crate::{every_store, import::take_in};

const PUBLIC: &str = "/v1/facilities/osm-node-9028202324";
const DESK: &str = "/v1/desk/facilities/osm-node-9028202324";

#[apply(every_store)]
#[actix_web::test]
async fn who_answers_for_the_commune_says_when_a_place_is_open(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.staff("binh", Role::Officer, "commune-05518").await;
    let seen = officer.get(DESK).await;
    assert_eq!((seen.header("etag"), seen.header("cache-control")), ("\"0\"", "no-store"));
    let correction =
        json!({ "opening_hours": "Mo-Su 7:00-17:00; PH off", "phone": "0208 3862 123" });
    officer.patch(DESK, correction.clone()).await.expect(428);
    let informed = officer.with("If-Match", "\"0\"");
    let corrected = informed.patch(DESK, correction.clone()).await;
    assert_eq!(corrected.header("etag"), "\"1\"");
    corrected.expect(200);
    informed.patch(DESK, correction).await.expect(412);
    let public = service.anonymous().get(PUBLIC).await.expect(200);
    assert_eq!(public["opening_hours"]["text"], "Mo-Su 07:00-17:00; PH off");
    assert_eq!((&public["open_now"], &public["phone"]), (&json!(true), &json!("0208 3862 123")));

    let informed = officer.with("If-Match", "\"1\"");
    let again = informed.patch(DESK, json!({ "opening_hours": null })).await.expect(200);
    assert_eq!((&again["open_now"], &again["phone"]), (&Value::Null, &json!("0208 3862 123")));
    let log = service.administrator().await.get("/v1/admin/audit?action=facility.corrected").await;
    assert_eq!(log.expect(200)["items"].as_array().unwrap().len(), 2);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_correction_outlives_imports(#[case] store: Store) {
    let service = store.service().await;
    let officer = service.officer().await.with("If-Match", "\"0\"");
    officer.patch(DESK, json!({ "opening_hours": "24/7" })).await.expect(200);
    let table = "id,type,name,lat,lon,source,licence,opening_hours\n\
                 osm-node-9028202324,hospital,Phúc Thái,21.45,105.86,tỉnh,CC0,Mo 08:00-09:00\n";
    take_in(&service, "facilities", "other.csv", table).await.unwrap();
    let public = service.anonymous().get(PUBLIC).await.expect(200);
    assert_eq!((&public["name"], &public["open_now"]), (&json!("Phúc Thái"), &json!(true)));
    assert_eq!(public["opening_hours_raw"], Value::Null);
}

#[actix_web::test]
async fn what_is_wrong_is_named() {
    let service = Store::Sqlite.service().await;
    let officer = service.officer().await.with("If-Match", "\"0\"");
    let cases = [
        (json!({ "opening_hours": "giờ hành chính" }), "/opening_hours", "wrong_form"),
        (json!({ "opening_hours": 7 }), "/opening_hours", "wrong_type"),
        (json!({ "phone": "gọi tôi" }), "/phone", "wrong_form"),
        (json!({ "name": "x" }), "/name", "unknown_field"),
    ];
    for (body, pointer, code) in cases {
        let problem = officer.patch(DESK, body.clone()).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}");
        assert_eq!(problem["errors"][0]["code"], code, "{body}");
    }
    officer.get("/v1/desk/facilities/nowhere").await.expect(404);
}
