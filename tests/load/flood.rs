//! A flood of logins beside calls for help: how much slower the calls become.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{Client, header::CONTENT_TYPE};
use serde_json::json;
use tests::process::Process;
use tokio::{task::JoinSet, time};

use crate::{
    Outcome,
    drive::Load,
    measure::{Plan, median},
};

/// How many logins are offered in a second, whether or not those before were answered.
pub(crate) const LOGINS: u32 = 200;
/// How many callers raise emergencies at once: as many as leave the machine room to answer at once.
const CALLERS: u32 = 4;

/// The slowest of a hundred emergencies beside the flood, as a multiple of the same without it: the
/// median of the rounds. Both are driven in turn.
pub(crate) async fn slowed(server: &Process, plan: &Plan<'_>) -> Outcome<f64> {
    let mut ratios = Vec::new();
    for _ in 0..plan.rounds {
        let quiet = p99(server, plan).await?;
        let over = Arc::new(AtomicBool::new(false));
        let flood = tokio::spawn(flood(server.url("/v1/auth/staff/login"), Arc::clone(&over)));
        time::sleep(Duration::from_secs(1)).await;
        let flooded = p99(server, plan).await;
        over.store(true, Ordering::Release);
        flood.await?;
        ratios.push(flooded? / quiet);
    }
    Ok(median(ratios.into_iter()))
}

/// The slowest of a hundred emergencies, in milliseconds.
async fn p99(server: &Process, plan: &Plan<'_>) -> Outcome<f64> {
    let (url, length, folder) = (server.url("/"), plan.length, plan.folder.to_owned());
    // The generator is waited for, and the flood goes on meanwhile.
    let drive = tokio::task::spawn_blocking(move || {
        Load::Raise.drive(&url, CALLERS, length, &folder).map_err(|error| error.to_string())
    });
    let drive = drive.await??;
    if drive.failed > 0.0 {
        return Err(format!("{} emergencies failed", drive.failed).into());
    }
    Ok(drive.p99)
}

/// Offers logins until it is `over`, each under another name, so that no lock-out spares the work of
/// checking the password. What they are answered is not looked at.
async fn flood(url: String, over: Arc<AtomicBool>) {
    let client = Client::new();
    let mut pace = time::interval(Duration::from_secs(1) / LOGINS);
    let mut under_way = JoinSet::new();
    for number in 0_u64.. {
        if over.load(Ordering::Acquire) {
            return;
        }
        pace.tick().await;
        let name = format!("nobody-{number}");
        let login = json!({ "username": name, "password": "not the password" }).to_string();
        let login = client.post(&url).header(CONTENT_TYPE, "application/json").body(login);
        under_way.spawn(async move { drop(login.send().await) });
        while under_way.try_join_next().is_some() {}
    }
}
