//! What becomes of what dispatchers wrote down about old calls.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store, rows_naming};

use crate::{
    dispatch_records::{age, claim_after, raise, told},
    every_store,
    units::chief,
};

/// What dispatchers wrote, of which nothing may be left.
const WORDS: [&str; 4] = ["0987654321", "Sau chợ Thái", "Người mẹ nghe máy", "Ông Ba bị bỏng"];

/// A call about which much was put right and written down, and which was handled.
async fn handled(service: &Service, chief: &Caller) -> String {
    let call = json!({ "kind": "fire", "phone": "0912345678", "landmark": "Xóm Cũ",
        "location": { "lat": 21.5928, "lon": 105.8442 } });
    let desk = raise(service, call).await;
    claim_after(service, 1, chief, &desk).await;
    let found = json!({ "phone": WORDS[0], "landmark": WORDS[1], "people": 3,
        "location": { "lat": 21.6012, "lon": 105.8512 } });
    chief.patch(&desk, found).await.expect(200);
    let rung = json!({ "outcome": "reached", "note": WORDS[2] });
    chief.post(&format!("{desk}/callbacks"), rung).await.expect(201);
    let outcome = json!({ "disposition": "handled", "note": WORDS[3] });
    chief.post(&format!("{desk}/resolve"), outcome).await.expect(200);
    told(service, "emergency.resolved", &desk).await;
    desk
}

/// The field of a correction of what stands at `desk`, before and after.
fn corrected(opened: &Value, field: &str) -> (Value, Value) {
    let changes = opened["corrections"][0]["changes"].as_array().unwrap();
    let change = changes.iter().find(|change| change["field"] == field).unwrap();
    (change["before"].clone(), change["after"].clone())
}

#[apply(every_store)]
#[actix_web::test]
async fn it_goes_with_what_was_said_and_stays_under_a_hold(#[case] store: Store) {
    let kept = [
        ("CTN_EMERGENCY_LOCATIONS_KEPT_DAYS", "10"),
        ("CTN_EMERGENCY_MEDICAL_KEPT_DAYS", "20"),
        ("CTN_EMERGENCY_WORDS_KEPT_DAYS", "30"),
    ];
    let service = Service::configured(store.fresh().await, &kept).await;
    let chief = chief(&service, "fire").await;
    let old = handled(&service, &chief).await;
    let held = handled(&service, &chief).await;
    let hold = json!({ "subject": held.rsplit('/').next().unwrap(), "reason": "Lệnh 12/2026" });
    service.administrator().await.post("/v1/admin/legal-holds", hold).await.expect(201);
    let opened = async |desk: &str| service.dispatcher().await.get(desk).await.expect(200);
    let whole = opened(&old).await;
    assert!(WORDS.iter().all(|words| whole.to_string().contains(words)), "{whole}");
    assert_eq!(corrected(&whole, "location").1["lat"], 21.6012);

    service.clock.advance(TimeDelta::days(11));
    age(&service).await;
    let without_places = opened(&old).await;
    assert_eq!(corrected(&without_places, "location"), (Value::Null, Value::Null));
    assert_eq!(corrected(&without_places, "phone"), (json!("0912345678"), json!(WORDS[0])));
    assert_eq!(corrected(&without_places, "people"), (Value::Null, json!(3)));
    assert_eq!(without_places["corrections"][0]["username"], "chief-fire");
    for place in ["21.5928", "21.6012", "105.8442", "105.8512"] {
        assert!(!without_places.to_string().contains(place), "{without_places}");
    }
    assert_eq!(without_places["callbacks"][0]["note"], WORDS[2]);

    service.clock.advance(TimeDelta::days(20));
    age(&service).await;
    let bare = opened(&old).await;
    assert!(!WORDS.iter().any(|words| bare.to_string().contains(words)), "{bare}");
    assert_eq!((&bare["corrections"], &bare["callbacks"]), (&json!([]), &json!([])));
    assert_eq!(bare["outcome"]["disposition"], "handled", "how it was handled stays");
    let id = old.rsplit('/').next().unwrap().parse().unwrap();
    for table in ["emergency_correction", "emergency_callback"] {
        assert_eq!(rows_naming(service.app.database.url(), (table, "emergency_id"), id), 0);
    }
    let whole = opened(&held).await;
    assert!(WORDS.iter().all(|words| whole.to_string().contains(words)), "{whole}");
    assert_eq!(corrected(&whole, "location").1["lat"], 21.6012);

    let dispatcher = service.dispatcher().await;
    dispatcher.post(&format!("{old}/reopen"), json!({})).await.expect(200);
    let rung = json!({ "outcome": "reached", "note": WORDS[2] });
    dispatcher.post(&format!("{old}/callbacks"), rung).await.expect(201);
    let outcome = json!({ "disposition": "handled" });
    dispatcher.post(&format!("{old}/resolve"), outcome).await.expect(200);
    service.clock.advance(TimeDelta::days(31));
    let deadline = Instant::now() + Duration::from_secs(20);
    while opened(&old).await["callbacks"] != json!([]) {
        assert!(Instant::now() < deadline, "what was written down anew goes, too");
        age(&service).await;
    }
}
