//! Notices: what is announced, when and where it holds.

use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::Value;
use tests::{Service, Store};

use crate::{every_store, import::take_in};

const NOTICES: &str = "id,kind,title,text,communes,starts_at,ends_at,source
past,power,Cúp điện hôm qua,Đã xong,05443,2026-11-22 07:00,2026-11-22 11:00,Điện lực
now,water,Cúp nước,Bể chứa được rửa,05443 05500,2026-11-23 07:00,2026-11-23 11:00,Cấp nước
soon,power,Cúp điện,\"Từ sáng
đến trưa\",,2026-11-24 07:00,2026-11-24 11:00,Điện lực
";

async fn ids(service: &Service, query: &str) -> Vec<String> {
    let page = service.anonymous().get(&format!("/v1/notices{query}")).await.expect(200);
    let id = |notice: &Value| notice["id"].as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(id).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn notices_hold_at_their_time_and_place(#[case] store: Store) {
    let service = store.service().await;
    assert_eq!(ids(&service, "").await, Vec::<String>::new());
    take_in(&service, "notices", "notices.csv", NOTICES).await.unwrap();
    assert_eq!(ids(&service, "").await, ["now", "soon"]);
    assert_eq!(ids(&service, "?kind=power").await, ["soon"]);
    assert_eq!(ids(&service, "?commune=05443").await, ["now", "soon"]);
    assert_eq!(ids(&service, "?commune=05899").await, ["soon"]);
    assert_eq!(ids(&service, "?active_at=2026-11-22T01:00:00Z").await, ["past"]);
    assert_eq!(ids(&service, "?active_at=2026-11-22T04:00:00Z").await, Vec::<String>::new());
    let page = service.anonymous().get("/v1/notices?kind=water").await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(page, @r#"
        {
          "items": [
            {
              "communes": [
                "05443",
                "05500"
              ],
              "ends_at": "2026-11-23T04:00:00Z",
              "id": "now",
              "kind": "water",
              "source": "Cấp nước",
              "starts_at": "2026-11-23T00:00:00Z",
              "text": "Bể chứa được rửa",
              "title": "Cúp nước"
            }
          ],
          "next_cursor": null
        }
        "#);
    }
}

#[actix_web::test]
async fn what_is_wrong_is_named() {
    let service = Store::Sqlite.service().await;
    let cases = [
        ("kind=gossip", "/query/kind", "unknown"),
        ("commune=99999", "/query/commune", "unknown"),
        ("active_at=tomorrow", "/query/active_at", "wrong_form"),
        ("place=here", "/query/place", "unknown_field"),
    ];
    for (query, pointer, code) in cases {
        let problem = service.anonymous().get(&format!("/v1/notices?{query}")).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{query}");
        assert_eq!(problem["errors"][0]["code"], code, "{query}");
    }
}
