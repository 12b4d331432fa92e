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
//! Strangers see a [`PublicReport`], made anew whenever the report changes: covered, blurred, and
//! kept apart, on the [`NoticeBoard`].
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
mod comment;
mod course;
mod danger;
mod disowning;
mod edition;
mod estimate;
mod export;
mod figures;
mod flaw;
mod follow_up;
mod following;
mod for_business;
mod history;
mod intake;
mod legal;
mod masking;
mod notice_board;
mod office;
mod open_data;
mod opening;
mod own;
mod pressing;
mod preview;
mod public;
mod queue;
mod rejection;
mod release;
mod report;
mod repository;
mod retention;
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
mod support;
mod template;
mod transition;
mod words;
mod work;
mod working_time;

pub(crate) use act::seen_at;
pub use act::{ActError, act, in_scope};
pub use action::{Action, Actor};
pub use alarm::ring_alarms;
pub use attribute::{Answers, Attribute, Choice, Datatype};
pub use categories::{Categories, CategoriesError};
pub use category::{Category, LegalTrack, Name, Responsible, Urgency};
pub use closing::{OBJECTION, close_silent};
pub use code::{InvalidTrackingCode, TrackingCode};
pub use comment::{
    Comment, CommentError, CommentId, CommentKey, CommentRepository, CommentStatus,
    UnknownCommentStatus, Verdict, comment, comments, judge, take_back, waiting_comments,
};
pub use course::{Course, Ending, Rating};
pub use danger::danger;
pub use edition::{Edition, Fault};
pub use estimate::{Estimate, FEWEST, estimate};
pub use export::{MOST_EXPORTED, note_export, to_export};
pub use figures::{
    Asked, By, Counted, Days, FigureRepository, Figures, Group, LONGEST, Mean, OwnFigures, Period,
    Selection, Share, Statistics, Tally, own_figures, public_statistics, statistics,
};
pub use flaw::{Flaw, FlawKind};
pub use follow_up::Followed;
pub use following::{Follower, FollowerList, News, follow, spread_news, unfollow};
pub use for_business::{
    BusinessReport, report_of_business, reports_of_business, submit_for_business,
};
pub use history::{Doer, Entry, Head, History, UnknownDoer, Words, is_intact};
pub use intake::{Channel, Contact, Intake, IntakeRepository, OnBehalf, UnknownChannel};
pub use legal::legal_track;
pub use masking::masked;
pub use notice_board::{NoticeBoard, Place, Vicinity};
pub use office::{Office, Registry};
pub use open_data::{
    InvalidMonth, Month, OpenDataRepository, OpenFile, OpenReport, SETTLES, months_without_file,
};
pub use opening::{KnownReporter, open_reporter};
pub use own::{Claim, Move, MoveError, REOPENINGS, do_with_own, track, tracking_token};
pub use preview::{Glimpse, Preview, preview};
pub use public::{Outcome, PublicReport, ReportName, blur};
pub use queue::{QueueFilter, QueueKey, QueueStretch, Rank, queue};
pub use rejection::{Rejection, RejectionReason, UnknownReason};
pub use report::{Report, ReportId, Reporter, Version};
pub use repository::{Circle, FeedbackRepository, ListKey, PublicFilter, Stretch};
pub use retention::{ContactRepository, DueContact, forget_contacts};
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
pub use submit::{Incoming, Similar, SubmitError, Submitted, submit, submit_at_desk};
pub use suggestion::suggest;
pub use support::{Support, SupportError, Supporter, Supports, support, withdraw_support};
pub use template::{
    NewTemplate, Template, TemplateId, TemplateRepository, VARIABLES, Wording, add_template,
    change_template, remove_template, render, templates,
};
pub use transition::{Effect, Guard, NotAllowed, TRANSITIONS, Transition, permitted};
pub use work::{Load, Task, Work, work};
pub use working_time::{Allowance, WorkingCalendar};
