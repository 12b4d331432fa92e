//! Looking a dossier up: what is answered, and what whoever guesses learns.

use chrono::TimeDelta;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store, everything};

use crate::{
    dossier_sources::{CODE, one_stop, report, told},
    every_store,
};

pub(crate) const LOOKUP: &str = "/v1/dossiers/lookup";

/// A service that was told of [`CODE`].
pub(crate) async fn with_a_dossier(store: Store) -> (Service, Caller) {
    let service = store.service().await;
    let one_stop = one_stop(&service).await;
    told(&one_stop, &[report("07:30:00", "2"), report("07:45:00", "4")]).await;
    (service, one_stop)
}

async fn ask(caller: &Caller, code: &str, proof: Value) -> Answer {
    caller.post(LOOKUP, json!({ "code": code, "proof": proof })).await
}

fn right() -> Value {
    json!({ "phone_last4": "5678" })
}

fn wrong() -> Value {
    json!({ "phone_last4": "5679" })
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_has_the_receipt_sees_how_it_stands(#[case] store: Store) {
    let (service, _) = with_a_dossier(store).await;
    let answer = ask(&service.anonymous(), " h55.242–261123-0001", right()).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    allow_duplicates! {
        assert_json_snapshot!(answer.expect(200), @r#"
        {
          "age_s": 0,
          "as_of": "2026-11-23T01:02:03.456Z",
          "code": "H55.242-261123-0001",
          "code_form": "local",
          "due_at": "2026-11-26T10:00:00Z",
          "fees": [],
          "finished_at": null,
          "late_by_s": null,
          "late_working_days": null,
          "local_status": "THU_LY",
          "missing_papers": [],
          "office": "Trung tâm Phục vụ hành chính công phường Phan Đình Phùng",
          "procedure": {
            "code": "1.001193",
            "name": "Thủ tục đăng ký khai sinh"
          },
          "received_at": "2026-11-23T00:30:00Z",
          "results": [],
          "stale": false,
          "status": "processing",
          "status_name": "Đang xử lý",
          "status_number": 4,
          "steps": [
            {
              "at": "2026-11-23T00:30:00Z",
              "local_status": "THU_LY",
              "office": "Trung tâm Phục vụ hành chính công phường Phan Đình Phùng",
              "status": "received",
              "status_name": "Được tiếp nhận"
            },
            {
              "at": "2026-11-23T00:45:00Z",
              "local_status": "THU_LY",
              "office": "Trung tâm Phục vụ hành chính công phường Phan Đình Phùng",
              "status": "processing",
              "status_name": "Đang xử lý"
            }
          ],
          "working_days_left": 2
        }
        "#);
    }
    for proof in [
        json!({ "national_id_last4": "4567" }),
        json!({ "phone_last4": "5678", "national_id_last4": "4567" }),
    ] {
        ask(&service.anonymous(), CODE, proof).await.expect(200);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn lateness_grows_until_the_decision(#[case] store: Store) {
    let (service, one_stop) = with_a_dossier(store).await;
    // Tuesday is a holiday, so it is due on Thursday at five; on Friday then it is a day late.
    service.clock.advance(TimeDelta::days(4) + TimeDelta::hours(9));
    let late = ask(&service.anonymous(), CODE, right()).await.expect(200);
    assert_eq!(late["due_at"], "2026-11-26T10:00:00Z");
    assert_eq!(late["late_by_s"], 24 * 3600 + 123);
    assert_eq!((&late["late_working_days"], &late["working_days_left"]), (&json!(1), &json!(null)));
    let mut decided = report("08:00:00", "9");
    decided["at"] = json!("2026-11-27T17:00:00+07:00");
    decided["finished_at"] = json!("2026-11-27T11:00:00+07:00");
    told(&one_stop, &[decided]).await;
    service.clock.advance(TimeDelta::days(30));
    let over = ask(&service.anonymous(), CODE, right()).await.expect(200);
    assert_eq!((&over["status"], &over["late_by_s"]), (&json!("processed"), &json!(18 * 3600)));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_tax_code_is_asked_for_on_top_and_proves_nothing_alone(#[case] store: Store) {
    let service = store.service().await;
    let one_stop = one_stop(&service).await;
    let mut of_business = report("07:30:00", "2");
    of_business["applicant"] = json!({ "phone": "02083855432", "tax_code": "0100109106" });
    told(&one_stop, &[of_business]).await;
    let anybody = service.anonymous();
    let with = |tax_code: &str| json!({ "phone_last4": "5432", "tax_code": tax_code });
    ask(&anybody, CODE, with("0100 109 106")).await.expect(200);
    ask(&anybody, CODE, json!({ "phone_last4": "5432" })).await.expect(200);
    ask(&anybody, CODE, with("0100109106-001")).await.expect(404);
    for alone in [json!({ "tax_code": "0100109106" }), json!({})] {
        let problem = ask(&anybody, CODE, alone).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], "/proof/phone_last4");
        assert_eq!(problem["errors"][0]["code"], "missing");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_cannot_be_read_is_named(#[case] store: Store) {
    let service = store.service().await;
    let anybody = service.anonymous();
    for (body, pointer) in [
        (json!({ "code": "?", "proof": right() }), "/code"),
        (json!({ "code": "x".repeat(300_000 / 2), "proof": right() }), "/code"),
        (json!({ "code": CODE }), "/proof"),
        (json!({ "code": CODE, "proof": { "phone_last4": "567" } }), "/proof/phone_last4"),
        (json!({ "code": CODE, "proof": { "phone_last4": "٥٦٧٨" } }), "/proof/phone_last4"),
        (json!({ "code": CODE, "proof": { "phone_last4": 5678 } }), "/proof/phone_last4"),
        (
            json!({ "code": CODE, "proof": { "phone_last4": "5678", "tax_code": "1" } }),
            "/proof/tax_code",
        ),
        (json!({ "code": CODE, "proof": { "otp": "1" } }), "/proof/otp"),
    ] {
        let problem = anybody.post(LOOKUP, body).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
}

/// An answer without what is new in each.
fn told_apart(answer: &Answer) -> (u16, String, Value) {
    let (status, retry_after) = (answer.status(), answer.header("retry-after").to_owned());
    let mut problem = answer.json();
    problem["request_id"] = json!(null);
    (status, retry_after, problem)
}

#[apply(every_store)]
#[actix_web::test]
async fn a_wrong_proof_and_a_code_of_nobody_are_answered_alike(#[case] store: Store) {
    let (service, _) = with_a_dossier(store).await;
    let anybody = service.anonymous();
    for tries in 1..=7 {
        let one = told_apart(&ask(&anybody, CODE, wrong()).await);
        let nobodys = told_apart(&ask(&anybody, "H55.242-261123-0002", wrong()).await);
        assert_eq!(one, nobodys);
        assert_eq!(one.0, if tries <= 5 { 404 } else { 429 });
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn the_code_of_another_province_is_answered_as_that_of_nobody(#[case] store: Store) {
    let (service, _) = with_a_dossier(store).await;
    let anybody = service.anonymous();
    let nobodys = ask(&anybody, "H55.242-261123-0002", right()).await.expect(404);
    for code in ["H35.242-261123-0001", "000.00.35.H35-261123-0001"] {
        let told = ask(&anybody, code, right()).await.expect(404);
        assert_eq!((&told["code"], &told["detail"]), (&nobodys["code"], &nobodys["detail"]));
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn five_wrong_look_ups_an_hour_are_the_most_even_before_a_right_one(#[case] store: Store) {
    let (service, _) = with_a_dossier(store).await;
    let anybody = service.anonymous();
    // However the code is typed, it is one dossier.
    for code in [CODE, "h55.242-261123-0001", "H55.242–261123–0001", CODE] {
        ask(&anybody, code, wrong()).await.expect(404);
    }
    for _ in 0..10 {
        ask(&anybody, CODE, right()).await.expect(200);
    }
    ask(&anybody, CODE, wrong()).await.expect(404);
    let answer = ask(&anybody, CODE, right()).await;
    assert_eq!((answer.status(), answer.header("retry-after")), (429, "3600"));
    service.clock.advance(TimeDelta::minutes(59));
    assert_eq!(ask(&anybody, CODE, right()).await.header("retry-after"), "60");
    service.clock.advance(TimeDelta::minutes(1));
    ask(&anybody, CODE, right()).await.expect(200);
    ask(&anybody, CODE, wrong()).await.expect(404);
    ask(&anybody, CODE, wrong()).await.expect(429);
}

#[apply(every_store)]
#[actix_web::test]
async fn guesses_made_at_once_are_no_more_than_five(#[case] store: Store) {
    let (service, _) = with_a_dossier(store).await;
    let anybody = service.anonymous();
    let guesses = (0..20).map(|n| {
        let (caller, proof) = (anybody.clone(), json!({ "phone_last4": format!("{n:04}") }));
        async move { ask(&caller, CODE, proof).await.status() }
    });
    let statuses = futures_util::future::join_all(guesses).await;
    assert_eq!(statuses.iter().filter(|&&status| status == 404).count(), 5);
    assert!(statuses.iter().all(|status| matches!(status, 404 | 429)));
}

#[apply(every_store)]
#[actix_web::test]
async fn who_guesses_at_many_codes_is_stopped_by_address_and_then_all_are(#[case] store: Store) {
    let variables = [
        ("CTN_DOSSIER_WRONG_PER_ADDRESS_PER_HOUR", "12"),
        ("CTN_DOSSIER_WRONG_PER_HOUR", "18"),
        ("CTN_TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let service = Service::configured(store.fresh().await, &variables).await;
    let from = |address: &str| service.anonymous().with("x-forwarded-for", address);
    let guess = async |caller: Caller, number: u32| {
        ask(&caller, &format!("H55.242-261123-{number:04}"), wrong()).await.status()
    };
    assert_eq!(guess(from("203.0.113.1"), 1).await, 404);
    assert_eq!(guess(from("203.0.113.1"), 2).await, 404);
    assert_eq!(guess(from("203.0.113.1"), 3).await, 429, "two at once from one address");
    assert_eq!(guess(from("203.0.113.2"), 4).await, 404);
    assert_eq!(guess(from("203.0.113.3"), 5).await, 429, "three at once by all");
    service.clock.advance(TimeDelta::minutes(5));
    assert_eq!(guess(from("203.0.113.3"), 5).await, 404);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_store_does_not_say_whose_a_dossier_is(#[case] store: Store) {
    let (service, _) = with_a_dossier(store).await;
    let everything = everything(&service.app.settings.database().unwrap().url);
    let holds = |text: &str| everything.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(holds(CODE), "the look into the store finds what is in the clear");
    for secret in ["912345678", "019203004567", "THU_LY"] {
        assert!(!holds(secret), "{secret} can be read in the store");
    }
}

/// The demo can be opened again and again: its dossiers stay as they are.
#[apply(every_store)]
#[actix_web::test]
async fn the_demo_shows_dossiers_under_way_waiting_and_late(#[case] store: Store) {
    let service = store.service().await;
    for _ in 0..2 {
        let people = api::identity::demo::open(&service.app).await.unwrap();
        api::dossier::demo::open(&service.app, &people).await.unwrap();
    }
    let mut late = Vec::new();
    for (number, status) in [(1, "processing"), (2, "supplement_required"), (3, "returned")] {
        let (code, last4) = (format!("H55.242-261102-000{number}"), format!("000{number}"));
        let proof = json!({ "phone_last4": last4 });
        let dossier = ask(&service.anonymous(), &code, proof).await.expect(200);
        assert_eq!(dossier["status"], status);
        assert!(dossier["procedure"]["name"].is_string());
        late.push(dossier["late_by_s"].is_i64());
    }
    assert_eq!(late, [false, false, true]);
}
