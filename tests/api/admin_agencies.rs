//! The agencies as a tree.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::every_store;

const AGENCIES: &str = "/v1/admin/agencies";

fn department() -> Value {
    json!({ "code": "so-y-te", "name": "Sở Y tế", "kind": "department", "phone": "0208 3855 123" })
}

async fn etag(caller: &Caller, path: &str) -> String {
    caller.get(path).await.header("etag").to_owned()
}

#[apply(every_store)]
#[actix_web::test]
async fn the_tree_begins_with_the_province_and_has_an_area_for_each(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let page = administrator.get(&format!("{AGENCIES}?limit=100")).await.expect(200);
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), 99);
    let agency = |code: &str| items.iter().find(|item| item["code"] == code).unwrap();
    assert_eq!(agency("province")["parent"], Value::Null);
    assert_eq!(agency("police")["kind"], "emergency_centre");
    assert_eq!(agency("police")["communes"], Value::Null);
    assert_eq!(agency("commune-05443")["communes"], json!(["05443"]));
    assert!(items.iter().all(|item| item["code"] == "province" || item["parent"] == "province"));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_department_is_added_once_and_staff_can_be_of_it(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let added = administrator.post(AGENCIES, department()).await.expect(201);
    assert_eq!(added["parent"], "province");
    administrator.post(AGENCIES, department()).await.expect(409);
    let office = json!({
        "code": "so-y-te-bac", "parent": "so-y-te", "name": "Chi cục phía bắc",
        "kind": "department", "communes": ["05443", "05443"],
    });
    let office = administrator.post(AGENCIES, office).await.expect(201);
    assert_eq!(office["communes"], json!(["05443"]));
    let binh = json!({ "username": "binh", "role": "officer", "agency": "so-y-te-bac" });
    administrator.post("/v1/admin/staff", binh).await.expect(201);
    let found = administrator.get("/v1/admin/audit?action=agency.added").await.expect(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 2);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_shipped_agency_gets_its_phone_from_whoever_saw_it(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let path = format!("{AGENCIES}/police");
    let phone = json!({ "phone": "113" });
    administrator.patch(&path, phone.clone()).await.expect(428);
    let seen = etag(&administrator, &path).await;
    let informed = administrator.with("If-Match", &seen);
    assert_eq!(informed.patch(&path, phone.clone()).await.expect(200)["phone"], "113");
    informed.patch(&path, phone).await.expect(412);
    let seen = etag(&administrator, &path).await;
    let informed = administrator.with("If-Match", &seen);
    let cleared = informed.patch(&path, json!({ "phone": null })).await.expect(200);
    assert_eq!(cleared["phone"], Value::Null);
    assert_eq!(cleared["name"], "Công an tỉnh Thái Nguyên");
    administrator.get(&format!("{AGENCIES}/nowhere")).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_agency_stands_where_it_can(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    for (field, value, code) in [
        ("parent", json!("nowhere"), "unknown"),
        ("kind", json!("commune"), "not_selectable"),
        ("kind", json!("kingdom"), "unknown"),
        ("name", json!(" "), "wrong_form"),
        ("phone", json!("call me"), "wrong_form"),
        ("communes", json!([]), "too_short"),
        ("code", json!("Sở Y tế"), "wrong_form"),
    ] {
        let mut agency = department();
        agency[field] = value;
        let told = administrator.post(AGENCIES, agency).await.expect(422);
        assert_eq!(told["errors"][0]["pointer"], format!("/{field}"));
        assert_eq!(told["errors"][0]["code"], code, "{field}");
    }
    let mut nowhere = department();
    nowhere["communes"] = json!(["05443", "99999"]);
    let told = administrator.post(AGENCIES, nowhere).await.expect(422);
    assert_eq!(told["errors"][0]["pointer"], "/communes/1");
    let mut outside = department();
    outside["parent"] = "commune-05443".into();
    let told = administrator.post(AGENCIES, outside).await.expect(422);
    assert_eq!(told["errors"][0]["pointer"], "/communes", "larger than the agency above");
    administrator.post(AGENCIES, department()).await.expect(201);
    let path = format!("{AGENCIES}/so-y-te");
    let informed = administrator.with("If-Match", &etag(&administrator, &path).await);
    let told = informed.patch(&path, json!({ "parent": "so-y-te" })).await.expect(422);
    assert_eq!(told["errors"][0]["code"], "out_of_range", "below itself");
}

#[apply(every_store)]
#[actix_web::test]
async fn only_the_province_changes_the_tree(#[case] store: Store) {
    let service = store.service().await;
    let of_police = service.staff("police-admin", Role::Administrator, "police").await;
    let seen = of_police.get(AGENCIES).await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1, "their own, and none stands below it");
    of_police.get(&format!("{AGENCIES}/fire")).await.expect(404);
    of_police.post(AGENCIES, department()).await.expect(403);
    let path = format!("{AGENCIES}/police");
    let informed = of_police.with("If-Match", &etag(&of_police, &path).await);
    informed.patch(&path, json!({ "phone": "113" })).await.expect(403);
}
