//! Many dispatchers claim the same call at the same moment.

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Caller, enrolled};

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
        let caller = enrolled(&Caller::new(&server.server.url("")), &username, PHRASE).await;
        tokens.push(caller.token().to_owned());
    }
    Ok(tokens)
}
