//! The one box for everything.

use domain::catalogue::Kinds;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::Value;
use tests::{Answer, Caller, Store};

use crate::{every_store, import::take_in};

async fn search(caller: &Caller, query: &[(&str, &str)]) -> Answer {
    let request = caller.request(reqwest::Method::GET, "/v1/search");
    caller.send(request.query(query)).await
}

fn found(answer: &Value) -> Vec<(&str, &str)> {
    let items = answer["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| (item["type"].as_str().unwrap(), item["code"].as_str().unwrap()))
        .collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn everyday_words_find_the_procedure(#[case] store: Store) {
    let service = store.service().await;
    let query = [("q", "lam giay khai sinh"), ("limit", "1")];
    let answer = search(&service.anonymous(), &query).await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(answer, @r#"
        {
          "behaviour": "answer",
          "did_you_mean": [],
          "items": [
            {
              "code": "1.001193",
              "score": 2.49,
              "snippet": "Hộ tịch · Cấp xã · Bộ Tư pháp",
              "title": "Thủ tục đăng ký khai sinh",
              "type": "procedure"
            }
          ]
        }
        "#);
    }
}

#[actix_web::test]
async fn everything_is_in_one_box() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let cases = [
        ("phường túc duyên", ("commune", "05443")),
        ("113", ("hotline", "113")),
        ("benh vien quan y 91", ("facility", "osm-way-1159096870")),
        ("bv quan y 91", ("facility", "osm-way-1159096870")),
        ("xã tân thịnh định hóa", ("commune", "05563")),
        ("công an tỉnh", ("agency", "police")),
        ("ubnd xã võ nhai", ("agency", "commune-05716")),
        ("1.001193.000.00.00.H55", ("procedure", "1.001193")),
    ];
    for (query, expected) in cases {
        let answer = search(&caller, &[("q", query)]).await.expect(200);
        assert_eq!(found(&answer).first(), Some(&expected), "{query}");
    }
    let only = [("q", "túc duyên"), ("types", "procedure,hotline")];
    let answer = search(&caller, &only).await.expect(200);
    assert!(found(&answer).iter().all(|(kind, _)| ["procedure", "hotline"].contains(kind)));
}

#[actix_web::test]
async fn facilities_tell_how_far_they_are() {
    let service = Store::Sqlite.service().await;
    let here = [("q", "bệnh viện quân y 91"), ("lat", "21.4121815"), ("lon", "105.8601562")];
    let answer = search(&service.anonymous(), &here).await.expect(200);
    assert_eq!(answer["items"][0]["distance_m"], 0.0);
}

#[actix_web::test]
async fn of_places_alike_the_nearest_comes_first() {
    let service = Store::Sqlite.service().await;
    let (yen_binh, army) = ("osm-node-7146615786", "osm-way-1159096870");
    for (lat, lon, nearest) in
        [("21.405", "105.874", yen_binh), ("21.4121815", "105.8601562", army)]
    {
        let here = [("q", "bệnh viện gần đây"), ("lat", lat), ("lon", lon), ("limit", "3")];
        let answer = search(&service.anonymous(), &here).await.expect(200);
        assert_eq!(answer["behaviour"], "clarify");
        assert_eq!(found(&answer)[0], ("facility", nearest));
        let items = answer["items"].as_array().unwrap();
        let far: Vec<_> = items.iter().map(|item| item["distance_m"].as_f64().unwrap()).collect();
        assert!(far.is_sorted() && far.len() == 3, "{far:?}");
    }
}

#[actix_web::test]
async fn the_nearest_is_found_among_very_many() {
    let service = Store::Sqlite.service().await;
    let header = "id,type,name,lat,lon,source,licence\n";
    let rows = (0..300).map(|number| {
        let lat = 21.5 + f64::from(number) * 0.002;
        format!("clinic-{number},clinic,Phòng khám đa khoa số {number},{lat:.3},105.84,thử,CC0\n")
    });
    let list = rows.fold(header.to_owned(), |list, row| list + &row);
    take_in(&service, "facilities", "clinics.csv", &list).await.unwrap();
    for (lat, types, nearest) in
        [("21.5", "facility", "clinic-0"), ("22.0981", "facility,procedure", "clinic-299")]
    {
        let here = [("q", "phòng khám"), ("types", types), ("lat", lat), ("lon", "105.84")];
        let answer = search(&service.anonymous(), &here).await.expect(200);
        assert_eq!(found(&answer)[0], ("facility", nearest));
        let items = answer["items"].as_array().unwrap();
        let far: Vec<_> = items.iter().map(|item| item["distance_m"].as_f64().unwrap()).collect();
        assert!(far.is_sorted() && far.len() == 20, "{far:?}");
    }
}

#[actix_web::test]
async fn no_rule_hides_an_official_name() {
    let service = Store::Sqlite.service().await;
    let snapshot = service.app.snapshot();
    let hidden = snapshot.procedures.iter().filter(|procedure| {
        let name: String = procedure.name.chars().take(200).collect();
        let answer = snapshot.index.search(&name, Kinds::ALL, 3);
        // What is longer than a query is cut, and no longer the name.
        answer.advice.is_some() && name == procedure.name && name.split(' ').count() <= 24
    });
    let hidden: Vec<_> = hidden.map(|procedure| &procedure.name).collect();
    assert_eq!(hidden, Vec::<&String>::new());
}

#[actix_web::test]
async fn nothing_is_said_to_be_nothing() {
    let service = Store::Sqlite.service().await;
    for query in [
        "qwrtzp",
        "🙂",
        "🚑🚒🚓",
        "%%%",
        "\u{feff}\u{200b}zzz",
        "aaaaaaaa",
        "!!! ???",
        "\u{1b}[31m",
    ] {
        let answer = search(&service.anonymous(), &[("q", query)]).await.expect(200);
        assert_eq!(answer["behaviour"], "none", "{query}");
        assert_eq!(found(&answer), [], "{query}");
    }
}

#[actix_web::test]
async fn queries_come_in_every_shape() {
    let service = Store::Sqlite.service().await;
    let long = "đăng ký kết hôn ".repeat(12);
    let shapes = [
        "đăng ký kết hôn",
        "d\u{61}ng ky ket hon",
        "đa\u{306}ng ky\u{301} kê\u{301}t hôn",
        "ĐĂNG KÝ KẾT HÔN",
        "ddawng kys keets hoon",
        "d9a8ng ky1 ke6t1 ho6n",
        "dangkykethon",
        "dang ky ket hno",
        "💍 đăng ký kết hôn 💍",
        "đăng\u{a0}ký\u{2003}kết   hôn",
        "đăng ký\u{200b} kết\u{202e} hôn",
        long.trim(),
    ];
    for shape in shapes {
        let answer = search(&service.anonymous(), &[("q", shape)]).await.expect(200);
        assert_eq!(answer["behaviour"], "answer", "{shape}");
        assert_eq!(found(&answer)[0], ("procedure", "1.000894"), "{shape}");
    }
}

#[actix_web::test]
async fn a_correction_is_told() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let answer = search(&caller, &[("q", "dangkykethon")]).await.expect(200);
    assert_eq!(answer["did_you_mean"], serde_json::json!(["dang ky ket hon"]));
    let answer = search(&caller, &[("q", "ly hoon thuaanj tinhf")]).await.expect(200);
    assert_eq!((&answer["behaviour"], found(&answer)), (&"none".into(), vec![]));
    assert_eq!(answer["advice"]["place"], "Tòa án nhân dân khu vực");
}

#[actix_web::test]
async fn typing_is_completed() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let answer = caller.get("/v1/search/suggest?q=khai+s&limit=5").await.expect(200);
    let items = answer["items"].as_array().unwrap();
    assert_eq!(items.len(), 5);
    let texts: Vec<_> = items.iter().map(|item| item["text"].as_str().unwrap()).collect();
    assert!(texts.iter().all(|text| text.to_lowercase().contains("khai s")), "{texts:?}");
    assert!(items.iter().all(|item| item["type"] == "procedure" && item["code"].is_string()));
    // A former commune, and a hospital as people write it.
    for (typed, code) in [("tuc+duy", "05443"), ("bv+da+khoa+yen", "osm-node-7146615786")] {
        let path = format!("/v1/search/suggest?q={typed}&limit=5");
        let answer = caller.get(&path).await.expect(200);
        let items = answer["items"].as_array().unwrap();
        assert!(items.iter().any(|item| item["code"] == code), "{typed}: {items:?}");
    }
    let problem = caller.get("/v1/search/suggest?q=").await.expect(422);
    assert_eq!(problem["errors"][0]["pointer"], "/query/q");
}

#[actix_web::test]
async fn what_is_wrong_is_named() {
    let service = Store::Sqlite.service().await;
    let huge = format!("q={}", "x".repeat(10_000));
    let cases = [
        ("", "/query/q", "missing"),
        ("q=+", "/query/q", "too_short"),
        (&huge, "/query/q", "too_long"),
        ("q=x&types=procedure,person", "/query/types", "unknown"),
        ("q=x&lat=21", "/query/lon", "missing"),
        ("q=x&lat=91&lon=0", "/query/lat", "out_of_range"),
        ("q=x&limit=0", "/query/limit", "out_of_range"),
        ("q=x%00", "/query", "control_character"),
        ("q=%e2%80%8b", "/query/q", "too_short"),
        ("q=x&q=y", "/query/q", "wrong_form"),
    ];
    for (query, pointer, code) in cases {
        let problem = service.anonymous().get(&format!("/v1/search?{query}")).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
        assert_eq!(problem["errors"][0]["code"], code, "{query}");
    }
}
