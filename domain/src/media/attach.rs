//! Linking what was uploaded to what it is about.

use super::{Media, MediaName, MediaRepository, Stage, Subject, Uploader};
use crate::{Moment, StoreError, secret::Hasher};

/// The most that is linked at once.
pub const MOST_ATTACHED: usize = 10;

/// What somebody wants to link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Who wants it.
    pub by: Uploader,
    /// What, in this order.
    pub names: Vec<MediaName>,
}

/// Why something could not be linked.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// What stands at these places names nothing that the caller could link.
    #[error("nothing to link at {0:?}")]
    Unknown(Vec<usize>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Links what `attachment` names to `subject`, all of it or nothing. What belongs to it already
/// stays as it is. Whoever uploaded it is forgotten unless `named`.
///
/// # Errors
/// [`AttachError::Unknown`] says which are not the caller's, not whole, expired, or belong to
/// something else, be it since a moment ago.
pub fn attach(
    tx: &mut impl MediaRepository,
    (now, hasher): (&Moment, &dyn Hasher),
    attachment: &Attachment,
    (subject, stage): (Subject, Stage),
    named: bool,
) -> Result<Vec<Media>, AttachError> {
    let mut free: Vec<(usize, Media)> = Vec::new();
    let mut unknown = Vec::new();
    for (place, name) in attachment.names.iter().enumerate() {
        let held = |media: &Media| name.is_held(hasher, attachment.by, media);
        match tx.media(name.id())?.filter(held) {
            Some(media) if free.iter().any(|(_, known)| *known == media) => {}
            Some(media) if media.is_free(now.at) => free.push((place, media)),
            Some(media) if media.is_whole() && media.subject == Some(subject) => {}
            _ => unknown.push(place),
        }
    }
    if !unknown.is_empty() {
        return Err(AttachError::Unknown(unknown));
    }
    let mut linked = Vec::with_capacity(free.len());
    for (place, before) in free {
        let media = Media {
            uploader: if named { before.uploader } else { Uploader::Anonymous },
            counted_as: None,
            expires_at: None,
            subject: Some(subject),
            stage,
            linked_at: Some(now.at),
            ..before.clone()
        };
        match tx.save_media(&media, &before) {
            Err(StoreError::Stale) => return Err(AttachError::Unknown(vec![place])),
            saved => saved?,
        }
        linked.push(media);
    }
    Ok(linked)
}
