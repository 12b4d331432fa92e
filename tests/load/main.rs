//! The load bench: what the server does in a second, beside what the same machine does at best.
//!
//! Server, floor and generator share the processors of this machine; so ratios say more than rates.

mod cpu;
mod drive;
mod emergency;
mod feedback;
mod flood;
mod floor;
mod general;
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

use clap::{Parser, Subcommand, ValueEnum};

use measure::Plan;
use report::Finding;
use store::Store;
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
    /// Measure these parts only, separated by commas.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    only: Vec<Topic>,
    /// How many closed emergencies lie behind the queue that is read.
    #[arg(long, default_value_t = 5_000_000)]
    closed: u32,
    /// Write the goals and ratios into docs/PERFORMANCE.md.
    #[arg(long)]
    write_docs: bool,
    #[command(subcommand)]
    command: Option<Part>,
}

/// A part of the bench that runs as a process of its own.
#[derive(Subcommand)]
enum Part {
    /// Be the floor server.
    #[command(hide = true)]
    Floor { address: SocketAddr, answer: PathBuf },
}

/// What can be measured by itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Topic {
    /// Starts, memory, everything that is read, tokens, logins.
    General,
    /// All that follows.
    Emergency,
    /// Raising emergencies, and telling positions.
    Raise,
    /// From the answer to the caller to the event in a dispatcher's hand.
    Events,
    /// Streams that wait, and come back all at once.
    Idle,
    /// The queue before many open and very many closed emergencies.
    Queue,
    /// Claims of the same call at once.
    Claims,
    /// What strangers and officers ask of a million reports.
    Feedback,
}

impl Options {
    /// How to measure, with files in `folder`.
    fn plan<'f>(&self, folder: &'f Path) -> Plan<'f> {
        Plan { rounds: self.rounds, length: Duration::from_secs(self.seconds), folder }
    }

    /// Whether `topic` is asked for by its own name, or with everything.
    fn wants(&self, topic: Topic) -> bool {
        self.only.is_empty() || self.only.contains(&topic)
    }
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
    let general = if options.wants(Topic::General) {
        general::measured(&options, &store).await?
    } else {
        Vec::new()
    };
    let (calls, all_calls) = emergency::measured(&options, &store).await?;
    let reports = if options.wants(Topic::Feedback) {
        feedback::measured(&options, &store).await?
    } else {
        Vec::new()
    };
    for findings in [&general, &calls, &reports] {
        write!(std::io::stdout(), "\nOn {}:\n\n{}", store.name(), report::in_full(findings))?;
    }
    if options.write_docs && BUILD == Build::Release {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/PERFORMANCE.md");
        let table = format!("{}, emergencies", store.name());
        report::write_into(&docs, store.name(), &general, options.wants(Topic::General))?;
        report::write_into(&docs, &table, &calls, all_calls)?;
        let table = format!("{}, feedback", store.name());
        report::write_into(&docs, &table, &reports, options.wants(Topic::Feedback))?;
    }
    if general.iter().chain(&calls).chain(&reports).any(Finding::is_missing) {
        return Err("something could not be measured".into());
    }
    Ok(())
}

/// Tells the person waiting what is under way.
fn say(step: &str) -> Outcome<()> {
    Ok(writeln!(std::io::stderr(), "... {step}")?)
}
