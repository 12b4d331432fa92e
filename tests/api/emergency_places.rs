//! Where callers and those they call for are: positions, households, places in words.

use chrono::TimeDelta;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const CALLS: &str = "/v1/emergencies";

/// Somebody who called, and the dispatcher who looks at the call.
struct Case {
    service: Service,
    caller: Caller,
    dispatcher: Caller,
    path: String,
    desk: String,
    raised: Value,
}

impl Case {
    async fn of(store: Store, call: Value) -> Self {
        let service = store.service().await;
        let raised = service.anonymous().post(CALLS, call).await.expect(201);
        let caller = service.anonymous().bearing(raised["token"].as_str().unwrap());
        let dispatcher = service.dispatcher().await;
        let id = raised["id"].as_str().unwrap();
        let (path, desk) = (format!("{CALLS}/{id}"), format!("/v1/dispatch/emergencies/{id}"));
        Self { service, caller, dispatcher, path, desk, raised }
    }

    async fn opened(&self) -> Value {
        self.dispatcher.get(&self.desk).await.expect(200)
    }

    async fn tells(&self, locations: Value) -> Value {
        self.caller.post(&format!("{}/locations", self.path), locations).await.expect(200)
    }

    /// How often followers were told of a position.
    async fn told(&self) -> usize {
        let opened = self.opened().await;
        let happened = opened["timeline"].as_array().unwrap();
        happened.iter().filter(|event| event["type"] == "emergency.location").count()
    }
}

/// The results of a batch.
fn results(told: &Value) -> Vec<&str> {
    let results = told["results"].as_array().unwrap();
    results.iter().map(|result| result["status"].as_str().unwrap()).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_batch_in_any_order_and_sent_again_is_stored_once_and_in_order(#[case] store: Store) {
    let case = Case::of(store, json!({ "kind": "rescue" })).await;
    let point = |minute: u32, lat: f64| {
        json!({ "lat": lat, "lon": 105.84, "accuracy_m": 10,
                "fixed_at": format!("2026-11-23T00:{minute:02}:00Z") })
    };
    let (early, middle, late) = (point(10, 21.1), point(20, 21.2), point(30, 21.3));
    let told = case.tells(json!([late, early, late])).await;
    assert_eq!(results(&told), ["stored", "stored", "repeated"]);
    let told = case.tells(json!([middle, early])).await;
    assert_eq!(results(&told), ["stored", "repeated"]);
    let opened = case.opened().await;
    assert_eq!(opened["location"]["lat"], 21.3, "the newest one leads, whichever came last");
    let trail = opened["locations"].as_array().unwrap();
    assert_eq!(trail.iter().map(|fix| &fix["lat"]).collect::<Vec<_>>(), [21.1, 21.2, 21.3]);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_cry_for_help_passes_every_filter(#[case] store: Store) {
    let case = Case::of(store, json!({ "kind": "rescue" })).await;
    let point = json!({ "lat": 21.59, "lon": 105.84, "fixed_at": "2026-11-23T01:00:00Z" });
    case.tells(point.clone()).await;
    assert_eq!(case.told().await, 1);
    let mut sos = point.clone();
    sos["sos"] = json!(true);
    case.service.clock.advance(TimeDelta::seconds(1));
    assert_eq!(results(&case.tells(json!([sos])).await), ["stored"], "though the point is known");
    assert_eq!(case.told().await, 2, "though followers were told of one just now");
    assert_eq!(results(&case.tells(json!([sos, point])).await), ["repeated", "repeated"]);
    assert_eq!(case.opened().await["location"]["sos"], true);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_cry_for_help_after_the_end_is_a_call_again(#[case] store: Store) {
    let case = Case::of(store, json!({ "kind": "rescue" })).await;
    let path = |action: &str| format!("{}/{action}", case.desk);
    case.dispatcher.post(&path("claim"), json!({})).await.expect(200);
    case.dispatcher.post(&path("resolve"), json!({ "disposition": "handled" })).await.expect(200);
    let mut point = json!({ "lat": 21.59, "lon": 105.84, "fixed_at": "2026-11-23T00:30:00Z" });
    case.tells(point.clone()).await;
    point["sos"] = json!(true);
    let kept = case.tells(point.clone()).await;
    assert_eq!(kept["status"], "resolved", "the phone kept it from before");
    case.service.clock.advance(TimeDelta::minutes(5));
    point["fixed_at"] = json!("2026-11-23T01:05:00Z");
    assert_eq!(case.tells(point).await["status"], "received");
    assert_eq!(case.opened().await["location"]["sos"], true);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_phone_that_tells_where_it_is_is_not_suspect(#[case] store: Store) {
    let case = Case::of(store, json!({ "kind": "rescue" })).await;
    for number in 0..40 {
        case.tells(json!({ "lat": 21.5 + f64::from(number) / 1e4, "lon": 105.84 })).await;
    }
    let again = case.service.anonymous().post(CALLS, json!({ "kind": "fire" })).await.expect(201);
    let desk = format!("/v1/dispatch/emergencies/{}", again["id"].as_str().unwrap());
    assert_eq!(case.dispatcher.get(&desk).await.expect(200)["suspect"], false);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_last_gasp_is_told_at_once_and_a_silent_phone_is_seen(#[case] store: Store) {
    let at = |lat: f64| json!({ "lat": lat, "lon": 105.84, "accuracy_m": 20, "battery_pct": 50 });
    let case = Case::of(store, json!({ "kind": "rescue", "location": at(21.5) })).await;
    assert_eq!(case.opened().await["silent_since"], Value::Null);
    case.service.clock.advance(TimeDelta::seconds(31));
    let opened = case.opened().await;
    assert_eq!(opened["silent_since"], case.raised["received_at"], "three turns were missed");
    assert_eq!(opened["location"]["radius_m"], 67.0, "20 m, and half a minute's walk");
    case.tells(at(21.6)).await;
    assert_eq!(case.opened().await["silent_since"], Value::Null);
    let mut last = at(21.7);
    last["last_gasp"] = json!(true);
    case.tells(last).await;
    let opened = case.opened().await;
    assert_eq!(opened["silent_since"], opened["location"]["received_at"]);
    assert_eq!(opened["location"]["may_be_last"], true);
    assert_eq!(case.told().await, 2, "told though one was told a moment before");
}

#[apply(every_store)]
#[actix_web::test]
async fn the_phone_is_told_when_to_tell_again(#[case] store: Store) {
    let case = Case::of(store, json!({})).await;
    for (battery_pct, speed_mps, next_update_s) in
        [(90, 0, 10), (90, 12, 5), (20, 12, 40), (5, 0, 120)]
    {
        case.service.clock.advance(TimeDelta::seconds(1));
        let told = case
            .tells(json!({ "lat": 21.5, "lon": 105.8, "battery_pct": battery_pct,
                           "speed_mps": speed_mps }))
            .await;
        assert_eq!(told["next_update_s"], next_update_s, "{battery_pct} % at {speed_mps} m/s");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_call_that_was_long_under_way_is_taken_and_marked(#[case] store: Store) {
    let hours = json!({ "kind": "fire", "age_ms": 3 * 3_600_000,
                        "location": { "lat": 21.5, "lon": 105.8, "fixed_at": "1980-01-06T00:00:00Z",
                                      "age_ms": 3 * 3_600_000 } });
    let case = Case::of(store, hours).await;
    let opened = case.opened().await;
    assert_eq!((&opened["late"], &opened["delayed_s"]), (&json!(true), &json!(10_800)));
    assert_eq!(opened["waiting_s"], 0, "it stands in the queue as any other");
    assert_eq!(opened["location"]["age_s"], 10_800, "the phone's own count beats its clock");
    let soon = case.service.anonymous().post(CALLS, json!({ "age_ms": 60_000 })).await.expect(201);
    let desk = format!("/v1/dispatch/emergencies/{}", soon["id"].as_str().unwrap());
    assert_eq!(case.dispatcher.get(&desk).await.expect(200)["late"], false);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_household_in_a_flood_is_shown_and_looked_at_first(#[case] store: Store) {
    let card = json!({ "people": 6, "infants": 1, "elderly": "2", "bedridden": "bà nội",
                       "water_cm": 120, "floor": 0, "food_h": 24, "roof": true });
    let case = Case::of(store, json!({ "kind": "rescue", "household": card })).await;
    let opened = case.opened().await;
    let kept = json!({ "people": 6, "infants": 1, "elderly": 2, "water_cm": 120, "floor": 0,
                       "food_h": 24 });
    assert_eq!(opened["household"], kept);
    assert_eq!(opened["dangers"], json!(["infants", "deep_water", "elderly_in_water"]));
    assert_eq!(opened["priority"], "high");
    assert_eq!(opened["doubts"], json!(["household.bedridden"]));
    assert_eq!(opened["unread"]["household.bedridden"], "bà nội");
    assert_eq!(opened["unread"]["household.roof"], true);
    let later = json!({ "household": { "water_cm": 150, "drinking_water_h": 2 } });
    case.caller.put(&case.path, later).await.expect(200);
    let opened = case.opened().await;
    assert_eq!(opened["household"]["water_cm"], 150);
    assert_eq!(opened["household"]["people"], 6, "what was said before stays");
    assert_eq!(opened["dangers"][3], "no_drinking_water");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_card_that_is_none_is_kept_as_it_came(#[case] store: Store) {
    let case = Case::of(store, json!({ "household": [1, 2] })).await;
    let opened = case.opened().await;
    assert_eq!((&opened["household"], &opened["priority"]), (&Value::Null, &json!("normal")));
    assert_eq!(opened["unread"]["household"], json!([1, 2]));
    assert_eq!(opened["needs_review"], true);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_calls_for_another_says_where_that_one_is(#[case] store: Store) {
    let call = json!({
        "phone": "0911111111", "location": { "lat": 10.77, "lon": 106.69 },
        "on_behalf_of": { "name": "Bà Lan", "phone": "0922222222", "landmark": "cạnh trạm y tế",
                          "location": { "lat": 21.5928, "lon": 105.8442 } },
    });
    let case = Case::of(store, call).await;
    let opened = case.opened().await;
    let victim = &opened["on_behalf_of"];
    assert_eq!(victim["phone"], "0922222222");
    assert_eq!(victim["landmark"], "cạnh trạm y tế");
    assert_eq!(victim["position"]["lat"], 21.5928);
    assert_eq!(opened["caller"]["phone"], "0911111111");
    assert_eq!(opened["commune_code"], "05443", "help goes to where the person in need is");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_place_in_words_stands_in_for_a_position(#[case] store: Store) {
    let call = json!({ "commune_code": "05443", "landmark": "xóm Đồng, cạnh trạm y tế" });
    let case = Case::of(store, call).await;
    let opened = case.opened().await;
    assert_eq!(opened["commune_code"], "05443");
    assert_eq!(opened["landmark"], "xóm Đồng, cạnh trạm y tế");
    assert_eq!(opened["location"], Value::Null);
    let found = case.dispatcher.get("/v1/dispatch/emergencies?commune=05443").await.expect(200);
    assert_eq!(found["items"][0]["id"], case.raised["id"]);
}
