//! Calls for help that the store could not take, on the disk of this process until it can.
//!
//! Each is one sealed line, appended and flushed before anybody is answered. Once the store is back
//! the files are read from the oldest on, each call is done under its id, and a file goes when all
//! of it was done. Dying in between does no harm: what was done is found done. What the store
//! refuses stays and is tried again; a line that cannot be read (cut by a crash) is set aside in a
//! file that only people remove.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use domain::{
    Entropy, Moment, StoreError,
    emergency::{Deferred, Hearing, RaiseError},
};
use futures_util::future::{BoxFuture, join_all};
use uuid::Uuid;

use super::questions::questions;
use crate::{
    database::{Database, Transaction},
    vault::{Column, Vault},
};

/// How the names of the files end that hold calls.
const CALLS: &str = "calls";
/// How many calls are done at once: together, and in the order in which they came. Whoever calls
/// meanwhile waits behind them, so there are fewer where the store is slow, more where it is swift.
const BATCH: RangeInclusive<usize> = 15..=240;
/// A store that does them within this time is swift.
const SWIFT: Duration = Duration::from_millis(200);
/// The file of what could not be done.
const ASIDE: &str = "aside";

/// Answers whoever called by text message, once the store has heard them.
pub type Answer = dyn Fn(&Deferred, Hearing) -> BoxFuture<'static, ()> + Send + Sync;

/// Calls that wait for the store. Cheap to clone.
#[derive(Clone)]
pub struct Spool(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    database: Database,
    /// The file that is written now.
    current: Mutex<Option<Current>>,
    waiting: AtomicU32,
}

/// A file that is written, and where it is.
struct Current {
    file: File,
    path: PathBuf,
}

/// Why a call could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// The disk could not take it.
    #[error("the spool cannot be written: {0}")]
    Disk(#[from] io::Error),
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] StoreError),
}

impl SpoolError {
    /// Whether there was no room for it.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Disk(error) if error.kind() == io::ErrorKind::StorageFull)
    }
}

impl Spool {
    /// The spool in `folder`, with whatever an earlier process left there.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(folder: PathBuf, database: &Database) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let (current, waiting) = (Mutex::default(), AtomicU32::default());
        let spool = Self(Arc::new(Inner { folder, database: database.clone(), current, waiting }));
        spool.recount()?;
        Ok(spool)
    }

    /// How many calls wait for the store.
    #[must_use]
    pub fn waiting(&self) -> u32 {
        self.0.waiting.load(Ordering::Relaxed)
    }

    /// Appends `call` and flushes it.
    ///
    /// # Errors
    /// [`SpoolError`] when it is not on the disk.
    pub async fn keep(&self, call: Deferred, now: Moment) -> Result<(), SpoolError> {
        let spool = self.clone();
        let kept = tokio::task::spawn_blocking(move || spool.append(&call, &now));
        kept.await.map_err(|failure| io::Error::other(failure.to_string()))?
    }

    fn append(&self, call: &Deferred, now: &Moment) -> Result<(), SpoolError> {
        let line = sealed(call, self.vault()?, now.new_id::<Deferred>().uuid())?;
        let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        let Current { file, path } = match current.as_mut() {
            Some(current) => current,
            None => current.insert(self.new_file(now)?),
        };
        let written = file.write_all(&line).and_then(|()| file.sync_data());
        if let Err(error) = written {
            // Whatever was written of it is a line of its own, cut; the next one starts a new file.
            if file.metadata().is_ok_and(|file| file.len() == 0) {
                fs::remove_file(path).ok();
            }
            *current = None;
            return Err(error.into());
        }
        self.note(self.waiting().saturating_add(1));
        Ok(())
    }

    /// A new file, whose name is in the folder for good.
    fn new_file(&self, now: &Moment) -> io::Result<Current> {
        let name = format!("{}.{CALLS}", now.new_id::<File>());
        let path = self.0.folder.join(name);
        let file = OpenOptions::new().append(true).create_new(true).open(&path)?;
        File::open(&self.0.folder)?.sync_all()?;
        Ok(Current { file, path })
    }

    /// Does what waits, oldest first, until all is done or the store is away again. Whoever called by text
    /// message gets an `answer`.
    ///
    /// # Errors
    /// [`StoreError`] when the store is away, or the files cannot be read.
    pub async fn catch_up(
        &self,
        entropy: &Arc<dyn Entropy>,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        if self.waiting() == 0 {
            return Ok(());
        }
        let closed = self.close_current().map_err(failed)?;
        for file in closed {
            self.catch_up_with(&file, entropy, answer).await?;
            self.recount().map_err(failed)?;
        }
        tracing::info!(still = self.waiting(), "calls that waited for the store were stored");
        Ok(())
    }

    /// Does what waits in `file`, where only that stays which the store refused.
    async fn catch_up_with(
        &self,
        file: &Path,
        entropy: &Arc<dyn Entropy>,
        answer: &Answer,
    ) -> Result<(), StoreError> {
        let content = fs::read(file).map_err(failed)?;
        let (mut refused, mut size) = (Vec::new(), *BATCH.start());
        let mut waiting = lines(&content).peekable();
        while waiting.peek().is_some() {
            let begun = Instant::now();
            let batch: Vec<&[u8]> = waiting.by_ref().take(size).collect();
            let doing = batch.iter().map(|line| self.catch_up_on(line, entropy, answer));
            let done = join_all(doing).await;
            for (line, done) in batch.into_iter().zip(done) {
                match done {
                    Ok(()) => {}
                    Err(RaiseError::Store(away @ StoreError::Unavailable(_))) => return Err(away),
                    Err(error) => {
                        tracing::error!(%error, "the store refused a call that waited for it");
                        refused.extend_from_slice(line);
                        refused.push(b'\n');
                    }
                }
            }
            let next = if begun.elapsed() < SWIFT { size * 2 } else { size / 2 };
            size = next.clamp(*BATCH.start(), *BATCH.end());
        }
        leave(file, &refused).map_err(failed)
    }

    /// Does what `line` asks for; those that are asked for at once are committed together.
    async fn catch_up_on(
        &self,
        line: &[u8],
        entropy: &Arc<dyn Entropy>,
        answer: &Answer,
    ) -> Result<(), RaiseError> {
        let Ok(call) = opened(line, self.vault()?).map(Arc::new) else {
            return Ok(self.set_aside(line).map_err(failed)?);
        };
        let (entropy, asked) = (Arc::clone(entropy), Arc::clone(&call));
        let catch_up =
            move |tx: &mut Transaction<'_>| asked.catch_up(tx, Arc::clone(&entropy), questions());
        if let Some(hearing) = self.0.database.write_together(catch_up).await? {
            answer(&call, hearing).await;
        }
        Ok(())
    }

    /// Whoever comes from now on writes into a new file; these are the ones before.
    fn close_current(&self) -> io::Result<Vec<PathBuf>> {
        let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        *current = None;
        files(&self.0.folder)
    }

    fn set_aside(&self, line: &[u8]) -> io::Result<()> {
        tracing::error!("a line of the spool cannot be read; it was set aside");
        metrics::counter!("emergency_spool_aside_total").increment(1);
        let file = self.0.folder.join(ASIDE);
        let mut aside = OpenOptions::new().append(true).create(true).open(file)?;
        aside.write_all(&[line, b"\n"].concat()).and_then(|()| aside.sync_all())
    }

    fn vault(&self) -> Result<&Vault, StoreError> {
        let locked = || StoreError::Failed("the keys of the vault were not opened".to_owned());
        self.0.database.vault().get().ok_or_else(locked)
    }

    /// Counts what waits, while nobody appends.
    fn recount(&self) -> io::Result<()> {
        let _nobody_appends = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waiting = 0;
        for file in files(&self.0.folder)? {
            waiting += lines(&fs::read(file)?).count();
        }
        self.note(u32::try_from(waiting).unwrap_or(u32::MAX));
        Ok(())
    }

    fn note(&self, waiting: u32) {
        self.0.waiting.store(waiting, Ordering::Relaxed);
        metrics::gauge!("emergency_spool_length").set(f64::from(waiting));
    }
}

/// `call` as a line: the id it is bound to, and itself, sealed.
fn sealed(call: &Deferred, vault: &Vault, id: Uuid) -> Result<Vec<u8>, StoreError> {
    let plain = super::written(call)?;
    let sealed = vault.seal(Column::EMERGENCY_SPOOL, id, plain.as_bytes());
    let line = STANDARD_NO_PAD.encode([id.as_bytes().as_slice(), &sealed].concat());
    Ok((line + "\n").into_bytes())
}

/// The call in `line`.
fn opened(line: &[u8], vault: &Vault) -> Result<Deferred, StoreError> {
    let cut = || StoreError::Failed("a line of the spool is cut".to_owned());
    let bytes = STANDARD_NO_PAD.decode(line).map_err(|_| cut())?;
    let (id, sealed) = bytes.split_first_chunk::<16>().ok_or_else(cut)?;
    super::read(&vault.open_text(Column::EMERGENCY_SPOOL, Uuid::from_bytes(*id), sealed)?)
}

/// The files of calls in `folder`, oldest first: their names are UUIDv7.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == CALLS));
    files.sort();
    Ok(files)
}

/// The lines of a file, the last one also where a crash has cut it.
fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    content.split(|&byte| byte == b'\n').filter(|line| !line.is_empty())
}

/// Leaves nothing in `file` but `refused`; no file where that is nothing.
fn leave(file: &Path, refused: &[u8]) -> io::Result<()> {
    if refused.is_empty() {
        return fs::remove_file(file);
    }
    let next = file.with_extension("next");
    let mut written = File::create(&next)?;
    written.write_all(refused).and_then(|()| written.sync_all())?;
    fs::rename(&next, file)
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(format!("the spool: {error}"))
}
