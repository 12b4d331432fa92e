//! Parameters that need a second look.

use domain::{territory::Position, text};

use crate::problem::{ApiError, Code, FieldCode};

/// The longest line anybody types, in characters.
const LONGEST: usize = 200;

/// The position at `lat` and `lon`, which are parameters below `pointer`.
///
/// # Errors
/// [`Code::InvalidQuery`] names the one that is out of range.
pub fn position(pointer: &str, lat: f64, lon: f64) -> Result<Position, ApiError> {
    Position::new(lat, lon).map_err(|_| {
        let name = if Position::new(lat, 0.0).is_err() { "lat" } else { "lon" };
        let pointer = format!("{pointer}/{name}");
        ApiError::new(Code::InvalidQuery).with_field(pointer, FieldCode::OutOfRange)
    })
}

/// What somebody typed into a search, as one line of NFC.
///
/// # Errors
/// [`Code::InvalidQuery`] when nothing is left of it or it is longer than anybody types.
pub fn typed(pointer: &str, text: &str) -> Result<String, ApiError> {
    one_line(text, LONGEST)
        .map_err(|wrong| ApiError::new(Code::InvalidQuery).with_field(pointer, wrong))
}

/// What somebody filled into the field at `pointer`, as one line of NFC.
///
/// # Errors
/// [`Code::ValidationFailed`] when nothing is left of it or it has more than `longest` characters.
pub fn filled_in(pointer: &str, text: &str, longest: usize) -> Result<String, ApiError> {
    one_line(text, longest).map_err(|wrong| ApiError::field(pointer, wrong))
}

fn one_line(text: &str, longest: usize) -> Result<String, FieldCode> {
    let line = text::line(text);
    match line.chars().count() {
        0 => Err(FieldCode::TooShort),
        length if length > longest => Err(FieldCode::TooLong),
        _ => Ok(line),
    }
}
