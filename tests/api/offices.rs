//! Offices near somebody: of their commune, and those that take a procedure in.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Service, Store};

use crate::{every_store, import::take_in};

/// Phan Đình Phùng (05443), and Sông Công (05518) to the south.
const OFFICES: &str = "id,type,name,lat,lon,source,licence,opening_hours
near,one_stop,Một cửa Phan Đình Phùng,21.5900,105.8400,tỉnh,CC0,Mo-Fr 07:30-17:00; PH off
seat,people_committee,UBND Phan Đình Phùng,21.5942,105.8482,tỉnh,CC0,
police,police,Công an phường,21.5950,105.8490,tỉnh,CC0,24/7
clinic,clinic,Phòng khám,21.5950,105.8490,tỉnh,CC0,
far,one_stop,Một cửa Sông Công,21.4600,105.8500,tỉnh,CC0,Sa 07:30-11:30
capital,province_one_stop,Trung tâm tỉnh,21.5950,105.8300,tỉnh,CC0,
";

async fn service(store: Store) -> Service {
    let service = store.service().await;
    take_in(&service, "facilities", "offices.csv", OFFICES).await.unwrap();
    service
}

fn ids(offices: &Value) -> Vec<&str> {
    offices.as_array().unwrap().iter().map(|office| office["id"].as_str().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_position_has_the_offices_of_its_commune(#[case] store: Store) {
    let service = service(store).await;
    let here = service.anonymous().get("/v1/offices?lat=21.5942&lon=105.8482").await.expect(200);
    assert_eq!(ids(&here["offices"])[..3], ["seat", "police", "near"]);
    assert!(!ids(&here["offices"]).contains(&"clinic"));
    assert_eq!(here["offices"][0]["distance_m"], 0.0);
    allow_duplicates! {
        assert_json_snapshot!(here, { ".offices" => "..", }, @r#"
        {
          "agency": {
            "code": "commune-05443",
            "name": "Ủy ban nhân dân phường Phan Đình Phùng",
            "phone": null
          },
          "commune": {
            "code": "05443",
            "full_name": "Phường Phan Đình Phùng",
            "name": "Phan Đình Phùng",
            "type": "phường"
          },
          "offices": ".."
        }
        "#);
    }
    let named = service.anonymous().get("/v1/offices?commune=05518").await.expect(200);
    assert_eq!(ids(&named["offices"]), ["far"]);
    assert!(named["offices"][0].get("distance_m").is_none());
    let both = service.anonymous().get("/v1/offices?commune=05518&lat=21.5942&lon=105.8482").await;
    assert!(both.expect(200)["offices"][0]["distance_m"].as_f64().unwrap() > 14_000.0);
    let unknown = service.anonymous().get("/v1/offices?commune=05908").await.expect(200);
    assert_eq!(unknown["offices"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_procedure_is_filed_at_the_own_counter_or_any_other(#[case] store: Store) {
    let service = service(store).await;
    // Birth registration: the commune carries it out.
    let path = "/v1/procedures/1.001193.000.00.00.H55/where?lat=21.5942&lon=105.8482";
    let found = service.anonymous().get(path).await.expect(200);
    assert_eq!(ids(&found["levels"][0]["offices"]), ["seat", "near", "far"]);
    let open = found["levels"][0]["offices"].as_array().unwrap().iter();
    let open: Vec<_> = open.map(|office| &office["open_now"]).collect();
    assert_eq!(open, [&Value::Null, &json!(true), &json!(false)]);
    allow_duplicates! {
        assert_json_snapshot!(found, { ".levels[].offices" => "..", }, @r#"
        {
          "code": "1.001193",
          "commune": {
            "code": "05443",
            "full_name": "Phường Phan Đình Phùng",
            "name": "Phan Đình Phùng",
            "type": "phường"
          },
          "levels": [
            {
              "agency": {
                "code": "commune-05443",
                "name": "Ủy ban nhân dân phường Phan Đình Phùng",
                "phone": null
              },
              "level": "cap_xa",
              "offices": "..",
              "receivers": [
                "one_stop",
                "people_committee"
              ],
              "regardless_of_boundaries": "Nghị định 118/2025/NĐ-CP"
            }
          ],
          "name": "Thủ tục đăng ký khai sinh",
          "online": true,
          "source_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7"
        }
        "#);
    }
    let named = service.anonymous().get("/v1/procedures/1.001193/where?commune=05443").await;
    assert_eq!(ids(&named.expect(200)["levels"][0]["offices"]), ["near", "seat"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_the_province_does_is_filed_anywhere_in_it(#[case] store: Store) {
    let service = service(store).await;
    // Carried out by a department of the province; asked from Bắc Kạn, more than 60 km away.
    let offices = async |place: &str| {
        let path = format!("/v1/procedures/1.003593/where?{place}");
        let found = service.anonymous().get(&path).await.expect(200);
        assert_eq!(found["levels"][0]["level"], "cap_tinh");
        found["levels"][0]["offices"].clone()
    };
    let near = offices("lat=22.169757&lon=105.849556").await;
    assert_eq!(ids(&near), ["capital"]);
    assert!(near[0]["distance_m"].as_f64().unwrap() > 60_000.0);
    let named = offices("commune=01840").await;
    assert_eq!(ids(&named), ["capital"]);
    assert!(named[0].get("distance_m").is_none());
}

#[actix_web::test]
async fn what_the_police_do_is_filed_with_the_police() {
    let service = service(Store::Sqlite).await;
    let path = "/v1/procedures/1.004222/where?commune=05443";
    let found = service.anonymous().get(path).await.expect(200);
    let commune = found["levels"].as_array().unwrap().iter().find(|at| at["level"] == "cap_xa");
    let commune = commune.unwrap();
    assert_eq!(commune["receivers"], json!(["police"]));
    assert_eq!(commune["regardless_of_boundaries"], Value::Null);
    assert_eq!(ids(&commune["offices"]), ["police"]);
}

#[actix_web::test]
async fn what_is_wrong_is_named() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    for path in ["/v1/offices", "/v1/procedures/1.001193/where"] {
        let cases = [
            ("", "/query/commune", "missing"),
            ("lat=21.5", "/query/lon", "missing"),
            ("lon=105.8", "/query/lat", "missing"),
            ("lat=105.8482&lon=21.5942", "/query/lat", "out_of_range"),
            ("lat=NaN&lon=105.8", "/query/lat", "out_of_range"),
            ("commune=99999", "/query/commune", "unknown"),
            ("commune=05443&near=x", "/query/near", "unknown_field"),
        ];
        for (query, pointer, code) in cases {
            let problem = caller.get(&format!("{path}?{query}")).await.expect(422);
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{path} {query}");
            assert_eq!(problem["errors"][0]["code"], code, "{path} {query}");
        }
        let sea = caller.get(&format!("{path}?lat=17.0&lon=110.0")).await.expect(404);
        assert_eq!(sea["code"], "outside_province");
    }
    for code in ["9.999999", "x"] {
        let unknown = caller.get(&format!("/v1/procedures/{code}/where?commune=05443")).await;
        assert_eq!(unknown.expect(404)["code"], "not_found");
    }
}
