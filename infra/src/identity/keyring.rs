//! The keys of the service. They live in the store, sealed under the master key, so that all
//! replicas share them.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    Moment, StoreError,
    secret::{Digest, Hasher, Purpose},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{MasterKey, Sealer, Unsealable};
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Database, Transaction, store_error},
    schema::key,
};

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyPurpose {
    /// Signs access tokens (Ed25519).
    Signing,
    /// Makes digests (HMAC-SHA-256).
    Hashing,
    /// Seals what must not be read in the store (ChaCha20-Poly1305).
    Sealing,
}

impl KeyPurpose {
    const ALL: [Self; 3] = [Self::Signing, Self::Hashing, Self::Sealing];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Hashing => "hashing",
            Self::Sealing => "sealing",
        }
    }
}

impl fmt::Display for KeyPurpose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for KeyPurpose {
    type Err = KeyringError;

    fn from_str(text: &str) -> Result<Self, KeyringError> {
        let known = Self::ALL.into_iter().find(|purpose| purpose.as_str() == text);
        known.ok_or(KeyringError::Unreadable)
    }
}

/// The state of the key of each purpose that is in use; a unique index admits one.
const ACTIVE: &str = "active";

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = key, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    purpose: AsText<KeyPurpose>,
    state: String,
    sealed: Vec<u8>,
    created_at: At,
}

/// A key as it is used: 32 bytes, whatever their purpose.
pub(super) struct Key {
    pub(super) id: Uuid,
    pub(super) bytes: Zeroizing<[u8; 32]>,
    pub(super) created_at: DateTime<Utc>,
}

/// The open keys of the service.
pub struct Keyring {
    signing: Vec<Key>,
    hashing: Hmac<Sha256>,
    sealing: Sealer,
}

impl Keyring {
    /// Opens the keys in the store; makes those that are missing. Replicas that start at once end
    /// with the same keys.
    ///
    /// # Errors
    /// [`KeyringError::WrongMasterKey`] when they were sealed under another master key.
    pub async fn open(
        database: &Database,
        master: &MasterKey,
        now: Moment,
    ) -> Result<Self, KeyringError> {
        let sealer = master.sealer();
        database.write(move |tx| Self::load(tx, &sealer, &now)).await
    }

    fn load(tx: &mut Transaction<'_>, master: &Sealer, now: &Moment) -> Result<Self, KeyringError> {
        let hashing = active(tx, KeyPurpose::Hashing, master, now)?;
        let sealing = active(tx, KeyPurpose::Sealing, master, now)?;
        active(tx, KeyPurpose::Signing, master, now)?;
        Ok(Self {
            signing: signing_keys(tx, master)?,
            hashing: keyed(&hashing),
            sealing: Sealer::new(&sealing.bytes),
        })
    }

    /// The keys of access tokens, the oldest first.
    pub(super) fn signing(&self) -> &[Key] {
        &self.signing
    }

    /// Seals what must not be read in the store.
    #[must_use]
    pub const fn sealer(&self) -> &Sealer {
        &self.sealing
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn keyed(key: &Key) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.bytes.as_slice()).expect("HMAC takes a key of 32 bytes")
}

/// The key in use for `purpose`, made now if there is none.
pub(super) fn active(
    tx: &mut Transaction<'_>,
    purpose: KeyPurpose,
    master: &Sealer,
    now: &Moment,
) -> Result<Key, KeyringError> {
    if find(tx, purpose)?.is_none() {
        make(tx, purpose, master, now)?;
    }
    find(tx, purpose)?.ok_or(KeyringError::Unreadable)?.open(master)
}

impl Row {
    fn open(&self, master: &Sealer) -> Result<Key, KeyringError> {
        let place = place(self.id.0, self.purpose.0);
        let bytes = master.open(&place, &self.sealed).map(Zeroizing::new)?;
        let bytes = bytes.as_slice().try_into().map_err(|_| KeyringError::Unreadable)?;
        let bytes = Zeroizing::new(bytes);
        Ok(Key { id: self.id.0, bytes, created_at: self.created_at.0 })
    }
}

/// All keys of access tokens that are kept, the oldest first.
pub(super) fn signing_keys(
    tx: &mut Transaction<'_>,
    master: &Sealer,
) -> Result<Vec<Key>, KeyringError> {
    let rows: Vec<Row> = on!(tx.connection(), |conn| key::table
        .filter(key::purpose.eq(KeyPurpose::Signing.as_str()))
        .order((key::created_at, key::id))
        .select(Row::as_select())
        .load(conn))
    .map_err(store_error)?;
    rows.iter().map(|row| row.open(master)).collect()
}

fn find(tx: &mut Transaction<'_>, purpose: KeyPurpose) -> Result<Option<Row>, KeyringError> {
    on!(tx.connection(), |conn| key::table
        .filter(key::purpose.eq(purpose.as_str()))
        .filter(key::state.eq(ACTIVE))
        .select(Row::as_select())
        .first(conn)
        .optional())
    .map_err(|error| store_error(error).into())
}

/// Makes a key for `purpose`, unless another replica is faster.
pub(super) fn make(
    tx: &mut Transaction<'_>,
    purpose: KeyPurpose,
    master: &Sealer,
    now: &Moment,
) -> Result<(), KeyringError> {
    let id = now.new_id::<Key>().uuid();
    let bytes = Zeroizing::new(now.random::<32>());
    let row = Row {
        id: Id(id),
        purpose: AsText(purpose),
        state: ACTIVE.to_owned(),
        sealed: master.seal(now.random(), &place(id, purpose), bytes.as_slice()),
        created_at: At(now.at),
    };
    on!(tx.connection(), |conn| diesel::insert_into(key::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn))
    .map_err(store_error)?;
    Ok(())
}

/// What a sealed key is bound to.
fn place(id: Uuid, purpose: KeyPurpose) -> Vec<u8> {
    [id.as_bytes(), purpose.as_str().as_bytes()].concat()
}

impl Hasher for Keyring {
    fn digest(&self, purpose: Purpose, parts: &[&[u8]]) -> Digest {
        let mut mac = self.hashing.clone();
        for part in [purpose.label().as_bytes()].iter().chain(parts) {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        Digest(mac.finalize().into_bytes().into())
    }
}

/// Why the keys could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// They were sealed under another master key.
    #[error(
        "the keys in the store were sealed under another master key. Give this process the one \
         the store was first started with (CTN_MASTER_KEY_FILE)"
    )]
    WrongMasterKey(#[from] Unsealable),
    /// The store holds something else.
    #[error("the table `key` holds something this version cannot read")]
    Unreadable,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
