//! `keys`: the keys of the service.

use clap::{Args, Subcommand};
use infra::{
    database::Database,
    identity::{Keyring, MasterKey, Rotated, Rotation},
};

use super::{Failure, say};
use crate::{Surroundings, settings::Settings};

/// What to do with keys.
#[derive(Subcommand)]
pub(super) enum Keys {
    /// Make a new key for access tokens. Running servers take it over by themselves.
    Rotate(Rotate),
}

/// How to rotate.
#[derive(Args)]
pub(super) struct Rotate {
    /// The earlier keys are in wrong hands: their tokens mean nothing any more, and everybody has
    /// to refresh theirs.
    #[arg(long)]
    at_once: bool,
}

pub(super) async fn run(settings: &Settings, command: Keys) -> Result<(), Failure> {
    let Keys::Rotate(Rotate { at_once }) = command;
    let now = Surroundings::real(settings).now();
    let options = settings.database()?;
    let file = settings.master_key_file.as_deref();
    let master_key = MasterKey::find(file, &settings.var, &options.url, &now)?;
    let database = Database::open(&options).await?;
    let rotation = if at_once { Rotation::AtOnce } else { Rotation::Overlap };
    let Rotated { id, signs_from } = Keyring::rotate(&database, &master_key, now, rotation).await?;
    say(&format!("key {id} is published now and signs from {}", signs_from.format("%T UTC")));
    Ok(())
}
