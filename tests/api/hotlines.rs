//! Hotlines: what is dialled in danger is always there.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use tests::Store;

use crate::every_store;

#[apply(every_store)]
#[actix_web::test]
async fn the_emergency_numbers_are_there_and_nothing_unconfirmed(#[case] store: Store) {
    let service = store.service().await;
    let hotlines = service.anonymous().get("/v1/hotlines").await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(hotlines, @r#"
        {
          "items": [
            {
              "hours": "24/7",
              "kind": "emergency",
              "name": "Công an (an ninh, trật tự)",
              "number": "113",
              "scope": "national"
            },
            {
              "hours": "24/7",
              "kind": "emergency",
              "name": "Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ",
              "number": "114",
              "scope": "national"
            },
            {
              "hours": "24/7",
              "kind": "emergency",
              "name": "Cấp cứu y tế",
              "number": "115",
              "scope": "national"
            },
            {
              "hours": "24/7",
              "kind": "emergency",
              "name": "Tìm kiếm, cứu nạn",
              "number": "112",
              "scope": "national"
            },
            {
              "hours": "24/7",
              "kind": "emergency",
              "name": "Tổng đài điện thoại quốc gia bảo vệ trẻ em",
              "number": "111",
              "scope": "national"
            }
          ],
          "next_cursor": null
        }
        "#);
    }
}

#[actix_web::test]
async fn an_answer_is_kept_until_it_changes() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let answer = caller.get("/v1/hotlines").await;
    assert_eq!(answer.header("cache-control"), "public, max-age=300, stale-while-revalidate=86400");
    let tag = answer.header("etag");
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    for known in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let again = caller.with("If-None-Match", &known).get("/v1/hotlines").await;
        assert_eq!(again.status(), 304, "{known}");
        assert_eq!(again.header("etag"), tag);
    }
    let other = caller.with("If-None-Match", "\"x\"").get("/v1/hotlines").await;
    assert_eq!(other.bytes(), answer.bytes());
    let head = caller.head("/v1/hotlines").await;
    assert_eq!((head.status(), head.header("etag"), head.bytes().len()), (200, tag, 0));
}

#[actix_web::test]
async fn what_is_not_known_is_not_passed_over() {
    let service = Store::Sqlite.service().await;
    let problem = service.anonymous().get("/v1/hotlines?kind=emergency").await.expect(422);
    assert_eq!(problem["errors"][0]["pointer"], "/query/kind");
    assert_eq!(problem["errors"][0]["code"], "unknown_field");
}
