//! Dossiers: what became of what somebody filed, for whoever proves to be its applicant.
//!
//! The offices keep dossiers in systems of their own. Those tell of them ([`hear`]), or are asked;
//! what was told last is kept here. Nobody reads from it whose a dossier is: what proves it to be
//! one's own is kept as keyed digests, and names and numbers are not kept at all.

mod code;
mod deadline;
mod draft;
mod entity;
mod flaw;
mod flaws;
mod follow;
mod hear;
mod local;
mod look_up;
mod message;
mod paper;
mod proof;
mod repository;
mod source;
mod status;

pub use code::{CodeForm, DossierCode, InvalidDossierCode};
pub use deadline::{Late, OfficeHours, Timing};
pub use draft::{Draft, DraftApplicant, Report};
pub use entity::{Dossier, DossierId, News, State, Step};
pub use flaw::{Flaw, FlawKind};
pub use follow::{FollowError, follow, followed, unfollow};
pub use hear::hear;
pub use local::{InvalidLocalState, LocalStates};
pub use look_up::{LookUp, LookUpError, LookUpRates, look_after_asking, look_up, note_no_answer};
pub use paper::{DraftFee, DraftResult, Fee, ResultPaper};
pub use proof::{Applicant, Claim, Knowledge, LastFour, NotFourDigits, Proofs};
pub use repository::{DossierRepository, SourceRepository};
pub use source::{Source, SourceId, admit_source, authenticate_source, dismiss_source};
pub use status::{Clock, Status, UnknownStatus};
