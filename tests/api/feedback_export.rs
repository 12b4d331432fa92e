//! The queue of a desk as a file.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::json;
use tests::{Answer, Caller, Store};

use crate::{
    every_store,
    feedback::{but, lamp, report},
};

const CSV: &str = "/v1/desk/export.csv";
const XLSX: &str = "/v1/desk/export.xlsx";

/// The rows of a file, with their heading.
fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let table = answer.text().strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}

/// The codes in the file that `query` asks for.
async fn codes(officer: &Caller, query: &str) -> Vec<String> {
    let answer = officer.get(&format!("{CSV}{query}")).await;
    assert_eq!(answer.status(), 200, "{query}");
    rows(&answer).into_iter().skip(1).map(|mut row| row.remove(0)).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_file_holds_the_queue_and_nobodys_name_or_number(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let trick =
        json!({ "title": "=HYPERLINK(\"http://x\")", "text": "Gọi 0912 345 678, \"Đèn\" hỏng" });
    let lamp_ = report(&an, but(lamp(0.0), trick)).await;
    let law = json!({ "category": "other", "attributes": {}, "title": "Đơn tố cáo",
        "text": "Ông trưởng thôn nhận tiền" });
    let law = report(&an, but(lamp(0.0), law)).await;
    let officer = service.officer().await;
    let answer = officer.get(CSV).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"phan-anh-2026-11-23-0802.csv\""
    );
    let me = an.get("/v1/me").await.expect(200);
    let (id, phone) = (me["id"].as_str().unwrap(), me["phone"].as_str().unwrap());
    for secret in [id, phone, "345 678", "0912", "trưởng thôn", "tố cáo,"] {
        assert!(!answer.text().contains(secret), "{secret} is in the file");
    }
    let rows = rows(&answer);
    assert_eq!(rows[0][..3], ["Mã phản ánh", "Mã lĩnh vực", "Lĩnh vực"]);
    let of = |code: &serde_json::Value| rows.iter().find(|row| row[0] == *code).unwrap();
    let shown = of(&lamp_["code"]);
    assert_eq!((&*shown[1], &*shown[3]), ("lighting.street", "'=HYPERLINK(\"http://x\")"));
    assert!(shown[4].contains("\"Đèn\" hỏng"), "{}", shown[4]);
    assert_eq!((&*shown[5], &*shown[8], &*shown[13]), ("05443", "21.586112", "2026-11-23 08:02"));
    let sealed = of(&law["code"]);
    assert_eq!((&*sealed[3], &*sealed[4], &*sealed[8], &*sealed[12]), ("", "", "", "sealed"));
    let english = officer.with("Accept-Language", "en").get(CSV).await;
    assert!(english.text().starts_with("\u{feff}Code,Category code,Category,"));

    let book = officer.get(XLSX).await;
    assert_eq!((book.status(), book.header("cache-control")), (200, "no-store"));
    assert!(book.header("content-type").ends_with("spreadsheetml.sheet"));
    assert!(book.header("content-disposition").ends_with(".xlsx\""));
    assert!(book.bytes().starts_with(b"PK"));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_file_is_narrowed_as_the_queue_and_goes_on_where_it_ended(#[case] store: Store) {
    let service = store.service().await;
    let sender = service.anonymous();
    let mut all = Vec::new();
    for metres in [0.0, 10.0, 20.0] {
        let submitted = report(&sender, lamp(metres)).await;
        all.push(submitted["code"].as_str().unwrap().to_owned());
    }
    let officer = service.officer().await;
    assert_eq!(codes(&officer, "").await.len(), 3);
    for (query, count) in [
        ("?category=lighting", 3),
        ("?category=road", 0),
        ("?q=den%20duong", 3),
        ("?status=closed", 0),
        ("?agency=commune-01840", 0),
        ("?visibility=sealed", 0),
    ] {
        assert_eq!(codes(&officer, query).await.len(), count, "{query}");
    }
    let mut found = Vec::new();
    let mut query = "?limit=2&category=lighting".to_owned();
    loop {
        found.extend(codes(&officer, &query).await);
        let answer = officer.get(&format!("{CSV}{query}")).await;
        let Some(link) = answer.header("link").strip_prefix('<') else { break };
        assert!(link.ends_with(">; rel=\"next\""), "{link}");
        query = link.split('>').next().unwrap().to_owned();
        assert!(query.contains("category=lighting") && query.contains("limit=2"), "{query}");
    }
    found.sort();
    all.sort();
    assert_eq!(found, all);
    for (query, pointer) in
        [("?limit=0", "/query/limit"), ("?status=x", "/query/status"), ("?x=1", "/query/x")]
    {
        let refused = officer.get(&format!("{XLSX}{query}")).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{query}");
    }
    officer.get(&format!("{CSV}?cursor=x")).await.expect(422);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_takes_out_what_is_written_down_and_nobody_reaches_further(#[case] store: Store) {
    let service = store.service().await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    let far = service.staff("far", Role::Officer, "commune-01840").await;
    assert_eq!(codes(&own, "?category=lighting").await, [submitted["code"].as_str().unwrap()]);
    assert_eq!(codes(&far, "?agency=commune-05443").await, [""; 0]);
    own.get(XLSX).await;
    for path in [CSV, XLSX] {
        service.anonymous().get(path).await.expect(401);
        service.citizen("an").await.get(path).await.expect(403);
    }
    let log = service.administrator().await;
    let entries = log.get("/v1/admin/audit?action=feedback.exported").await.expect(200);
    let entries = entries["items"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    let told = |username: &str| -> Vec<&str> {
        let of = entries.iter().filter(|entry| entry["actor"]["name"] == username);
        of.map(|entry| entry["reason"].as_str().unwrap()).collect()
    };
    assert_eq!(told("far"), ["csv, 0 reports: agency=commune-05443"]);
    let mut own = told("own");
    own.sort_unstable();
    assert_eq!(own, ["csv, 1 reports: category=lighting", "xlsx, 1 reports: "]);
}
