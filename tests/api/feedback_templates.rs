//! What officers write again and again.

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::Store;

use crate::{
    every_store,
    feedback::{lamp, report},
};

const TEMPLATES: &str = "/v1/desk/templates";

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_template_says_what_the_report_says(#[case] store: Store) {
    let service = store.service().await;
    let here = report(&service.anonymous(), lamp(0.0)).await;
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    let text = "{{category}} ({{ code }}) tại {{commune}}: trả lời trước {{due_on}}.{{answer}}";
    let added = own.post(TEMPLATES, json!({ "name": "Hẹn", "text": text })).await.expect(201);
    assert_eq!((&added["agency"], &added["version"]), (&json!("commune-05443"), &json!(1)));
    let render = format!("{TEMPLATES}/{}/render", added["id"].as_str().unwrap());
    let asked = json!({ "report": here["id"] });
    let rendered = own.post(&render, asked.clone()).await.expect(200);
    let rendered = rendered["text"].as_str().unwrap();
    assert!(rendered.starts_with("Đèn đường hỏng"), "{rendered}");
    assert!(rendered.contains(here["code"].as_str().unwrap()), "{rendered}");
    assert!(rendered.ends_with(": trả lời trước 01/12/2026."), "{rendered}");
    let far = service.staff("far", Role::Officer, "commune-01840").await;
    far.post(&render, asked).await.expect(404);
    for (text, pointer) in [("{{phone}}", "/text"), ("{{code", "/text"), (" ", "/text")] {
        let refused = own.post(TEMPLATES, json!({ "name": "x", "text": text })).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{text}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn those_below_use_what_those_above_wrote(#[case] store: Store) {
    let service = store.service().await;
    let province = service.officer().await;
    let own = service.staff("own", Role::Officer, "commune-05443").await;
    let far = service.staff("far", Role::Officer, "commune-01840").await;
    let of_all = province.post(TEMPLATES, json!({ "name": "Chung", "text": "Xin chào" })).await;
    let of_all = of_all.expect(201);
    own.post(TEMPLATES, json!({ "name": "Riêng", "text": "Xin chào" })).await.expect(201);
    assert_eq!(names(&far.get(TEMPLATES).await.expect(200)), ["Chung"]);
    assert_eq!(names(&own.get(TEMPLATES).await.expect(200)), ["Riêng", "Chung"]);
    assert_eq!(names(&province.get(TEMPLATES).await.expect(200)).len(), 2);

    let path = format!("{TEMPLATES}/{}", of_all["id"].as_str().unwrap());
    let change = json!({ "name": "Chung", "text": "Kính chào" });
    own.with("If-Match", "\"1\"").patch(&path, change.clone()).await.expect(404);
    province.patch(&path, change.clone()).await.expect(428);
    let seen = province.with("If-Match", "\"1\"");
    assert_eq!(seen.patch(&path, change.clone()).await.expect(200)["version"], 2);
    seen.patch(&path, change).await.expect(412);
    seen.delete(&path).await.expect(412);
    own.with("If-Match", "\"2\"").delete(&path).await.expect(404);
    province.with("If-Match", "\"2\"").delete(&path).await.expect(204);
    let foreign = json!({ "agency": "commune-05443", "name": "x", "text": "x" });
    far.post(TEMPLATES, foreign).await.expect(403);
}
