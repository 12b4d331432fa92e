//! What went wrong with media, as a problem.

use domain::media::{AttachError, BeginError, Flaw, ModerateError, ShowError, UploadError};

use crate::problem::{ApiError, Code, FieldCode};

/// What is wrong with a file.
pub(crate) fn flawed(flaw: Flaw) -> ApiError {
    let code = match flaw {
        Flaw::Unsupported => Code::MediaUnsupported,
        Flaw::Unreadable => Code::MediaUnreadable,
        Flaw::TooManyPixels => Code::MediaTooManyPixels,
        Flaw::Animated => Code::MediaAnimated,
        Flaw::Ambiguous => Code::MediaAmbiguous,
        Flaw::TooLarge => Code::MediaTooLarge,
    };
    let field = match flaw {
        Flaw::TooManyPixels => FieldCode::OutOfRange,
        Flaw::TooLarge => FieldCode::TooLong,
        _ => FieldCode::WrongForm,
    };
    ApiError::new(code).with_field("/file", field)
}

impl From<BeginError> for ApiError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::QuotaUsedUp => Self::new(Code::MediaQuotaUsedUp).retry_after(3600),
            BeginError::Store(error) => error.into(),
        }
    }
}

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::NotFound => Self::new(Code::NotFound),
            UploadError::Gone => Self::new(Code::UploadGone),
            UploadError::Elsewhere => Self::new(Code::UploadOffsetConflict),
            UploadError::Store(error) => error.into(),
        }
    }
}

impl From<ShowError> for ApiError {
    fn from(error: ShowError) -> Self {
        match error {
            ShowError::NotFound => Self::new(Code::NotFound),
            ShowError::Store(error) => error.into(),
        }
    }
}

impl From<AttachError> for ApiError {
    fn from(error: AttachError) -> Self {
        match error {
            AttachError::Unknown(places) => domain::feedback::Flaw::unknown_media(&places).into(),
            AttachError::Store(error) => error.into(),
        }
    }
}

impl From<ModerateError> for ApiError {
    fn from(error: ModerateError) -> Self {
        match error {
            ModerateError::NoSuchMedia => Self::new(Code::NotFound),
            ModerateError::NotClean => Self::new(Code::MediaNotShowable),
            ModerateError::Attach(error) => error.into(),
            ModerateError::Act(error) => error.into(),
        }
    }
}
