//! `audit`: whether the audit log was tampered with.

use std::sync::Arc;

use clap::Subcommand;
use domain::audit::{self, Flaw, FlawKind};
use infra::{
    database::Database,
    identity::{Keyring, MasterKey},
};

use super::{Failure, say};
use crate::{Surroundings, settings::Settings};

/// What to do with the audit log.
#[derive(Clone, Copy, Subcommand)]
pub(super) enum Audit {
    /// Check that nothing in it was changed, removed or reordered; fails when something was.
    Verify,
}

pub(super) async fn run(settings: &Settings, command: Audit) -> Result<(), Failure> {
    let Audit::Verify = command;
    let (options, now) = (settings.database()?, Surroundings::real(settings)?.now());
    let file = settings.master_key_file.as_deref();
    let master_key = MasterKey::find(file, &settings.var, &options.url, &now)?;
    let database = Database::open(&options).await?;
    let keys = Arc::new(Keyring::open(&database, &master_key, now).await?);
    let found = database.snapshot(move |tx| audit::verify(tx, &*keys)).await?;
    say(&format!("{} entries are sealed, {} not yet", found.sealed, found.unsealed));
    for flaw in &found.flaws {
        say(&describe(*flaw));
    }
    match found.flaws.len() {
        0 => Ok(()),
        flaws => Err(format!("the audit log was tampered with: {flaws} flaws").into()),
    }
}

fn describe(Flaw { position, kind }: Flaw) -> String {
    let what = match kind {
        FlawKind::Missing => "entries are missing from here on",
        FlawKind::Changed => "the entry was changed, or stands in another's place",
        FlawKind::PersonalChanged => "name, address or reason were changed",
        FlawKind::StartMoved => "the start of the log was moved",
        FlawKind::EndMoved => "the end of the log was moved, or entries at the end are missing",
        FlawKind::AnchorBroken => "the log does not fit the anchor of that day",
    };
    format!("{position}: {what}")
}
