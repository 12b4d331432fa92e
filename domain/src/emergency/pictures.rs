//! What a caller shows: photos, videos and sounds under an emergency.

use super::{CallerProof, EmergencyId, EmergencyRepository, FollowError, Happening, proof::own};
use crate::{
    Moment, StoreError,
    event::EventLog,
    media::{AttachError, Attachment, Media, MediaRepository, Stage, Subject, SubjectKind, attach},
    secret::Hasher,
};

/// The most that is kept under one emergency.
const MOST: usize = 100;

/// Why nothing was added.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Nothing that the caller could link.
    #[error(transparent)]
    Attach(#[from] AttachError),
    /// None of this caller.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// As much is there as is kept.
    #[error("as much is there as is kept")]
    TooMany,
}

impl From<StoreError> for PictureError {
    fn from(error: StoreError) -> Self {
        Self::Follow(error.into())
    }
}

impl Subject {
    /// An emergency.
    #[must_use]
    pub const fn emergency(id: EmergencyId) -> Self {
        Self { kind: SubjectKind::Emergency, id: id.uuid() }
    }
}

/// The caller that `proof` is of may show something.
///
/// # Errors
/// [`PictureError`] when it is not of this emergency, or as much is there as is kept.
pub fn may_show(
    store: &mut (impl EmergencyRepository + MediaRepository),
    (id, proof): (EmergencyId, CallerProof),
) -> Result<(), PictureError> {
    own(store, id, proof)?;
    if store.media_of(Subject::emergency(id))?.len() < MOST {
        Ok(())
    } else {
        Err(PictureError::TooMany)
    }
}

/// The caller shows `media`, which just arrived: whatever it is, helpers find it with the call.
///
/// # Errors
/// [`PictureError`] as for [`may_show`].
pub fn show_new(
    store: &mut (impl EmergencyRepository + MediaRepository + EventLog),
    now: &Moment,
    whose: (EmergencyId, CallerProof),
    media: &Media,
) -> Result<Media, PictureError> {
    may_show(store, whose)?;
    let linked = Media {
        counted_as: None,
        expires_at: None,
        subject: Some(Subject::emergency(whose.0)),
        linked_at: Some(now.at),
        ..media.clone()
    };
    store.save_media(&linked, media)?;
    tell(store, now, whose)?;
    Ok(linked)
}

/// The caller shows what they uploaded before.
///
/// # Errors
/// [`PictureError`] as for [`may_show`], or when there is nothing to link.
pub fn show_uploaded(
    store: &mut (impl EmergencyRepository + MediaRepository + EventLog),
    (now, hasher): (&Moment, &dyn Hasher),
    whose: (EmergencyId, CallerProof),
    attachment: &Attachment,
) -> Result<Vec<Media>, PictureError> {
    may_show(store, whose)?;
    let to = (Subject::emergency(whose.0), Stage::Before);
    attach(store, (now, hasher), attachment, to, true)?;
    tell(store, now, whose)?;
    Ok(store.media_of(to.0)?)
}

fn tell(
    store: &mut (impl EmergencyRepository + EventLog),
    now: &Moment,
    (id, proof): (EmergencyId, CallerProof),
) -> Result<(), PictureError> {
    let emergency = own(store, id, proof)?;
    Ok(store.append(&Happening::Shown.to(&emergency, now))?)
}
