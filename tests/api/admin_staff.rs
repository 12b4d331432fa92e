//! Running the staff: inviting, changing, dismissing, roles.

use std::time::Duration;

use domain::identity::Role;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Caller, Service, Store};

use crate::every_store;

const STAFF: &str = "/v1/admin/staff";
const PHRASE: &str = "con trâu là đầu cơ nghiệp";

fn binh() -> Value {
    json!({ "username": "binh", "role": "officer", "agency": "commune-05443" })
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn invitation(invited: &Value) -> String {
    format!("/v1/auth/staff/invitations/{}", text(invited, "invitation_token"))
}

fn path(invited: &Value) -> String {
    format!("{STAFF}/{}", text(&invited["staff"], "id"))
}

/// Somebody invited, who accepted and signed in.
async fn hired(service: &Service, administrator: &Caller, who: Value) -> (Value, Caller) {
    let invited = administrator.post(STAFF, who.clone()).await.expect(201);
    let accept = json!({ "password": PHRASE });
    service.anonymous().post(&invitation(&invited), accept).await.expect(204);
    let login = json!({ "username": who["username"], "password": PHRASE });
    let tokens = service.anonymous().post("/v1/auth/staff/login", login).await.expect(200);
    let caller = service.anonymous().bearing(text(&tokens, "access_token"));
    (invited, caller)
}

/// The version of the staff member at `path`, as `If-Match` wants it.
async fn version(administrator: &Caller, path: &str) -> String {
    administrator.get(path).await.header("etag").to_owned()
}

/// Waits until `caller` is nobody any more.
async fn is_out(caller: &Caller) -> bool {
    for _ in 0..300 {
        if caller.get("/v1/desk/feedback").await.status() == 401 {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[apply(every_store)]
#[actix_web::test]
async fn an_invitation_is_good_once_and_its_holder_chooses_the_password(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let invited = administrator.post(STAFF, binh()).await.expect(201);
    assert_eq!(invited["staff"]["invited"], true);
    assert_eq!(invited["expires_at"], "2026-11-26T01:02:03.456Z");
    let anybody = service.anonymous();
    let link = invitation(&invited);
    let opened = anybody.get(&link).await.expect(200);
    assert_eq!((text(&opened, "username"), text(&opened, "role")), ("binh", "officer"));
    let weak = anybody.post(&link, json!({ "password": "binhbinhbinh" })).await.expect(422);
    assert_eq!(weak["errors"][0]["code"], "guessable");
    let login = json!({ "username": "binh", "password": "" });
    anybody.post("/v1/auth/staff/login", login).await.expect(401);
    anybody.post(&link, json!({ "password": PHRASE })).await.expect(204);
    anybody.post(&link, json!({ "password": PHRASE })).await.expect(404);
    anybody.get(&link).await.expect(404);
    let login = json!({ "username": "binh", "password": PHRASE });
    anybody.post("/v1/auth/staff/login", login).await.expect(200);
    assert_eq!(administrator.get(&path(&invited)).await.expect(200)["invited"], false);
    assert_eq!(administrator.post(STAFF, binh()).await.expect(409)["code"], "already_exists");
}

#[apply(every_store)]
#[actix_web::test]
async fn an_invitation_ends_after_three_days_or_by_the_next_one(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let first = administrator.post(STAFF, binh()).await.expect(201);
    let again = format!("{}/invitation", path(&first));
    let second = administrator.post(&again, json!({})).await.expect(201);
    let anybody = service.anonymous();
    anybody.get(&invitation(&first)).await.expect(404);
    anybody.get(&invitation(&second)).await.expect(200);
    service.clock.advance(chrono::TimeDelta::days(3));
    anybody.get(&invitation(&second)).await.expect(404);
    let accept = json!({ "password": PHRASE });
    anybody.post(&invitation(&second), accept).await.expect(404);
    for guess in ["x", "ctn_i_", "%00", "ctn_i_00%2F..", &"f".repeat(2000)] {
        let path = format!("/v1/auth/staff/invitations/{guess}");
        anybody.get(&path).await.expect(404);
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn who_is_dismissed_or_moved_is_out_at_once(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let (invited, caller) = hired(&service, &administrator, binh()).await;
    caller.get("/v1/desk/feedback").await.expect(200);
    let path = path(&invited);
    let seen = version(&administrator, &path).await;
    let change = json!({ "role": "moderator" });
    administrator.patch(&path, change.clone()).await.expect(428);
    let stale = administrator.with("If-Match", "\"99\"").patch(&path, change.clone()).await;
    assert_eq!(stale.header("etag"), seen);
    stale.expect(412);
    let changed = administrator.with("If-Match", &seen).patch(&path, change).await.expect(200);
    assert_eq!(changed["role"], "moderator");
    assert!(is_out(&caller).await);
    let login = json!({ "username": "binh", "password": PHRASE });
    let tokens = service.anonymous().post("/v1/auth/staff/login", login.clone()).await.expect(200);
    let caller = service.anonymous().bearing(text(&tokens, "access_token"));
    let seen = version(&administrator, &path).await;
    let dismiss = json!({ "disabled": true });
    administrator.with("If-Match", &seen).patch(&path, dismiss).await.expect(200);
    assert!(is_out(&caller).await);
    service.anonymous().post("/v1/auth/staff/login", login).await.expect(401);
    let refresh = json!({ "refresh_token": tokens["refresh_token"] });
    service.anonymous().post("/v1/auth/refresh", refresh).await.expect(401);
    let auditor = service.staff("auditor", Role::Auditor, "province").await;
    let trail = auditor.get("/v1/admin/audit?action=staff.disabled").await.expect(200);
    assert_eq!(trail["items"].as_array().unwrap().len(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_changes_their_own_post_or_reaches_beyond_their_agency(#[case] store: Store) {
    let service = store.service().await;
    let all = service.administrator().await;
    let page = all.get(&format!("{STAFF}?role=administrator")).await.expect(200);
    let own = format!("{STAFF}/{}", text(&page["items"][0], "id"));
    let seen = version(&all, &own).await;
    let resign = json!({ "disabled": true });
    let refused = all.with("If-Match", &seen).patch(&own, resign.clone()).await.expect(403);
    assert_eq!(refused["code"], "forbidden");
    all.delete(&format!("{own}/totp")).await.expect(403);
    let of_police = service.staff("police-admin", Role::Administrator, "police").await;
    let listed = of_police.get(STAFF).await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        of_police.get(&format!("{STAFF}?agency=fire")).await.expect(200)["items"],
        json!([])
    );
    of_police.get(&own).await.expect(404);
    of_police.with("If-Match", &seen).patch(&own, resign).await.expect(404);
    of_police.post(STAFF, binh()).await.expect(403);
    of_police.delete(&format!("{own}/totp")).await.expect(404);
    of_police.post(&format!("{own}/invitation"), json!({})).await.expect(404);
}

#[apply(every_store)]
#[actix_web::test]
async fn what_cannot_be_is_refused_with_a_pointer(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    for (field, value, code) in [
        ("username", json!("Bình"), "wrong_form"),
        ("username", json!(""), "wrong_form"),
        ("role", json!("citizen"), "unknown"),
        ("role", json!("root"), "unknown"),
        ("agency", json!("nowhere"), "unknown"),
        ("agency", json!("Not A Code"), "wrong_form"),
        ("password", json!("hunter2"), "unknown_field"),
    ] {
        let mut who = binh();
        who[field] = value;
        let told = administrator.post(STAFF, who).await.expect(422);
        assert_eq!(told["errors"][0]["pointer"], format!("/{field}"));
        assert_eq!(told["errors"][0]["code"], code, "{field}");
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn the_staff_comes_in_pages_and_roles_say_what_they_may(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    for username in ["chi", "an.nguyen", "dung"] {
        service.staff(username, Role::Officer, "fire").await;
    }
    let first = administrator.get(&format!("{STAFF}?limit=3")).await.expect(200);
    let names = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| text(item, "username").to_owned()).collect()
    };
    assert_eq!(names(&first), ["administrator", "an.nguyen", "chi"]);
    let cursor = text(&first, "next_cursor");
    let rest = administrator.get(&format!("{STAFF}?cursor={cursor}")).await.expect(200);
    assert_eq!((names(&rest), &rest["next_cursor"]), (vec!["dung".to_owned()], &Value::Null));
    let of_fire = administrator.get(&format!("{STAFF}?agency=fire&role=officer")).await;
    assert_eq!(names(&of_fire.expect(200)).len(), 3);
    let roles = administrator.get("/v1/admin/roles").await.expect(200);
    assert_eq!(roles["items"].as_array().unwrap().len(), Role::STAFF.len());
    assert_eq!(roles["items"][0]["totp_required"], true);
    let right = json!({ "right": "handle_emergencies", "reach": "agency" });
    assert!(roles["items"][0]["rights"].as_array().unwrap().contains(&right));
}

#[apply(every_store)]
#[actix_web::test]
async fn who_lost_their_app_sets_up_another(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let (invited, _) = hired(&service, &administrator, binh()).await;
    let name = json!({ "username": "binh", "password": PHRASE });
    let enrolment = service.anonymous().post("/v1/auth/staff/totp", name.clone()).await.expect(200);
    let secret = totp_rs::Secret::try_from_base32(text(&enrolment, "secret")).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let at = u64::try_from(service.app.now().at.timestamp()).unwrap();
    let mut confirm = name.clone();
    confirm["code"] = app.generate(at).to_string().into();
    service.anonymous().post("/v1/auth/staff/totp/confirm", confirm).await.expect(200);
    let login = "/v1/auth/staff/login";
    let asked = service.anonymous().post(login, name.clone()).await.expect(401);
    assert_eq!(asked["code"], "totp_required", "who has an app uses it, whatever their role");
    administrator.delete(&format!("{}/totp", path(&invited))).await.expect(204);
    service.anonymous().post(login, name).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_gets_a_new_password_by_inviting_themselves(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let page = administrator.get(&format!("{STAFF}?role=administrator")).await.expect(200);
    let own = format!("{STAFF}/{}/invitation", text(&page["items"][0], "id"));
    let told = administrator.post(&own, json!({ "reason": "Quên mật khẩu" })).await.expect(403);
    assert_eq!(told["code"], "forbidden");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_new_password_for_a_colleague_is_no_secret_to_them(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let (invited, caller) = hired(&service, &administrator, binh()).await;
    let again = format!("{}/invitation", path(&invited));
    let told = administrator.post(&again, json!({})).await.expect(422);
    assert_eq!(told["errors"][0]["pointer"], "/reason");
    let reason = json!({ "reason": "Quên mật khẩu" });
    let recovery = administrator.post(&again, reason).await.expect(201);
    assert!(is_out(&caller).await, "their sessions end at once");
    let login = json!({ "username": "binh", "password": PHRASE });
    let tokens = service.anonymous().post("/v1/auth/staff/login", login.clone()).await.expect(200);
    let caller = service.anonymous().bearing(text(&tokens, "access_token"));
    let inbox = caller.get("/v1/staff/notifications").await.expect(200);
    assert_eq!(inbox["items"][0]["kind"], "staff.recovery_begun");
    let auditor = service.staff("auditor", Role::Auditor, "province").await;
    let trail = auditor.get("/v1/admin/audit?action=staff.recovery_begun").await.expect(200);
    assert_eq!(trail["items"][0]["reason"], "Quên mật khẩu");
    let next = json!({ "password": "một con ngựa đau cả tàu bỏ cỏ" });
    service.anonymous().post(&invitation(&recovery), next).await.expect(204);
    service.anonymous().post("/v1/auth/staff/login", login).await.expect(401);
}

#[apply(every_store)]
#[actix_web::test]
async fn nobody_alone_takes_password_and_app_from_a_colleague(#[case] store: Store) {
    let service = store.service().await;
    let one = service.administrator().await;
    let other = service.staff("other-admin", Role::Administrator, "province").await;
    let reason = json!({ "reason": "Quên mật khẩu" });
    for (first, username) in [("totp", "binh"), ("invitation", "chi")] {
        let who = json!({ "username": username, "role": "officer", "agency": "province" });
        let (invited, _) = hired(&service, &one, who).await;
        let (app, link) =
            (format!("{}/totp", path(&invited)), format!("{}/invitation", path(&invited)));
        let told = if first == "totp" {
            one.delete(&app).await.expect(204);
            one.post(&link, reason.clone()).await.expect(403)
        } else {
            one.post(&link, reason.clone()).await.expect(201);
            one.delete(&app).await.expect(403)
        };
        assert_eq!(told["code"], "second_administrator_required");
        if first == "totp" {
            other.post(&link, reason.clone()).await.expect(201);
        } else {
            other.delete(&app).await.expect(204);
        }
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn an_open_invitation_ends_with_the_password_or_the_post_it_was_for(#[case] store: Store) {
    let service = store.service().await;
    let administrator = service.administrator().await;
    let (invited, _) = hired(&service, &administrator, binh()).await;
    let again = format!("{}/invitation", path(&invited));
    let reason = json!({ "reason": "Quên mật khẩu" });
    let recovery = administrator.post(&again, reason).await.expect(201);
    let next = "một con ngựa đau cả tàu bỏ cỏ";
    let change = json!({ "username": "binh", "password": PHRASE, "new_password": next });
    service.anonymous().post("/v1/auth/staff/password", change).await.expect(204);
    service.anonymous().get(&invitation(&recovery)).await.expect(404);
    let who = json!({ "username": "chi", "role": "officer", "agency": "commune-05443" });
    let newcomer = administrator.post(STAFF, who).await.expect(201);
    for change in [json!({ "disabled": true }), json!({ "disabled": false })] {
        let seen = version(&administrator, &path(&newcomer)).await;
        administrator.with("If-Match", &seen).patch(&path(&newcomer), change).await.expect(200);
    }
    service.anonymous().get(&invitation(&newcomer)).await.expect(404);
}
