//! The load bench: what the server does in a second, beside what the same machine does at best.
//!
//! Server, floor and generator share the processors of this machine; so ratios say more than rates.

mod cpu;
mod drive;
mod feedback;
mod flood;
mod floor;
mod measure;
mod multiplied;
mod queries;
mod report;
mod store;
mod subject;
mod token;

use std::{
    error::Error,
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Parser, Subcommand};
use reqwest::Url;

use drive::Load;
use measure::{Goal, Operation, Plan, measure};
use report::Finding;
use store::Store;
use subject::Subject;
use tests::process::Build;

/// What is measured. The bench built for development drives the server built for development: for
/// trying the bench, not for figures.
const BUILD: Build = if cfg!(debug_assertions) { Build::Dev } else { Build::Release };

/// What came of a step, or why the measurement cannot go on.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures the server against what the machine gives at best.
#[derive(Parser)]
struct Options {
    /// Measure on this PostgreSQL server (postgres://..), which must run on this machine; without
    /// it on an embedded store.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Measure on a private PostgreSQL server that is started for it.
    #[arg(long, conflicts_with = "database_url")]
    postgres: bool,
    /// Seconds of each drive.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How often server and floor take turns.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Clients at once for everything that is read.
    #[arg(long, default_value_t = 16)]
    clients: u32,
    /// Measure this part alone.
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Write the goals and ratios into docs/PERFORMANCE.md.
    #[arg(long)]
    write_docs: bool,
    #[command(subcommand)]
    command: Option<Part>,
}

/// A part of the measurement with a table of its own.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Only {
    /// What strangers and officers ask of a million reports.
    Feedback,
}

/// A part of the bench that runs as a process of its own.
#[derive(Subcommand)]
enum Part {
    /// Be the floor server.
    #[command(hide = true)]
    Floor { address: SocketAddr, answer: PathBuf },
}

#[actix_web::main]
async fn main() -> Outcome<()> {
    let options = Options::parse();
    if let Some(Part::Floor { address, answer }) = options.command {
        return floor::serve(address, answer).await;
    }
    let store = match &options.database_url {
        Some(url) => Store::at(url)?,
        None if options.postgres => Store::private_cluster()?,
        None => Store::Embedded,
    };
    let (findings, table) = match options.only {
        Some(Only::Feedback) => {
            (feedback::find(&options, &store).await?, format!("{}, feedback", store.name()))
        }
        None => (find(&options, &store).await?, store.name().to_owned()),
    };
    write!(std::io::stdout(), "\nOn {table}:\n\n{}", report::in_full(&findings))?;
    if findings.iter().any(Finding::is_missing) {
        return Err("something could not be measured".into());
    }
    if options.write_docs && BUILD == Build::Release {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/PERFORMANCE.md");
        report::write_into(&docs, &table, &findings)?;
    }
    Ok(())
}

async fn find(options: &Options, store: &Store) -> Outcome<Vec<Finding>> {
    let binary = BUILD.server()?;
    let folder = tempfile::tempdir()?;
    let plan = Plan {
        rounds: options.rounds,
        length: Duration::from_secs(options.seconds),
        folder: folder.path(),
    };
    let mut findings = Vec::new();

    say("starting for the first time")?;
    let subject = Subject::start(&binary, store, folder.path()).await?;
    let first = subject.server.start_took;
    findings.push(Finding::below("first start to ready", first.as_secs_f64(), 5.0, "s"));
    cpu::settled(subject.server.pid()).await;
    subject.server.stop()?;
    let subject = Subject::start(&binary, store, folder.path()).await?;
    let later = subject.server.start_took;
    findings.push(Finding::below("later start to ready", later.as_secs_f64(), 1.0, "s"));
    cpu::settled(subject.server.pid()).await;
    let memory = subject.server.resident_mib()?;
    findings.push(Finding::below("memory when idle", memory, 150.0, "MiB"));

    subject.fill().await?;
    for operation in operations(&subject, store, options.clients).await? {
        say(operation.name)?;
        findings.push(match measure(&operation, &subject.server, store, &plan).await {
            Ok(figures) => Finding::of(&operation, figures),
            Err(error) => Finding::missing(&operation, &error.to_string()),
        });
    }
    say("checking tokens")?;
    let checking = token::share(&subject, &plan).await? * 100.0;
    findings.push(Finding::below("an access token's part of a read", checking, 15.0, "% of CPU"));
    say("logins beside emergencies")?;
    let slowed = flood::slowed(&subject.server, &plan).await?;
    let what = format!("p99 of emergencies beside {} logins a second", flood::LOGINS);
    findings.push(Finding::below(&what, slowed, 1.5, "times"));
    say("a hundred thousand procedures")?;
    let queries = queries::from_names(&subject.procedure_names().await?);
    let searches = Load::Get { paths: asking("/v1/search", &queries)?, token: String::new() };
    let (server, driven) = ((binary.as_path(), store), (options.clients, &plan));
    findings.extend(multiplied::measured(subject, server, &searches, driven).await?);
    Ok(findings)
}

/// What is measured, in this order: raising fills the store, so it comes last.
async fn operations(subject: &Subject, store: &Store, clients: u32) -> Outcome<Vec<Operation>> {
    let get = |name, path: &str, goal| {
        let load = Load::Get { paths: vec![path.to_owned()], token: String::new() };
        Operation { name, load, clients, goal }
    };
    let (raisers, least) = match store {
        Store::Embedded => (64, 0.8),
        Store::Postgres { .. } => (32, 0.12),
    };
    let queries = queries::from_names(&subject.procedure_names().await?);
    if queries.len() < queries::DISTINCT {
        return Err(format!("only {} distinct search queries", queries.len()).into());
    }
    let inside = subject.answered(queries::positions()).await?;
    let queue = Load::Get {
        paths: vec!["/v1/dispatch/emergencies?limit=20".to_owned()],
        token: subject.token("dispatcher").await?,
    };
    Ok(vec![
        get("GET /v1/procedures/{code}", "/v1/procedures/1.001193", Goal::OfFloor(0.6)),
        get("GET /v1/hotlines", "/v1/hotlines", Goal::OfFloor(0.5)),
        Operation {
            name: "GET /v1/communes/locate",
            load: Load::Get { paths: inside, token: String::new() },
            clients,
            goal: Goal::OfFloor(0.4),
        },
        get("GET /v1/app/config", "/v1/app/config", Goal::OfFloor(0.5)),
        Operation {
            name: "GET /v1/search?q=",
            load: Load::Get { paths: asking("/v1/search", &queries)?, token: String::new() },
            clients,
            goal: Goal::OfFloorWithin(0.2, 8.0),
        },
        Operation {
            name: "GET /v1/search/suggest?q=",
            load: Load::Get {
                paths: asking("/v1/search/suggest", &queries::half_typed(&queries))?,
                token: String::new(),
            },
            clients,
            goal: Goal::OfFloor(0.35),
        },
        get("GET /v1/feedback, 20 rows", "/v1/feedback?limit=20", Goal::Cpu(0.6)),
        Operation {
            name: "GET /v1/dispatch/emergencies, 20 rows",
            load: queue,
            clients,
            goal: Goal::Cpu(0.6),
        },
        Operation {
            name: "POST /v1/emergencies",
            load: Load::Raise,
            clients: raisers,
            goal: Goal::OfStore(least),
        },
    ])
}

/// The addresses that ask `path` for each of `queries`.
fn asking(path: &str, queries: &[String]) -> Outcome<Vec<String>> {
    let address = |query: &String| {
        let url = Url::parse_with_params(&format!("http://localhost{path}"), [("q", query)])?;
        Ok(url.as_str().trim_start_matches("http://localhost").to_owned())
    };
    queries.iter().map(address).collect()
}

/// Tells the person waiting what is under way.
fn say(step: &str) -> Outcome<()> {
    Ok(writeln!(std::io::stderr(), "... {step}")?)
}
