//! What is reported for businesses, by their people and by their systems.

use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Store};

use crate::{
    businesses::{join, key, machine},
    every_store,
    feedback::{but, codes, lamp, report, step},
};

const FEEDBACK: &str = "/v1/feedback";

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

async fn of_business(caller: &Caller, path: &str) -> Vec<String> {
    let list = caller.get(&format!("{path}/feedback")).await.expect(200);
    codes(&list).into_iter().map(str::to_owned).collect()
}

#[apply(every_store)]
#[actix_web::test]
async fn a_business_reports_by_its_people_and_its_systems(#[case] store: Store) {
    let service = store.service().await;
    let owner = service.citizen("an").await;
    let (path, machine) = machine(&service, &owner).await;
    let member = join(&service, &owner, &path, "binh", "member").await;
    let site = json!({ "name": "Kho", "commune_code": "01840", "address": "Lô 7" });
    let site = owner.post(&format!("{path}/sites"), site).await.expect(201);

    let body = json!({ "id": "0199aaaa-0000-7000-8000-000000000031", "category": "business.procedure",
        "text": "Hồ sơ chậm", "site_id": site["id"] });
    let by_system = report(&machine, body.clone()).await;
    assert_eq!(report(&machine, body.clone()).await, by_system, "sent again");
    let by_hand = but(body, json!({ "business_id": id(&path) }));
    assert_eq!(member.post(FEEDBACK, by_hand).await.expect(409)["code"], "id_taken");
    let street = but(lamp(0.0), json!({ "business_id": id(&path) }));
    let by_member = report(&member, street).await;
    let private = report(&member, lamp(300.0)).await;

    for caller in [&owner, &member, &machine] {
        let list = of_business(caller, &path).await;
        assert_eq!(
            list,
            [by_member["code"].as_str().unwrap(), by_system["code"].as_str().unwrap()]
        );
    }
    let mine = member.get("/v1/me/feedback").await.expect(200);
    assert_eq!(codes(&mine).len(), 2, "the private one is theirs alone");
    let one = format!("{path}/feedback/{}", by_system["id"].as_str().unwrap());
    let seen = member.get(&one).await.expect(200);
    assert_eq!((&seen["site_id"], &seen["commune_code"]), (&site["id"], &json!("01840")));
    assert_eq!(seen["address"], "Lô 7");
    let holder = service.anonymous().bearing(seen["tracking_token"].as_str().unwrap());
    let withdraw = format!("{FEEDBACK}/{}/withdraw", by_system["id"].as_str().unwrap());
    holder.post(&withdraw, json!({})).await.expect(200);

    let stranger = service.citizen("chi").await;
    stranger.get(&format!("{path}/feedback")).await.expect(404);
    stranger.get(&one).await.expect(404);
    owner.get(&format!("{path}/feedback/{}", private["id"].as_str().unwrap())).await.expect(404);

    let officer = service.officer().await;
    let queue = officer.get(&format!("/v1/desk/feedback?business_id={}", id(&path))).await;
    let queue = queue.expect(200);
    assert_eq!(codes(&queue), [by_member["code"].as_str().unwrap()]);
    assert_eq!(queue["items"][0]["business_id"], id(&path));
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_reports_for_a_business_that_is_not_theirs(#[case] store: Store) {
    let service = store.service().await;
    let owner = service.citizen("an").await;
    let (path, machine) = machine(&service, &owner).await;
    let named = |more: Value| but(but(lamp(0.0), json!({ "business_id": id(&path) })), more);
    for caller in [service.citizen("chi").await, service.anonymous()] {
        let refused = caller.post(FEEDBACK, named(json!({}))).await.expect(422);
        assert_eq!(refused["errors"][0]["pointer"], "/business_id");
    }
    let nowhere = json!({ "site_id": "0193572a-0000-7000-8000-000000000000" });
    let refused = owner.post(FEEDBACK, named(nowhere.clone())).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/site_id");
    let refused = owner.post(FEEDBACK, but(lamp(0.0), nowhere)).await.expect(422);
    assert_eq!(refused["errors"][0]["pointer"], "/business_id");
    let other = json!({ "business_id": "0193572a-0000-7000-8000-000000000000" });
    machine.post(FEEDBACK, but(lamp(0.0), other)).await.expect(422);

    let blind = service.anonymous().bearing(&key(&owner, &path, &["business.read"]).await);
    blind.post(FEEDBACK, lamp(0.0)).await.expect(403);
    blind.get(&format!("{path}/feedback")).await.expect(403);
    let false_key = service.anonymous().bearing("ctn_k_00000000_nothing");
    false_key.post(FEEDBACK, lamp(0.0)).await.expect(401);

    let dinh = service.citizen("dinh").await;
    let shop = json!({ "tax_code": "019203004567", "name": "Hộ Định", "commune_code": "05443" });
    let shop = dinh.post("/v1/businesses", shop).await.expect(201);
    let unverified = but(lamp(0.0), json!({ "business_id": shop["id"] }));
    let refused = dinh.post(FEEDBACK, unverified).await.expect(409);
    assert_eq!(refused["code"], "business_not_verified");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_system_sends_what_it_kept_all_at_once(#[case] store: Store) {
    let service = store.service().await;
    let owner = service.citizen("an").await;
    let (path, machine) = machine(&service, &owner).await;
    let batch = json!({ "items": [
        lamp(0.0), but(lamp(500.0), json!({ "text": "" })), { "category": 7 }, lamp(900.0),
    ] });
    let keyed = machine.with("Idempotency-Key", "batch-1");
    let answer = keyed.post("/v1/feedback/batch", batch.clone()).await.expect(200);
    let items = answer["items"].as_array().unwrap();
    let statuses: Vec<_> = items.iter().map(|item| item["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 422, 422, 201]);
    assert_eq!(items[1]["errors"][0]["pointer"], "/text");
    assert_eq!(items[2]["errors"][0]["pointer"], "/category");
    keyed.post("/v1/feedback/batch", batch).await.expect(200);
    assert_eq!(of_business(&owner, &path).await.len(), 2, "nothing is doubled");
}

/// Whether an officer finds the business by looking at a report, and by asking for its reports, listed
/// or as a file.
async fn is_found(officer: &Caller, business: &str, report: &Value) -> (bool, bool) {
    let look = format!("/v1/desk/feedback/{}", report["id"].as_str().unwrap());
    let named = officer.get(&look).await.text().contains(business);
    let queue = officer.get(&format!("/v1/desk/feedback?business_id={business}")).await;
    let code = report["code"].as_str().unwrap();
    let listed = codes(&queue.expect(200)).contains(&code);
    let file = officer.get(&format!("/v1/desk/export.csv?business_id={business}")).await;
    assert_eq!((file.status(), file.text().contains(code)), (200, listed), "{code}");
    (named, listed)
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_confidential_does_not_tell_its_business(#[case] store: Store) {
    let service = store.service().await;
    let owner = service.citizen("an").await;
    let (path, machine) = machine(&service, &owner).await;
    let site = json!({ "name": "Kho", "commune_code": "01840", "address": "Lô 7" });
    let site = owner.post(&format!("{path}/sites"), site).await.expect(201);
    let body = json!({ "category": "business.procedure", "text": "Hồ sơ chậm",
        "business_id": id(&path), "site_id": site["id"] });
    let hidden = but(body.clone(), json!({ "confidential": true }));
    let officer = service.officer().await;
    for caller in [&owner, &machine] {
        let open = report(caller, body.clone()).await;
        assert_eq!(is_found(&officer, id(&path), &open).await, (true, true));
        let hidden = report(caller, hidden.clone()).await;
        assert_eq!(is_found(&officer, id(&path), &hidden).await, (false, false));
        let look = format!("/v1/desk/feedback/{}", hidden["id"].as_str().unwrap());
        let seen = officer.get(&look).await.expect(200);
        assert_eq!(seen["reporter"], json!({ "kind": "confidential" }));
        assert_eq!((&seen["address"], &seen["location"]), (&Value::Null, &Value::Null));
        assert_eq!(seen["commune_code"], "01840", "who answers has to be found");
        let own = format!("{path}/feedback/{}", hidden["id"].as_str().unwrap());
        let own = owner.get(&own).await.expect(200);
        assert_eq!((&own["confidential"], &own["site_id"]), (&json!(true), &site["id"]));
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_key_that_only_reads_acts_for_nobody(#[case] store: Store) {
    let service = store.service().await;
    let owner = service.citizen("an").await;
    let (path, machine) = machine(&service, &owner).await;
    let reader = service.anonymous().bearing(&key(&owner, &path, &["feedback.read"]).await);
    let sent = report(&machine, lamp(0.0)).await;
    let one = format!("{path}/feedback/{}", sent["id"].as_str().unwrap());
    for (caller, token) in [
        (&reader, &Value::Null),
        (&machine, &sent["tracking_token"]),
        (&owner, &sent["tracking_token"]),
    ] {
        let list = caller.get(&format!("{path}/feedback")).await.expect(200);
        assert_eq!(&list["items"][0]["tracking_token"], token);
        assert_eq!(&caller.get(&one).await.expect(200)["tracking_token"], token);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn a_part_of_what_a_business_reported_is_its_own_too(#[case] store: Store) {
    let service = store.service().await;
    let owner = service.citizen("an").await;
    let (path, machine) = machine(&service, &owner).await;
    let whole = report(&machine, lamp(0.0)).await;
    let officer = service.officer().await;
    let part = json!({ "category": "road.manhole", "text": "Bên cạnh còn mất nắp cống" });
    let part = step(&officer, &whole["id"], "split", part).await.expect(201);
    let own = of_business(&machine, &path).await;
    assert!(own.iter().any(|code| part["code"] == code.as_str()), "{own:?}");
    assert_eq!((own.len(), is_found(&officer, id(&path), &part).await), (2, (true, true)));
    let reader = service.anonymous().bearing(&key(&owner, &path, &["feedback.read"]).await);
    let read = reader.get(&format!("{path}/feedback")).await.expect(200);
    let tokens = read["items"].as_array().unwrap().iter().map(|item| &item["tracking_token"]);
    assert!(
        tokens.eq([&Value::Null, &Value::Null]),
        "a key that only reads acts for no part: {read}"
    );
}
