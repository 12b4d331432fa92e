//! The closed table of problems. Clients branch on these codes: they never change their meaning.
//!
//! What people read about them, in both languages, stands in `texts.json`.

use actix_web::http::StatusCode;

use super::{
    Language,
    texts::{self, Text},
};

/// A problem a client can meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The thing is not where this could be done.
    ActionNotAllowed,
    /// Another dispatcher holds the emergency.
    AlreadyClaimed,
    /// A row with this key stands already.
    AlreadyExists,
    /// Nobody has verified the business.
    BusinessNotVerified,
    /// A call for help could not be stored: the caller has to dial.
    CallNotStored,
    /// The category of feedback was withdrawn.
    CategoryWithdrawn,
    /// The thing was changed by somebody else meanwhile.
    ChangedMeanwhile,
    /// The person has not agreed to this use of their data.
    ConsentRequired,
    /// A cursor that is older than what is kept.
    CursorExpired,
    /// The caller's role does not allow this.
    Forbidden,
    /// The id names something else already.
    IdTaken,
    /// The key was used with another body.
    IdempotencyKeyReused,
    /// A defect of the service.
    Internal,
    /// Username and password do not belong together.
    InvalidCredentials,
    /// A cursor that this list did not give out.
    InvalidCursor,
    /// A query parameter with something wrong.
    InvalidQuery,
    /// The business would have no owner left.
    LastOwner,
    /// There is nothing else to sign in by.
    LastWayIn,
    /// What an emergency shall follow is not there, has ended, or follows another itself.
    LeadingNotOpen,
    /// The body is not JSON.
    MalformedJson,
    /// Something else is hidden in an uploaded file.
    MediaAmbiguous,
    /// An uploaded picture moves.
    MediaAnimated,
    /// Strangers would see what a camera wrote beside it.
    MediaNotShowable,
    /// Too much was uploaded and not linked.
    MediaQuotaUsedUp,
    /// An uploaded file has more bytes than is taken, or than was announced.
    MediaTooLarge,
    /// An uploaded picture has more pixels than is taken.
    MediaTooManyPixels,
    /// An uploaded file is cut off or broken.
    MediaUnreadable,
    /// An uploaded file is no photo, video or sound of a kind that is taken.
    MediaUnsupported,
    /// The path does not take this method.
    MethodNotAllowed,
    /// There is no such thing, or the caller may not know of it.
    NotFound,
    /// The caller does not hold the emergency, or does not have the report.
    NotHolder,
    /// Another identity of the same provider opens the account of the phone.
    OidcAnotherLinked,
    /// A sign-in by OpenID Connect that took too long, or that nobody began.
    OidcExpired,
    /// The identity opens another account already.
    OidcLinkedElsewhere,
    /// Nobody signs in here by OpenID Connect.
    OidcNotOffered,
    /// A one-time password that can no longer be used.
    OtpExpired,
    /// A one-time password that is not the one that was sent.
    OtpWrong,
    /// The position lies outside the province.
    OutsideProvince,
    /// The report is the caller's own.
    OwnReport,
    /// The body is too large.
    PayloadTooLarge,
    /// The phone opens another account.
    PhoneInUse,
    /// The thing is not at the version that the caller saw.
    PreconditionFailed,
    /// The caller did not say which version they saw.
    PreconditionRequired,
    /// A range of bytes that the file does not have.
    RangeNotSatisfiable,
    /// Too many requests.
    RateLimited,
    /// The caller did one half of it already: the other half is somebody else's.
    SecondAdministratorRequired,
    /// A refresh token that means nothing any more.
    SessionEnded,
    /// What only somebody may do who signed in lately.
    SignInAgain,
    /// A sound could give the caller away, and it was not said that this is known.
    SilentCall,
    /// A verified business has this tax code.
    TaxCodeTaken,
    /// There are as many as there may be.
    TooMany,
    /// The caller's role asks for an authenticator app, and there is none yet.
    TotpEnrolmentRequired,
    /// The password is right, and the code of the authenticator app is missing.
    TotpRequired,
    /// Another version of the protocol for uploads.
    TusVersionUnsupported,
    /// Who is calling is not proven.
    Unauthorized,
    /// The service cannot answer now.
    Unavailable,
    /// The unit is bound by something else.
    UnitBusy,
    /// The unit is off shift.
    UnitOffShift,
    /// There is no such category of feedback.
    UnknownCategory,
    /// The body is not in a format this path takes.
    UnsupportedMediaType,
    /// What arrived is not what was sent.
    UploadChecksumMismatch,
    /// A checksum that cannot be computed here.
    UploadChecksumUnsupported,
    /// The connection broke before all of it had arrived.
    UploadCut,
    /// An upload that expired, was given up or was not fit.
    UploadGone,
    /// An upload stands at another offset.
    UploadOffsetConflict,
    /// The body has something wrong in it.
    ValidationFailed,
}

impl Code {
    /// Every problem there is.
    pub const ALL: &'static [Self] = &[
        Self::ActionNotAllowed,
        Self::AlreadyClaimed,
        Self::AlreadyExists,
        Self::BusinessNotVerified,
        Self::CallNotStored,
        Self::CategoryWithdrawn,
        Self::ChangedMeanwhile,
        Self::ConsentRequired,
        Self::CursorExpired,
        Self::Forbidden,
        Self::IdTaken,
        Self::IdempotencyKeyReused,
        Self::Internal,
        Self::InvalidCredentials,
        Self::InvalidCursor,
        Self::InvalidQuery,
        Self::LastOwner,
        Self::LastWayIn,
        Self::LeadingNotOpen,
        Self::MalformedJson,
        Self::MediaAmbiguous,
        Self::MediaAnimated,
        Self::MediaNotShowable,
        Self::MediaQuotaUsedUp,
        Self::MediaTooLarge,
        Self::MediaTooManyPixels,
        Self::MediaUnreadable,
        Self::MediaUnsupported,
        Self::MethodNotAllowed,
        Self::NotFound,
        Self::NotHolder,
        Self::OidcAnotherLinked,
        Self::OidcExpired,
        Self::OidcLinkedElsewhere,
        Self::OidcNotOffered,
        Self::OtpExpired,
        Self::OtpWrong,
        Self::OutsideProvince,
        Self::OwnReport,
        Self::PayloadTooLarge,
        Self::PhoneInUse,
        Self::PreconditionFailed,
        Self::PreconditionRequired,
        Self::RangeNotSatisfiable,
        Self::RateLimited,
        Self::SecondAdministratorRequired,
        Self::SessionEnded,
        Self::SignInAgain,
        Self::SilentCall,
        Self::TaxCodeTaken,
        Self::TooMany,
        Self::TotpEnrolmentRequired,
        Self::TotpRequired,
        Self::TusVersionUnsupported,
        Self::Unauthorized,
        Self::Unavailable,
        Self::UnitBusy,
        Self::UnitOffShift,
        Self::UnknownCategory,
        Self::UnsupportedMediaType,
        Self::UploadChecksumMismatch,
        Self::UploadChecksumUnsupported,
        Self::UploadCut,
        Self::UploadGone,
        Self::UploadOffsetConflict,
        Self::ValidationFailed,
    ];

    const fn row(self) -> (StatusCode, &'static str) {
        match self {
            Self::ActionNotAllowed => (StatusCode::CONFLICT, "action_not_allowed"),
            Self::AlreadyClaimed => (StatusCode::CONFLICT, "already_claimed"),
            Self::AlreadyExists => (StatusCode::CONFLICT, "already_exists"),
            Self::BusinessNotVerified => (StatusCode::CONFLICT, "business_not_verified"),
            Self::CallNotStored => (StatusCode::SERVICE_UNAVAILABLE, "call_not_stored"),
            Self::CategoryWithdrawn => (StatusCode::UNPROCESSABLE_ENTITY, "category_withdrawn"),
            Self::ChangedMeanwhile => (StatusCode::CONFLICT, "changed_meanwhile"),
            Self::ConsentRequired => (StatusCode::CONFLICT, "consent_required"),
            Self::CursorExpired => (StatusCode::GONE, "cursor_expired"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::IdTaken => (StatusCode::CONFLICT, "id_taken"),
            Self::IdempotencyKeyReused => {
                (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused")
            }
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            Self::InvalidCredentials => (StatusCode::UNAUTHORIZED, "invalid_credentials"),
            Self::InvalidCursor => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_cursor"),
            Self::InvalidQuery => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_query"),
            Self::LastOwner => (StatusCode::CONFLICT, "last_owner"),
            Self::LastWayIn => (StatusCode::CONFLICT, "last_way_in"),
            Self::LeadingNotOpen => (StatusCode::CONFLICT, "leading_not_open"),
            Self::MalformedJson => (StatusCode::BAD_REQUEST, "malformed_json"),
            Self::MediaAmbiguous => (StatusCode::UNPROCESSABLE_ENTITY, "media_ambiguous"),
            Self::MediaAnimated => (StatusCode::UNPROCESSABLE_ENTITY, "media_animated"),
            Self::MediaNotShowable => (StatusCode::CONFLICT, "media_not_showable"),
            Self::MediaQuotaUsedUp => (StatusCode::TOO_MANY_REQUESTS, "media_quota_used_up"),
            Self::MediaTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "media_too_large"),
            Self::MediaTooManyPixels => (StatusCode::UNPROCESSABLE_ENTITY, "media_too_many_pixels"),
            Self::MediaUnreadable => (StatusCode::UNPROCESSABLE_ENTITY, "media_unreadable"),
            Self::MediaUnsupported => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_unsupported"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::NotHolder => (StatusCode::CONFLICT, "not_holder"),
            Self::OidcAnotherLinked => (StatusCode::CONFLICT, "oidc_another_linked"),
            Self::OidcExpired => (StatusCode::UNPROCESSABLE_ENTITY, "oidc_expired"),
            Self::OidcLinkedElsewhere => (StatusCode::CONFLICT, "oidc_linked_elsewhere"),
            Self::OidcNotOffered => (StatusCode::NOT_FOUND, "oidc_not_offered"),
            Self::OtpExpired => (StatusCode::UNPROCESSABLE_ENTITY, "otp_expired"),
            Self::OtpWrong => (StatusCode::UNPROCESSABLE_ENTITY, "otp_wrong"),
            Self::OutsideProvince => (StatusCode::NOT_FOUND, "outside_province"),
            Self::OwnReport => (StatusCode::CONFLICT, "own_report"),
            Self::PayloadTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large"),
            Self::PhoneInUse => (StatusCode::CONFLICT, "phone_in_use"),
            Self::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, "precondition_failed"),
            Self::PreconditionRequired => {
                (StatusCode::PRECONDITION_REQUIRED, "precondition_required")
            }
            Self::RangeNotSatisfiable => {
                (StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable")
            }
            Self::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            Self::SecondAdministratorRequired => {
                (StatusCode::FORBIDDEN, "second_administrator_required")
            }
            Self::SessionEnded => (StatusCode::UNAUTHORIZED, "session_ended"),
            Self::SignInAgain => (StatusCode::FORBIDDEN, "sign_in_again"),
            Self::SilentCall => (StatusCode::CONFLICT, "silent_call"),
            Self::TaxCodeTaken => (StatusCode::CONFLICT, "tax_code_taken"),
            Self::TooMany => (StatusCode::CONFLICT, "too_many"),
            Self::TotpEnrolmentRequired => (StatusCode::FORBIDDEN, "totp_enrolment_required"),
            Self::TotpRequired => (StatusCode::UNAUTHORIZED, "totp_required"),
            Self::TusVersionUnsupported => {
                (StatusCode::PRECONDITION_FAILED, "tus_version_unsupported")
            }
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Self::UnitBusy => (StatusCode::CONFLICT, "unit_busy"),
            Self::UnitOffShift => (StatusCode::CONFLICT, "unit_off_shift"),
            Self::UnknownCategory => (StatusCode::UNPROCESSABLE_ENTITY, "unknown_category"),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            }
            Self::UploadChecksumMismatch => (StatusCode::BAD_REQUEST, "upload_checksum_mismatch"),
            Self::UploadChecksumUnsupported => {
                (StatusCode::BAD_REQUEST, "upload_checksum_unsupported")
            }
            Self::UploadCut => (StatusCode::REQUEST_TIMEOUT, "upload_cut"),
            Self::UploadGone => (StatusCode::GONE, "upload_gone"),
            Self::UploadOffsetConflict => (StatusCode::CONFLICT, "upload_offset_conflict"),
            Self::ValidationFailed => (StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            // What the protocol for uploads has it be; no HTTP library knows it by name.
            Self::UploadChecksumMismatch => StatusCode::from_u16(460),
            other => Ok(other.row().0),
        }
        .unwrap_or(StatusCode::BAD_REQUEST)
    }

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }

    /// What kind of problem it is, for a person.
    #[must_use]
    pub fn title(self, language: Language) -> &'static str {
        texts::problem(self.as_str()).map_or(self.as_str(), |texts| texts.title.pick(language))
    }

    /// What to do about it.
    #[must_use]
    pub fn detail(self, language: Language) -> &'static str {
        texts::problem(self.as_str()).map_or(self.as_str(), |texts| texts.detail.pick(language))
    }
}

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldCode {
    /// A control character such as NUL.
    ControlCharacter,
    /// A password that others would try.
    Guessable,
    /// It has to be there.
    Missing,
    /// Only a group of what can be chosen.
    NotSelectable,
    /// It was so once, and is no more.
    OutOfDate,
    /// Outside the range of values.
    OutOfRange,
    /// It was used for something else before.
    Reused,
    /// Too many characters or elements.
    TooLong,
    /// Too few characters or elements.
    TooShort,
    /// No such thing is known.
    Unknown,
    /// There is no such field.
    UnknownField,
    /// Not of the right form.
    WrongForm,
    /// Not of the right JSON type.
    WrongType,
}

impl FieldCode {
    /// Every one there is.
    pub const ALL: &'static [Self] = &[
        Self::ControlCharacter,
        Self::Guessable,
        Self::Missing,
        Self::NotSelectable,
        Self::OutOfDate,
        Self::OutOfRange,
        Self::Reused,
        Self::TooLong,
        Self::TooShort,
        Self::Unknown,
        Self::UnknownField,
        Self::WrongForm,
        Self::WrongType,
    ];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ControlCharacter => "control_character",
            Self::Guessable => "guessable",
            Self::Missing => "missing",
            Self::NotSelectable => "not_selectable",
            Self::OutOfDate => "out_of_date",
            Self::OutOfRange => "out_of_range",
            Self::Reused => "reused",
            Self::TooLong => "too_long",
            Self::TooShort => "too_short",
            Self::Unknown => "unknown",
            Self::UnknownField => "unknown_field",
            Self::WrongForm => "wrong_form",
            Self::WrongType => "wrong_type",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn detail(self, language: Language) -> &'static str {
        texts::field(self.as_str()).map_or(self.as_str(), |text: &Text| text.pick(language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_texts_and_every_text_its_problem() {
        let problems: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        let fields: Vec<_> = FieldCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts::names(), (problems, fields));
    }
}
