//! Looking a dossier up.
//!
//! Whoever asks shows what proves it to be theirs. Every look-up is counted as a wrong one before
//! anybody looks, and given back where it was right: tries made at once cannot be more than allowed.
//! A code that nobody has is counted and looked up like any other, so that neither the answer nor
//! the work tells it from a wrong proof.

use chrono::TimeDelta;

use super::{Claim, Dossier, DossierCode, DossierRepository, Report, hear};
use crate::{
    Moment, StoreError,
    allowance::{self, Allowances, Rate, TakeError},
    event::EventLog,
    notification::Inbox,
    secret::{Digest, Hasher, Purpose},
};

/// For so long the same proof is the same guess.
const GUESSED: TimeDelta = TimeDelta::hours(1);

/// How many wrong look-ups there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookUpRates {
    /// For one dossier.
    pub per_code: Rate,
    /// From one source. A village can share an address: right ones cost it nothing.
    pub per_address: Rate,
    /// By all together.
    pub by_all: Rate,
}

impl LookUpRates {
    /// As many as anybody likes.
    pub const UNLIMITED: Self =
        Self { per_code: Rate::UNLIMITED, per_address: Rate::UNLIMITED, by_all: Rate::UNLIMITED };

    /// So many from one source and by all together. For one dossier five, and one more each hour:
    /// never more than five within an hour.
    #[must_use]
    pub fn new(per_address: Rate, by_all: Rate) -> Self {
        Self { per_code: Rate::new(5, TimeDelta::hours(1)), per_address, by_all }
    }
}

/// Somebody who asks for a dossier.
#[derive(Clone)]
pub struct LookUp {
    /// Its code.
    pub code: DossierCode,
    /// What they show for it to be theirs.
    pub claim: Claim,
    /// From where they ask.
    pub address: Digest,
}

/// Why nobody looked.
#[derive(Debug, thiserror::Error)]
pub enum LookUpError {
    /// Too many were wrong: for this dossier, from this address, or by all together.
    #[error("the next look-up can be made in {} s", retry_after.num_seconds())]
    TooOften {
        /// How long to wait.
        retry_after: TimeDelta,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<TakeError> for LookUpError {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::UsedUp { retry_after } => Self::TooOften { retry_after },
            TakeError::Store(error) => Self::Store(error),
        }
    }
}

/// The dossier that is asked for; nothing where there is none, or what was shown does not prove it.
///
/// # Errors
/// [`LookUpError::TooOften`] says how long to wait. It does not depend on what was shown.
pub fn look_up(
    tx: &mut (impl DossierRepository + Allowances),
    hasher: &impl Hasher,
    now: &Moment,
    asked: &LookUp,
    rates: &LookUpRates,
) -> Result<Option<Dossier>, LookUpError> {
    for (whose, rate) in asked.allowances(hasher, rates) {
        allowance::take(tx, now, whose, rate)?;
    }
    let found = proven(tx, hasher, asked)?;
    if found.is_some() {
        asked.give_back(tx, hasher, now, rates)?;
    }
    Ok(found)
}

/// Takes in what the source of a dossier answered when it was asked, and looks once more. It is no
/// other try: whether the dossier was `known` says whether [`look_up`] found it.
///
/// # Errors
/// [`StoreError`] when the store cannot answer.
pub fn look_after_asking(
    tx: &mut (impl DossierRepository + Allowances + Inbox + EventLog),
    hasher: &impl Hasher,
    now: &Moment,
    (asked, known): (LookUp, bool),
    answer: Option<Report>,
    rates: &LookUpRates,
) -> Result<Option<Dossier>, StoreError> {
    hear(tx, hasher, now, answer.into_iter().collect())?;
    let found = proven(tx, hasher, &asked)?;
    if found.is_some() && !known {
        asked.give_back(tx, hasher, now, rates)?;
    }
    Ok(found)
}

/// Nobody could say whether what was `asked` is right, for the system that keeps the dossier does
/// not answer. Asking the same once more costs nothing then: it is no other guess. Another proof
/// does, for whoever guesses might be told here, where the dossier is known. Neither depends on
/// whether it is.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn note_no_answer(
    tx: &mut impl Allowances,
    hasher: &impl Hasher,
    now: &Moment,
    asked: &LookUp,
    rates: &LookUpRates,
) -> Result<(), StoreError> {
    let [code, address, all] = asked.allowances(hasher, rates);
    allowance::give_back(tx, now, all.0, all.1)?;
    let guess = asked.claim.digest(hasher, &asked.code);
    match allowance::take(tx, now, guess, Rate::new(1, GUESSED)) {
        Ok(()) => Ok(()),
        Err(TakeError::Store(error)) => Err(error),
        Err(TakeError::UsedUp { .. }) => {
            allowance::give_back(tx, now, code.0, code.1)?;
            allowance::give_back(tx, now, address.0, address.1)
        }
    }
}

/// The dossier that is asked for, if what was shown proves it. It is opened only then.
fn proven(
    tx: &mut impl DossierRepository,
    hasher: &impl Hasher,
    asked: &LookUp,
) -> Result<Option<Dossier>, StoreError> {
    let proofs = tx.proofs(&asked.code)?;
    let holds = asked.claim.holds(hasher, &asked.code, proofs.as_ref());
    if holds { tx.dossier(&asked.code) } else { Ok(None) }
}

impl LookUp {
    /// What a wrong look-up uses up. The one that all share comes last, so that it is held for the
    /// shortest time.
    fn allowances(&self, hasher: &impl Hasher, rates: &LookUpRates) -> [(Digest, Rate); 3] {
        let of = |parts: &[&[u8]]| {
            let parts = [&[b"dossier look-ups".as_slice()], parts].concat();
            hasher.digest(Purpose::Allowance, &parts)
        };
        [
            (of(&[b"code", self.code.as_str().as_bytes()]), rates.per_code),
            (of(&[b"address", &self.address.0]), rates.per_address),
            (of(&[b"all"]), rates.by_all),
        ]
    }

    /// Gives back what was taken: the look-up was right.
    fn give_back(
        &self,
        tx: &mut impl Allowances,
        hasher: &impl Hasher,
        now: &Moment,
        rates: &LookUpRates,
    ) -> Result<(), StoreError> {
        let mut allowances = self.allowances(hasher, rates).into_iter();
        allowances.try_for_each(|(whose, rate)| allowance::give_back(tx, now, whose, rate))
    }
}
