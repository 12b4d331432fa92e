//! From a deserialiser's complaint to a JSON pointer and a code.

use serde_path_to_error::{Path, Segment};

use crate::problem::{ApiError, Code, FieldCode};

/// The problem `code` for a value that does not fit, with pointers below `root`.
pub(super) fn problem<E: std::fmt::Display>(
    code: Code,
    root: &str,
    error: &serde_path_to_error::Error<E>,
) -> ApiError {
    let message = error.inner().to_string();
    let path = render(root, error.path());
    let (pointer, field_code) = match quoted_after(&message, "missing field ") {
        Some(field) => (format!("{path}/{}", escape(field)), FieldCode::Missing),
        None => match quoted_after(&message, "unknown field ") {
            Some(field) if path.ends_with(&format!("/{}", escape(field))) => {
                (path, FieldCode::UnknownField)
            }
            Some(field) => (format!("{path}/{}", escape(field)), FieldCode::UnknownField),
            None => match quoted_after(&message, "duplicate field ") {
                Some(field) => (format!("{path}/{}", escape(field)), FieldCode::WrongForm),
                None => (path, complaint(&message)),
            },
        },
    };
    ApiError::new(code).with_field(pointer, field_code)
}

fn complaint(message: &str) -> FieldCode {
    if message.starts_with("invalid type") {
        FieldCode::WrongType
    } else if message.starts_with("unknown variant") {
        FieldCode::Unknown
    } else if message.contains("from -90 to 90") || message.contains("out of range") {
        FieldCode::OutOfRange
    } else {
        FieldCode::WrongForm
    }
}

fn quoted_after<'m>(message: &'m str, words: &str) -> Option<&'m str> {
    message.strip_prefix(words)?.strip_prefix('`')?.split('`').next()
}

fn render(root: &str, path: &Path) -> String {
    path.iter().fold(root.to_owned(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", escape(key)),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

/// RFC 6901, section 3.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
