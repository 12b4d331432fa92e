//! Something arrives: announced, in parts, whole.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Format, Media, MediaId, MediaName, MediaRepository, Moderation, Part, Stage, State, Taken,
    Uploader,
};
use crate::{
    Moment, StoreError,
    secret::{Digest, Hasher},
};

/// How long what arrives, or was not linked, is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// What is wrong with the content of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flaw {
    /// Neither photo nor video nor sound of a format that is taken.
    Unsupported,
    /// Cut off, or broken.
    Unreadable,
    /// More pixels than are taken.
    TooManyPixels,
    /// A picture that moves.
    Animated,
    /// Something else is hidden in it.
    Ambiguous,
    /// More bytes than are taken of its kind.
    TooLarge,
}

impl Flaw {
    /// Every one there is.
    pub const ALL: [Self; 6] = [
        Self::Unsupported,
        Self::Unreadable,
        Self::TooManyPixels,
        Self::Animated,
        Self::Ambiguous,
        Self::TooLarge,
    ];

    /// The word in the store and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsupported => "media_unsupported",
            Self::Unreadable => "media_unreadable",
            Self::TooManyPixels => "media_too_many_pixels",
            Self::Animated => "media_animated",
            Self::Ambiguous => "media_ambiguous",
            Self::TooLarge => "media_too_large",
        }
    }
}

impl FromStr for Flaw {
    type Err = super::UnknownFormat;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|flaw| flaw.as_str() == word);
        known.ok_or(super::UnknownFormat)
    }
}

/// What is about to arrive.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// How many bytes, where that was said.
    pub length: Option<u64>,
    /// From whom.
    pub uploader: Uploader,
    /// By what they are counted.
    pub counted_as: Option<Digest>,
}

/// How much somebody may have uploaded and not linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many.
    pub number: u64,
    /// How many bytes.
    pub bytes: u64,
}

/// Why nothing more may be uploaded.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// Too much was uploaded and not linked.
    #[error("too much was uploaded and not linked")]
    QuotaUsedUp,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes down that something begins to arrive.
///
/// # Errors
/// [`BeginError::QuotaUsedUp`] when as much as `quota` waits to be linked.
pub fn begin(
    tx: &mut impl MediaRepository,
    now: &Moment,
    expected: Expected,
    quota: Quota,
) -> Result<Media, BeginError> {
    if let Some(whose) = expected.counted_as {
        let standing = tx.unlinked(whose)?;
        let bytes = standing.bytes.saturating_add(expected.length.unwrap_or(0));
        if standing.number >= quota.number || bytes > quota.bytes {
            return Err(BeginError::QuotaUsedUp);
        }
    }
    let media = Media {
        id: now.new_id(),
        uploader: expected.uploader,
        counted_as: expected.counted_as,
        state: State::Arriving,
        length: expected.length,
        received: 0,
        created_at: now.at,
        expires_at: Some(now.at + KEPT),
        format: None,
        pixels: None,
        taken: Taken::default(),
        sha256: None,
        clean: false,
        flaw: None,
        subject: None,
        stage: Stage::Before,
        linked_at: None,
        moderation: Moderation::Pending,
    };
    tx.add_media(&media)?;
    Ok(media)
}

/// Whether more waits to be linked of `whose` than `quota` allows: of several that begin at once none
/// may see the others.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn is_used_up(
    tx: &mut impl MediaRepository,
    whose: Digest,
    quota: Quota,
) -> Result<bool, StoreError> {
    let standing = tx.unlinked(whose)?;
    Ok(standing.number > quota.number || standing.bytes > quota.bytes)
}

/// Why an upload cannot be continued.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// None, or another's.
    #[error("no such upload of this caller")]
    NotFound,
    /// It took too long, or was given up, or was not fit.
    #[error("the upload is gone")]
    Gone,
    /// It is elsewhere by now.
    #[error("the upload is at another offset")]
    Elsewhere,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Media {
    /// The upload that `by` calls by `name`, as it stands.
    ///
    /// # Errors
    /// [`UploadError`] when there is none of theirs, or it is gone.
    pub fn held(
        tx: &mut impl MediaRepository,
        hasher: &dyn Hasher,
        at: DateTime<Utc>,
        (by, name): (Uploader, MediaName),
    ) -> Result<Self, UploadError> {
        let held = |media: &Self| name.is_held(hasher, by, media);
        let media = tx.media(name.id())?.filter(held).ok_or(UploadError::NotFound)?;
        if media.is_expired(at) || matches!(media.state, State::Doomed | State::Swept) {
            return Err(UploadError::Gone);
        }
        Ok(media)
    }
}

/// Bytes that arrived from an offset on, in parts.
#[derive(Clone, Debug)]
pub struct Advance {
    /// How many bytes were there before.
    pub from: u64,
    /// How many are there now.
    pub to: u64,
    /// The parts that hold them. The first may take the place of one that was not full.
    pub parts: Vec<Part>,
}

/// Writes down what arrived.
///
/// # Errors
/// [`UploadError::Elsewhere`] when somebody else was quicker.
pub fn advance(
    tx: &mut impl MediaRepository,
    media: &Media,
    advance: &Advance,
) -> Result<Media, UploadError> {
    let before = Media { state: State::Arriving, received: advance.from, ..media.clone() };
    let after = Media { received: advance.to, ..media.clone() };
    match tx.save_media(&after, &before) {
        Err(StoreError::Stale) => return Err(UploadError::Elsewhere),
        saved => saved?,
    }
    tx.put_parts(media.id, &advance.parts)?;
    Ok(after)
}

/// What was found when all of something was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// What it is; absent where it is none of what is taken.
    pub format: Option<Format>,
    /// Width and height, as it is shown.
    pub pixels: Option<(u32, u32)>,
    /// Where and when it was taken.
    pub taken: Taken,
    /// SHA-256 of all of it.
    pub sha256: [u8; 32],
    /// Whether there are renditions without metadata.
    pub clean: bool,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
}

/// Writes down what `media` is, all of which is there. Done again it stays as it is.
///
/// # Errors
/// [`UploadError::Gone`] when it was given up meanwhile.
pub fn settle(
    tx: &mut impl MediaRepository,
    media: &Media,
    found: &Findings,
) -> Result<Media, UploadError> {
    let after = Media {
        state: State::Whole,
        length: Some(media.received),
        format: found.format,
        pixels: found.pixels,
        taken: found.taken,
        sha256: Some(found.sha256),
        clean: found.clean,
        flaw: found.flaw,
        ..media.clone()
    };
    let before = Media { state: State::Arriving, ..media.clone() };
    match tx.save_media(&after, &before) {
        Err(StoreError::Stale) => {
            let known = tx.media(media.id)?.filter(Media::is_whole);
            return known.ok_or(UploadError::Gone);
        }
        saved => saved?,
    }
    tx.drop_parts(media.id)?;
    Ok(after)
}

/// Lets `media` go: nobody finds it any more, and its files are removed soon. What it told of
/// somebody is forgotten at once.
///
/// # Errors
/// [`StoreError::Stale`] when it changed meanwhile.
pub fn doom(tx: &mut impl MediaRepository, now: &Moment, media: &Media) -> Result<(), StoreError> {
    let gone = Media {
        uploader: Uploader::Anonymous,
        counted_as: None,
        state: State::Doomed,
        expires_at: Some(now.at),
        taken: Taken::default(),
        sha256: None,
        subject: None,
        ..media.clone()
    };
    tx.save_media(&gone, media)
}

/// Lets an upload go that its holder gave up or that is not fit, unless it was linked.
///
/// # Errors
/// [`UploadError::NotFound`] where it belongs to something by now.
pub fn refuse(
    tx: &mut impl MediaRepository,
    now: &Moment,
    media: MediaId,
) -> Result<(), UploadError> {
    let media = tx.media(media)?.ok_or(UploadError::NotFound)?;
    match (media.state, media.subject) {
        (State::Doomed | State::Swept, _) => Ok(()),
        (_, Some(_)) => Err(UploadError::NotFound),
        (_, None) => Ok(doom(tx, now, &media)?),
    }
}
