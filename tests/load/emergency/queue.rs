//! The queue before very many emergencies: of those that ended it must know nothing, and of those
//! that wait it must read one page.

use crate::{
    Options, Outcome,
    drive::Load,
    measure::{Plan, median},
    report::Finding,
    store::Store,
    subject::Subject,
};

use super::{fill, scene::Scene, under_way};

/// How many emergencies are open.
const OPEN: u32 = 100_000;
/// Whose dispatchers read: those of the whole province, and those of an agency that answers for a tenth.
const AGENCIES: [&str; 2] = ["province", "police"];
/// How many stand in each list beforehand: more than a page, and little else.
const FEW: u32 = 25;
/// How much slower the slowest of a hundred reads may become.
const MOST: f64 = 2.0;

/// The queue of the whole province, and that of an agency that answers for a tenth.
pub(super) async fn measured(options: &Options, store: &Store) -> Outcome<Vec<Finding>> {
    under_way("the queue of a quiet day")?;
    let scene = Scene::set(store, "queue", 1).await?;
    for kind in ["police", "medical"] {
        for _ in 0..FEW {
            scene.raise(kind).await?;
        }
    }
    let quiet = slowest(&scene, options).await?;
    under_way("filling the queue")?;
    fill::open(&scene, OPEN)?;
    // What callers said stands in the clear there: at a start it is sealed.
    let scene = scene.started_anew().await?;
    fill::closed(&scene, OPEN, options.closed)?;
    under_way("the queue of a catastrophe")?;
    let full = slowest(&scene, options).await?;
    let names = ["the whole province's", "an agency's tenth"];
    let findings = names.iter().zip(full.iter().zip(quiet)).map(|(name, (full, quiet))| {
        let closed = f64::from(options.closed) / 1e6;
        let what = format!("p99 of the queue, 100,000 open, {closed} million closed: {name}");
        Finding::below(&what, full / quiet, MOST, "times a quiet day's")
    });
    Ok(findings.collect())
}

/// The slowest of a hundred reads of each list, by dispatchers who have just signed in: a start signs
/// out whoever is there for a demonstration.
async fn slowest(scene: &Scene, options: &Options) -> Outcome<Vec<f64>> {
    let tokens = scene.dispatchers(&AGENCIES).await?;
    let (plan, server) = (options.plan(scene.files()), scene.last()?);
    let list = |agency| Load::Get {
        paths: vec!["/v1/dispatch/emergencies?limit=20".to_owned()],
        token: tokens[agency].clone(),
    };
    AGENCIES.iter().map(|&agency| p99(&list(agency), server, options.clients, &plan)).collect()
}

/// The slowest of a hundred reads, in milliseconds: the median of the rounds after a first.
fn p99(list: &Load, server: &Subject, clients: u32, plan: &Plan<'_>) -> Outcome<f64> {
    let round = |_| {
        let url = server.server.url("/");
        let drive = list.drive(&url, clients, plan.length, plan.folder)?;
        if drive.failed > 0.0 { Err("reads of the queue failed".into()) } else { Ok(drive.p99) }
    };
    let rounds = (0..=plan.rounds).map(round).collect::<Outcome<Vec<_>>>()?;
    Ok(median(rounds.into_iter().skip(1)))
}
