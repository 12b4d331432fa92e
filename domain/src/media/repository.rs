//! Where it is written down what was uploaded. The bytes themselves are files.

use chrono::{DateTime, Utc};

use super::{Media, MediaId, Part, State, Subject};
use crate::{StoreError, identity::CitizenId, secret::Digest};

/// What somebody has uploaded and not linked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many.
    pub number: u64,
    /// How many bytes, by what was announced.
    pub bytes: u64,
}

/// Where media are written down.
pub trait MediaRepository {
    /// Adds `media`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_media(&mut self, media: &Media) -> Result<(), StoreError>;

    /// Saves `media` if it still stands as `before`: at that state, with so many bytes, and
    /// belonging to nothing else.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when it does not.
    fn save_media(&mut self, media: &Media, before: &Media) -> Result<(), StoreError>;

    /// The one with this id, doomed ones included.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn media(&mut self, id: MediaId) -> Result<Option<Media>, StoreError>;

    /// What is whole and belongs to `subject`, in the order in which it was linked.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn media_of(&mut self, subject: Subject) -> Result<Vec<Media>, StoreError>;

    /// What `citizen` uploaded under their account, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn media_of_citizen(&mut self, citizen: CitizenId) -> Result<Vec<Media>, StoreError>;

    /// What is counted as `whose` and not linked.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn unlinked(&mut self, whose: Digest) -> Result<Standing, StoreError>;

    /// The parts of what is arriving, from the first byte on.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn parts(&mut self, id: MediaId) -> Result<Vec<Part>, StoreError>;

    /// Adds `parts`, in place of any that begin where they do.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take them.
    fn put_parts(&mut self, id: MediaId, parts: &[Part]) -> Result<(), StoreError>;

    /// Forgets the parts of something.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn drop_parts(&mut self, id: MediaId) -> Result<(), StoreError>;

    /// Those at `state` that were to go before `at`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn media_due(
        &mut self,
        state: State,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Media>, StoreError>;

    /// Removes the row of something whose files were removed.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_media(&mut self, id: MediaId) -> Result<(), StoreError>;
}
