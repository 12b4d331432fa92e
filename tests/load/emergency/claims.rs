//! Many dispatchers claim the same call at the same moment.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{Options, Outcome, report::Finding, store::Store, subject::Subject};

use super::{scene::Scene, under_way};

/// How many claim each call.
const CLAIMANTS: usize = 20;
/// How many calls they claim.
const CALLS: u64 = 1_000;
const PHRASE: &str = "con trâu là đầu cơ nghiệp";

/// How often exactly one of them got it, on the shared store through two replicas.
pub(super) async fn measured(_: &Options, store: &Store) -> Outcome<Vec<Finding>> {
    under_way("claims")?;
    let (replicas, place) = match store {
        Store::Embedded => (1, "in one process"),
        Store::Postgres { .. } => (2, "on two replicas"),
    };
    let scene = Scene::set(store, "claims", replicas).await?;
    let claimants = hired(scene.last()?).await?;
    let mut settled = 0;
    for _ in 0..CALLS {
        let path = format!("/v1/dispatch/emergencies/{}/claim", scene.raise("police").await?);
        let nothing = json!({});
        let claims = claimants.iter().zip(scene.replicas.iter().cycle());
        let claims = claims.map(|(token, replica)| replica.status_of(&path, &nothing, token));
        let answers = join_all(claims).await.into_iter().collect::<Outcome<Vec<u16>>>()?;
        let of = |status: u16| answers.iter().filter(|&&answer| answer == status).count();
        settled += u64::from(of(200) == 1 && of(409) == CLAIMANTS - 1);
    }
    let what = format!("20 claim the same call at once, {place}: exactly one wins");
    Ok(vec![Finding::always(&what, settled, CALLS)])
}

/// The access tokens of dispatchers who were invited, accepted and set up an authenticator app.
async fn hired(server: &Subject) -> Outcome<Vec<String>> {
    let administrator = server.token("administrator").await?;
    let mut tokens = Vec::new();
    for number in 0..CLAIMANTS {
        let username = format!("claimant-{number}");
        let who = json!({ "username": username, "role": "dispatcher", "agency": "police" });
        let invited: Value = server.sent("/v1/admin/staff", &who, &administrator).await?;
        let invitation = invited["invitation_token"].as_str().ok_or("no invitation")?;
        let path = format!("/v1/auth/staff/invitations/{invitation}");
        server.status_of(&path, &json!({ "password": PHRASE }), "").await?;
        let mut login = json!({ "username": username, "password": PHRASE });
        login["totp"] = recovery_code(server, &login).await?.into();
        let login: Value = server.sent("/v1/auth/staff/login", &login, "").await?;
        tokens.push(login["access_token"].as_str().ok_or("no token")?.to_owned());
    }
    Ok(tokens)
}

/// Sets up an app for whoever has `name` and password, and gives a code to sign in with once.
async fn recovery_code(server: &Subject, name: &Value) -> Outcome<String> {
    let enrolment: Value = server.sent("/v1/auth/staff/totp", name, "").await?;
    let secret = enrolment["secret"].as_str().ok_or("no secret")?;
    let secret = totp_rs::Secret::try_from_base32(secret).map_err(|error| error.to_string())?;
    let app = totp_rs::Builder::new().with_secret(secret).build()?;
    let mut confirmation = name.clone();
    confirmation["code"] = app.generate_current().to_string().into();
    let codes: Value = server.sent("/v1/auth/staff/totp/confirm", &confirmation, "").await?;
    Ok(codes["recovery_codes"][0].as_str().ok_or("no recovery codes")?.to_owned())
}
