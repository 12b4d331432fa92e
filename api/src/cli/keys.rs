//! `keys`: the keys of the service.

use clap::{Args, Subcommand};
use domain::Moment;
use infra::{
    database::Database,
    identity::{Keyring, MasterKey, Rotated, Rotation},
    vault::{reseal, reseal_all},
};

use super::{Failure, say};
use crate::{Surroundings, settings::Settings};

/// What to do with keys.
#[derive(Subcommand)]
pub(super) enum Keys {
    /// Make a new key for access tokens. Running servers take it over by themselves.
    Rotate(Rotate),
    /// Seal all personal data anew under the key in use. The service may go on running. After an
    /// interruption give the command again.
    Reseal(Reseal),
}

/// How to rotate.
#[derive(Args)]
pub(super) struct Rotate {
    /// The earlier keys are in wrong hands: their tokens mean nothing any more, and everybody has
    /// to refresh theirs.
    #[arg(long)]
    at_once: bool,
}

/// How to seal anew.
#[derive(Args)]
pub(super) struct Reseal {
    /// Make a new key first. Give the command again without this a minute later: until then other
    /// replicas may have sealed something under the old key.
    #[arg(long)]
    new_key: bool,
}

pub(super) async fn run(settings: &Settings, command: Keys) -> Result<(), Failure> {
    let now = Surroundings::real(settings)?.now();
    let options = settings.database()?;
    let file = settings.master_key_file.as_deref();
    let master = MasterKey::find(file, &settings.var, &options.url, &now)?;
    let database = Database::open(&options).await?;
    Keyring::open(&database, &master, now.clone()).await?;
    match command {
        Keys::Rotate(command) => rotate(&database, &master, now, command).await,
        Keys::Reseal(command) => seal_anew(&database, &master, now, command).await,
    }
}

async fn rotate(
    database: &Database,
    master: &MasterKey,
    now: Moment,
    Rotate { at_once }: Rotate,
) -> Result<(), Failure> {
    let rotation = if at_once { Rotation::AtOnce } else { Rotation::Overlap };
    let Rotated { id, signs_from } = Keyring::rotate(database, master, now, rotation).await?;
    say(&format!("key {id} is published now and signs from {}", signs_from.format("%T UTC")));
    Ok(())
}

async fn seal_anew(
    database: &Database,
    master: &MasterKey,
    now: Moment,
    Reseal { new_key }: Reseal,
) -> Result<(), Failure> {
    if new_key {
        Keyring::replace_sealing_key(database, master, now).await?;
        say("a new key seals from now on");
    }
    reseal_all(database).await?;
    let sealed = reseal(database).await?;
    say(&format!("{sealed} values were sealed anew"));
    Ok(())
}
