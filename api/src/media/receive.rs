//! Taking bytes in as they come: into files of their own, each written down as soon as it is full.
//!
//! No more than one part of an upload is in memory, however large it is. What arrived before a
//! connection broke stays; what came with a checksum counts only once that is right.

use std::{fmt::Display, mem, time::Duration};

use actix_web::web::{Bytes, BytesMut, Data};
use domain::media::{self, Advance, Flaw, Media, MediaRepository as _, Part, UploadError};
use futures_util::{Stream, StreamExt as _};
use infra::media::sniff;

use super::{fresh, reply::flawed, settle::discard, tus::Checksum};
use crate::{
    App,
    problem::{ApiError, Code, FieldCode},
};

/// How many bytes a part holds.
const PART: usize = 256 * 1024;
/// From how many bytes it can be told what they are.
const TELLING: usize = 512;
/// How long the next bytes may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// How bytes arrive.
pub(crate) struct Arrival {
    /// The checksum of all of them, where one was sent.
    pub(crate) checksum: Option<Checksum>,
    /// Whether they are kept whatever they are.
    pub(crate) all_the_same: bool,
}

/// Takes in what comes for `media`, in a task of its own: whoever hangs up does not stop what has
/// arrived from being kept. Hands back how far it is now.
///
/// # Errors
/// What is wrong with it. What was written down before stays.
pub(crate) async fn receive<S, E>(
    app: Data<App>,
    media: Media,
    coming: S,
    arrival: Arrival,
) -> Result<Media, ApiError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin + 'static,
    E: Display + 'static,
{
    let task = actix_web::rt::spawn(async move {
        let mut intake = Intake::open(app, media, arrival).await?;
        intake.take(coming).await?;
        intake.close().await
    });
    task.await.map_err(|_| ApiError::new(Code::Internal))?
}

/// An upload that is being continued.
struct Intake {
    app: Data<App>,
    media: Media,
    arrival: Arrival,
    /// What is not in a file yet, from `start` on.
    buffer: BytesMut,
    start: u64,
    /// The part that was not full, which the next one replaces.
    replaced: Option<Part>,
    /// What is in files and not written down.
    staged: Vec<Part>,
    broken: bool,
}

impl Intake {
    async fn open(app: Data<App>, media: Media, arrival: Arrival) -> Result<Self, ApiError> {
        let id = media.id;
        let parts = app.database.read(move |tx| tx.parts(id)).await?;
        let short = |part: &Part| usize::try_from(part.length).is_ok_and(|length| length < PART);
        let replaced = parts.into_iter().next_back().filter(short);
        let (start, buffer) = match &replaced {
            Some(part) => (part.start, app.media.files.part(id, part).await?.as_ref().into()),
            None => (media.received, BytesMut::new()),
        };
        let staged = Vec::new();
        Ok(Self { app, media, arrival, buffer, start, replaced, staged, broken: false })
    }

    /// The offset of the next byte.
    fn offset(&self) -> u64 {
        self.start.saturating_add(self.buffer.len().try_into().unwrap_or(u64::MAX))
    }

    async fn take<S, E>(&mut self, mut coming: S) -> Result<(), ApiError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
    {
        let most = self.media.length.unwrap_or_else(|| self.app.media.workshop.bounds().most());
        loop {
            let piece = match tokio::time::timeout(PATIENCE, coming.next()).await {
                Ok(None) => return Ok(()),
                Ok(Some(Ok(piece))) => piece,
                Ok(Some(Err(_))) | Err(_) => {
                    self.broken = true;
                    return Ok(());
                }
            };
            if self.offset().saturating_add(piece.len().try_into().unwrap_or(u64::MAX)) > most {
                self.drop_staged().await;
                let error = ApiError::new(Code::MediaTooLarge);
                return Err(error.with_field("/body", FieldCode::TooLong));
            }
            if let Some(checksum) = &mut self.arrival.checksum {
                checksum.update(&piece);
            }
            self.buffer.extend_from_slice(&piece);
            while self.buffer.len() >= PART {
                let part = self.buffer.split_to(PART).freeze();
                self.keep(part).await?;
            }
        }
    }

    /// Puts `bytes`, the next part, into a file; writes it down unless a checksum is waited for.
    async fn keep(&mut self, bytes: Bytes) -> Result<(), ApiError> {
        let (start, length) = (self.start, bytes.len().try_into().unwrap_or(0));
        if start == 0 && !self.arrival.all_the_same && self.arrival.checksum.is_none() {
            self.refuse_early(&bytes).await?;
        }
        let part = Part { start, length, name: fresh(&self.app.now(), start) };
        self.app.media.files.put(self.media.id, &part.name, bytes).await?;
        self.start = start.saturating_add(length);
        self.staged.push(part);
        if self.arrival.checksum.is_none() { self.write_down().await } else { Ok(()) }
    }

    /// What is nothing that is taken is refused by its first bytes: nobody has to send the rest.
    async fn refuse_early(&self, head: &[u8]) -> Result<(), ApiError> {
        if head.len() < TELLING || sniff(head).is_some() {
            return Ok(());
        }
        discard(&self.app, &self.media).await?;
        Err(flawed(Flaw::Unsupported))
    }

    /// Writes down what is in files.
    async fn write_down(&mut self) -> Result<(), ApiError> {
        let parts = mem::take(&mut self.staged);
        let advance = Advance { from: self.media.received, to: self.start, parts: parts.clone() };
        let media = self.media.clone();
        let written = self.app.database.write(move |tx| media::advance(tx, &media, &advance)).await;
        match written {
            Ok(media) => self.media = media,
            Err(error) => {
                if let UploadError::Elsewhere = error {
                    self.staged = parts;
                    self.drop_staged().await;
                }
                return Err(error.into());
            }
        }
        if let Some(part) = self.replaced.take() {
            self.remove(&[part]).await;
        }
        Ok(())
    }

    /// Keeps what is left, and says how far it is.
    async fn close(mut self) -> Result<Media, ApiError> {
        if let Some(checksum) = &self.arrival.checksum
            && (self.broken || !checksum.is_right())
        {
            self.drop_staged().await;
            return Err(ApiError::new(Code::UploadChecksumMismatch));
        }
        if self.offset() > self.media.received {
            if !self.buffer.is_empty() {
                let rest = mem::take(&mut self.buffer).freeze();
                self.keep(rest).await?;
            }
            if !self.staged.is_empty() {
                self.write_down().await?;
            }
        }
        if self.broken && !self.arrival.all_the_same {
            Err(ApiError::new(Code::UploadCut))
        } else {
            Ok(self.media)
        }
    }

    async fn drop_staged(&mut self) {
        let parts = mem::take(&mut self.staged);
        self.remove(&parts).await;
    }

    /// Removes files that nobody knows of. What is left is swept with the rest.
    async fn remove(&self, parts: &[Part]) {
        if let Err(error) = self.app.media.files.remove(self.media.id, parts).await {
            tracing::warn!(%error, "parts of an upload stay until they are swept");
        }
    }
}
