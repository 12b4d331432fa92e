//! Following a dossier.

use chrono::{DateTime, Utc};

use super::{Dossier, DossierCode, DossierId, DossierRepository};
use crate::{
    Moment, StoreError,
    identity::{Citizen, CitizenRepository},
};

/// How many dossiers one person may follow.
const AT_MOST: usize = 50;

/// Why a dossier is not followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// There is no such dossier among theirs, or no account any more.
    #[error("no such dossier")]
    NotFound,
    /// They follow as many as anybody may.
    #[error("nobody may follow more dossiers")]
    TooMany,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lets `citizen` follow a dossier that they proved to be theirs: they are told whenever its status
/// changes. Answers how it stands as they begin, and since when they follow it.
///
/// # Errors
/// [`FollowError::TooMany`] while they follow fifty others.
pub fn follow(
    tx: &mut (impl DossierRepository + CitizenRepository),
    now: &Moment,
    citizen: &Citizen,
    code: &DossierCode,
) -> Result<(Dossier, DateTime<Utc>), FollowError> {
    tx.citizen(citizen.id)?.ok_or(FollowError::NotFound)?;
    // Held, so that no change falls between what is answered and what is told.
    let dossier = tx.hold_dossier(code)?.ok_or(FollowError::NotFound)?;
    let followed = tx.dossiers_followed_by(citizen.id)?;
    if let Some((_, since)) = followed.iter().find(|(followed, _)| followed.id == dossier.id) {
        return Ok((dossier, *since));
    }
    if followed.len() >= AT_MOST {
        return Err(FollowError::TooMany);
    }
    tx.follow_dossier(citizen.id, dossier.id, now.at)?;
    Ok((dossier, now.at))
}

/// Lets `citizen` follow a dossier no more.
///
/// # Errors
/// [`FollowError::NotFound`] when they did not follow it.
pub fn unfollow(
    tx: &mut impl DossierRepository,
    citizen: &Citizen,
    id: DossierId,
) -> Result<(), FollowError> {
    if tx.unfollow_dossier(citizen.id, id)? { Ok(()) } else { Err(FollowError::NotFound) }
}

/// The dossiers that `citizen` follows and since when, the latest first.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn followed(
    tx: &mut impl DossierRepository,
    citizen: &Citizen,
) -> Result<Vec<(Dossier, DateTime<Utc>)>, StoreError> {
    tx.dossiers_followed_by(citizen.id)
}
