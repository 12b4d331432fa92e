//! Feedback of citizens and businesses: reports and their way to an answer.
//!
//! Somebody reports a thing of a [`Category`], which says what else is asked, who answers and by
//! when. The map names the commune, the category says whether the commune or an agency of the
//! province answers, and what nobody answers for goes to the fallback desk. The officers of that
//! agency, and of those above it, move the report along one table of [`TRANSITIONS`], each step
//! guarded by the version they saw, and every step leaves an event from which the timeline is
//! read. Nobody but its reporter (signed in, or with the tracking token) and those officers sees a
//! report until an officer publishes it, and what the law seals is never published. What was
//! resolved waits fifteen days for an objection, then the timer closes it.

mod act;
mod attribute;
mod categories;
mod category;
mod closing;
mod code;
mod flaw;
mod follow_up;
mod own;
mod public;
mod rejection;
mod report;
mod repository;
mod status;
mod submission;
mod submit;
mod transition;
mod working_time;

pub use act::{ActError, Answer, Assignment, Step, act, in_scope, queue};
pub use attribute::{Answers, Attribute, Choice, Datatype};
pub use categories::{Categories, CategoriesError};
pub use category::{Category, LegalTrack, Name, Responsible, Urgency};
pub use closing::{OBJECTION, close_unobjected};
pub use code::{InvalidTrackingCode, TrackingCode};
pub use flaw::{Flaw, FlawKind};
use follow_up::announce;
pub use follow_up::{Followed, Milestone};
pub use own::{Claim, WithdrawError, track, tracking_token, withdraw};
pub use public::{ReportName, published};
pub use rejection::{Rejection, RejectionReason, UnknownReason};
pub use report::{Report, ReportId, Reporter, Version};
pub use repository::{Circle, FeedbackRepository, ListKey, PublicFilter, QueueFilter, Stretch};
pub use status::{Status, UnknownStatus, UnknownVisibility, Visibility};
pub use submission::{ADDRESS, Draft, Submission, TEXT, TITLE};
pub use submit::{Similar, SubmitError, Submitted, submit};
pub use transition::{
    Action, Actor, Effect, NotAllowed, TRANSITIONS, Transition, allowed_actions, permitted,
};
pub use working_time::{Allowance, WorkingCalendar};
