//! The master key: the one secret that lies outside the store.

use std::{
    fs, io,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::Moment;
use zeroize::Zeroizing;

use super::Sealer;
use crate::database::DatabaseUrl;

/// The key under which all other keys are sealed: 32 random bytes, written as base64.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// The master key of the service: the one in the `configured` file. An embedded store without
    /// one has it in `folder`, where it is made the first time.
    ///
    /// # Errors
    /// [`MasterKeyError`] says what is wrong and what to do about it.
    pub fn find(
        configured: Option<&Path>,
        folder: &Path,
        url: &DatabaseUrl,
        now: &Moment,
    ) -> Result<Self, MasterKeyError> {
        match (configured, url) {
            (Some(file), _) => Self::read(file),
            (None, DatabaseUrl::Sqlite(_)) => {
                let file = folder.join("master.key");
                make_once(&file, now)
                    .map_err(|source| MasterKeyError::Unwritable { file: file.clone(), source })?;
                Self::read(&file)
            }
            (None, DatabaseUrl::Postgres(_)) => Err(MasterKeyError::Missing),
        }
    }

    /// The key in `file`.
    ///
    /// # Errors
    /// [`MasterKeyError`] when it cannot be read or is no key.
    pub fn read(file: &Path) -> Result<Self, MasterKeyError> {
        let text = fs::read_to_string(file)
            .map(Zeroizing::new)
            .map_err(|source| MasterKeyError::Unreadable { file: file.to_owned(), source })?;
        let malformed = || MasterKeyError::Malformed { file: file.to_owned() };
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| malformed())?);
        let key = bytes.as_slice().try_into().map_err(|_| malformed())?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// Seals and opens the other keys.
    pub(super) fn sealer(&self) -> Sealer {
        Sealer::new(&self.0)
    }
}

/// Writes a new key to `file`, readable by its owner alone, unless there is one. The file appears
/// whole and flushed or not at all, also when two processes start at once.
fn make_once(file: &Path, now: &Moment) -> io::Result<()> {
    if file.exists() {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let draft = folder.join(format!("master.key.{}", now.new_id::<MasterKey>()));
    let key = Zeroizing::new(now.random::<32>());
    let text = Zeroizing::new(STANDARD.encode(*key));
    let mut opened =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = writeln!(opened, "{}", *text).and_then(|()| opened.sync_all()).and_then(|()| {
        match fs::hard_link(&draft, file) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        }
    });
    fs::remove_file(&draft)?;
    written?;
    fs::File::open(folder)?.sync_all()
}

/// Why there is no master key, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// A shared store needs one that all replicas are given.
    #[error(
        "PostgreSQL needs a master key that every replica shares. Make one with \
         `openssl rand -base64 32 > master.key`, keep it safe, and name the file in \
         CTN_MASTER_KEY_FILE"
    )]
    Missing,
    /// The file cannot be read.
    #[error("{}: the master key cannot be read. Correct CTN_MASTER_KEY_FILE or the file's rights ({source})", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file cannot be made.
    #[error("{}: the master key cannot be written. Correct owner, rights or mount ({source})", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{}: this is no master key, which is 32 bytes in base64, as `openssl rand -base64 32` writes them", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
    },
}
