//! `staff`: the people who work for the province.

use std::io::Read as _;

use clap::{
    Args, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use domain::{
    Moment, StoreError,
    audit::{self, Actor},
    directory::{AgencyCode, AgencyRepository as _, AgencyTree, shipped_agencies},
    identity::{
        self, AddStaffError, Invited, NewStaff, Password, Passwords as _, Role, StaffMember,
        StaffRepository as _, Username,
    },
};
use infra::{
    database::{Database, Transaction},
    dataset::{Dataset, active_versions, load_shipped},
    identity::{Argon2Passwords, Keyring, MasterKey, ShippedPasswords},
};

use super::{Failure, say};
use crate::{Surroundings, settings::Settings};

/// What to do with staff.
#[derive(Subcommand)]
pub(super) enum Staff {
    /// Add somebody to the staff, with a password from the standard input.
    Add(Add),
    /// Invite somebody to the staff: they choose their password themselves.
    Invite(Post),
    /// Sign somebody out everywhere and let them sign in no more.
    Disable(Named),
    /// Take the authenticator app of somebody out of use who lost it; they set up another one.
    ResetTotp(Named),
}

/// Who to add.
#[derive(Args)]
pub(super) struct Add {
    #[command(flatten)]
    post: Post,
    /// Read the password from the standard input: 12 to 256 characters.
    #[arg(long, required = true)]
    password_stdin: bool,
}

/// Who does what, and where.
#[derive(Args)]
pub(super) struct Post {
    /// The name to sign in with: 3 to 40 lower-case letters, digits, dots, hyphens, underscores.
    username: Username,
    /// What they do.
    #[arg(long, value_parser = roles())]
    role: Role,
    /// Where they do it, such as police or commune-05443.
    #[arg(long, default_value_t = AgencyCode::province())]
    agency: AgencyCode,
}

/// Somebody on the staff.
#[derive(Args)]
pub(super) struct Named {
    /// The name they sign in with.
    username: Username,
}

fn roles() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::STAFF.map(Role::as_str)).try_map(|name| name.parse::<Role>())
}

pub(super) async fn run(settings: &Settings, command: Staff) -> Result<(), Failure> {
    let surroundings = Surroundings::real(settings)?;
    let database = Database::open(&settings.database()?).await?;
    load_shipped(&database, &|| surroundings.now()).await?;
    let now = surroundings.now();
    match command {
        Staff::Add(Add { post, .. }) => add(&database, now, post).await,
        Staff::Invite(post) => invite(settings, &database, now, post).await,
        Staff::Disable(Named { username }) => {
            let done = format!("{username} is signed out and cannot sign in any more");
            let dismiss = move |tx: &mut Transaction<'_>| {
                let member = named(tx, &username)?;
                audit::record_of(tx, &now, Actor::OPERATOR, "staff.disabled", &member.id, None)?;
                identity::dismiss(tx, &now, member).map_err(Failure::from)
            };
            told(&database, dismiss, &done).await
        }
        Staff::ResetTotp(Named { username }) => {
            let done = format!("{username} has to set up an authenticator app anew");
            let reset = move |tx: &mut Transaction<'_>| {
                let member = named(tx, &username)?;
                audit::record_of(tx, &now, Actor::OPERATOR, "staff.totp_reset", &member.id, None)?;
                identity::reset_totp(tx, &now, member).map_err(Failure::from)
            };
            told(&database, reset, &done).await
        }
    }
}

/// Does `work`, and says that it is `done`.
async fn told(
    database: &Database,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<StaffMember, Failure> + Send + 'static,
    done: &str,
) -> Result<(), Failure> {
    database.write(work).await?;
    say(done);
    Ok(())
}

fn named(tx: &mut Transaction<'_>, username: &Username) -> Result<StaffMember, Failure> {
    let member = tx.staff_by_username(username.as_str())?;
    member.ok_or_else(|| format!("there is nobody called {username}").into())
}

async fn add(database: &Database, now: Moment, post: Post) -> Result<(), Failure> {
    let password = read_password()?.acceptable(&post.username, &ShippedPasswords::open()?)?;
    check_agency(database, &post.agency).await?;
    let (salt, passwords) = (now.random(), Argon2Passwords::new(&now));
    let password = passwords.run(move |hashing| hashing.hash(&password, salt)).await?;
    let Post { username, role, agency } = post;
    let added = format!("{username} was added as {role} of {agency}");
    let what = identity::post(role, &agency);
    let new = NewStaff { username, role, agency, password };
    database
        .write(move |tx| {
            let id = identity::add_staff(tx, &now, new)?;
            audit::record_of(tx, &now, Actor::OPERATOR, "staff.added", &id, Some(&what))?;
            Ok::<_, AddStaffError>(id)
        })
        .await?;
    say(&added);
    Ok(())
}

async fn invite(
    settings: &Settings,
    database: &Database,
    now: Moment,
    post: Post,
) -> Result<(), Failure> {
    check_agency(database, &post.agency).await?;
    let file = settings.master_key_file.as_deref();
    let master_key = MasterKey::find(file, &settings.var, database.url(), &now)?;
    let keys = Keyring::open(database, &master_key, now.clone()).await?;
    let Post { username, role, agency } = post;
    let invite = move |tx: &mut Transaction<'_>| {
        let invited = identity::invite(tx, &keys, &now, (username, role, agency))?;
        let (who, what) = (invited.member.id, identity::post(role, &invited.member.agency));
        audit::record_of(tx, &now, Actor::OPERATOR, "staff.invited", &who, Some(&what))?;
        Ok::<_, AddStaffError>(invited)
    };
    let Invited { member, token, expires_at } = database.write(invite).await?;
    say(&format!(
        "{} is invited as {} of {} until {}. Hand this over in private; it is shown this once:\n\
         {}/v1/auth/staff/invitations/{}",
        member.username,
        member.role,
        member.agency,
        expires_at.format("%F %R UTC"),
        settings.issuer,
        token.expose()
    ));
    Ok(())
}

async fn check_agency(database: &Database, agency: &AgencyCode) -> Result<(), Failure> {
    let tree = database.read(agencies).await?;
    let known = tree.find(agency).map(|_| ());
    known.ok_or_else(|| format!("there is no agency {agency}").into())
}

/// The agencies there are, by the communes in force.
fn agencies(tx: &mut Transaction<'_>) -> Result<AgencyTree, StoreError> {
    let versions = active_versions(tx)?;
    let communes = versions.iter().find(|version| version.dataset == Dataset::Communes);
    let communes = communes.map(|version| tx.records(version)).transpose()?.unwrap_or_default();
    Ok(AgencyTree::new(shipped_agencies(&communes), tx.changed_agencies()?))
}

/// The first line of the standard input.
fn read_password() -> Result<Password, Failure> {
    let mut typed = String::new();
    std::io::stdin().take(4096).read_to_string(&mut typed)?;
    Ok(Password::from(typed.lines().next().unwrap_or_default()))
}
