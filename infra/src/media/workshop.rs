//! Where it is looked at what arrived, and made of it what can be shown.
//!
//! What is costly happens on threads of its own that give way to everything else, and one after the
//! other: so many photos are in memory at once as there are such threads, and no more.

use std::{
    sync::{Arc, mpsc},
    thread,
};

use bytes::Bytes;
use domain::{
    StoreError,
    media::{Findings, Flaw, Format, Kind, Media, Part, Taken},
};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, oneshot};

use super::{
    files::{MediaFiles, name},
    film, foreign,
    photo::{self, Developed},
    sniff,
};

/// The least of all claims to the processor.
const NICE: i32 = 19;
/// How many films and sounds are put together at once: each takes a few MiB meanwhile.
const AT_ONCE: usize = 2;

type Job = Box<dyn FnOnce() + Send>;

/// How much of what is taken.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The most bytes of a photo.
    pub photo: u64,
    /// The most bytes of a film.
    pub video: u64,
    /// The most bytes of a sound.
    pub audio: u64,
    /// The most pixels of a photo.
    pub pixels: u64,
}

impl Bounds {
    /// The most bytes of anything.
    #[must_use]
    pub fn most(&self) -> u64 {
        self.photo.max(self.video).max(self.audio)
    }

    fn of(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Photo => self.photo,
            Kind::Video => self.video,
            Kind::Audio => self.audio,
        }
    }
}

/// Where it is looked at what arrived.
#[derive(Clone)]
pub struct Workshop {
    files: MediaFiles,
    bounds: Bounds,
    jobs: mpsc::Sender<Job>,
    developing: Arc<Semaphore>,
    joining: Arc<Semaphore>,
}

impl Workshop {
    /// A workshop over `files` in which so many photos are developed at once.
    #[must_use]
    pub fn new(files: MediaFiles, bounds: Bounds, at_once: usize) -> Self {
        let at_once = at_once.max(1);
        let (jobs, waiting) = mpsc::channel::<Job>();
        let waiting = Arc::new(std::sync::Mutex::new(waiting));
        for _ in 0..at_once {
            let waiting = Arc::clone(&waiting);
            let work = move || {
                // On Linux a thread has a claim of its own. Where it cannot be lowered, so be it.
                rustix::process::setpriority_process(None, NICE).ok();
                while let Ok(job) = next(&waiting) {
                    job();
                }
            };
            if let Err(error) = thread::Builder::new().name("photos".to_owned()).spawn(work) {
                tracing::error!(%error, "no thread to develop photos on");
            }
        }
        let developing = Arc::new(Semaphore::new(at_once));
        Self { files, bounds, jobs, developing, joining: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The most that is taken.
    #[must_use]
    pub const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// Looks at all of `media`, which arrived in `parts`, and keeps it with what can be shown of
    /// it. What has a flaw is kept only if `all_the_same`.
    ///
    /// # Errors
    /// [`StoreError`] when files cannot be read or kept; then it has to be tried again.
    pub async fn look_at(
        &self,
        media: &Media,
        parts: &[Part],
        all_the_same: bool,
    ) -> Result<Findings, StoreError> {
        let head = match parts.first() {
            Some(part) => self.files.part(media.id, part).await?,
            None => Bytes::new(),
        };
        let format = sniff::sniff(&head);
        let most = format.map_or(self.bounds.most(), |format| self.bounds.of(format.kind()));
        let found = match format {
            None => Err(Flaw::Unsupported),
            Some(_) if media.received > most => Err(Flaw::TooLarge),
            Some(format) if format.kind() == Kind::Photo => {
                self.photo(media, parts, format).await?
            }
            Some(format) => self.film(media, parts, format).await?,
        };
        match found {
            Ok(findings) => Ok(findings),
            Err(flaw) => {
                let keep = all_the_same && media.received <= self.bounds.most();
                let sha256 = if keep {
                    let _permit = self.joining.acquire().await;
                    self.files.join(media.id, name::ORIGINAL, parts).await?
                } else {
                    [0; 32]
                };
                Ok(Findings { flaw: Some(flaw), ..findings(format, sha256) })
            }
        }
    }

    async fn photo(
        &self,
        media: &Media,
        parts: &[Part],
        format: Format,
    ) -> Result<Result<Findings, Flaw>, StoreError> {
        let _permit = self.developing.acquire().await;
        let bytes = self.files.joined(media.id, parts).await?;
        let sha256 = Sha256::digest(&bytes).into();
        let mut found = findings(Some(format), sha256);
        if format == Format::Heic {
            if foreign::hides_something(&bytes, bytes.len()) {
                return Ok(Err(Flaw::Ambiguous));
            }
            found.taken = photo::taken(&bytes);
        } else {
            let (most, image) = (self.bounds.pixels, bytes.clone());
            let made = match self.run(move || photo::develop(format, &image, most)).await? {
                Ok(made) => made,
                Err(flaw) => return Ok(Err(flaw)),
            };
            let Developed { pixels, taken, clean, screen, thumb } = made;
            let renditions = [(name::CLEAN, clean), (name::SCREEN, screen), (name::THUMB, thumb)];
            for (name, bytes) in renditions {
                self.files.put(media.id, name, bytes).await?;
            }
            found = Findings { pixels: Some(pixels), taken, clean: true, ..found };
        }
        self.files.put(media.id, name::ORIGINAL, bytes).await?;
        Ok(Ok(found))
    }

    async fn film(
        &self,
        media: &Media,
        parts: &[Part],
        format: Format,
    ) -> Result<Result<Findings, Flaw>, StoreError> {
        let _permit = self.joining.acquire().await;
        let sha256 = self.files.join(media.id, name::ORIGINAL, parts).await?;
        let start = media.received.saturating_sub(foreign::NEAR_END_OF_FILE);
        let tail = self.files.range(media.id, name::ORIGINAL, start..media.received).await?;
        if foreign::is_archive(&tail) {
            return Ok(Err(Flaw::Ambiguous));
        }
        let clean = film::clean(&self.files, media.id, media.received, format).await?;
        Ok(clean.map(|clean| Findings { clean, ..findings(Some(format), sha256) }))
    }

    /// Does `work` on a thread that gives way to everything else.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move || drop(reply.send(work())));
        let gone = || StoreError::Failed("a photo could not be developed".to_owned());
        self.jobs.send(job).map_err(|_| gone())?;
        answer.await.map_err(|_| gone())
    }
}

/// The next job. A panic in one ends that one alone.
fn next(waiting: &std::sync::Mutex<mpsc::Receiver<Job>>) -> Result<Job, mpsc::RecvError> {
    let waiting = waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let job = waiting.recv()?;
    Ok(Box::new(move || {
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)).is_err() {
            tracing::error!("a photo made its decoder panic");
        }
    }))
}

fn findings(format: Option<Format>, sha256: [u8; 32]) -> Findings {
    Findings { format, pixels: None, taken: Taken::default(), sha256, clean: false, flaw: None }
}
