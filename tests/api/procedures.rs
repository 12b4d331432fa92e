//! Procedures: the list, its facets, one by any form of its code.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Store};

use crate::{every_store, import::take_in};

fn codes(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["code"].as_str().unwrap()).collect()
}

async fn list(caller: &Caller, query: &[(&str, &str)]) -> Answer {
    let request = caller.request(reqwest::Method::GET, "/v1/procedures");
    caller.send(request.query(query)).await
}

/// All procedures that `query` finds, page by page, and the first of the pages.
async fn every_page(caller: &Caller, query: &[(&str, &str)]) -> (Vec<Value>, Value) {
    let first = list(caller, query).await.expect(200);
    let mut items = first["items"].as_array().unwrap().clone();
    let mut cursor = first["next_cursor"].clone();
    while let Some(from) = cursor.as_str() {
        let query = [query, &[("cursor", from)]].concat();
        let page = list(caller, &query).await.expect(200);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        cursor = page["next_cursor"].clone();
    }
    (items, first)
}

#[apply(every_store)]
#[actix_web::test]
async fn a_procedure_is_read_by_any_form_of_its_code(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let national = caller.get("/v1/procedures/1.001193").await;
    for local in ["1.001193.000.00.00.H55", "1.001193.H55", "1.001193.000.00.00.h55.02"] {
        let answer = caller.get(&format!("/v1/procedures/{local}")).await;
        assert_eq!(answer.bytes(), national.bytes(), "{local}");
    }
    // Another province's form names the same national procedure, and never another.
    let elsewhere = caller.get("/v1/procedures/1.001193.000.00.00.H35").await;
    assert_eq!(elsewhere.bytes(), national.bytes());
    for unknown in ["9.999999.000.00.00.H35", "9.999999", "1.00119", "x", "%F0%9F%99%82"] {
        let problem = caller.get(&format!("/v1/procedures/{unknown}")).await.expect(404);
        assert_eq!(problem["code"], "not_found", "{unknown}");
    }
    let national = national.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(national, {
            ".details.steps_text" => "..", ".details.channels_raw" => "..",
            ".details.legal_basis_raw" => "..", ".details.components" => "..",
            ".details.legal_basis" => "..",
        }, @r#"
        {
          "code": "1.001193",
          "code_raw": "1.001193",
          "data_as_of": "2026-06-01",
          "decision_no": "163/QĐ-BTP",
          "details": {
            "channels": [
              {
                "channel": "online",
                "duration": {
                  "raw": "1",
                  "unit": "unknown",
                  "value": 1
                },
                "fee": {
                  "amounts": [],
                  "charges": [],
                  "kind": "free",
                  "mentioned": [],
                  "raw": "Miễn phí"
                },
                "note": null
              },
              {
                "channel": "post",
                "duration": {
                  "raw": "1",
                  "unit": "unknown",
                  "value": 1
                },
                "fee": {
                  "amounts": [],
                  "charges": [],
                  "kind": "free",
                  "mentioned": [],
                  "raw": "Miễn phí"
                },
                "note": null
              },
              {
                "channel": "in_person",
                "duration": {
                  "raw": "1",
                  "unit": "unknown",
                  "value": 1
                },
                "fee": {
                  "amounts": [],
                  "charges": [],
                  "kind": "free",
                  "mentioned": [],
                  "raw": "Miễn phí"
                },
                "note": null
              }
            ],
            "channels_raw": "..",
            "components": "..",
            "conditions": null,
            "coordinating_agency": null,
            "delegated_agency": null,
            "fees_complete": false,
            "forms": [],
            "legal_basis": "..",
            "legal_basis_raw": "..",
            "receiving_address": null,
            "related_raw": null,
            "results": [
              {
                "code": "KQ.G15.000031",
                "name": "Giấy khai sinh"
              }
            ],
            "steps": [],
            "steps_text": "..",
            "unknown": [
              "channels.duration.unit",
              "forms.url",
              "conditions",
              "receiving_address",
              "delegated_agency",
              "coordinating_agency",
              "related_raw"
            ]
          },
          "executing_agencies": [
            "Ủy ban nhân dân cấp xã"
          ],
          "executing_agency": "Ủy ban nhân dân cấp xã",
          "field": "Hộ tịch",
          "issuing_agency": "Bộ Tư pháp",
          "issuing_agency_raw": "Bộ Tư pháp",
          "levels": [
            "cap_xa"
          ],
          "levels_raw": "Cấp xã",
          "life_events": [
            "birth"
          ],
          "name": "Thủ tục đăng ký khai sinh",
          "name_raw": "Thủ tục đăng ký khai sinh",
          "procedure_type": "TTHC được giao luật quy định chi tiết",
          "source_url": "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7",
          "targets": [
            "Người Việt Nam định cư ở nước ngoài",
            "Công dân Việt Nam"
          ],
          "targets_raw": "Người Việt Nam định cư ở nước ngoài; Công dân Việt Nam",
          "valid_from": "2026-11-23T01:02:03.456Z",
          "valid_to": null,
          "version": 1
        }
        "#);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn every_part_of_the_record_is_told_parsed_and_raw(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let details = async |code: &str| {
        let record = caller.get(&format!("/v1/procedures/{code}")).await.expect(200);
        record["details"].clone()
    };
    let residence = details("1.004194").await;
    let law = &residence["legal_basis"][0];
    assert_eq!((&law["kind"], &law["number"]), (&"circular".into(), &"53/2025/TT-BCA".into()));
    assert_eq!(law["agency"], "Bộ Công an");
    assert!(residence["legal_basis_raw"].as_str().unwrap().contains("53/2025/TT-BCA"));
    let form = &residence["forms"][0];
    assert_eq!((&form["code"], &form["issued_with"]), (&"CT01".into(), &"53/2025/TT-BCA".into()));
    assert_eq!(form["url"], Value::Null);
    let papers = residence["components"].as_array().unwrap();
    assert!(papers.iter().any(|paper| paper["form_codes"] == json!(["CT01"])));
    let online = &residence["channels"][0];
    let charge = json!({
        "amount": "7000", "currency": "VND", "per": "lần đăng ký",
        "condition": "Trường hợp công dân nộp hồ sơ qua cổng dịch vụ công trực tuyến thu 7.000 \
                      đồng/lần đăng ký",
    });
    assert!(online["fee"]["charges"].as_array().unwrap().contains(&charge), "{online}");
    assert!(online["fee"]["raw"].as_str().unwrap().starts_with("7,000 Việt Nam Đồng("));

    let card = details("1.014065").await;
    let numbers: Vec<_> =
        card["steps"].as_array().unwrap().iter().map(|step| &step["number"]).collect();
    assert_eq!(numbers[..3], [1, 2, 3]);
    let unknown = card["unknown"].as_array().unwrap();
    assert!(unknown.contains(&"receiving_address".into()), "{unknown:?}");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_page_goes_on_after_an_import_took_its_place_away(#[case] store: Store) {
    let (rest, next) = read_on_after_import(store, |_| String::new()).await;
    assert_eq!(next, rest);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_page_goes_on_after_an_import_renamed_its_last_procedure(#[case] store: Store) {
    // It now stands behind all others.
    let renamed = |code: &str| format!("{code},Ỷ,Trẻ em,Bộ Y tế,Cấp xã,yes\n");
    let (rest, next) = read_on_after_import(store, renamed).await;
    assert_eq!(next[..rest.len()], rest);
}

/// Reads the first procedure of its field, imports the list with what `instead` says of its code in
/// place of its line, and reads on: what stood behind it, and what was read.
async fn read_on_after_import(
    store: Store,
    instead: impl Fn(&str) -> String,
) -> (Vec<String>, Vec<String>) {
    let service = store.service().await;
    let caller = service.anonymous();
    let of_children = [("field", "Trẻ em"), ("limit", "1")];
    let first = list(&caller, &of_children).await.expect(200);
    let all = list(&caller, &of_children[..1]).await.expect(200);
    let read = codes(&first)[0];
    let shipped = std::str::from_utf8(infra::shipped::COMMUNE_PROCEDURES).unwrap();
    let line =
        |line: &str| if line.starts_with(read) { instead(read) } else { format!("{line}\n") };
    let other: String = shipped.lines().map(line).collect();
    assert_ne!(other, shipped, "{read} stands in the list of communes");
    take_in(&service, "procedures", "list.csv", &other).await.unwrap();
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = list(&caller, &[("field", "Trẻ em"), ("cursor", cursor)]).await.expect(200);
    let owned = |codes: &[&str]| codes.iter().map(ToString::to_string).collect();
    (owned(&codes(&all)[1..]), owned(&codes(&next)))
}

#[actix_web::test]
async fn all_procedures_can_be_paged_through_once() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let mut seen = std::collections::HashSet::new();
    let mut cursor = String::new();
    loop {
        let from = [("limit", "100"), ("cursor", cursor.as_str())];
        let query = if cursor.is_empty() { &from[..1] } else { &from[..] };
        let page = list(&caller, query).await.expect(200);
        assert!(codes(&page).iter().all(|code| seen.insert((*code).to_owned())));
        let Some(next) = page["next_cursor"].as_str() else { break };
        next.clone_into(&mut cursor);
    }
    assert_eq!(seen.len(), 2757);
}

#[actix_web::test]
async fn facets_say_what_each_choice_would_leave() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let chosen = [("field", "Hộ tịch"), ("level", "cap_xa"), ("limit", "100")];
    let page = list(&caller, &chosen).await.expect(200);
    let count = |facet: &str, value: &str| {
        let values = page["facets"][facet].as_array().unwrap();
        values.iter().find(|each| each["value"] == value).unwrap()["count"].clone()
    };
    assert_eq!(count("fields", "Hộ tịch"), codes(&page).len());
    assert_eq!(count("levels", "cap_xa"), codes(&page).len());
    let levels: Vec<_> = page["items"].as_array().unwrap().iter().map(|p| &p["levels"]).collect();
    assert!(levels.iter().all(|levels| levels.as_array().unwrap().contains(&"cap_xa".into())));
    let province = list(&caller, &[("field", "Hộ tịch"), ("level", "cap_tinh")]).await.expect(200);
    let there = codes(&province).len();
    assert!(province["next_cursor"].is_string() || count("levels", "cap_tinh") == there);
}

#[actix_web::test]
async fn fields_are_counted() {
    let service = Store::Sqlite.service().await;
    let fields = service.anonymous().get("/v1/procedure-fields").await.expect(200);
    let fields = fields["items"].as_array().unwrap();
    assert!(fields.len() > 100, "{}", fields.len());
    let all: u64 = fields.iter().map(|field| field["count"].as_u64().unwrap()).sum();
    assert!((2700..=2757).contains(&all), "{all}");
    let names: Vec<_> = fields.iter().map(|field| field["value"].as_str().unwrap()).collect();
    let at = |name: &str| names.iter().position(|&each| each == name).unwrap();
    assert!(at("Dự trữ") < at("Đất đai") && at("Đất đai") < at("Giảm nghèo"), "{names:?}");
}

#[actix_web::test]
async fn life_events_lead_to_their_procedures() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let events = caller.get("/v1/life-events").await.expect(200);
    let events = events["items"].as_array().unwrap();
    let names: Vec<_> = events.iter().map(|event| event["name"].as_str().unwrap()).collect();
    assert_eq!(names[..4], ["Chuyển chỗ ở", "Đến tuổi trưởng thành", "Đi học", "Giấy tờ tùy thân"]);
    for event in events {
        let code = event["code"].as_str().unwrap();
        let page = list(&caller, &[("life_event", code), ("limit", "1")]).await.expect(200);
        let facet = page["facets"]["life_events"].as_array().unwrap();
        let count = &facet.iter().find(|each| each["value"] == code).unwrap()["count"];
        assert_eq!((count, page["items"].as_array().unwrap().len()), (&event["count"], 1));
    }
    let birth = [("life_event", "birth"), ("level", "cap_xa"), ("limit", "100")];
    let birth = list(&caller, &birth).await.expect(200);
    assert!(codes(&birth).contains(&"1.001193") && !codes(&birth).contains(&"1.000656"));
    let unknown = list(&caller, &[("life_event", "party")]).await.expect(200);
    assert!(codes(&unknown).is_empty());
}

#[actix_web::test]
async fn records_can_be_trimmed() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let parts = "/v1/procedures/1.001193?fields=code,details.results,details.fees_complete";
    let answer = caller.get(parts).await;
    let unchanged = caller.with("If-None-Match", answer.header("ETag")).get(parts).await;
    assert_eq!(unchanged.status(), 304);
    assert_json_snapshot!(answer.expect(200), @r#"
    {
      "code": "1.001193",
      "details": {
        "fees_complete": false,
        "results": [
          {
            "code": "KQ.G15.000031",
            "name": "Giấy khai sinh"
          }
        ]
      }
    }
    "#);
    let page = list(&caller, &[("fields", "code"), ("limit", "2")]).await.expect(200);
    assert_eq!(page["items"][1].as_object().unwrap().len(), 1);
    assert!(page["next_cursor"].is_string() && page["facets"].is_object());
    for fields in ["colour", "code.x", "", ",", "details.channels.fee"] {
        let path = format!("/v1/procedures/1.001193?fields={fields}");
        let problem = caller.get(&path).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], "/query/fields", "{fields}");
    }
    caller.get("/v1/procedures/9.999999?fields=code").await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_query_ranks_and_filters_narrow(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let found = list(&caller, &[("q", "dang ky khai sinh"), ("limit", "3")]).await.expect(200);
    assert_eq!(found["behaviour"], "answer");
    assert_eq!(codes(&found)[0], "1.001193");
    assert!(found["items"][0]["score"].as_f64().unwrap() > 0.5);
    let narrowed = list(&caller, &[("q", "dang ky khai sinh"), ("field", "Hộ tịch")]).await;
    assert!(codes(&narrowed.expect(200)).contains(&"1.001193"));
    let nothing = list(&caller, &[("q", "🙂🙂🙂")]).await.expect(200);
    assert_eq!((nothing["behaviour"].as_str(), codes(&nothing).len()), (Some("none"), 0));
}

#[actix_web::test]
async fn a_common_word_loses_nothing_when_it_is_narrowed() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let narrow = [("level", "cap_tinh"), ("limit", "100")];
    let (all, _) = every_page(&caller, &narrow).await;
    let has_it =
        |item: &&Value| domain::text::fold(item["name"].as_str().unwrap()).contains("dang ky");
    let named: Vec<_> = all.iter().filter(has_it).map(|item| item["code"].clone()).collect();
    assert!(named.len() > 100, "{}", named.len());

    let asked = [&narrow[..], &[("q", "dang ky")]].concat();
    let (found, first) = every_page(&caller, &asked).await;
    let codes: Vec<_> = found.iter().map(|item| item["code"].clone()).collect();
    let lost: Vec<_> = named.iter().filter(|code| !codes.contains(code)).collect();
    assert_eq!(lost, Vec::<&Value>::new());
    let once: std::collections::HashSet<_> = codes.iter().map(Value::to_string).collect();
    assert_eq!(once.len(), codes.len());
    let count = |page: &Value| {
        let levels = page["facets"]["levels"].as_array().unwrap().clone();
        levels.into_iter().find(|each| each["value"] == "cap_tinh").unwrap()["count"].clone()
    };
    assert_eq!(count(&first), codes.len());
    let whole = list(&caller, &[("q", "dang ky"), ("limit", "1")]).await.expect(200);
    assert_eq!(count(&whole), codes.len(), "a facet tells what its choice leaves");
}

#[actix_web::test]
async fn what_is_wrong_is_named() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let long = "a".repeat(201);
    let communes = caller.get("/v1/communes?limit=1").await.expect(200);
    let foreign = communes["next_cursor"].as_str().unwrap();
    let cases = [
        ("level", "cap_huyen", "/query/level", "unknown"),
        ("limit", "0", "/query/limit", "out_of_range"),
        ("limit", "-1", "/query/limit", "wrong_form"),
        ("limit", "x", "/query/limit", "wrong_form"),
        ("q", "", "/query/q", "too_short"),
        ("q", &long, "/query/q", "too_long"),
        ("q", "a\0b", "/query", "control_character"),
        ("cursor", foreign, "/query/cursor", "wrong_form"),
        ("colour", "red", "/query/colour", "unknown_field"),
    ];
    for (name, value, pointer, code) in cases {
        let problem = list(&caller, &[(name, value)]).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{name}={value}");
        assert_eq!(problem["errors"][0]["code"], code, "{name}={value}");
    }
}
