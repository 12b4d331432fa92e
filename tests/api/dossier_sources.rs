//! Where dossiers come from: the systems that tell of them, and files.

use chrono::TimeDelta;
use domain::{StoreError, dossier::admit_source};
use infra::{
    database::Transaction,
    dossier::{Imported, import, read_dossiers},
};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::{
    businesses::machine,
    every_store,
    import::{command, run},
};

pub(crate) const GATEWAY: &str = "/v1/gateways/dossiers";
pub(crate) const CODE: &str = "H55.242-261123-0001";

/// The one-stop system, as an operator admits it.
pub(crate) async fn one_stop(service: &Service) -> Caller {
    admitted(service, "one-stop", TimeDelta::days(60)).await
}

async fn admitted(service: &Service, name: &str, life: TimeDelta) -> Caller {
    let (now, keys, name) = (service.app.now(), service.app.keys.clone(), name.to_owned());
    let admit = move |tx: &mut Transaction<'_>| admit_source(tx, &*keys, &now, (name, life));
    let key: Result<String, StoreError> = service.app.database.write(admit).await;
    service.anonymous().bearing(&key.unwrap())
}

/// How [`CODE`] stands since `at`, which is an instant of the day on which every test starts.
pub(crate) fn report(at: &str, status: &str) -> Value {
    json!({
        "code": CODE, "at": format!("2026-11-23T{at}+07:00"), "status": status,
        "local_status": "THU_LY", "procedure": "1.001193.000.00.00.H55", "unit": "H55.242",
        "office": "Trung tâm Phục vụ hành chính công phường Phan Đình Phùng",
        "received_at": "20261123073000", "working_days": 2,
        "applicant": { "phone": "0912345678", "national_id": "019203004567" },
    })
}

/// Lets `one_stop` tell `items`, and answers what they were.
pub(crate) async fn told(one_stop: &Caller, items: &[Value]) -> Vec<String> {
    let heard = one_stop.post(GATEWAY, json!({ "items": items })).await.expect(200);
    let news = |item: &Value| item["news"].as_str().unwrap().to_owned();
    heard["items"].as_array().unwrap().iter().map(news).collect()
}

async fn seen(service: &Service) -> Value {
    let proof = json!({ "code": CODE, "proof": { "phone_last4": "5678" } });
    service.anonymous().post("/v1/dossiers/lookup", proof).await.expect(200)
}

fn way(dossier: &Value) -> Vec<&str> {
    let steps = dossier["steps"].as_array().unwrap();
    steps.iter().map(|step| step["status"].as_str().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn what_arrives_late_or_twice_never_puts_a_dossier_back(#[case] store: Store) {
    let service = store.service().await;
    let one_stop = one_stop(&service).await;
    let (first, second) = (report("07:30:00", "2"), report("07:45:00", "processing"));
    assert_eq!(told(&one_stop, std::slice::from_ref(&second)).await, ["taken"]);
    let batch = [second.clone(), first.clone(), first.clone()];
    assert_eq!(told(&one_stop, &batch).await, ["known", "older", "older"]);
    let dossier = seen(&service).await;
    assert_eq!(dossier["status"], "processing");
    assert_eq!(way(&dossier), ["received", "processing"]);
    assert_eq!(told(&one_stop, &batch).await, ["known", "older", "older"]);
    assert_eq!(seen(&service).await, dossier);
    assert_eq!(told(&one_stop, &[first, report("08:00:00", "10")]).await, ["older", "taken"]);
    assert_eq!(way(&seen(&service).await), ["received", "processing", "returned"]);
}

#[apply(every_store)]
#[actix_web::test]
async fn all_reports_of_a_request_are_taken_or_none(#[case] store: Store) {
    let service = store.service().await;
    let one_stop = one_stop(&service).await;
    for (field, value, code) in [
        ("code", json!("?"), "wrong_form"),
        ("at", json!("2026-11-23T09:00:00+07:00"), "out_of_range"),
        ("at", json!("yesterday"), "wrong_form"),
        ("status", json!("11"), "wrong_form"),
        ("due_at", json!("9999-01-01T00:00:00Z"), "out_of_range"),
        ("office", json!("x".repeat(301)), "too_long"),
        ("working_days", json!(1001), "out_of_range"),
        ("working_days", json!(-1), "wrong_form"),
        ("missing_papers", json!(vec!["x"; 51]), "too_long"),
        ("name", json!("Nguyễn Văn A"), "unknown_field"),
    ] {
        let mut wrong = report("08:00:00", "4");
        wrong[field] = value;
        let items = json!({ "items": [report("07:30:00", "2"), wrong] });
        let problem = one_stop.post(GATEWAY, items).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], format!("/items/1/{field}"), "{problem}");
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
    for (applicant, pointer) in [
        (json!({}), "applicant"),
        (json!({ "tax_code": "0100109106" }), "applicant"),
        (json!({ "phone": "12" }), "applicant/phone"),
    ] {
        let mut nobodys = report("07:30:00", "2");
        nobodys["applicant"] = applicant;
        let problem = one_stop.post(GATEWAY, json!({ "items": [nobodys] })).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], format!("/items/0/{pointer}"), "{problem}");
    }
    one_stop.post(GATEWAY, json!({})).await.expect(422);
    one_stop.post(GATEWAY, json!({ "items": [] })).await.expect(422);
    let many = vec![report("07:30:00", "2"); 51];
    one_stop.post(GATEWAY, json!({ "items": many })).await.expect(422);
    let proof = json!({ "code": CODE, "proof": { "phone_last4": "5678" } });
    service.anonymous().post("/v1/dossiers/lookup", proof).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn only_a_system_that_was_admitted_may_tell(#[case] store: Store) {
    let service = store.service().await;
    let one_stop = admitted(&service, "one-stop", TimeDelta::minutes(5)).await;
    let items = json!({ "items": [report("07:30:00", "2")] });
    let an = service.citizen("an").await;
    let (_, of_business) = machine(&service, &an).await;
    let wrong_end = format!("{}0", one_stop.token());
    let invented = service.anonymous().bearing("ctn_k_000000000000_00");
    for caller in [service.anonymous(), an, of_business, invented, one_stop.bearing(&wrong_end)] {
        caller.post(GATEWAY, items.clone()).await.expect(401);
    }
    one_stop.post(GATEWAY, items.clone()).await.expect(200);
    for path in ["/v1/me", "/v1/me/dossiers", "/v1/me/businesses"] {
        one_stop.get(path).await.expect(401);
    }
    service.clock.advance(TimeDelta::minutes(6));
    one_stop.post(GATEWAY, items).await.expect(401);
}

const FILE: &str = "code,at,status,working_days,received_at,missing_papers,phone,national_id
H55.242-261123-0001,20261123073000,2,2,20261123073000,,0912345678,
H55.242-261123-0001,20261123080000,5,2,20261123073000,Giấy chứng sinh; Tờ khai,0912345678,
H55.242-261123-0002,20261123080000,13,,,,0912345678,
H55.242-261123-0003,20261123080000,4,,,,,019203004567
";

async fn imported(service: &Service, file: &str) -> (Imported, usize) {
    let reading = read_dossiers(
        file.as_bytes(),
        service.app.now().at,
        &service.app.settings.dossier_local_states,
    );
    let now = || service.app.now();
    let done = import(
        &service.app.database,
        service.app.keys.clone(),
        &now,
        reading.records,
        &mut |_, _| {},
    )
    .await
    .unwrap();
    (done, reading.doubts.len())
}

#[apply(every_store)]
#[actix_web::test]
async fn a_file_can_be_imported_again(#[case] store: Store) {
    let service = store.service().await;
    assert_eq!(imported(&service, FILE).await, (Imported { taken: 3, known: 0 }, 1));
    let dossier = seen(&service).await;
    assert_eq!(dossier["missing_papers"], json!(["Giấy chứng sinh", "Tờ khai"]));
    assert_eq!(imported(&service, FILE).await, (Imported { taken: 0, known: 3 }, 1));
    assert_eq!(seen(&service).await, dossier);
    assert_eq!(imported(&service, "broken").await.0, Imported::default());
    assert_eq!(seen(&service).await, dossier);
}

#[apply(every_store)]
#[actix_web::test]
async fn fees_results_and_local_states_are_understood(#[case] store: Store) {
    let service = store.service().await;
    let one_stop = one_stop(&service).await;
    let mut done = report("08:00:00", "");
    done["local_status"] = json!("tra ket qua");
    done["fees"] = json!([{ "name": "Lệ phí", "amount": "50.000", "paid": true }]);
    done["results"] =
        json!([{ "name": "Giấy khai sinh", "number": "12/2026", "issued_at": "20261123075900" }]);
    done.as_object_mut().unwrap().remove("status");
    assert_eq!(told(&one_stop, &[report("07:30:00", "2"), done]).await, ["taken", "taken"]);
    let dossier = seen(&service).await;
    assert_eq!(
        (&dossier["status"], &dossier["local_status"]),
        (&json!("processed"), &json!("tra ket qua"))
    );
    let amount = json!({ "amount": "50000", "currency": "VND" });
    assert_eq!(dossier["fees"], json!([{ "name": "Lệ phí", "amount": amount, "paid": true }]));
    let paper = json!({ "name": "Giấy khai sinh", "number": "12/2026", "issued_at": "2026-11-23T00:59:00Z" });
    assert_eq!(dossier["results"], json!([paper]));
    for (field, value, pointer) in [
        ("local_status", json!("KHAC"), "status"),
        ("fees", json!([{ "name": "Phí", "amount": "-1" }]), "fees/amount"),
        ("results", json!([{ "name": " " }]), "results/name"),
    ] {
        let mut wrong = report("08:01:00", "");
        wrong[field] = value;
        if pointer != "status" {
            wrong["status"] = json!("4");
        }
        let problem = one_stop.post(GATEWAY, json!({ "items": [wrong] })).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], format!("/items/0/{pointer}"), "{problem}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_corrected_applicant_arrives(#[case] store: Store) {
    let service = store.service().await;
    let one_stop = one_stop(&service).await;
    let wrong = report("07:30:00", "2");
    let mut right = wrong.clone();
    right["applicant"] = json!({ "phone": "0987654321" });
    assert_eq!(told(&one_stop, &[wrong, right.clone(), right]).await, ["taken", "taken", "known"]);
    let lookup = async |last4: &str| {
        let proof = json!({ "code": CODE, "proof": { "phone_last4": last4 } });
        service.anonymous().post("/v1/dossiers/lookup", proof).await.status()
    };
    assert_eq!((lookup("5678").await, lookup("4321").await), (404, 200));
}

#[apply(every_store)]
#[actix_web::test]
async fn an_operator_admits_a_system_imports_a_file_and_ends_the_key(#[case] store: Store) {
    let service = store.service().await;
    let (admitted, key) = run(&service, &["sources", "admit", "one-stop"]);
    assert!(admitted, "{key}");
    let one_stop = service.anonymous().bearing(key.trim());
    assert_eq!(told(&one_stop, &[report("07:30:00", "2")]).await, ["taken"]);
    let (again, said) = run(&service, &["sources", "admit", "one-stop"]);
    assert!(!again && said.contains("dismiss it first"), "{said}");
    let (listed, said) = run(&service, &["sources", "list"]);
    let secret = key.trim().rsplit('_').next().unwrap();
    assert!(listed && said.starts_with("one-stop  ctn_k_") && !said.contains(secret), "{said}");
    // The clock of the service stands in the past of the process that imports.
    for taken in ["2 reports were taken, 1 were known", "0 reports were taken, 3 were known"] {
        let (imported, said) = command(&service, "dossiers", FILE);
        assert!(imported && said.contains(taken), "{said}");
        assert!(said.contains("status cannot be read") && !said.contains("0912345678"), "{said}");
    }
    assert_eq!(seen(&service).await["status"], "supplement_required");
    let (broken, said) = command(&service, "dossiers", "code,status\nx,y\n");
    assert!(!broken && said.contains("the column at is missing"), "{said}");
    assert_eq!(seen(&service).await["status"], "supplement_required");
    for (dismissed, word) in [(true, "no more"), (false, "there is no system called one-stop")] {
        let (ended, said) = run(&service, &["sources", "dismiss", "one-stop"]);
        assert!(ended == dismissed && said.contains(word), "{said}");
    }
    one_stop.post(GATEWAY, json!({ "items": [report("07:30:00", "2")] })).await.expect(401);
}
