//! Businesses: who may register, join, verify them, and what the keys of their systems open.

use chrono::TimeDelta;
use domain::identity::Role;
use futures_util::future::join_all;
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, Service, Store};

use crate::every_store;

const BUSINESSES: &str = "/v1/businesses";
pub(crate) const DESK: &str = "/v1/desk/businesses";
pub(crate) const INVITATIONS: &str = "/v1/me/business-invitations";
/// A commune, and the tax code of a business that is said to be in it.
pub(crate) const COMMUNE: &str = "05443";
const TAX_CODE: &str = "0100109106";

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn shop() -> Value {
    json!({ "tax_code": TAX_CODE, "name": "Chè Tân Cương", "commune_code": COMMUNE })
}

/// Registers a business and answers its path.
pub(crate) async fn registered(owner: &Caller) -> String {
    let business = owner.post(BUSINESSES, shop()).await.expect(201);
    format!("{BUSINESSES}/{}", business["id"].as_str().unwrap())
}

pub(crate) async fn verify(service: &Service, path: &str) {
    decide(&service.officer().await, path, "verify", json!({})).await.expect(200);
}

/// An officer decides over a business as they see it now; where they do not, as it was registered.
pub(crate) async fn decide(officer: &Caller, path: &str, verdict: &str, body: Value) -> Answer {
    let id = id(path);
    let waiting = officer.get(DESK).await.expect(200);
    let found = waiting["items"].as_array().unwrap().iter().find(|item| item["id"] == id);
    let version = found.map_or(json!(1), |item| item["version"].clone());
    let officer = officer.with("If-Match", &format!("\"{version}\""));
    officer.post(&format!("{DESK}/{id}/{verdict}"), body).await
}

/// A verified business of `owner`, and a system of it with a key that may do everything.
pub(crate) async fn machine(service: &Service, owner: &Caller) -> (String, Caller) {
    let path = registered(owner).await;
    verify(service, &path).await;
    let all = ["business.read", "sites.write", "feedback.write", "feedback.read"];
    let key = key(owner, &path, &all).await;
    (path, service.anonymous().bearing(&key))
}

pub(crate) async fn key(owner: &Caller, path: &str, scopes: &[&str]) -> String {
    let wanted = json!({ "name": "Kho hàng", "scopes": scopes });
    let made = owner.post(&format!("{path}/api-keys"), wanted).await.expect(201);
    made["secret"].as_str().unwrap().to_owned()
}

/// Invites the citizen `name` to a business, verified if need be, and lets them accept.
pub(crate) async fn join(
    service: &Service,
    owner: &Caller,
    path: &str,
    name: &str,
    role: &str,
) -> Caller {
    let invited = service.citizen(name).await;
    let phone = invited.get("/v1/me").await.expect(200)["phone"].clone();
    if owner.get(path).await.expect(200)["standing"] == "pending" {
        verify(service, path).await;
    }
    let invitation = json!({ "phone": phone, "role": role });
    owner.post(&format!("{path}/members"), invitation).await.expect(201);
    let waiting = invited.get(INVITATIONS).await.expect(200);
    let id = waiting["items"][0]["id"].as_str().unwrap().to_owned();
    invited.post(&format!("{INVITATIONS}/{id}/accept"), json!({})).await.expect(200);
    invited
}

#[apply(every_store)]
#[actix_web::test]
async fn whoever_registers_a_business_owns_it(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let business = an.post(BUSINESSES, shop()).await.expect(201);
    allow_duplicates! {
        assert_json_snapshot!(business, { ".id" => "[id]", ".registered_at" => "[at]" }, @r#"
        {
          "address": null,
          "commune_code": "05443",
          "id": "[id]",
          "name": "Chè Tân Cương",
          "reason": null,
          "registered_at": "[at]",
          "role": "owner",
          "standing": "pending",
          "tax_code": "0100109106",
          "version": 1
        }
        "#);
    }
    let mine = an.get("/v1/me/businesses").await.expect(200);
    assert_eq!(mine["items"], json!([business]));
    assert_eq!(an.post(BUSINESSES, shop()).await.expect(409)["code"], "already_exists");
}

#[apply(every_store)]
#[actix_web::test]
async fn who_registers_a_tax_code_several_times_at_once_has_it_once(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let answers = join_all((0..10).map(|_| an.post(BUSINESSES, shop()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status() == 409).count(), 9);
    let mine = an.get("/v1/me/businesses").await.expect(200);
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
    let others = ["0100109106-001", "0100109106-002", "0100109106-003", "0100109106-004"];
    let others = others.into_iter().chain(["0100109106-005", "0100109106-006"]);
    let register = |code| {
        let business = json!({ "tax_code": code, "name": "Chi nhánh", "commune_code": COMMUNE });
        an.post(BUSINESSES, business)
    };
    let answers = join_all(others.map(register)).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 201).count(), 4, "five in all");
    // Who left can begin anew.
    let binh = service.citizen("binh").await;
    let path = registered(&binh).await;
    join(&service, &binh, &path, "chi", "owner").await;
    binh.patch(&path, json!({ "name": "Tên khác" })).await.expect(200);
    let members = binh.get(&format!("{path}/members")).await.expect(200);
    let me = members["items"][0]["citizen_id"].as_str().unwrap();
    binh.delete(&format!("{path}/members/{me}")).await.expect(204);
    registered(&binh).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn of_owners_who_leave_at_once_one_stays(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    let binh = join(&service, &an, &path, "binh", "owner").await;
    let members = an.get(&format!("{path}/members")).await.expect(200);
    let leave = |caller: &Caller, place: usize| {
        let who = members["items"][place]["citizen_id"].as_str().unwrap();
        let (caller, path) = (caller.clone(), format!("{path}/members/{who}"));
        async move { caller.delete(&path).await.status() }
    };
    let mut left = join_all([leave(&an, 0), leave(&binh, 1)]).await;
    left.sort_unstable();
    assert_eq!(left, [204, 409]);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_is_wrong_is_named(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    for (field, value, code) in [
        ("tax_code", json!("0100109107"), "wrong_form"),
        ("tax_code", json!(""), "wrong_form"),
        ("name", json!("  "), "too_short"),
        ("name", json!("x".repeat(201)), "too_long"),
        ("commune_code", json!("00001"), "unknown"),
        ("commune_code", json!("'; --"), "unknown"),
        ("address", json!("x".repeat(301)), "too_long"),
        ("owner", json!("me"), "unknown_field"),
    ] {
        let mut body = shop();
        body[field] = value;
        let problem = an.post(BUSINESSES, body).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], format!("/{field}"), "{problem}");
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
    let path = registered(&an).await;
    let site =
        json!({ "name": "Kho", "commune_code": COMMUNE, "location": { "lat": 91, "lon": 0 } });
    an.post(&format!("{path}/sites"), site).await.expect(422);
    an.patch(&path, json!({ "tax_code": TAX_CODE })).await.expect(422);
}

#[apply(every_store)]
#[actix_web::test]
async fn strangers_learn_nothing_of_a_business(#[case] store: Store) {
    let service = store.service().await;
    let path = registered(&service.citizen("an").await).await;
    let stranger = service.citizen("binh").await;
    for part in ["", "/members", "/sites", "/api-keys"] {
        stranger.get(&format!("{path}{part}")).await.expect(404);
    }
    stranger.patch(&path, json!({ "name": "Của tôi" })).await.expect(404);
    let invitation = json!({ "phone": "0912345678", "role": "owner" });
    stranger.post(&format!("{path}/members"), invitation).await.expect(404);
    assert_eq!(stranger.get("/v1/me/businesses").await.expect(200)["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn an_invitation_is_for_one_phone_and_says_nothing_of_it(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    let early = json!({ "phone": "0987654321", "role": "member" });
    let early = an.post(&format!("{path}/members"), early).await.expect(409);
    assert_eq!(early["code"], "business_not_verified");
    verify(&service, &path).await;
    let known = service.citizen("binh").await;
    let phone = known.get("/v1/me").await.expect(200)["phone"].clone();
    let members = format!("{path}/members");
    let invite = |phone: Value| an.post(&members, json!({ "phone": phone, "role": "member" }));
    let (mut to_known, mut to_unknown) =
        (invite(phone).await.expect(201), invite(json!("0987654321")).await.expect(201));
    for answer in [&mut to_known, &mut to_unknown] {
        answer["id"] = Value::Null;
    }
    assert_eq!(to_known, to_unknown);

    let waiting = known.get(INVITATIONS).await.expect(200);
    assert_eq!(waiting["items"][0]["business"], "Chè Tân Cương");
    let id = waiting["items"][0]["id"].as_str().unwrap();
    let stranger = service.citizen("chi").await;
    stranger.post(&format!("{INVITATIONS}/{id}/accept"), json!({})).await.expect(404);
    let told = known.get("/v1/me/notifications").await.expect(200);
    assert_eq!(told["items"][0]["kind"], "business.invited");

    known.post(&format!("{INVITATIONS}/{id}/decline"), json!({})).await.expect(204);
    known.post(&format!("{INVITATIONS}/{id}/accept"), json!({})).await.expect(404);
    known.get(&path).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_invitation_expires(#[case] store: Store) {
    let service = store.service().await;
    let path = registered(&service.citizen("an").await).await;
    verify(&service, &path).await;
    let phone = service.citizen("binh").await.get("/v1/me").await.expect(200)["phone"].clone();
    let invitation = json!({ "phone": phone, "role": "member" });
    let owner = service.citizen("an").await;
    owner.post(&format!("{path}/members"), invitation).await.expect(201);
    service.clock.advance(TimeDelta::days(14));
    let late = service.citizen("binh").await.get(INVITATIONS).await.expect(200);
    assert_eq!(late["items"], json!([]));
}

#[apply(every_store)]
#[actix_web::test]
async fn members_look_and_owners_decide(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    let member = join(&service, &an, &path, "binh", "member").await;
    assert_eq!(member.get(&path).await.expect(200)["role"], "member");
    let site = json!({ "name": "Quầy chợ", "commune_code": COMMUNE });
    let site = member.post(&format!("{path}/sites"), site).await.expect(201);
    member.patch(&path, json!({ "name": "Của tôi" })).await.expect(403);
    member.get(&format!("{path}/api-keys")).await.expect(403);
    let invitation = json!({ "phone": "0987654321", "role": "owner" });
    member.post(&format!("{path}/members"), invitation).await.expect(403);

    let members = an.get(&format!("{path}/members")).await.expect(200);
    let me = members["items"][0]["citizen_id"].as_str().unwrap().to_owned();
    let other = members["items"][1]["citizen_id"].as_str().unwrap().to_owned();
    member.delete(&format!("{path}/members/{me}")).await.expect(403);
    let alone = an.delete(&format!("{path}/members/{me}")).await.expect(409);
    assert_eq!(alone["code"], "last_owner");
    an.delete(&format!("{path}/members/{other}")).await.expect(204);
    member.get(&path).await.expect(404);
    let site = site["id"].as_str().unwrap();
    an.delete(&format!("{path}/sites/{site}")).await.expect(204);
    an.delete(&format!("{path}/sites/{site}")).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_second_owner_lets_the_first_one_go(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    let binh = join(&service, &an, &path, "binh", "owner").await;
    let members = an.get(&format!("{path}/members")).await.expect(200);
    let me = members["items"][0]["citizen_id"].as_str().unwrap();
    an.delete(&format!("{path}/members/{me}")).await.expect(204);
    an.get(&path).await.expect(404);
    binh.patch(&path, json!({ "address": "Số 1" })).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn one_of_those_who_claim_a_tax_code_is_verified(#[case] store: Store) {
    let service = store.service().await;
    let (an, binh) = (service.citizen("an").await, service.citizen("binh").await);
    let (first, second) = (registered(&an).await, registered(&binh).await);
    let own = service.staff("tan-cuong", Role::Officer, &format!("commune-{COMMUNE}")).await;
    let foreign = service.staff("other", Role::Officer, "commune-05448").await;
    assert_eq!(own.get(DESK).await.expect(200)["items"].as_array().unwrap().len(), 2);
    assert_eq!(foreign.get(DESK).await.expect(200)["items"], json!([]));
    decide(&foreign, &first, "verify", json!({})).await.expect(404);

    let verified = decide(&own, &first, "verify", json!({})).await;
    assert_eq!(verified.header("etag"), "\"2\"");
    assert_eq!(verified.expect(200)["standing"], "verified");
    let now = own.with("If-Match", "\"2\"");
    now.post(&format!("{DESK}/{}/verify", id(&first)), json!({})).await.expect(409);
    let taken = decide(&own, &second, "verify", json!({})).await.expect(409);
    assert_eq!(taken["code"], "tax_code_taken");
    let reason = json!({ "reason": "Đã có doanh nghiệp khác" });
    decide(&own, &second, "reject", reason).await.expect(200);
    assert_eq!(binh.get(&second).await.expect(200)["reason"], "Đã có doanh nghiệp khác");
    let chi = service.citizen("chi").await;
    assert_eq!(chi.post(BUSINESSES, shop()).await.expect(409)["code"], "tax_code_taken");

    let told = an.get("/v1/me/notifications").await.expect(200);
    assert_eq!(told["items"][0]["kind"], "business.verified");
    let auditor = service.staff("auditor", Role::Auditor, "province").await;
    let audited = auditor.get("/v1/admin/audit?action=business.rejected").await.expect(200);
    assert_eq!(audited["items"][0]["reason"], "Đã có doanh nghiệp khác");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_officer_decides_over_what_they_saw(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    let officer = service.officer().await;
    let saw = officer.with("If-Match", "\"1\"");
    an.patch(&path, json!({ "name": "Ngân hàng Nhà nước" })).await.expect(200);
    let reason = json!({ "reason": "Không đúng tên" });
    for (verdict, body) in [("verify", json!({})), ("reject", reason)] {
        let decide = format!("{DESK}/{}/{verdict}", id(&path));
        let unseen = officer.post(&decide, body.clone()).await.expect(428);
        assert_eq!(unseen["code"], "precondition_required");
        let stale = saw.post(&decide, body).await;
        assert_eq!(stale.header("etag"), "\"2\"");
        assert_eq!(stale.expect(412)["code"], "precondition_failed");
    }
    assert_eq!(an.get(&path).await.expect(200)["standing"], "pending");
    verify(&service, &path).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn another_name_has_to_be_verified_again(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    verify(&service, &path).await;
    let moved = an.patch(&path, json!({ "address": "Số 2, tổ 5" })).await.expect(200);
    assert_eq!(moved["standing"], "verified");
    let renamed = an.patch(&path, json!({ "name": "Chè Khác", "address": null })).await.expect(200);
    assert_eq!((&renamed["standing"], &renamed["address"]), (&json!("pending"), &Value::Null));
}

#[apply(every_store)]
#[actix_web::test]
async fn a_key_opens_what_its_scopes_say(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    let wanted = json!({ "name": "Kho", "scopes": ["business.read"] });
    let early = an.post(&format!("{path}/api-keys"), wanted).await.expect(409);
    assert_eq!(early["code"], "business_not_verified");
    verify(&service, &path).await;

    let reading = service.anonymous().bearing(&key(&an, &path, &["business.read"]).await);
    assert_eq!(reading.get(&path).await.expect(200)["role"], Value::Null);
    let site = json!({ "name": "Kho 2", "commune_code": COMMUNE });
    reading.post(&format!("{path}/sites"), site.clone()).await.expect(403);
    reading.get(&format!("{path}/api-keys")).await.expect(403);
    reading.get("/v1/me").await.expect(401);
    let writing = service.anonymous().bearing(&key(&an, &path, &["sites.write"]).await);
    writing.post(&format!("{path}/sites"), site).await.expect(201);
    writing.get(&path).await.expect(403);

    let listed = an.get(&format!("{path}/api-keys")).await.expect(200);
    assert!(listed["items"][0]["used_at"].is_string(), "{listed}");
    assert!(!listed.to_string().contains("secret"), "{listed}");
    let other = json!({ "tax_code": "019203004567", "name": "Hộ Bình", "commune_code": COMMUNE });
    let other = service.citizen("binh").await.post(BUSINESSES, other).await.expect(201);
    let other = format!("{BUSINESSES}/{}", other["id"].as_str().unwrap());
    reading.get(&other).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_key_that_is_wrong_ended_or_revoked_opens_nothing(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    verify(&service, &path).await;
    let secret = key(&an, &path, &["business.read"]).await;
    let with = |secret: &str| service.anonymous().bearing(secret);
    let mut changed = secret.clone();
    let last = changed.pop().unwrap();
    changed.push(if last == '0' { '1' } else { '0' });
    for wrong in
        [changed.as_str(), "ctn_k_", "ctn_k_abc", "ctn_k__", "ctn_e_abc", "ctn_k_\u{fffd}_x"]
    {
        let status = with(wrong).get(&path).await.status();
        assert_eq!(status, 401, "{wrong}");
    }
    with(&secret).get(&path).await.expect(200);
    let id = an.get(&format!("{path}/api-keys")).await.expect(200)["items"][0]["id"].clone();
    let one = format!("{path}/api-keys/{}", id.as_str().unwrap());
    an.delete(&one).await.expect(204);
    with(&secret).get(&path).await.expect(401);
    an.delete(&one).await.expect(404);

    let brief = json!({ "name": "Thử", "scopes": ["business.read"], "expires_in_days": 1 });
    let brief = an.post(&format!("{path}/api-keys"), brief).await.expect(201);
    let brief = brief["secret"].as_str().unwrap();
    service.clock.advance(TimeDelta::days(1));
    with(brief).get(&path).await.expect(401);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_key_works_while_its_business_is_verified(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let (path, system) = machine(&service, &an).await;
    system.get(&path).await.expect(200);
    an.patch(&path, json!({ "name": "Ngân hàng" })).await.expect(200);
    system.get(&path).await.expect(401);
    let site = json!({ "name": "Kho", "commune_code": COMMUNE });
    system.post(&format!("{path}/sites"), site).await.expect(401);
    verify(&service, &path).await;
    system.get(&path).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn keys_are_asked_for_rightly(#[case] store: Store) {
    let service = store.service().await;
    let an = service.citizen("an").await;
    let path = registered(&an).await;
    verify(&service, &path).await;
    for (body, pointer) in [
        (json!({ "name": "x", "scopes": [] }), "/scopes"),
        (json!({ "name": "x", "scopes": ["everything"] }), "/scopes/0"),
        (json!({ "name": "", "scopes": ["sites.write"] }), "/name"),
        (
            json!({ "name": "x", "scopes": ["sites.write"], "expires_in_days": 0 }),
            "/expires_in_days",
        ),
        (
            json!({ "name": "x", "scopes": ["sites.write"], "expires_in_days": 366 }),
            "/expires_in_days",
        ),
    ] {
        let problem = an.post(&format!("{path}/api-keys"), body).await.expect(422);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn the_desk_lists_no_number_of_a_person_and_writes_down_who_opens_it(#[case] store: Store) {
    let service = store.service().await;
    let household =
        json!({ "tax_code": "019203004567", "name": "Quán An", "commune_code": COMMUNE });
    service.citizen("an").await.post(BUSINESSES, household).await.expect(201);
    let officer = service.officer().await;
    let listed = officer.get(DESK).await.expect(200)["items"][0].clone();
    assert_eq!(listed["tax_code"], "*********567");
    let id = listed["id"].as_str().unwrap();
    let opened = officer.get(&format!("{DESK}/{id}")).await.expect(200);
    assert_eq!(opened["tax_code"], "019203004567");
    let auditor = service.staff("auditor", Role::Auditor, "province").await;
    let read = auditor.get("/v1/admin/audit?action=business.read").await.expect(200);
    assert_eq!(read["items"][0]["subject"], id);
}
