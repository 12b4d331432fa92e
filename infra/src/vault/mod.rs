//! The vault: personal data is written down sealed, and found again by keyed digests.
//!
//! A sealed value begins with the id of its key, so that what was sealed under an older key can
//! still be opened. Adapters ask their transaction for the vault; nobody above them knows of it.

mod column;
mod reseal;

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use domain::{
    Entropy, StoreError,
    secret::{Digest, Purpose},
};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

pub(crate) use column::Column;
pub use reseal::{reseal, reseal_all};

use crate::{
    connection::{Access, Connector},
    database::{DatabaseUrl, Equipment, Transaction},
    identity::{Sealer, sealing_keys},
};

/// How many bytes the id of a key takes. Sixteen zeros name no key: the rest stands in the clear.
const KEY_ID: usize = 16;

/// The keys that seal: one for what is written now, the older ones for what was.
pub(crate) struct SealingKeys {
    pub(crate) active: Uuid,
    pub(crate) sealers: HashMap<Uuid, Sealer>,
}

/// Seals, opens and looks up.
pub(crate) struct Vault {
    keys: ArcSwap<SealingKeys>,
    hashing: Hmac<Sha256>,
    master: Sealer,
    url: DatabaseUrl,
    entropy: Arc<dyn Entropy>,
}

impl Vault {
    /// A vault with these `keys`, which were sealed under `master` in the store at `url`.
    pub(crate) fn new(
        keys: SealingKeys,
        hashing: Hmac<Sha256>,
        master: Sealer,
        url: DatabaseUrl,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        Self { keys: ArcSwap::from_pointee(keys), hashing, master, url, entropy }
    }

    /// Seals the value of `column` in `row`.
    pub(crate) fn seal(&self, column: Column, row: Uuid, plain: &[u8]) -> Vec<u8> {
        let keys = self.keys.load();
        let mut nonce = [0; 12];
        self.entropy.fill(&mut nonce);
        let sealed =
            keys.sealers.get(&keys.active).map(|key| key.seal(nonce, &column.place(row), plain));
        [keys.active.as_bytes().as_slice(), &sealed.unwrap_or_default()].concat()
    }

    /// Opens the value of `column` in `row`.
    ///
    /// # Errors
    /// [`StoreError::Failed`] names the column when it was not sealed for this place by a key of
    /// ours.
    pub(crate) fn open(
        &self,
        column: Column,
        row: Uuid,
        sealed: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        let unreadable = || StoreError::Failed(format!("{} cannot be opened", column.full_name()));
        let (id, sealed) = sealed.split_first_chunk::<KEY_ID>().ok_or_else(unreadable)?;
        let key = self.key(Uuid::from_bytes(*id))?.ok_or_else(unreadable)?;
        key.open(&column.place(row), sealed).map_err(|_| unreadable())
    }

    /// Opens the value of `column` in `row`, which is text.
    ///
    /// # Errors
    /// As for [`Vault::open`].
    pub(crate) fn open_text(
        &self,
        column: Column,
        row: Uuid,
        sealed: &[u8],
    ) -> Result<String, StoreError> {
        let unreadable = |_| StoreError::Failed(format!("{} is no text", column.full_name()));
        String::from_utf8(self.open(column, row, sealed)?).map_err(unreadable)
    }

    /// The keyed digest under which `value` is looked up.
    pub(crate) fn digest(&self, purpose: Purpose, value: &str) -> Digest {
        keyed_digest(&self.hashing, purpose, &[value.as_bytes()])
    }

    /// Reads the keys from the store anew: another process may have changed them.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub(crate) fn learn(&self) -> Result<(), StoreError> {
        let mut connection = Connector::new(self.url.clone(), Access::ReadOnly)
            .open()
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let closed = Equipment::default();
        let keys = sealing_keys(&mut Transaction::on(&mut connection, &closed), &self.master)
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        self.keys.store(Arc::new(keys));
        Ok(())
    }

    /// The key called `id`; if it is not known here, it was made since.
    fn key(&self, id: Uuid) -> Result<Option<Sealer>, StoreError> {
        let known = || self.keys.load().sealers.get(&id).cloned();
        if let Some(key) = known() {
            return Ok(Some(key));
        }
        self.learn()?;
        Ok(known())
    }

    /// Whether `sealed` was sealed by the key that seals now.
    fn is_current(&self, sealed: &[u8]) -> bool {
        sealed.starts_with(self.keys.load().active.as_bytes())
    }
}

/// The digest of `parts` for `purpose`. Parts are length-prefixed, so that they cannot run into
/// each other.
pub(crate) fn keyed_digest(key: &Hmac<Sha256>, purpose: Purpose, parts: &[&[u8]]) -> Digest {
    let mut mac = key.clone();
    for part in [purpose.label().as_bytes()].iter().chain(parts) {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    Digest(mac.finalize().into_bytes().into())
}
