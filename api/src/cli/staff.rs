//! `staff`: the people who work for the province.

use std::io::Read as _;

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use domain::{
    directory::AgencyCode,
    identity::{self, NewStaff, Password, Passwords as _, Role, Username},
};
use infra::{database::Database, identity::Argon2Passwords};

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
    let now = Surroundings::real(settings).now();
    let password = read_password()?.acceptable()?;
    let (salt, passwords) = (now.random(), Argon2Passwords::new(&now));
    let password = passwords.run(move |hashing| hashing.hash(&password, salt)).await?;
    let Add { username, role, agency, .. } = add;
    let added = format!("{username} was added as {role} of {agency}");
    let new = NewStaff { username, role, agency, password };
    let database = Database::open(&settings.database()?).await?;
    database.write(move |tx| identity::add_staff(tx, &now, new)).await?;
    say(&added);
    Ok(())
}

/// The first line of the standard input.
fn read_password() -> Result<Password, Failure> {
    let mut typed = String::new();
    std::io::stdin().take(4096).read_to_string(&mut typed)?;
    Ok(Password::from(typed.lines().next().unwrap_or_default()))
}
