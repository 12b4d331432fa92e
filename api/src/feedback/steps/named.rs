//! A step by its name, with what it takes.

use domain::{
    feedback::{Action, Step},
    identity::Officer as OfficerProof,
};
use serde_json::{Map, Value};

use super::{
    Nothing,
    course::{
        AskReporter, ExtendFeedback, NoteFeedback, RecategoriseFeedback, TakeAnswerDown,
        TransferFeedback,
    },
    together::MergeFeedback,
    urgency::PrioritiseFeedback,
    work::{AssignFeedback, RejectFeedback, ResolveFeedback},
};
use crate::{
    extract::read_value,
    problem::{ApiError, FieldCode},
};

/// Where what a step takes stands in the body.
const AT: &str = "/with";

/// The step of `officer` that is called `action`, taking what it does when it is taken with one report
/// alone.
///
/// # Errors
/// For what is no step of officers, or takes something else.
pub(in crate::feedback) fn step_of(
    officer: &OfficerProof,
    action: Action,
    with: Map<String, Value>,
) -> Result<Step, ApiError> {
    let with = Value::Object(with);
    let bare = |with, step| read_value(AT, with).map(|Nothing {}| step);
    let step = match action {
        Action::Accept => bare(with, Step::Accept),
        Action::Start => bare(with, Step::Start),
        Action::Unmerge => bare(with, Step::Unmerge),
        Action::Publish => bare(with, Step::Publish),
        Action::Hide => bare(with, Step::Hide),
        Action::Assign => read_value::<AssignFeedback>(AT, with)?.step(),
        Action::Ask => read_value::<AskReporter>(AT, with)?.step(),
        Action::Answer => read_value::<TakeAnswerDown>(AT, with)?.step(),
        Action::Resolve => read_value::<ResolveFeedback>(AT, with)?.step(officer),
        Action::Reject => read_value::<RejectFeedback>(AT, with)?.step(),
        Action::Transfer => read_value::<TransferFeedback>(AT, with)?.step(),
        Action::Recategorise => read_value::<RecategoriseFeedback>(AT, with)?.step(),
        Action::Extend => read_value::<ExtendFeedback>(AT, with)?.step(),
        Action::Prioritise => read_value::<PrioritiseFeedback>(AT, with)?.step(),
        Action::Merge => read_value::<MergeFeedback>(AT, with)?.step(),
        Action::Note => read_value::<NoteFeedback>(AT, with)?.step(),
        _ => return Err(ApiError::field("/action", FieldCode::Unknown)),
    };
    step.map_err(|error| error.below(AT))
}
