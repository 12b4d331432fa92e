//! Feedback: reports of citizens and businesses, and their way to an answer.
//!
//! Somebody reports a thing of a [`Category`], which says what else is asked, who answers and by
//! when. The map names the commune, a rule of the administrators, or
//! else the category, says whether the commune or an agency of the province answers, and what nobody answers for goes to the fallback desk. The officers of that
//! agency, and of those above it, move the report along one table of [`TRANSITIONS`], each step
//! guarded by the version they saw; its reporter answers questions, rates, has it opened again and
//! appeals by the same table, signed in or with the tracking token. Everything done is an [`Entry`]
//! of the report's history, from which the timelines are read. Nobody but its reporter and those
//! officers sees a report until an officer publishes it, and what the law seals is never published.
//! What was resolved waits fifteen days for an objection, then the timer closes it; so it does with
//! what was asked and not answered. What nobody answers in time rings alarms, at ever higher levels.

mod act;
mod action;
mod alarm;
mod attribute;
mod categories;
mod category;
mod closing;
mod code;
mod course;
mod danger;
mod edition;
mod estimate;
mod flaw;
mod follow_up;
mod for_business;
mod history;
mod intake;
mod legal;
mod office;
mod own;
mod preview;
mod public;
mod rejection;
mod report;
mod repository;
mod route;
mod rule;
mod saved_filter;
mod setup;
mod split;
mod status;
mod step;
mod submission;
mod submit;
mod suggestion;
mod template;
mod transition;
mod words;
mod work;
mod working_time;

pub(crate) use act::seen_at;
pub use act::{ActError, act, in_scope, queue};
pub use action::{Action, Actor};
pub use alarm::ring_alarms;
pub use attribute::{Answers, Attribute, Choice, Datatype};
pub use categories::{Categories, CategoriesError};
pub use category::{Category, LegalTrack, Name, Responsible, Urgency};
pub use closing::{OBJECTION, close_silent};
pub use code::{InvalidTrackingCode, TrackingCode};
pub use course::{Course, Ending, Rating};
pub use danger::danger;
pub use edition::{Edition, Fault};
pub use estimate::{Estimate, estimate};
pub use flaw::{Flaw, FlawKind};
pub use follow_up::Followed;
pub use for_business::{report_of_business, reports_of_business, submit_for_business};
pub use history::{Doer, Entry, Head, History, UnknownDoer, Words, is_intact};
pub use intake::{Channel, Contact, Intake, IntakeRepository, OnBehalf, UnknownChannel};
pub use legal::legal_track;
pub use office::{Office, Registry};
pub use own::{Claim, Move, MoveError, REOPENINGS, do_with_own, track, tracking_token};
pub use preview::{Glimpse, Preview, preview};
pub use public::{ReportName, published};
pub use rejection::{Rejection, RejectionReason, UnknownReason};
pub use report::{Report, ReportId, Reporter, Version};
pub use repository::{Circle, FeedbackRepository, ListKey, PublicFilter, QueueFilter, Stretch};
pub use route::{Because, Miss, Route, Subject, Tried};
pub use rule::{MOST_TERMS, Rule, RuleBook, RuleId, RuleText, Rules, Terms};
pub use saved_filter::{
    NewFilter, SavedFilter, SavedFilterId, SavedFilterRepository, change_filter, remove_filter,
    save_filter, saved_filter, saved_filters,
};
pub use setup::{
    CategoryRegister, SETUP_CHANGED, SetupError, SetupStore, Signed, check, put_category, put_rule,
    remove_rule, withdraw_category,
};
pub use split::{Part, SplitOff, split};
pub use status::{Status, UnknownStatus, UnknownVisibility, Visibility};
pub use step::{Assignment, MOST_DAYS, MoreTime, REASON, Saying, Step, WORDS};
pub use submission::{ADDRESS, Draft, Submission, TEXT, TITLE};
pub use submit::{Similar, SubmitError, Submitted, submit, submit_at_desk};
pub use suggestion::suggest;
pub use template::{
    NewTemplate, Template, TemplateId, TemplateRepository, VARIABLES, Wording, add_template,
    change_template, remove_template, render, templates,
};
pub use transition::{Effect, Guard, NotAllowed, TRANSITIONS, Transition, permitted};
pub use work::{Load, Task, Work, work};
pub use working_time::{Allowance, WorkingCalendar};
