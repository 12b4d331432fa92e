//! What strangers and officers ask of ten thousand, a hundred thousand and a million reports.

mod fill;
mod questions;

use std::{path::Path, time::Instant};

use crate::{
    BUILD, Options, Outcome, cpu,
    drive::Load,
    measure::{Goal, Operation, Plan, measure, median},
    report::Finding,
    say,
    store::Store,
    subject::Subject,
};
use questions::{list, map, near, previews, submissions};

/// How many reports stand in the store, one measurement after the other.
const COUNTS: [u32; 3] = [10_000, 100_000, 1_000_000];
/// By how much the slowest of a hundred may be slower among the most than among the fewest.
const GROWTH: f64 = 1.5;

/// What is asked of every number of reports.
struct Question {
    name: &'static str,
    load: fn() -> Load,
    /// Milliseconds of processor time.
    goal: f64,
}

const QUESTIONS: [Question; 3] = [
    Question { name: "GET /v1/feedback, 20 rows", load: list, goal: 0.6 },
    Question { name: "GET /v1/feedback?near=, 20 rows", load: near, goal: 0.6 },
    Question { name: "GET /v1/feedback/map", load: map, goal: 1.5 },
];

/// Measures it all, on a store of its own.
pub(crate) async fn measured(options: &Options, store: &Store) -> Outcome<Vec<Finding>> {
    let binary = BUILD.server()?;
    let folder = tempfile::tempdir()?;
    let plan = options.plan(folder.path());
    Subject::start(&binary, store, folder.path()).await?.server.stop()?;
    let (mut findings, mut fewest) = (Vec::new(), Vec::new());
    let mut before = 0;
    for count in COUNTS {
        say(&format!("{count} reports"))?;
        fill::up(store, folder.path(), (before, count))?;
        before = count;
        let subject = started(&binary, store, &plan, count, &mut findings).await?;
        let slowest = QUESTIONS
            .iter()
            .map(|question| p99(&subject, &(question.load)(), options.clients, &plan));
        let slowest = slowest.collect::<Outcome<Vec<_>>>()?;
        if fewest.is_empty() {
            fewest.clone_from(&slowest);
        }
        if Some(&count) == COUNTS.last() {
            let growth = QUESTIONS.iter().zip(fewest.iter().zip(&slowest));
            findings.extend(growth.map(|(question, (few, many))| {
                let what = format!("{}: p99 among 1,000,000 and 10,000", question.name);
                Finding::below(&what, many / few, GROWTH, "times")
            }));
            findings.extend(among_the_most(&subject, store, options, &plan).await?);
        }
        subject.server.stop()?;
    }
    Ok(findings)
}

/// Starts the server on what was filled, and notes how long that takes and what it holds.
async fn started(
    binary: &Path,
    store: &Store,
    plan: &Plan<'_>,
    count: u32,
    findings: &mut Vec<Finding>,
) -> Outcome<Subject> {
    let begin = Instant::now();
    let subject = Subject::start(binary, store, plan.folder).await?;
    let took = subject.server.start_took.as_secs_f64();
    subject.ready("/v1/feedback?limit=1").await?;
    let shown = begin.elapsed().as_secs_f64();
    let memory = cpu::held_at_rest(&subject.server).await?;
    if Some(&count) == COUNTS.last() {
        findings.push(Finding::below("1,000,000 reports: start to ready", took, 3.0, "s"));
        findings.push(Finding::below("1,000,000 reports: to the first list", shown, 20.0, "s"));
        findings.push(Finding::below("1,000,000 reports: memory when idle", memory, 700.0, "MiB"));
    }
    Ok(subject)
}

/// What is held against processors and the store among a million reports.
async fn among_the_most(
    subject: &Subject,
    store: &Store,
    options: &Options,
    plan: &Plan<'_>,
) -> Outcome<Vec<Finding>> {
    let queue = Load::Get {
        paths: vec!["/v1/desk/feedback?limit=20".to_owned()],
        token: subject.token("officer").await?,
    };
    let (senders, least) = match store {
        Store::Embedded => (64, 1.0),
        Store::Postgres { .. } => (32, 0.15),
    };
    let clients = options.clients;
    let questions = QUESTIONS.iter().map(|question| Operation {
        name: question.name,
        load: (question.load)(),
        clients,
        goal: Goal::Cpu(question.goal),
    });
    let mut operations: Vec<_> = questions.collect();
    operations.push(Operation {
        name: "GET /v1/desk/feedback, 20 rows",
        load: queue,
        clients,
        goal: Goal::Cpu(1.0),
    });
    let mut findings = Vec::new();
    let preview = p99(subject, &previews(), clients, plan)?;
    findings.push(Finding::below("POST /v1/feedback/preview: p99", preview, 30.0, "ms"));
    operations.push(Operation {
        name: "POST /v1/feedback",
        load: submissions(),
        clients: senders,
        goal: Goal::OfStore(least),
    });
    for operation in operations {
        say(operation.name)?;
        findings.push(match measure(&operation, &subject.server, store, plan).await {
            Ok(figures) => Finding::of(&operation, figures),
            Err(error) => Finding::missing(&operation, &error.to_string()),
        });
    }
    Ok(findings)
}

/// The slowest of a hundred requests, in milliseconds: the median of the rounds after a first.
fn p99(subject: &Subject, load: &Load, clients: u32, plan: &Plan<'_>) -> Outcome<f64> {
    let url = subject.server.url("/");
    let round = |_| {
        let drive = load.drive(&url, clients, plan.length, plan.folder)?;
        if drive.failed > 0.0 {
            return Err(format!("{} requests failed", drive.failed).into());
        }
        Ok(drive.p99)
    };
    let rounds = (0..=plan.rounds).map(round).collect::<Outcome<Vec<_>>>()?;
    Ok(median(rounds.into_iter().skip(1)))
}
