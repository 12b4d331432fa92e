//! Assignments: a unit that is sent to an emergency, from being told to being free again.

mod assign;
mod due;
mod entity;
mod proceed;
mod proposal;
mod repository;
mod status;

pub use assign::{AssignError, Order as AssignmentOrder, assign};
pub use due::{text_unseen, time_out};
pub use entity::{Assignment, AssignmentId, Deadlines};
pub(super) use proceed::stand_down;
pub use proceed::{Assigned, StepError, assignment, assignments, proceed, see};
pub use proposal::Proposal;
pub use repository::AssignmentRepository;
pub use status::{AssignmentStatus, Step, StepNotNow, UnknownAssignmentStatus};
