//! The commands of whoever runs the service.

mod audit;
mod import;
mod keys;
mod serve;
mod sources;
mod staff;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Args, Parser, Subcommand};
use domain::Moment;
use infra::{
    database::Database,
    identity::{Keyring, MasterKey},
};

use crate::{
    access,
    settings::{Settings, SettingsError},
};

/// The server of the citizen app of Thái Nguyên province.
#[derive(Parser)]
#[command(name = "cthainguyen", version, about)]
struct Cli {
    /// Configuration file; cthainguyen.toml in the working directory is read when it is there.
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app (what happens when no command is given).
    Serve(Serve),
    /// Bring the schema of the store up to date.
    Migrate,
    /// Import open data or dossiers from a file; what was in force stays so where nothing can be
    /// taken.
    Import(import::Import),
    /// Manage the people who work for the province.
    #[command(subcommand)]
    Staff(staff::Staff),
    /// Manage the keys of the service.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Manage the systems that tell of dossiers.
    #[command(subcommand)]
    Sources(sources::Sources),
    /// Check the audit log.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Print the description of the interface (OpenAPI, YAML).
    Openapi,
    /// Print who may call what (Markdown).
    Access,
    /// Print the configuration in effect, secrets masked.
    Config,
}

#[derive(Args, Clone, Copy, Debug, Default)]
struct Serve {
    /// Add demo people and a few live cases; their passwords go to demo-accounts.json in `var`.
    #[arg(long)]
    demo: bool,
}

/// A command that failed: what is wrong, and what to do.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command of this process.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    match execute(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say_failure(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn execute(cli: Cli) -> Result<(), Failure> {
    let settings = || Settings::load(cli.config.as_deref(), std::env::vars());
    match cli.command.unwrap_or(Command::Serve(cli.serve)) {
        Command::Serve(options) => serve::serve(settings()?, options).await,
        Command::Migrate => migrate(&settings()?),
        Command::Import(command) => import::run(&settings()?, command).await,
        Command::Staff(command) => staff::run(&settings()?, command).await,
        Command::Keys(command) => keys::run(&settings()?, command).await,
        Command::Sources(command) => sources::run(&settings()?, command).await,
        Command::Audit(command) => audit::run(&settings()?, command).await,
        Command::Openapi => {
            say(&crate::server::document().to_yaml()?);
            Ok(())
        }
        Command::Access => {
            say(&access::matrix(&crate::server::document()));
            Ok(())
        }
        Command::Config => {
            say(&print(cli.config.as_deref())?);
            Ok(())
        }
    }
}

/// The store, with the keys that seal what is personal in it.
async fn open(settings: &Settings, now: &Moment) -> Result<(Database, Arc<Keyring>), Failure> {
    let options = settings.database()?;
    let file = settings.master_key_file.as_deref();
    let master = MasterKey::find(file, &settings.var, &options.url, now)?;
    let database = Database::open(&options).await?;
    let keys = Keyring::open(&database, &master, now.clone()).await?;
    Ok((database, Arc::new(keys)))
}

fn migrate(settings: &Settings) -> Result<(), Failure> {
    let report = infra::database::migrate(&settings.database()?.url)?;
    match report.applied.as_slice() {
        [] => say("the schema is up to date"),
        applied => say(&format!("applied: {}", applied.join(", "))),
    }
    Ok(())
}

fn print(file: Option<&Path>) -> Result<String, SettingsError> {
    Settings::print(file, std::env::vars())
}

/// What a command says to the person who gave it.
#[expect(clippy::print_stdout, reason = "this is what commands answer with")]
pub(crate) fn say(line: &str) {
    println!("{}", line.trim_end());
}

/// How far a command has come, beside its answer.
#[expect(clippy::print_stderr, reason = "the answer of the command goes the other way")]
pub(crate) fn say_progress(line: &str) {
    eprintln!("{line}");
}

#[expect(clippy::print_stderr, reason = "this is where commands complain")]
fn say_failure(line: &str) {
    eprintln!("cthainguyen: {line}");
}
