//! Who is calling: people in the store, keys, tokens, passwords.

mod business;
mod citizen;
mod keyring;
mod master_key;
mod otp;
mod passwords;
mod sealer;
mod session;
mod staff;
mod tokens;

pub(crate) use keyring::sealing_keys;
pub use keyring::{Keyring, KeyringError};
pub use master_key::{MasterKey, MasterKeyError};
pub use passwords::{Argon2Passwords, TooBusy};
pub use sealer::{Sealer, Unsealable};
pub use tokens::{InvalidToken, TokenError, Tokens};

use domain::{StoreError, secret::Digest};

/// For a value in the store that this version cannot read: names the column, never the value.
fn unreadable<E>(column: &'static str) -> impl Fn(E) -> StoreError {
    move |_| StoreError::Failed(format!("{column} holds something that cannot be read"))
}

/// A digest as it was read from the store.
fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    bytes.try_into().map(Digest).map_err(unreadable("a digest column"))
}
