//! `staff`: the people who work for the province.

use std::io::Read as _;

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use domain::{
    StoreError,
    audit::{self, Actor},
    directory::{Agency, AgencyCode, shipped_agencies},
    identity::{self, AddStaffError, NewStaff, Password, Passwords as _, Role, Username},
};
use infra::{
    database::{Database, Transaction},
    dataset::{Dataset, active_versions, load_shipped},
    identity::Argon2Passwords,
};

use super::{Failure, say};
use crate::{Surroundings, settings::Settings};

/// What to do with staff.
#[derive(Subcommand)]
pub(super) enum Staff {
    /// Add somebody to the staff.
    Add(Add),
}

/// Who to add.
#[derive(Args)]
pub(super) struct Add {
    /// The name to sign in with: 3 to 40 lower-case letters, digits, dots, hyphens, underscores.
    username: Username,
    /// What they do.
    #[arg(long, value_parser = roles())]
    role: Role,
    /// Where they do it, such as police or commune-05443.
    #[arg(long, default_value_t = AgencyCode::province())]
    agency: AgencyCode,
    /// Read the password from the standard input: 12 to 256 characters.
    #[arg(long, required = true)]
    password_stdin: bool,
}

fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::STAFF.map(Role::as_str)).try_map(|name| name.parse::<Role>())
}

pub(super) async fn run(settings: &Settings, command: Staff) -> Result<(), Failure> {
    let Staff::Add(add) = command;
    let surroundings = Surroundings::real(settings);
    let now = surroundings.now();
    let password = read_password()?.acceptable()?;
    let database = Database::open(&settings.database()?).await?;
    load_shipped(&database, &|| surroundings.now()).await?;
    let agencies = database.read(agencies).await?;
    if !agencies.iter().any(|agency| agency.code == add.agency) {
        return Err(format!("there is no agency {}", add.agency).into());
    }
    let (salt, passwords) = (now.random(), Argon2Passwords::new(&now));
    let password = passwords.run(move |hashing| hashing.hash(&password, salt)).await?;
    let Add { username, role, agency, .. } = add;
    let added = format!("{username} was added as {role} of {agency}");
    let new = NewStaff { username, role, agency, password };
    database
        .write(move |tx| {
            let id = identity::add_staff(tx, &now, new)?;
            audit::record_of(tx, &now, Actor::OPERATOR, "staff.added", &id)?;
            Ok::<_, AddStaffError>(id)
        })
        .await?;
    say(&added);
    Ok(())
}

/// The agencies there are, by the communes in force.
fn agencies(tx: &mut Transaction<'_>) -> Result<Vec<Agency>, StoreError> {
    let versions = active_versions(tx)?;
    let communes = versions.iter().find(|version| version.dataset == Dataset::Communes);
    let communes = communes.map(|version| tx.records(version)).transpose()?.unwrap_or_default();
    Ok(shipped_agencies(&communes))
}

/// The first line of the standard input.
fn read_password() -> Result<Password, Failure> {
    let mut typed = String::new();
    std::io::stdin().take(4096).read_to_string(&mut typed)?;
    Ok(Password::from(typed.lines().next().unwrap_or_default()))
}
