//! Where dossiers are kept.

use chrono::{DateTime, Utc};

use super::{Dossier, DossierCode, DossierId, Proofs, Source, SourceId};
use crate::{StoreError, identity::CitizenId};

/// Where dossiers are kept, and who follows them.
pub trait DossierRepository {
    /// What proves the dossier `code` to be one's own; absent where there is no such dossier.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn proofs(&mut self, code: &DossierCode) -> Result<Option<Proofs>, StoreError>;

    /// The dossier `code`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn dossier(&mut self, code: &DossierCode) -> Result<Option<Dossier>, StoreError>;

    /// The dossier `code`. Nobody else can change it until the unit of work ends.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn hold_dossier(&mut self, code: &DossierCode) -> Result<Option<Dossier>, StoreError>;

    /// Adds a dossier, and answers whether it was a new one: another unit of work may have added it
    /// meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_dossier(&mut self, dossier: &Dossier) -> Result<bool, StoreError>;

    /// Saves a dossier that is held.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn keep_dossier(&mut self, dossier: &Dossier) -> Result<(), StoreError>;

    /// Up to `limit` dossiers that somebody follows, that can still change, and of which nobody told
    /// or was asked since `before`, the longest first. They count as asked after at `at`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn take_unheard_dossiers(
        &mut self,
        before: DateTime<Utc>,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<DossierCode>, StoreError>;

    /// Lets `citizen` follow a dossier. Following it twice is following it once.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn follow_dossier(
        &mut self,
        citizen: CitizenId,
        id: DossierId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError>;

    /// Lets `citizen` follow a dossier no more, and answers whether they did.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn unfollow_dossier(&mut self, citizen: CitizenId, id: DossierId) -> Result<bool, StoreError>;

    /// The dossiers that `citizen` follows and since when, the latest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn dossiers_followed_by(
        &mut self,
        citizen: CitizenId,
    ) -> Result<Vec<(Dossier, DateTime<Utc>)>, StoreError>;

    /// Who follows a dossier. Nobody who asked to be erased.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn followers_of_dossier(&mut self, id: DossierId) -> Result<Vec<CitizenId>, StoreError>;
}

/// Where the systems are kept that tell of dossiers.
pub trait SourceRepository {
    /// Adds a source.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] when there is one of this name.
    fn add_source(&mut self, source: &Source) -> Result<(), StoreError>;

    /// The sources, by name.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn sources(&mut self) -> Result<Vec<Source>, StoreError>;

    /// The source whose key has this prefix.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn source_with(&mut self, prefix: &str) -> Result<Option<Source>, StoreError>;

    /// Notes that the key of a source was used.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn note_source_use(&mut self, id: SourceId, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Removes the source of this name, and answers which it was.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn remove_source(&mut self, name: &str) -> Result<Option<SourceId>, StoreError>;
}
