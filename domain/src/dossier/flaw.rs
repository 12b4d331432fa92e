//! What can be wrong in what a source tells of a dossier.

/// Something that is wrong in what a source tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// In which field: `applicant/phone`.
    pub field: &'static str,
    /// What is wrong.
    pub kind: FlawKind,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlawKind {
    /// Nothing is there.
    Missing,
    /// It cannot be read.
    WrongForm,
    /// It is too long, or there are too many.
    TooLong,
    /// It lies too far off, or in the future.
    OutOfRange,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let wrong = match self.kind {
            FlawKind::Missing => "is missing",
            FlawKind::WrongForm => "cannot be read",
            FlawKind::TooLong => "is too long",
            FlawKind::OutOfRange => "lies too far off",
        };
        write!(formatter, "{} {wrong}", self.field.replace('/', "."))
    }
}
