//! Reporting something.

use futures_util::future::join_all;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::Store;

use crate::{
    every_store,
    feedback::{but, codes, lamp, published, report},
};

#[apply(every_store)]
#[actix_web::test]
async fn a_report_goes_to_the_commune_it_lies_in(#[case] store: Store) {
    let service = store.service().await;
    let submitted = report(&service.anonymous(), lamp(0.0)).await;
    allow_duplicates! {
        assert_json_snapshot!(submitted, {
            ".id" => "[id]", ".code" => "[code]", ".tracking_token" => "[token]",
        }, @r#"
        {
          "agency": "commune-05443",
          "code": "[code]",
          "due_at": "2026-12-01T10:00:00Z",
          "id": "[id]",
          "possible_duplicates": [],
          "status": "submitted",
          "tracking_token": "[token]"
        }
        "#);
    }
    let code = submitted["code"].as_str().unwrap();
    assert!(code.parse::<domain::feedback::TrackingCode>().is_ok(), "{code}");
}

#[apply(every_store)]
#[actix_web::test]
async fn what_nobody_answers_for_goes_to_the_desk(#[case] store: Store) {
    let service = store.service().await;
    let caller = service.anonymous();
    let hanoi = json!({ "lat": 21.0285, "lon": 105.8542 });
    let cases = [
        (json!({ "location": null }), "desk"),
        (json!({ "location": null, "commune_code": "01840" }), "commune-01840"),
        (json!({ "commune_code": "01840" }), "commune-05443"),
        (json!({ "location": hanoi }), "desk"),
        (json!({ "location": hanoi, "commune_code": "01840" }), "commune-01840"),
        (json!({ "category": "service.conduct", "attributes": {} }), "province"),
        (json!({ "category": "security.disorder", "attributes": {} }), "police"),
    ];
    for (more, agency) in cases {
        let submitted = report(&caller, but(lamp(0.0), more.clone())).await;
        assert_eq!(submitted["agency"], agency, "{more}");
    }
}

#[actix_web::test]
async fn every_flaw_is_named_with_its_place() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous().with("Accept-Language", "en");
    let at = |errors: &Value| -> Vec<String> {
        let errors = errors["errors"].as_array().unwrap();
        let named = |e: &Value| {
            format!("{} {}", e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap())
        };
        errors.iter().map(named).collect()
    };
    let cases = [
        (json!({ "text": null }), "validation_failed", "/text wrong_type"),
        (json!({ "text": " \n " }), "validation_failed", "/text missing"),
        (json!({ "text": "x".repeat(4_001) }), "validation_failed", "/text too_long"),
        (json!({ "text": "a\u{0}b" }), "validation_failed", "/text control_character"),
        (json!({ "title": "x".repeat(201) }), "validation_failed", "/title too_long"),
        (json!({ "address": "x".repeat(301) }), "validation_failed", "/address too_long"),
        (json!({ "category": "no.such" }), "unknown_category", "/category unknown"),
        (json!({ "category": "lighting" }), "validation_failed", "/category not_selectable"),
        (
            json!({ "location": { "lat": 91, "lon": 0 } }),
            "validation_failed",
            "/location out_of_range",
        ),
        (json!({ "location": { "lat": 21 } }), "validation_failed", "/location/lon missing"),
        (json!({ "commune_code": "99999" }), "validation_failed", "/commune_code unknown"),
        (json!({ "commune_code": "x" }), "validation_failed", "/commune_code wrong_form"),
        (json!({ "attributes": {} }), "validation_failed", "/attributes/fault missing"),
        (
            json!({ "attributes": { "fault": "blue" } }),
            "validation_failed",
            "/attributes/fault unknown",
        ),
        (json!({ "id": "7" }), "validation_failed", "/id wrong_form"),
        (json!({ "colour": "red" }), "validation_failed", "/colour unknown_field"),
    ];
    for (more, code, error) in cases {
        let problem = caller.post("/v1/feedback", but(lamp(0.0), more.clone())).await.expect(422);
        assert_eq!(
            (problem["code"].as_str(), at(&problem)),
            (Some(code), vec![error.to_owned()]),
            "{more}"
        );
    }
    assert_eq!(
        caller.post("/v1/feedback", json!({})).await.expect(422)["code"],
        "validation_failed"
    );
    let huge = but(lamp(0.0), json!({ "text": "x".repeat(1_000_000) }));
    assert_eq!(caller.post("/v1/feedback", huge).await.expect(413)["code"], "payload_too_large");
}

#[apply(every_store)]
#[actix_web::test]
async fn text_is_kept_as_it_is_meant(#[case] store: Store) {
    let service = store.service().await;
    let citizen = service.citizen("an").await;
    let said = format!("Khói 🔥 ở chợ Tha\u{301}i\n{}", "ờ".repeat(3_900));
    report(&citizen, but(lamp(0.0), json!({ "text": said, "title": "  Khói   to " }))).await;
    let mine = citizen.get("/v1/me/feedback").await.expect(200);
    let kept = mine["items"][0]["text"].as_str().unwrap();
    assert!(kept.starts_with("Khói 🔥 ở chợ Thái\nờ"), "{kept}");
    assert_eq!(mine["items"][0]["title"], "Khói to");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_id_is_a_name_not_a_credential(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let body = but(lamp(0.0), json!({ "id": "0199aaaa-0000-7000-8000-000000000001" }));
    let first = report(&an, body.clone()).await;
    assert_eq!(report(&an, body.clone()).await, first);
    for stranger in [binh, service.anonymous()] {
        let taken = stranger.post("/v1/feedback", body.clone()).await.expect(409);
        assert_eq!(taken["code"], "id_taken");
        assert!(taken.get("tracking_token").is_none() && taken.get("status") == Some(&json!(409)));
    }
    let unnamed = but(body, json!({ "anonymous": true }));
    assert_eq!(an.post("/v1/feedback", unnamed).await.expect(409)["code"], "id_taken");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_key_repeats_the_answer_not_the_effect(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let keyed = an.with("Idempotency-Key", "1");
    let first = report(&keyed, lamp(0.0)).await;
    assert_eq!(report(&keyed, lamp(0.0)).await, first);
    assert_eq!(
        codes(&an.get("/v1/me/feedback").await.expect(200)),
        [first["code"].as_str().unwrap()]
    );
    let other = keyed.post("/v1/feedback", lamp(5.0)).await.expect(422);
    assert_eq!(other["code"], "idempotency_key_reused");

    let binh = service.citizen("binh").await.with("Idempotency-Key", "1");
    assert_ne!(report(&binh, lamp(0.0)).await["id"], first["id"]);

    service.clock.advance(chrono::TimeDelta::hours(24));
    let later = service.citizen("an").await.with("Idempotency-Key", "1");
    assert_ne!(report(&later, lamp(5.0)).await["id"], first["id"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn strangers_with_the_same_key_share_nothing(#[case] store: Store) {
    let service = store.service().await;
    let keyed = service.anonymous().with("Idempotency-Key", "1");
    let first = report(&keyed, lamp(0.0)).await;
    assert_eq!(report(&keyed, lamp(0.0)).await, first);
    let other = report(&keyed, lamp(5.0)).await;
    assert_ne!(other["id"], first["id"]);

    let named = but(lamp(0.0), json!({ "id": "0199aaaa-0000-7000-8000-000000000001" }));
    let mine = report(&keyed, named.clone()).await;
    assert_eq!(report(&keyed, named.clone()).await, mine);
    let thief = but(named, json!({ "text": "Của tôi" }));
    assert_eq!(keyed.post("/v1/feedback", thief).await.expect(409)["code"], "id_taken");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_flawed_request_leaves_its_key_free(#[case] store: Store) {
    let service = store.service().await;
    let keyed = service.citizen("an").await.with("Idempotency-Key", "1");
    let taken = but(lamp(0.0), json!({ "id": "0199aaaa-0000-7000-8000-000000000001" }));
    report(&service.anonymous(), taken.clone()).await;
    keyed.post("/v1/feedback", taken).await.expect(409);
    report(&keyed, lamp(0.0)).await;
    let long = keyed.with("Idempotency-Key", &"x".repeat(256));
    assert_eq!(
        long.post("/v1/feedback", lamp(0.0)).await.expect(422)["errors"][0]["pointer"],
        "/header/Idempotency-Key"
    );
}

#[apply(every_store)]
#[actix_web::test]
async fn of_many_at_once_under_one_key_one_takes_effect(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let keyed = an.with("Idempotency-Key", "once");
    let answers = join_all((0..8).map(|_| report(&keyed, lamp(0.0)))).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(codes(&an.get("/v1/me/feedback").await.expect(200)).len(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_asks_to_stay_unknown_is_not_kept(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let submitted = report(&an, but(lamp(0.0), json!({ "anonymous": true }))).await;
    assert_eq!(codes(&an.get("/v1/me/feedback").await.expect(200)), [""; 0]);
    let path = format!("/v1/feedback/track/{}", submitted["code"].as_str().unwrap());
    an.get(&path).await.expect(404);
    let holder = service.anonymous().bearing(submitted["tracking_token"].as_str().unwrap());
    holder.get(&path).await.expect(200);
    let desk = format!("/v1/desk/feedback/{}", submitted["id"].as_str().unwrap());
    let seen = service.officer().await.get(&desk).await.expect(200);
    assert_eq!(seen["reporter"], json!({ "kind": "anonymous" }));
}

#[apply(every_store)]
#[actix_web::test]
async fn strangers_are_shown_published_duplicates_only(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    report(&an, lamp(10.0)).await;
    let (shown, _) = published(&service, lamp(150.0)).await;
    published(&service, lamp(250.0)).await;
    published(
        &service,
        but(lamp(0.0), json!({ "category": "lighting.missing", "attributes": {} })),
    )
    .await;

    let stranger = report(&service.anonymous(), lamp(0.0)).await;
    allow_duplicates! {
        assert_json_snapshot!(stranger["possible_duplicates"], {
            "[].id" => "[id]", "[].code" => "[code]",
        }, @r#"
        [
          {
            "code": "[code]",
            "distance_m": 150.0,
            "id": "[id]",
            "status": "submitted",
            "submitted_at": "2026-11-23T01:02:03.456Z",
            "title": null
          }
        ]
        "#);
    }
    assert_eq!(stranger["possible_duplicates"][0]["id"], shown["id"]);
    let own = report(&an, lamp(0.0)).await;
    assert_eq!(own["possible_duplicates"].as_array().unwrap().len(), 2);
    assert_eq!(own["possible_duplicates"][0]["distance_m"], 10.0);

    service.clock.advance(chrono::TimeDelta::days(31));
    let later = report(&service.anonymous(), lamp(0.0)).await;
    assert_eq!(later["possible_duplicates"], json!([]));
}

#[actix_web::test]
async fn a_token_that_proves_nothing_is_refused() {
    let service = Store::Sqlite.service().await;
    let answer = service.anonymous().bearing("x.y.z").post("/v1/feedback", lamp(0.0)).await;
    assert_eq!(answer.header("www-authenticate").split(' ').next(), Some("Bearer"));
    assert_eq!(answer.expect(401)["code"], "unauthorized");
}

#[actix_web::test]
async fn floods_are_slowed() {
    let service = Store::Sqlite.service().await;
    let caller = service.anonymous();
    let vain = but(lamp(0.0), json!({ "category": "no.such" }));
    let answers = join_all((0..100).map(|_| caller.post("/v1/feedback", vain.clone()))).await;
    let slowed = answers.iter().find(|answer| answer.status() == 429).expect("too many");
    assert!(!slowed.header("retry-after").is_empty());
    assert_eq!(slowed.json()["code"], "rate_limited");
    let an = service.citizen("an").await;
    report(&an, lamp(0.0)).await;
    let answers = join_all((0..100).map(|_| an.post("/v1/feedback", vain.clone()))).await;
    assert!(answers.iter().any(|answer| answer.status() == 429), "one account is slowed, too");
    report(&service.citizen("binh").await, lamp(0.0)).await;
}
