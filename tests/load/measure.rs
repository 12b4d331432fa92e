//! Measuring one operation: server and floor in turn, in one run, by the same generator.

use std::{path::Path, time::Duration};

use reqwest::{Client, RequestBuilder, header::HeaderMap};
use tests::process::Process;

use crate::{
    Outcome, cpu,
    drive::{Drive, Load},
    floor::{self, Answer},
    store::Store,
};

/// Something that the server does for its clients.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) load: Load,
    pub(crate) clients: u32,
    pub(crate) goal: Goal,
}

/// What an operation must reach.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// At least this part of the floor's requests per second.
    OfFloor(f64),
    /// The same, with the slowest of a hundred requests within so many milliseconds.
    OfFloorWithin(f64, f64),
    /// At least this part of the single rows that the store takes in a second.
    OfStore(f64),
    /// At most so many milliseconds of processor time per request, server and store together.
    Cpu(f64),
}

/// How long and how often to measure, and where to keep files meanwhile.
pub(crate) struct Plan<'a> {
    pub(crate) rounds: u32,
    pub(crate) length: Duration,
    pub(crate) folder: &'a Path,
}

/// What was measured of an operation: the median of the rounds, each.
pub(crate) struct Figures {
    pub(crate) rate: f64,
    pub(crate) floor_rate: f64,
    /// Single rows per second, where the goal asks for them.
    pub(crate) store_rate: Option<f64>,
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    /// Milliseconds of processor time per request.
    pub(crate) server_cpu: f64,
    pub(crate) store_cpu: f64,
    pub(crate) floor_cpu: f64,
    /// Cores that the generator kept busy against the server, and against the floor.
    pub(crate) generator: f64,
    pub(crate) floor_generator: f64,
}

/// One round: a drive of each side, and what the processors did for the server's.
struct Round {
    server: Drive,
    floor: Drive,
    store_rate: Option<f64>,
    server_cpu: f64,
    store_cpu: f64,
    floor_cpu: f64,
}

/// Measures `operation` on `server` over `store`.
pub(crate) async fn measure(
    operation: &Operation,
    server: &Process,
    store: &Store,
    plan: &Plan<'_>,
) -> Outcome<Figures> {
    let answer = typical_answer(&operation.load, server).await?;
    let floor = floor::start(&answer, plan.folder).await?;
    let warm_up = Plan { length: Duration::from_secs(1), ..*plan };
    round(operation, server, &floor, store, &warm_up)?;
    let rounds = (0..plan.rounds).map(|_| round(operation, server, &floor, store, plan));
    let rounds = rounds.collect::<Outcome<Vec<_>>>()?;
    let median = |figure: fn(&Round) -> f64| median(rounds.iter().map(figure));
    let store_rates: Vec<f64> = rounds.iter().filter_map(|round| round.store_rate).collect();
    Ok(Figures {
        rate: median(|round| round.server.rate),
        floor_rate: median(|round| round.floor.rate),
        store_rate: (!store_rates.is_empty()).then(|| self::median(store_rates.into_iter())),
        p50: median(|round| round.server.p50),
        p95: median(|round| round.server.p95),
        p99: median(|round| round.server.p99),
        server_cpu: median(|round| round.server_cpu),
        store_cpu: median(|round| round.store_cpu),
        floor_cpu: median(|round| round.floor_cpu),
        generator: median(|round| round.server.generator),
        floor_generator: median(|round| round.floor.generator),
    })
}

fn round(
    operation: &Operation,
    server: &Process,
    floor: &Process,
    store: &Store,
    plan: &Plan<'_>,
) -> Outcome<Round> {
    let drive = |url: &str| -> Outcome<Drive> {
        let drive = operation.load.drive(url, operation.clients, plan.length, plan.folder)?;
        let failed = drive.failed;
        if failed > 0.0 { Err(format!("{failed} requests failed").into()) } else { Ok(drive) }
    };
    let spent = || (cpu::spent(server.pid()), store.spent(), cpu::spent(floor.pid()));
    let before = spent();
    let server_drive = drive(&server.url("/"))?;
    let between = spent();
    let floor_drive = drive(&floor.url("/"))?;
    let after = spent();
    Ok(Round {
        server_cpu: each(before.0, between.0, &server_drive),
        store_cpu: each(before.1, between.1, &server_drive),
        floor_cpu: each(between.2, after.2, &floor_drive),
        store_rate: match operation.goal {
            Goal::OfStore(_) => {
                Some(store.single_rows(operation.clients, plan.length, plan.folder)?)
            }
            _ => None,
        },
        server: server_drive,
        floor: floor_drive,
    })
}

/// Milliseconds of processor time for each request of `drive`.
fn each(before: Duration, after: Duration, drive: &Drive) -> f64 {
    after.saturating_sub(before).as_secs_f64() * 1e3 / drive.requests.max(1.0)
}

/// The answer of median length among a few of what the clients ask for.
async fn typical_answer(load: &Load, server: &Process) -> Outcome<Answer> {
    let client = Client::new();
    let requests = match load {
        Load::Get { paths, token } => {
            let few = paths.iter().step_by(paths.len().div_ceil(31));
            let ask = |path| authorized(client.get(server.url(path)), token);
            few.map(|path| ask(path)).collect()
        }
        Load::With { path, header: (name, value) } => {
            vec![client.get(server.url(path)).header(*name, *value)]
        }
        Load::Post { path, bodies } => {
            let few = bodies.iter().take(5);
            let post = |body: &String| client.post(server.url(path)).body(body.clone());
            few.map(|body| post(body).header("Content-Type", "application/json")).collect()
        }
        Load::Raise | Load::Called | Load::Locate { .. } => {
            vec![client.post(server.url("/v1/emergencies")).body("{}")]
        }
    };
    let mut answers = Vec::new();
    for request in requests {
        let response = request.send().await?.error_for_status()?;
        answers.push(Answer {
            status: response.status().as_u16(),
            headers: kept_headers(response.headers()),
            body: response.bytes().await?.into(),
        });
    }
    answers.sort_by_key(|answer| answer.body.len());
    let middle = answers.len() / 2;
    answers.into_iter().nth(middle).ok_or_else(|| "there is nothing to ask for".into())
}

/// The request with its bearer token, where there is one.
fn authorized(request: RequestBuilder, token: &str) -> RequestBuilder {
    if token.is_empty() { request } else { request.bearer_auth(token) }
}

/// The headers of an answer, without those that every server makes for itself.
fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let own = ["content-length", "date", "connection", "transfer-encoding"];
    let kept = headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
    kept.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}

pub(crate) fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
