//! Password hashes.

use std::{collections::HashSet, io, sync::Arc, thread, time::Duration};

use argon2::{
    Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash as Phc,
};
use domain::{
    Moment,
    identity::{KnownPasswords, Password, PasswordHash, Passwords},
};
use rustix::process::setpriority_process;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::shipped;

/// How long a login waits for its turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// The priority of the threads that hash: everything else goes first (setpriority(2); 0 is usual,
/// 19 the last). Linux gives it to the thread alone.
const PRIORITY: i32 = 15;

/// Argon2id with 19 MiB, two passes and one lane (OWASP's and the library's choice), at most on
/// half of the cores at once and only while nothing else wants them, so that a flood of logins
/// holds no emergency up.
#[derive(Clone)]
pub struct Argon2Passwords {
    hashing: Hashing,
    turns: Arc<Semaphore>,
}

/// The hashing itself, on the thread that asks for it.
#[derive(Clone, Debug)]
pub struct Hashing {
    argon2: Argon2<'static>,
    nobody: PasswordHash,
}

impl Argon2Passwords {
    /// Ready to hash.
    #[must_use]
    pub fn new(now: &Moment) -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self { hashing: Hashing::new(now), turns: Arc::new(Semaphore::new(cores.div_ceil(2))) }
    }

    /// Waits for a turn to hash.
    ///
    /// # Errors
    /// [`TooBusy`] when too many others wait.
    pub async fn turn(&self) -> Result<Turn, TooBusy> {
        let permit = Arc::clone(&self.turns).acquire_owned();
        let permit = tokio::time::timeout(PATIENCE, permit).await.map_err(|_| TooBusy)?;
        let permit = permit.map_err(|_| TooBusy)?;
        Ok(Turn { hashing: self.hashing.clone(), permit })
    }

    /// Runs `work` when its turn has come.
    ///
    /// # Errors
    /// [`TooBusy`] when too many others wait.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Hashing) -> T + Send + 'static,
    ) -> Result<T, TooBusy> {
        self.turn().await?.run(work).await
    }
}

/// A turn to hash, which nobody else has meanwhile.
#[derive(Debug)]
pub struct Turn {
    hashing: Hashing,
    permit: OwnedSemaphorePermit,
}

impl Turn {
    /// Runs `work` on a thread of its own.
    ///
    /// # Errors
    /// [`TooBusy`] when the system has no thread left.
    pub async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&Hashing) -> T + Send + 'static,
    ) -> Result<T, TooBusy> {
        let Self { hashing, permit } = self;
        let (done, result) = oneshot::channel();
        let hash = move || {
            yield_to_others();
            // Whoever asked may have gone meanwhile.
            drop(done.send(work(&hashing)));
            drop(permit);
        };
        thread::Builder::new().name("password".to_owned()).spawn(hash).map_err(|_| TooBusy)?;
        result.await.map_err(|_| TooBusy)
    }
}

/// Lets every other thread go first. Hashing works without it, too.
fn yield_to_others() {
    if let Err(error) = setpriority_process(None, PRIORITY) {
        tracing::debug!(%error, "hashing goes on with the usual priority");
    }
}

impl Hashing {
    fn new(now: &Moment) -> Self {
        let argon2 = Argon2::default();
        // The hash of 256 random bits: nobody can type them.
        let nobody = hash(&argon2, &now.random::<32>(), now.random());
        Self { argon2, nobody }
    }
}

#[expect(clippy::expect_used, reason = "parameters and salt are fixed and valid")]
fn hash(argon2: &Argon2<'_>, password: &[u8], salt: [u8; 16]) -> PasswordHash {
    let phc: Phc = argon2.hash_password_with_salt(password, &salt).expect("argon2 takes them");
    phc.to_string().into()
}

impl Passwords for Hashing {
    fn hash(&self, password: &Password, salt: [u8; 16]) -> PasswordHash {
        hash(&self.argon2, password.as_bytes(), salt)
    }

    fn matches(&self, password: &Password, hash: &PasswordHash) -> bool {
        Phc::new(hash.as_str())
            .is_ok_and(|phc| self.argon2.verify_password(password.as_bytes(), &phc).is_ok())
    }

    fn nobody(&self) -> &PasswordHash {
        &self.nobody
    }
}

/// The passwords everybody tries first that this program ships with.
pub struct ShippedPasswords(HashSet<String>);

impl ShippedPasswords {
    /// The list, ready to be asked.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn open() -> io::Result<Self> {
        let list = shipped::unpacked(shipped::KNOWN_PASSWORDS)?;
        let list = String::from_utf8(list).map_err(io::Error::other)?;
        Ok(Self(list.lines().map(str::to_owned).collect()))
    }
}

impl KnownPasswords for ShippedPasswords {
    fn holds(&self, password: &str) -> bool {
        self.0.contains(password)
    }
}

/// Too many passwords are being checked already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked")]
pub struct TooBusy;
