//! Emergency support: from the first tap to the call being handled.
//!
//! 1. Whatever bytes a phone sends become a [`Report`] (what the caller said, every field
//!    optional) with perhaps a [`Reading`] of where the phone is, and the [`Evidence`] by which the
//!    same caller is known again.
//! 2. [`raise`] puts a new [`Emergency`] under its id; a later call under that id is the caller's
//!    own update where the evidence fits, else a [`Statement`] of a stranger that stands beside.
//! 3. Readings become [`Fix`]es with server times; the newest rides on the emergency, all of them
//!    in its trail.
//! 4. Dispatchers move it through [`Status`] by the [`Action`]s of one table; two who act at once
//!    are told apart by compare-and-set on its version.
//! 5. Every change appends an event in its own unit of work, so that feeds, timelines and the
//!    caller's phone tell one story.

mod advice;
mod alarm;
mod alert;
mod assignment;
mod call;
mod callback;
mod called;
mod cancellation;
mod closing;
mod conversation;
mod correction;
mod deferral;
mod disposition;
mod duty;
mod duty_phone;
mod ending;
mod entity;
mod escalation;
mod follow;
mod handling;
mod happening;
mod household;
mod kind;
mod lease;
mod life;
mod likeness;
mod location;
mod merge;
mod message;
mod note;
mod orders;
mod overload;
mod page;
mod patience;
mod phoned;
mod pictures;
mod priority;
mod probe;
mod proof;
mod queue;
mod raise;
mod receipt;
mod recommendation;
mod record;
mod report;
mod repository;
mod revision;
mod routing;
mod silence;
pub mod sms;
mod statement;
mod status;
mod trail;
mod transfer;
mod travel;
mod triage;
mod unit;
mod whose;

pub use advice::{Advice, NEXT_UPDATE_WHILE_AWAY_S, advice, advice_while_away, next_update_s};
pub use alarm::{AlarmStore, ring_again, ring_alarms};
pub use assignment::{
    AssignError, Assigned, Assignment, AssignmentId, AssignmentOrder, AssignmentRepository,
    AssignmentStatus, Deadlines, Proposal, Step, StepError, StepNotNow, UnknownAssignmentStatus,
    assign, assignment, assignments, proceed, see, text_unseen, time_out,
};
pub use call::{Call, CallName, CallSource, Hearing, Stranger};
pub use callback::{
    Awaited, Callback, CallbackError, CallbackOutcome, CallbackReason, CallbackRepository,
    UnknownCallbackOutcome, awaited, call_back, callbacks,
};
pub use called::Called;
pub use cancellation::request_cancellation;
pub use closing::close_resolved;
pub use conversation::{
    MessageRepository, message, messages_of_caller, messages_of_dispatcher, read_by_caller,
    read_by_dispatcher, send_message, tell_message,
};
pub use correction::{Corrected, Correction, CorrectionRepository, Field, FieldChange, correct};
pub use deferral::{Deferred, Wish};
pub use disposition::{Apco, Disposition, UnknownDisposition};
pub use duty::{Duty, DutyRepository, go_off_duty, go_on_duty, is_staffed, on_duty};
pub use duty_phone::{DutyPhone, InvalidDutyPhone};
pub use ending::{confirm_cancellation, reject_cancellation, reopen, resolve};
pub use entity::{Emergency, EmergencyId, Outcome};
pub use escalation::Escalation;
pub use follow::{Case, FollowError, Followed, Help, case, follow};
pub use handling::{HandlingError, claim, heartbeat, release, set_priority, take_over};
pub use happening::Happening;
pub use household::{Danger, Household};
pub use kind::{Kind, NUMBERS, UnknownKind};
pub use lease::Lease;
pub use likeness::{
    Comparison, LikenessRepository, Trace, Vicinity, compare, forget_traces, leave_traces,
    link_alike,
};
pub use location::{Fix, Quality, Reading, Source};
pub use merge::{MergeError, merge, unmerge};
pub use message::{Message, MessageId, Progress, Side};
pub use note::{Note, NoteId, NoteRepository, note, notes};
pub use orders::{StandingOrders, Territory};
pub use overload::{Claims, Load, Standing, Waiting, WaitingCalls};
pub use page::{Circumstances, Pages};
pub use patience::{Patience, Waits};
pub use phoned::{PhonedInError, phoned_in, taken_down};
pub use pictures::{PictureError, may_show, show_new, show_uploaded};
pub use priority::{Priority, UnknownPriority};
pub use probe::{ProbeRepository, claim_probe, end_probe, raise_probe};
pub use proof::CallerProof;
pub use queue::{Opened, Order, Queue, QueueFilter, QueuePlace, Queued, open, queue, queued};
pub use raise::{RaiseError, Raised, raise};
pub use receipt::{InvalidReceipt, Receipt};
pub use recommendation::{Recommended, recommended};
pub use record::{
    Export, Figures, Goal, Group, Part, Record, RecordRepository, Retention, Stage, Statistics,
    export, forget_old, keep_records, statistics,
};
pub use report::{Report, Victim};
pub use repository::EmergencyRepository;
pub use routing::{RoutedBy, UnknownRoute};
pub use statement::Statement;
pub use status::{Action, Status, TransitionError, UnknownStatus};
pub use trail::{Located, Reception, report_locations};
pub use transfer::{
    OfferError, Transfer, TransferId, accept_transfer, offer_transfer, reject_transfer,
    withdraw_transfer,
};
pub use travel::{Roads, Travel};
pub use triage::{Asked, Choice, Question, QuestionRepository, Questions, Wording, ask, ask_again};
pub use unit::{
    Capability, Crew, CrewMember, KeepUnitError, NewUnit, Unit, UnitChange, UnitError, UnitId,
    UnitNow, UnitRepository, UnitStatus, UnknownCapability, UnknownUnitStatus, add_unit,
    change_unit, locate_unit, put_on_shift, unit, units,
};
pub use whose::Evidence;
