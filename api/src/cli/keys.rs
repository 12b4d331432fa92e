//! `keys`: the keys of the service.

use clap::{Args, Subcommand};
use infra::{
    database::Database,
    identity::{Keyring, MasterKey},
    vault::{reseal, reseal_all},
};

use super::{Failure, say};
use crate::{Surroundings, settings::Settings};

/// What to do with keys.
#[derive(Subcommand)]
pub(super) enum Keys {
    /// Seal all personal data anew under the key in use. The service may go on running. After an
    /// interruption give the command again.
    Reseal(Reseal),
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
    let Keys::Reseal(Reseal { new_key }) = command;
    let now = Surroundings::real(settings)?.now();
    let options = settings.database()?;
    let file = settings.master_key_file.as_deref();
    let master = MasterKey::find(file, &settings.var, &options.url, &now)?;
    let database = Database::open(&options).await?;
    Keyring::open(&database, &master, now.clone()).await?;
    if new_key {
        Keyring::replace_sealing_key(&database, &master, now).await?;
        say("a new key seals from now on");
    }
    reseal_all(&database).await?;
    let sealed = reseal(&database).await?;
    say(&format!("{sealed} values were sealed anew"));
    Ok(())
}
