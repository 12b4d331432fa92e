//! The keys of the service. They live in the store, sealed under the master key, so that all
//! replicas share them.

use std::{collections::HashMap, fmt, str::FromStr};

use diesel::prelude::*;
use domain::{
    Moment, StoreError,
    secret::{Digest, Hasher, Purpose},
};
use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{MasterKey, Sealer, Unsealable};
use crate::{
    columns::{AsText, At, Id},
    connection::on,
    database::{Database, Transaction, store_error},
    schema::key,
    vault::{SealingKeys, Vault, keyed_digest},
};

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyPurpose {
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
/// The state of a key that only opens what it sealed.
const RETIRED: &str = "retired";

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
}

/// The open keys of the service.
pub struct Keyring {
    signing: Key,
    hashing: Hmac<Sha256>,
}

impl Keyring {
    /// Opens the keys in the store, and with them its vault; makes those that are missing. Replicas
    /// that start at once end with the same keys.
    ///
    /// # Errors
    /// [`KeyringError::WrongMasterKey`] when they were sealed under another master key.
    pub async fn open(
        database: &Database,
        master: &MasterKey,
        now: Moment,
    ) -> Result<Self, KeyringError> {
        let (sealer, entropy) = (master.sealer(), now.entropy());
        let (keys, sealing) = database
            .write(move |tx| {
                Ok::<_, KeyringError>((Self::load(tx, &sealer, &now)?, sealing_keys(tx, &sealer)?))
            })
            .await?;
        let (hashing, url) = (keys.hashing.clone(), database.url().clone());
        database
            .vault()
            .get_or_init(|| Vault::new(sealing, hashing, master.sealer(), url, entropy));
        Ok(keys)
    }

    /// Puts a new key in the place of the one that seals. The old one goes on to open what it
    /// sealed; other processes learn of the new one when they first meet it, or within a minute.
    ///
    /// # Errors
    /// [`KeyringError`] when the store cannot take it.
    pub async fn replace_sealing_key(
        database: &Database,
        master: &MasterKey,
        now: Moment,
    ) -> Result<(), KeyringError> {
        let sealer = master.sealer();
        database
            .write(move |tx| {
                retire(tx, KeyPurpose::Sealing)?;
                make(tx, KeyPurpose::Sealing, &sealer, &now)
            })
            .await?;
        database.learn_keys().await?;
        Ok(())
    }

    fn load(tx: &mut Transaction<'_>, master: &Sealer, now: &Moment) -> Result<Self, KeyringError> {
        let hashing = active(tx, KeyPurpose::Hashing, master, now)?;
        active(tx, KeyPurpose::Sealing, master, now)?;
        let signing = active(tx, KeyPurpose::Signing, master, now)?;
        Ok(Self { signing, hashing: keyed(&hashing) })
    }

    /// The key that signs access tokens.
    pub(super) const fn signing(&self) -> &Key {
        &self.signing
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn keyed(key: &Key) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.bytes.as_slice()).expect("HMAC takes a key of 32 bytes")
}

/// The key in use for `purpose`, made now if there is none.
fn active(
    tx: &mut Transaction<'_>,
    purpose: KeyPurpose,
    master: &Sealer,
    now: &Moment,
) -> Result<Key, KeyringError> {
    if find(tx, purpose)?.is_none() {
        make(tx, purpose, master, now)?;
    }
    open(&find(tx, purpose)?.ok_or(KeyringError::Unreadable)?, master)
}

/// The key in `row`.
fn open(row: &Row, master: &Sealer) -> Result<Key, KeyringError> {
    let bytes = master.open(&place(row.id.0, row.purpose.0), &row.sealed).map(Zeroizing::new)?;
    let bytes = bytes.as_slice().try_into().map_err(|_| KeyringError::Unreadable)?;
    Ok(Key { id: row.id.0, bytes: Zeroizing::new(bytes) })
}

/// Every key that ever sealed, and which one seals now.
pub(crate) fn sealing_keys(
    tx: &mut Transaction<'_>,
    master: &Sealer,
) -> Result<SealingKeys, KeyringError> {
    let rows: Vec<Row> = on!(tx.connection(), |conn| key::table
        .filter(key::purpose.eq(KeyPurpose::Sealing.as_str()))
        .select(Row::as_select())
        .load(conn))
    .map_err(store_error)?;
    let active = rows.iter().find(|row| row.state == ACTIVE).ok_or(KeyringError::Unreadable)?;
    let sealers = rows.iter().map(|row| Ok((row.id.0, Sealer::new(&open(row, master)?.bytes))));
    let sealers = sealers.collect::<Result<HashMap<_, _>, KeyringError>>()?;
    Ok(SealingKeys { active: active.id.0, sealers })
}

/// Takes the key for `purpose` out of use.
fn retire(tx: &mut Transaction<'_>, purpose: KeyPurpose) -> Result<(), KeyringError> {
    on!(tx.connection(), |conn| diesel::update(key::table)
        .filter(key::purpose.eq(purpose.as_str()))
        .filter(key::state.eq(ACTIVE))
        .set(key::state.eq(RETIRED))
        .execute(conn))
    .map_err(store_error)?;
    Ok(())
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
fn make(
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
        keyed_digest(&self.hashing, purpose, parts)
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
