//! Media: photos, videos and sounds that belong to reports and to calls for help.
//!
//! Whatever is uploaded stays private: to its holder, and to the officers or dispatchers of the
//! thing it was linked to. Others see what an officer approved, of a report that is published, and
//! only renditions without anything that the camera wrote beside the picture.

mod attach;
mod disowning;
mod entity;
mod format;
mod moderate;
mod repository;
mod showing;
mod sweep;
mod token;
mod upload;

pub use attach::{AttachError, Attachment, MOST_ATTACHED, attach};
pub use disowning::disown;
pub use entity::{
    Media, MediaId, Moderation, Part, Stage, State, Subject, SubjectKind, Taken, Uploader,
};
pub use format::{Format, Kind, UnknownFormat};
pub use moderate::{ModerateError, Verdict, add_at_desk, moderate, of_report};
pub use repository::{MediaRepository, Standing};
pub use showing::{Claim, Rendition, ShowError, Shown, show};
pub use sweep::{bared, doom_expired, swept, to_be_bared};
pub use token::{MediaName, media_token};
pub use upload::{
    Advance, BeginError, Expected, Findings, Flaw, Quota, UploadError, advance, begin, doom,
    is_used_up, refuse, settle,
};
