//! What is wrong with what somebody sent, and where.

/// One thing that is wrong, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where in the body, as a JSON pointer (RFC 6901): `/attributes/since`.
    pub pointer: String,
    /// What is wrong there.
    pub kind: FlawKind,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// Nothing is there.
    Required,
    /// More characters than this.
    TooLong(usize),
    /// No such category.
    UnknownCategory,
    /// The category only groups others: one of those is meant.
    NotSelectable,
    /// No such commune.
    UnknownCommune,
    /// The category does not ask this.
    UnknownAttribute,
    /// Not one of the values to choose.
    UnknownValue,
    /// Another type is wanted.
    WrongType,
    /// No officer who could have the report.
    UnknownAssignee,
    /// No such agency.
    UnknownAgency,
}

impl FlawKind {
    /// The stable code on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong(_) => "too_long",
            Self::UnknownCategory => "unknown_category",
            Self::NotSelectable => "not_selectable",
            Self::UnknownCommune => "unknown_commune",
            Self::UnknownAttribute => "unknown_attribute",
            Self::UnknownValue => "unknown_value",
            Self::WrongType => "wrong_type",
            Self::UnknownAssignee => "unknown_assignee",
            Self::UnknownAgency => "unknown_agency",
        }
    }
}

impl Flaw {
    /// A flaw at the field `name` of the body.
    #[must_use]
    pub fn at(name: &str, kind: FlawKind) -> Self {
        Self { pointer: format!("/{name}"), kind }
    }

    /// A flaw in the answer to the question `code`.
    #[must_use]
    pub(super) fn in_attribute(code: &str, kind: FlawKind) -> Self {
        Self {
            pointer: format!("/attributes/{}", code.replace('~', "~0").replace('/', "~1")),
            kind,
        }
    }
}
