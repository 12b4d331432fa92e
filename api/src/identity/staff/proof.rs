//! How staff prove themselves: by name, password and second factor, counted and slow.

use actix_web::HttpRequest;
use domain::identity::{
    self, KnownStaff, LockedOut, Login, Password, PasswordHash, Passwords as _, Username,
    WeakPassword,
};
use infra::identity::TooBusy;

use crate::{
    App,
    limits::Limited,
    problem::{ApiError, Code, FieldCode},
};

impl From<TooBusy> for ApiError {
    fn from(_: TooBusy) -> Self {
        Self::new(Code::Unavailable).retry_after(5)
    }
}

impl From<LockedOut> for ApiError {
    fn from(error: LockedOut) -> Self {
        match error {
            LockedOut::Until { retry_after } => {
                Self::new(Code::RateLimited).retry_after_all_of(retry_after)
            }
            LockedOut::Store(error) => error.into(),
        }
    }
}

/// The staff member whose name and password these are. Every try is counted that is looked at, and
/// none before its turn to be looked at: a flood that waits in vain writes nothing. An unknown name,
/// a wrong password and a disabled account are answered alike, and as slowly.
pub(super) async fn known(
    app: &App,
    request: &HttpRequest,
    username: &str,
    password: &str,
) -> Result<KnownStaff, ApiError> {
    app.limits.admit(Limited::StaffLogin, request)?;
    let address = app.limits.source(request);
    let turn = app.passwords.turn().await?;
    let (now, keys, username) = (app.now(), app.keys.clone(), username.trim().to_owned());
    let begun =
        app.database.write(move |tx| identity::begin_login(tx, &*keys, &now, &username, address));
    let (candidate, password) = (begun.await?, Password::from(password));
    let check = move |hashing: &_| identity::check_password(hashing, candidate, &password);
    let known = turn.run(check).await?;
    known.ok_or_else(|| ApiError::new(Code::InvalidCredentials))
}

/// What was proven.
pub(super) fn proven<T>(login: Login<T>) -> Result<T, ApiError> {
    match login {
        Login::Proven(proven) => Ok(proven),
        Login::CodeMissing => Err(ApiError::new(Code::TotpRequired)),
        Login::EnrolmentMissing => Err(ApiError::new(Code::TotpEnrolmentRequired)),
        Login::Refused => Err(ApiError::new(Code::InvalidCredentials)),
    }
}

/// The hash of a password that `username` chose, which stands in the body at `pointer`.
pub(super) async fn chosen(
    app: &App,
    username: &Username,
    (pointer, password): (&str, &str),
) -> Result<PasswordHash, ApiError> {
    let password = Password::from(password)
        .acceptable(username, &*app.known_passwords)
        .map_err(|weak| ApiError::field(pointer, field_code(weak)))?;
    let salt = app.now().random();
    Ok(app.passwords.run(move |hashing| hashing.hash(&password, salt)).await?)
}

const fn field_code(weak: WeakPassword) -> FieldCode {
    match weak {
        WeakPassword::TooShort => FieldCode::TooShort,
        WeakPassword::TooLong => FieldCode::TooLong,
        WeakPassword::Known | WeakPassword::Personal => FieldCode::Guessable,
    }
}
