//! Raising emergencies, against the store's own single rows; and telling positions, against that.

use crate::{
    Options, Outcome,
    drive::{Drive, Load},
    measure::{Goal, Operation, measure, median},
    report::Finding,
    store::Store,
};

use super::{scene::Scene, under_way};

/// How often positions must be told as fast as emergencies are raised.
const POINTS: f64 = 3.0;
/// How many positions one request tells.
const BATCH: f64 = 10.0;

/// Both, on a store of their own.
pub(super) async fn measured(options: &Options, store: &Store) -> Outcome<Vec<Finding>> {
    let (clients, least) = match store {
        Store::Embedded => (64, 1.5),
        Store::Postgres { .. } => (32, 0.35),
    };
    under_way("raising")?;
    let scene = Scene::set(store, "raise", 1).await?;
    let plan = options.plan(scene.files());
    let (server, load) = (&scene.last()?.server, Load::Raise);
    let name = "POST /v1/emergencies";
    let raising = Operation { name, load, clients, goal: Goal::OfStore(least) };
    let raised = match measure(&raising, server, &scene.store, &plan).await {
        Ok(figures) => Finding::of(&raising, figures),
        Err(error) => Finding::missing(&raising, &error.to_string()),
    };

    under_way("positions")?;
    let drive = |load: &Load| -> Outcome<Drive> {
        let drive = load.drive(&server.url("/"), clients, plan.length, plan.folder)?;
        let failed = drive.failed;
        if failed > 0.0 { Err(format!("{failed} requests failed").into()) } else { Ok(drive) }
    };
    let callers = drive(&Load::Called)?.requests;
    // Those under way when the drive ended were perhaps not answered.
    let callers = format!("{callers:.0}").parse::<u64>()?.max(1);
    let mut times = Vec::new();
    for _ in 0..options.rounds {
        let calls = drive(&Load::Raise)?;
        let batches = drive(&Load::Locate { callers })?;
        times.push(batches.rate * BATCH / calls.rate);
    }
    let times = median(times.into_iter());
    let what = "positions told in batches of ten";
    Ok(vec![raised, Finding::at_least(what, times, POINTS, "times the raises")])
}
