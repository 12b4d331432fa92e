//! How staff prove themselves: lock-out, authenticator apps, passwords, invitations.

use chrono::TimeDelta;
use domain::identity::{NewStaff, Passwords as _, Role, add_staff};
use futures_util::future::join_all;
use rstest_reuse::apply;
use serde_json::{Value, json};
use tests::{Answer, Caller, PASSWORD, Service, Store};

use crate::every_store;

/// Somebody on the staff of whom nobody says that they are there for show.
struct Person<'s> {
    service: &'s Service,
    username: &'static str,
    password: String,
}

impl<'s> Person<'s> {
    async fn hired(service: &'s Service, username: &'static str, role: Role) -> Self {
        let now = service.app.now();
        let (salt, password) = (now.random(), PASSWORD.into());
        let hash = service.app.passwords.run(move |hashing| hashing.hash(&password, salt)).await;
        let new = NewStaff {
            username: username.parse().unwrap(),
            role,
            agency: "province".parse().unwrap(),
            password: hash.unwrap(),
        };
        service.app.database.write(move |tx| add_staff(tx, &now, new)).await.unwrap();
        Self { service, username, password: PASSWORD.to_owned() }
    }

    /// Calls an address of staff with name, password and `more`.
    async fn call(&self, path: &str, more: Value) -> Answer {
        let mut body = json!({ "username": self.username, "password": self.password });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.service.anonymous().post(path, body).await
    }

    async fn login(&self, more: Value) -> Answer {
        self.call("/v1/auth/staff/login", more).await
    }

    async fn enters(&self, more: Value) -> Caller {
        let tokens = self.login(more).await.expect(200);
        self.service.anonymous().bearing(tokens["access_token"].as_str().unwrap())
    }

    /// Sets up an app; answers it and the recovery codes.
    async fn enrols(&self, more: Value) -> (App, Vec<String>) {
        let enrolment = self.call("/v1/auth/staff/totp", more).await.expect(200);
        let app = App(enrolment["secret"].as_str().unwrap().to_owned());
        assert!(enrolment["uri"].as_str().unwrap().contains(&app.0));
        let code = app.code(self.service, 0);
        let path = "/v1/auth/staff/totp/confirm";
        let confirmed = self.call(path, json!({ "code": code })).await.expect(200);
        let codes: Vec<String> =
            serde_json::from_value(confirmed["recovery_codes"].clone()).unwrap();
        assert_eq!(codes.len(), 10);
        (app, codes)
    }
}

/// An authenticator app.
struct App(String);

impl App {
    /// The code of the step that is `later` from now.
    fn code(&self, service: &Service, later: i64) -> String {
        let secret = totp_rs::Secret::try_from_base32(&self.0).unwrap();
        let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        let at = service.app.now().at.timestamp() + later * 30;
        app.generate(u64::try_from(at).unwrap()).to_string()
    }
}

fn code(answer: Answer, status: u16) -> String {
    answer.expect(status)["code"].as_str().unwrap().to_owned()
}

async fn guess(service: &Service, username: &str) -> Answer {
    let body = json!({ "username": username, "password": "a wrong guess" });
    service.anonymous().with("X-Request-Id", "req-1").post("/v1/auth/staff/login", body).await
}

#[apply(every_store)]
#[actix_web::test]
async fn who_guesses_waits_longer_and_longer_and_so_it_is_for_nobody(#[case] store: Store) {
    let service = store.service().await;
    Person::hired(&service, "binh", Role::Officer).await;
    for username in ["binh", "nobody-here"] {
        for _ in 0..5 {
            guess(&service, username).await.expect(401);
        }
        let held_up = guess(&service, username).await;
        assert_eq!(held_up.header("retry-after"), "30", "{username}");
        assert_eq!(held_up.expect(429)["code"], "rate_limited");
    }
    service.clock.advance(TimeDelta::seconds(30));
    for username in ["binh", "nobody-here"] {
        guess(&service, username).await.expect(401);
        let told = guess(&service, username).await;
        assert_eq!(told.header("retry-after"), "60", "{username}");
    }
    let auditor = service.staff("auditor", Role::Auditor, "province").await;
    let noted = auditor.get("/v1/admin/audit?action=staff.guessed_at").await.expect(200);
    assert_eq!(noted["items"].as_array().unwrap().len(), 4);
}

#[apply(every_store)]
#[actix_web::test]
async fn guesses_made_at_once_are_no_more_than_five(#[case] store: Store) {
    let service = store.service().await;
    Person::hired(&service, "binh", Role::Officer).await;
    let answers = join_all((0..12).map(|_| guess(&service, "binh"))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 401).count(), 5);
    assert_eq!(answers.iter().filter(|answer| answer.status() == 429).count(), 7);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_stranger_locks_nobody_out(#[case] store: Store) {
    let proxy = [("CTN_TRUSTED_PROXIES", "127.0.0.1")];
    let service = Service::configured(store.fresh().await, &proxy).await;
    let binh = Person::hired(&service, "binh", Role::Officer).await;
    let from = |address: &str| service.anonymous().with("X-Forwarded-For", address);
    let path = "/v1/auth/staff/login";
    let right = json!({ "username": "binh", "password": PASSWORD });
    from("203.0.113.1").post(path, right.clone()).await.expect(200);
    let wrong = json!({ "username": "binh", "password": "a wrong guess" });
    for stranger in 0..21 {
        let stranger = from(&format!("198.51.100.{stranger}"));
        for _ in 0..5 {
            stranger.post(path, wrong.clone()).await;
        }
    }
    let new_place = from("192.0.2.1").post(path, right.clone()).await;
    assert_eq!(new_place.expect(429)["code"], "rate_limited", "guesses come from everywhere");
    from("203.0.113.1").post(path, right).await.expect(200);
    drop(binh);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_sees_emergencies_or_runs_the_service_needs_a_second_factor(#[case] store: Store) {
    let service = store.service().await;
    let binh = Person::hired(&service, "binh", Role::Dispatcher).await;
    assert_eq!(code(binh.login(json!({})).await, 403), "totp_enrolment_required");
    let (app, _) = binh.enrols(json!({})).await;
    assert_eq!(code(binh.login(json!({})).await, 401), "totp_required");
    let used = app.code(&service, 0);
    assert_eq!(code(binh.login(json!({ "totp": used })).await, 401), "invalid_credentials");
    let fresh = json!({ "totp": app.code(&service, 1) });
    binh.enters(fresh.clone()).await.get("/v1/dispatch/duty").await.expect(200);
    assert_eq!(code(binh.login(fresh).await, 401), "invalid_credentials", "a step counts once");
    service.clock.advance(TimeDelta::seconds(120));
    let late = json!({ "totp": app.code(&service, -2) });
    assert_eq!(code(binh.login(late).await, 401), "invalid_credentials");
    binh.enters(json!({ "totp": app.code(&service, 0) })).await;
    let chi = Person::hired(&service, "chi", Role::Officer).await;
    chi.enters(json!({})).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn of_two_uses_of_a_code_at_once_one_is_the_second(#[case] store: Store) {
    let service = store.service().await;
    let binh = Person::hired(&service, "binh", Role::Dispatcher).await;
    let (app, _) = binh.enrols(json!({})).await;
    let proof = json!({ "totp": app.code(&service, 1) });
    let answers = join_all((0..4).map(|_| binh.login(proof.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status() == 200).count(), 1);
}

#[apply(every_store)]
#[actix_web::test]
async fn a_recovery_code_stands_in_for_a_lost_app_once(#[case] store: Store) {
    let service = store.service().await;
    let binh = Person::hired(&service, "binh", Role::Dispatcher).await;
    let (_, codes) = binh.enrols(json!({})).await;
    let typed = codes[0].to_lowercase().replace('-', " ");
    binh.enters(json!({ "totp": typed })).await;
    binh.login(json!({ "totp": codes[0] })).await.expect(401);
    let bare = binh.call("/v1/auth/staff/totp", json!({})).await;
    assert_eq!(code(bare, 401), "totp_required", "a password alone replaces no app");
    let (app, fresh) = binh.enrols(json!({ "totp": codes[1] })).await;
    binh.login(json!({ "totp": codes[2] })).await.expect(401);
    binh.enters(json!({ "totp": fresh[0] })).await;
    binh.enters(json!({ "totp": app.code(&service, 1) })).await;
}

#[apply(every_store)]
#[actix_web::test]
async fn a_new_app_or_password_ends_what_was_before(#[case] store: Store) {
    let service = store.service().await;
    let mut chi = Person::hired(&service, "chi", Role::Officer).await;
    let before = chi.enters(json!({})).await;
    before.get("/v1/desk/feedback").await.expect(200);
    let path = "/v1/auth/staff/password";
    for (weak, flaw) in [
        ("short", "too_short"),
        ("password1234", "guessable"),
        ("MatKhau!2026", "guessable"),
        (&"x".repeat(300), "too_long"),
    ] {
        let told = chi.call(path, json!({ "new_password": weak })).await.expect(422);
        assert_eq!(told["errors"][0]["pointer"], "/new_password");
        assert_eq!(told["errors"][0]["code"], flaw, "{weak}");
        service.clock.advance(TimeDelta::minutes(1));
    }
    let next = "con trâu là đầu cơ nghiệp";
    chi.call(path, json!({ "new_password": next })).await.expect(204);
    chi.login(json!({})).await.expect(401);
    chi.password = next.to_owned();
    chi.enters(json!({})).await.get("/v1/desk/feedback").await.expect(200);
    for _ in 0..200 {
        if before.get("/v1/desk/feedback").await.status() == 401 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("what was signed in before still is");
}

#[apply(every_store)]
#[actix_web::test]
async fn a_try_that_nobody_had_time_for_does_not_count(#[case] store: Store) {
    let service = store.service().await;
    let binh = Person::hired(&service, "binh", Role::Officer).await;
    let turns = std::thread::available_parallelism().unwrap().get().div_ceil(2);
    let flood: Vec<_> = (0..turns)
        .map(|_| {
            let (over, waiting) = std::sync::mpsc::channel::<()>();
            let passwords = service.app.passwords.clone();
            actix_web::rt::spawn(async move { passwords.run(move |_| waiting.recv()).await });
            over
        })
        .collect();
    for _ in 0..2 {
        for answer in join_all((0..5).map(|_| binh.login(json!({})))).await {
            answer.expect(503);
        }
    }
    drop(flood);
    binh.login(json!({})).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn who_says_the_code_in_a_second_step_leaves_no_failure_behind(#[case] store: Store) {
    let proxy = [("CTN_TRUSTED_PROXIES", "127.0.0.1")];
    let service = Service::configured(store.fresh().await, &proxy).await;
    let binh = Person::hired(&service, "binh", Role::Dispatcher).await;
    let (app, _) = binh.enrols(json!({})).await;
    let (path, from) = ("/v1/auth/staff/login", |address: String| {
        service.anonymous().with("X-Forwarded-For", &address)
    });
    let wrong = json!({ "username": "binh", "password": "a wrong guess" });
    for guess in 0..97 {
        let stranger = from(format!("198.51.100.{}", guess / 5));
        stranger.post(path, wrong.clone()).await.expect(401);
    }
    for _ in 0..3 {
        service.clock.advance(TimeDelta::seconds(60));
        binh.login(json!({})).await.expect(401);
        binh.enters(json!({ "totp": app.code(&service, 0) })).await;
    }
    let totp = app.code(&service, 1);
    let right = json!({ "username": "binh", "password": PASSWORD, "totp": totp });
    from("192.0.2.1".to_owned()).post(path, right).await.expect(200);
}

#[apply(every_store)]
#[actix_web::test]
async fn staff_prove_themselves_anew_every_day(#[case] store: Store) {
    let service = store.service().await;
    let binh = Person::hired(&service, "binh", Role::Officer).await;
    let mut tokens = binh.login(json!({})).await.expect(200);
    for (hours, status) in [(11, 200), (11, 200), (3, 401)] {
        service.clock.advance(TimeDelta::hours(hours));
        let refresh = json!({ "refresh_token": tokens["refresh_token"] });
        tokens = service.anonymous().post("/v1/auth/refresh", refresh).await.expect(status);
    }
    binh.login(json!({})).await.expect(200);
}
