//! What went wrong with a report, as a problem.

use domain::feedback::{
    ActError, Fault, Flaw, FlawKind, MoveError, NotAllowed, SetupError, SubmitError,
};
use serde_json::json;

use crate::{
    extract::stale,
    problem::{ApiError, Code, FieldCode},
};

impl From<Vec<Flaw>> for ApiError {
    fn from(flaws: Vec<Flaw>) -> Self {
        let any = |kind| flaws.iter().any(|flaw| flaw.kind == kind);
        let code = if any(FlawKind::UnknownCategory) {
            Code::UnknownCategory
        } else if any(FlawKind::WithdrawnCategory) {
            Code::CategoryWithdrawn
        } else {
            Code::ValidationFailed
        };
        flaws.into_iter().fold(Self::new(code), |error, flaw| {
            error.with_field(flaw.pointer, field_code(flaw.kind))
        })
    }
}

impl From<Flaw> for ApiError {
    fn from(flaw: Flaw) -> Self {
        vec![flaw].into()
    }
}

const fn field_code(kind: FlawKind) -> FieldCode {
    match kind {
        FlawKind::Missing => FieldCode::Missing,
        FlawKind::TooLong(_) => FieldCode::TooLong,
        FlawKind::UnknownCategory | FlawKind::Unknown => FieldCode::Unknown,
        FlawKind::NotSelectable | FlawKind::WithdrawnCategory => FieldCode::NotSelectable,
        FlawKind::NotAsked => FieldCode::UnknownField,
        FlawKind::WrongType => FieldCode::WrongType,
        FlawKind::OutOfRange => FieldCode::OutOfRange,
    }
}

impl From<SubmitError> for ApiError {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::IdTaken => Self::new(Code::IdTaken),
            SubmitError::Flawed(flaws) => flaws.into(),
            SubmitError::Business(error) => error.into(),
            SubmitError::Store(error) => error.into(),
        }
    }
}

impl From<NotAllowed> for ApiError {
    fn from(refused: NotAllowed) -> Self {
        Self::new(Code::ActionNotAllowed)
            .with("current_status", refused.status.as_str())
            .with("allowed_actions", json!(refused.allowed))
    }
}

impl From<MoveError> for ApiError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::NotFound => Self::new(Code::NotFound),
            MoveError::NotAllowed(refused) => refused.into(),
            MoveError::Flawed(flaws) => flaws.into(),
            MoveError::Store(error) => error.into(),
        }
    }
}

impl From<ActError> for ApiError {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NotFound => Self::new(Code::NotFound),
            ActError::Stale(version) => stale(version.0),
            ActError::NotAllowed(refused) => refused.into(),
            ActError::NotHolder(_) => Self::new(Code::NotHolder),
            ActError::OutOfReach => Self::new(Code::Forbidden),
            ActError::TooMany => Self::new(Code::TooMany),
            ActError::Flawed(flaw) => flaw.into(),
            ActError::Store(error) => error.into(),
        }
    }
}

impl From<SetupError> for ApiError {
    fn from(error: SetupError) -> Self {
        let unfit = |field: &str| Self::field(format!("/{field}"), FieldCode::Unknown);
        match error {
            SetupError::NotFound => Self::new(Code::NotFound),
            SetupError::Seen { version } => stale(version),
            SetupError::Fault(Fault::CodeTaken) => Self::new(Code::AlreadyExists),
            SetupError::Fault(fault @ (Fault::Code | Fault::Attributes)) => {
                Self::field(format!("/{}", fault.field()), FieldCode::WrongForm)
            }
            SetupError::Fault(fault @ Fault::NoDeadline) => {
                Self::field(format!("/{}", fault.field()), FieldCode::OutOfRange)
            }
            SetupError::Fault(fault) => unfit(fault.field()),
            SetupError::Unfit(field) => unfit(field),
            SetupError::TooMany => Self::new(Code::TooMany),
            SetupError::Store(error) => error.into(),
        }
    }
}
