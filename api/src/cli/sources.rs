//! `sources`: the systems that tell of dossiers.

use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use domain::{
    Moment, StoreError,
    dossier::{Source, SourceRepository as _, admit_source, dismiss_source},
};
use infra::database::{Database, Transaction};

use super::{Failure, open, say};
use crate::{Surroundings, settings::Settings};

/// What to do with sources.
#[derive(Subcommand)]
pub(super) enum Sources {
    /// Admit a system and print its key, which is shown this once.
    Admit(Admit),
    /// List the systems.
    List,
    /// End the key of a system, at once.
    Dismiss(Named),
}

/// Which system to admit.
#[derive(Args)]
pub(super) struct Admit {
    #[command(flatten)]
    named: Named,
    /// For how many days.
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=730))]
    days: u16,
}

/// A system.
#[derive(Args)]
pub(super) struct Named {
    /// What to call it, such as one-stop.
    name: String,
}

pub(super) async fn run(settings: &Settings, command: Sources) -> Result<(), Failure> {
    let now = Surroundings::real(settings)?.now();
    match command {
        Sources::Admit(command) => admit(settings, now, command).await,
        Sources::List => list(&Database::open(&settings.database()?).await?).await,
        Sources::Dismiss(named) => {
            dismiss(&Database::open(&settings.database()?).await?, now, named).await
        }
    }
}

async fn admit(
    settings: &Settings,
    now: Moment,
    Admit { named: Named { name }, days }: Admit,
) -> Result<(), Failure> {
    let (database, keys) = open(settings, &now).await?;
    let taken = format!("there is a system called {name} already: dismiss it first");
    let new = (name, TimeDelta::days(days.into()));
    let admit = move |tx: &mut Transaction<'_>| admit_source(tx, &*keys, &now, new);
    let secret = database.write(admit).await.map_err(|error| match error {
        StoreError::Duplicate => Failure::from(taken),
        other => other.into(),
    })?;
    say(&secret);
    Ok(())
}

async fn list(database: &Database) -> Result<(), Failure> {
    let day = |at: DateTime<Utc>| at.format("%F").to_string();
    let line = |source: Source| {
        let Source { name, prefix, expires_at, used_at, .. } = source;
        let used = used_at.map_or_else(|| "never".to_owned(), day);
        format!("{name}  ctn_k_{prefix}  until {}  last used {used}\n", day(expires_at))
    };
    let sources = database.read(|tx| tx.sources()).await?;
    say(&sources.into_iter().map(line).collect::<String>());
    Ok(())
}

async fn dismiss(database: &Database, now: Moment, Named { name }: Named) -> Result<(), Failure> {
    let nobody = format!("there is no system called {name}");
    let done = format!("{name} can tell of dossiers no more");
    let dismissed =
        database.write(move |tx: &mut Transaction<'_>| dismiss_source(tx, &now, &name)).await?;
    if !dismissed {
        return Err(nobody.into());
    }
    say(&done);
    Ok(())
}
