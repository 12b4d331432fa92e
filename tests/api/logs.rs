//! What the log and the problems say: never who somebody is, where they are, or what they said.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use serde_json::json;
use tests::{Store, tamper};

use crate::me_personal::decide;

/// Everything this process has logged since the test began.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Kept;

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn keep_log() {
    let filter = "info,api=trace,domain=trace,infra=trace";
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(|| Kept)
        .try_init()
        .expect("nobody else keeps the log");
}

/// Numbers, places and words that nobody else in this process has.
const SECRETS: [&str; 6] =
    ["977112233", "21.591234", "khong-ai-biet", "001099112233", "me-cua-toi", "thuoc-rieng"];

fn assert_silent(what: &str, said: &str) {
    for secret in SECRETS {
        assert!(!said.contains(secret), "{what} tells {secret}: {said}");
    }
}

#[actix_web::test]
async fn neither_log_nor_problems_tell_who_somebody_is() {
    keep_log();
    let service = Store::Sqlite.service().await;
    let anonymous = service.anonymous();
    let phone = "+84977112233";
    anonymous.post("/v1/auth/otp", json!({ "phone": phone })).await.expect(202);
    service.code_sent_to(phone).await;
    let an = service.citizen("an").await;
    for purpose in ["medical_card", "emergency_contacts"] {
        decide(&an, purpose, true).await;
    }
    an.put("/v1/me/medical-card", json!({ "medications": ["thuoc-rieng"] })).await.expect(200);
    let contact = json!({ "name": "me-cua-toi", "phone": phone });
    an.put("/v1/me/emergency-contacts", json!({ "items": [contact] })).await.expect(200);
    let call = json!({
        "note": "khong-ai-biet", "phone": phone, "location": { "lat": 21.591_234, "lon": 105.84 }
    });
    an.post("/v1/emergencies", call).await.expect(201);
    // What is refused is told by field and code, never by value.
    let problems = [
        anonymous.post("/v1/auth/otp", json!({ "phone": "+84977112233x" })).await,
        anonymous.post("/v1/auth/otp", json!({ "phone": phone, "cccd": "001099112233" })).await,
        anonymous.post("/v1/auth/otp", json!({ "phone": phone })).await,
        an.put("/v1/me/medical-card", json!({ "note": ["khong-ai-biet"] })).await,
        an.put("/v1/me/medical-card", json!({ "blood_type": "001099112233" })).await,
        an.put("/v1/me/emergency-contacts", json!({ "items": [{ "name": "me-cua-toi" }] })).await,
        an.post("/v1/me/requests", json!({ "kind": "me-cua-toi", "text": "001099112233" })).await,
        an.post("/v1/me/devices", json!({ "platform": "001099112233" })).await,
        anonymous.get("/v1/communes/locate?lat=21.591234&lon=khong-ai-biet").await,
        anonymous.get("/v1/feedback/track/001099112233?token=khong-ai-biet").await,
    ];
    for problem in problems {
        assert!(problem.status() >= 400, "{}", problem.text());
        assert_silent("a problem", problem.text());
    }
    // A store in which something cannot be opened.
    let url = service.app.settings.database().unwrap().url;
    tamper(&url, "UPDATE citizen SET phone = x'00'; UPDATE emergency SET said = x'00'");
    let broken = an.get("/v1/me").await;
    assert_eq!(broken.status(), 500);
    assert_silent("a defect", broken.text());
    let log = LOG.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let log = String::from_utf8_lossy(&log).into_owned();
    assert!(log.contains("citizen.phone cannot be opened"), "the log was kept");
    assert_silent("the log", &log);
}
