//! People to show the service around with, and the file that says how to sign in as them.

use std::{
    fs, io,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Moment, StoreError,
    directory::AgencyCode,
    identity::{
        self, DemoPeople, InvalidPhone, InvalidUsername, NewStaff, OpenDemoError, Password,
        Passwords as _, Phone, Role,
    },
};
use infra::identity::TooBusy;
use serde::Serialize;

use crate::App;

/// The numbers of the demo citizens, from a range that no network gives out.
const PHONES: [&str; 3] = ["+84900000001", "+84900000002", "+84900000003"];

/// The name of the file, in `var`.
const FILE: &str = "demo-accounts.json";

/// Why there is no demonstration.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The people could not be made.
    #[error(transparent)]
    Open(#[from] OpenDemoError),
    /// Their passwords could not be hashed.
    #[error(transparent)]
    Busy(#[from] TooBusy),
    /// A demo username is none.
    #[error(transparent)]
    Username(#[from] InvalidUsername),
    /// A demo number is none.
    #[error(transparent)]
    Phone(#[from] InvalidPhone),
    /// The file cannot be written.
    #[error("{}: cannot be written ({source}). Correct owner, rights or mount", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// A line of the file: how to sign in as somebody.
#[derive(Serialize)]
#[serde(untagged)]
enum Account {
    Staff { role: Role, username: String, password: String, agency: AgencyCode },
    Citizen { role: Role, phone: String },
}

/// Makes the people of the demonstration, with new passwords each time, and writes the file.
///
/// # Errors
/// [`DemoError`], with [`OpenDemoError::RealStaff`] on a store that is in real use.
pub async fn open(app: &App) -> Result<DemoPeople, DemoError> {
    let now = app.now();
    let mut accounts = Vec::new();
    let mut staff = Vec::new();
    for (username, role, agency) in posts() {
        let password = draw_password(&now);
        staff.push(NewStaff {
            username: username.parse()?,
            role,
            agency: agency.clone(),
            password: hashed(app, &now, &password).await?,
        });
        accounts.push(Account::Staff { role, username, password, agency });
    }
    let mut phones = Vec::new();
    for phone in PHONES {
        phones.push(phone.parse::<Phone>()?);
        accounts.push(Account::Citizen { role: Role::Citizen, phone: phone.to_owned() });
    }
    let people = app.database.write(move |tx| identity::open_demo(tx, &now, staff, phones)).await?;
    let file = app.settings.var.join(FILE);
    write(&file, &accounts).map_err(|source| DemoError::File { file, source })?;
    Ok(people)
}

/// Ends an earlier demonstration on this store, if there was one.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub async fn close(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    app.database.write(move |tx| identity::close_demo(tx, &now)).await
}

/// Who there is: each role of staff for the whole province, then some with an area of their own.
fn posts() -> impl Iterator<Item = (String, Role, AgencyCode)> {
    let whole_province = Role::STAFF.into_iter().map(|role| (role, AgencyCode::province()));
    let commune = AgencyCode::of_commune("05443");
    let own_area = [
        (Role::Dispatcher, AgencyCode::police()),
        (Role::Dispatcher, AgencyCode::fire()),
        (Role::Officer, commune),
    ];
    whole_province.chain(own_area).map(|(role, agency)| {
        let username = format!("{role}-{agency}");
        (username, role, agency)
    })
}

fn draw_password(now: &Moment) -> String {
    URL_SAFE_NO_PAD.encode(now.random::<15>())
}

async fn hashed(
    app: &App,
    now: &Moment,
    password: &str,
) -> Result<identity::PasswordHash, TooBusy> {
    let (password, salt) = (Password::from(password), now.random());
    app.passwords.run(move |hashing| hashing.hash(&password, salt)).await
}

/// Writes the file, for its owner's eyes only; it is there whole or not at all.
fn write(file: &Path, accounts: &[Account]) -> io::Result<()> {
    let draft = file.with_extension("draft");
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut opened =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    serde_json::to_writer_pretty(&mut opened, accounts)?;
    writeln!(opened)?;
    fs::rename(draft, file)
}
