//! Signing in as staff, and the people of the demonstration.

use std::{fs, os::unix::fs::PermissionsExt as _};

use api::identity::demo;
use domain::identity::{
    DemoPeople, NewStaff, OpenDemoError, Role, StaffRepository as _, add_staff,
};
use insta::{allow_duplicates, assert_json_snapshot};
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Service, Store};

use crate::every_store;

async fn login(service: &Service, username: &str, password: &str) -> Answer {
    let body = json!({ "username": username, "password": password });
    service.anonymous().with("X-Request-Id", "req-1").post("/v1/auth/staff/login", body).await
}

async fn refresh(service: &Service, tokens: &Value) -> Answer {
    let body = json!({ "refresh_token": tokens["refresh_token"] });
    service.anonymous().post("/v1/auth/refresh", body).await
}

/// Adds somebody who is not there for show.
async fn hire(service: &Service) {
    let now = service.app.now();
    let new = NewStaff {
        username: "binh".parse().unwrap(),
        role: Role::Officer,
        agency: "province".parse().unwrap(),
        password: String::new().into(),
    };
    service.app.database.write(move |tx| add_staff(tx, &now, new)).await.unwrap();
}

/// The accounts in the file that the demonstration writes.
fn accounts(service: &Service) -> Vec<Value> {
    let file = service.app.settings.var.join("demo-accounts.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    serde_json::from_slice(&fs::read(&file).unwrap()).unwrap()
}

async fn enter(service: &Service, account: &Value) -> Answer {
    let text = |name: &str| account[name].as_str().unwrap_or_default();
    login(service, text("username"), text("password")).await
}

#[apply(every_store)]
#[actix_web::test]
async fn a_staff_member_signs_in_and_stays_so(#[case] store: Store) {
    let service = store.service().await;
    demo::open(&service.app).await.unwrap();
    let officer = accounts(&service).into_iter().find(|one| one["agency"] == "commune-05443");
    let tokens = enter(&service, &officer.unwrap()).await.expect(200);
    allow_duplicates! {
        assert_json_snapshot!(tokens, {
            ".access_token" => "[jwt]", ".refresh_token" => "[token]", ".staff.id" => "[id]"
        }, @r#"
        {
          "access_token": "[jwt]",
          "expires_in": 600,
          "refresh_token": "[token]",
          "staff": {
            "agency": "commune-05443",
            "id": "[id]",
            "role": "officer",
            "username": "officer-commune-05443"
          },
          "token_type": "Bearer"
        }
        "#);
    }
    let renewed = refresh(&service, &tokens).await.expect(200);
    assert_eq!(renewed["staff"], tokens["staff"]);
    let caller = service.anonymous().bearing(renewed["access_token"].as_str().unwrap());
    caller.post("/v1/auth/logout", json!({})).await.expect(204);
    refresh(&service, &renewed).await.expect(401);
}

#[apply(every_store)]
#[actix_web::test]
async fn an_unknown_name_is_answered_like_a_wrong_password(#[case] store: Store) {
    let service = store.service().await;
    demo::open(&service.app).await.unwrap();
    let account = accounts(&service).remove(0);
    let wrong = login(&service, account["username"].as_str().unwrap(), "wrong password").await;
    let unknown = login(&service, "nobody-here", "wrong password").await;
    let no_name = login(&service, "' OR 1=1 --", "").await;
    let wrong = wrong.expect(401);
    assert_eq!(wrong["code"], "invalid_credentials");
    assert_eq!(wrong, unknown.expect(401));
    assert_eq!(wrong, no_name.expect(401));
}

#[apply(every_store)]
#[actix_web::test]
async fn who_was_disabled_is_nobody(#[case] store: Store) {
    let service = store.service().await;
    demo::open(&service.app).await.unwrap();
    let account = accounts(&service).remove(0);
    let tokens = enter(&service, &account).await.expect(200);
    demo::close(&service.app).await.unwrap();
    let refused = enter(&service, &account).await.expect(401);
    assert_eq!(refused, login(&service, "nobody-here", "wrong password").await.expect(401));
    refresh(&service, &tokens).await.expect(401);
}

#[apply(every_store)]
#[actix_web::test]
async fn the_demonstration_has_everybody_and_can_be_repeated(#[case] store: Store) {
    let service = store.service().await;
    let people = demo::open(&service.app).await.unwrap();
    let first = accounts(&service);
    for role in Role::STAFF {
        let account = first.iter().find(|account| account["role"] == role.as_str()).unwrap();
        assert_eq!(account["agency"], "province", "the first {role} sees everything");
    }
    let agencies: Vec<_> = first.iter().skip(Role::STAFF.len()).map(|one| &one["agency"]).collect();
    assert_eq!(
        agencies,
        ["police", "fire", "commune-05443", "", "", ""]
            .map(|agency| { if agency.is_empty() { Value::Null } else { json!(agency) } })
            .iter()
            .collect::<Vec<_>>()
    );
    let citizen = json!({ "role": "citizen", "phone": "+84900000001" });
    assert_eq!(first.iter().find(|account| account["role"] == "citizen"), Some(&citizen));
    let again = demo::open(&service.app).await.unwrap();
    let ids = |people: &DemoPeople| people.staff.iter().map(|staff| staff.id).collect::<Vec<_>>();
    assert_eq!(ids(&again), ids(&people));
    assert_eq!(again.citizens, people.citizens);
    enter(&service, &first[0]).await.expect(401);
    enter(&service, &accounts(&service)[0]).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_store_in_real_use_has_no_demonstration(#[case] store: Store) {
    let service = store.service().await;
    hire(&service).await;
    let refused = demo::open(&service.app).await.err().unwrap();
    assert!(matches!(refused, demo::DemoError::Open(OpenDemoError::RealStaff)), "{refused}");
    let demo_staff = service.app.database.read(|tx| tx.staff_by_username("officer-province")).await;
    assert_eq!(demo_staff.unwrap(), None);
}
