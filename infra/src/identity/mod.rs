//! Who is calling: people in the store, keys, tokens, passwords.

mod business;
mod citizen;
mod invitation;
mod keyring;
mod master_key;
mod oidc;
mod otp;
mod passwords;
mod revocations;
mod rotation;
mod sealer;
mod session;
mod signing;
mod staff;
mod tokens;
mod totp;
mod tries;

pub(crate) use keyring::sealing_keys;
pub use keyring::{Keyring, KeyringError};
pub use master_key::{MasterKey, MasterKeyError};
pub use oidc::{InvalidOidc, OidcError, OidcOptions, OidcProvider, s256};
pub use passwords::{Argon2Passwords, ShippedPasswords, TooBusy};
pub use revocations::Revocations;
pub use rotation::{Rotated, Rotation};
pub use sealer::{Sealer, Unsealable};
pub use tokens::{InvalidToken, TokenError, Tokens};

use signing::SigningKeys;

use domain::{StoreError, secret::Digest};

/// For a value in the store that this version cannot read: names the column, never the value.
fn unreadable<E>(column: &'static str) -> impl Fn(E) -> StoreError {
    move |_| StoreError::Failed(format!("{column} holds something that cannot be read"))
}

/// A digest as it was read from the store.
fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    bytes.try_into().map(Digest).map_err(unreadable("a digest column"))
}
