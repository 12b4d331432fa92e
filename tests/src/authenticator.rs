//! Staff whose role asks for an authenticator app.

use serde_json::json;

use crate::Caller;

/// Sets up an app for the one who signs in as `username`, and signs them in.
///
/// # Panics
/// When the service does not let them.
pub async fn enrolled(anybody: &Caller, username: &str, password: &str) -> Caller {
    let mut name = json!({ "username": username, "password": password });
    let enrolment = anybody.post("/v1/auth/staff/totp", name.clone()).await.expect(200);
    let secret = totp_rs::Secret::try_from_base32(enrolment["secret"].as_str().unwrap()).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    name["code"] = app.generate_current().to_string().into();
    let confirmed = anybody.post("/v1/auth/staff/totp/confirm", name.clone()).await.expect(200);
    // A code of the app counts once; so does each of these.
    let code = confirmed["recovery_codes"][0].clone();
    let login = json!({ "username": username, "password": password, "totp": code });
    let tokens = anybody.post("/v1/auth/staff/login", login).await.expect(200);
    anybody.bearing(tokens["access_token"].as_str().unwrap())
}
