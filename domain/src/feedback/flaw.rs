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
    Missing,
    /// More characters than this.
    TooLong(usize),
    /// No such category.
    UnknownCategory,
    /// The category was withdrawn: it cannot be reported any more.
    WithdrawnCategory,
    /// The category only groups others: one of those is meant.
    NotSelectable,
    /// Not one of what can be named or chosen there.
    Unknown,
    /// The category does not ask this.
    NotAsked,
    /// Another type is wanted.
    WrongType,
    /// Too little, too much, too early or too late.
    OutOfRange,
}

impl Flaw {
    /// A flaw at the field `name` of the body.
    #[must_use]
    pub fn at(name: &str, kind: FlawKind) -> Self {
        Self { pointer: format!("/{name}"), kind }
    }

    /// Flaws at these places of `media_ids`: they name nothing that the sender could link.
    #[must_use]
    pub fn unknown_media(places: &[usize]) -> Vec<Self> {
        places
            .iter()
            .map(|place| Self { pointer: format!("/media_ids/{place}"), kind: FlawKind::Unknown })
            .collect()
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
