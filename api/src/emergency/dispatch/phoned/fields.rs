//! What both are asked.

use domain::{
    emergency::{Kind, Quality, Reading, Source},
    territory::Position,
    text,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    App,
    emergency::dispatch::handling::words,
    extract::filled_in,
    problem::{ApiError, FieldCode},
};

/// A place on the map.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
    /// Within how many metres.
    accuracy_m: Option<f64>,
}

impl Place {
    fn position(self) -> Result<Position, ApiError> {
        Position::new(self.lat, self.lon).map_err(|_| {
            let name = if Position::new(self.lat, 0.0).is_err() { "lat" } else { "lon" };
            ApiError::field(format!("/location/{name}"), FieldCode::OutOfRange)
        })
    }

    pub(super) fn reading(self) -> Result<Reading, ApiError> {
        let accuracy_m = self.accuracy_m.filter(|metres| metres.is_finite() && *metres >= 0.0);
        if accuracy_m != self.accuracy_m {
            return Err(ApiError::field("/location/accuracy_m", FieldCode::OutOfRange));
        }
        let source = Some(Source::Manual);
        let quality = Quality { accuracy_m, source, ..Quality::default() };
        Ok(Reading { position: self.position()?, quality, fixed_at: None, age_ms: None })
    }
}

pub(super) fn kind(named: Option<&str>) -> Result<Option<Kind>, ApiError> {
    let kind = named.map(|kind| kind.trim().to_lowercase().parse());
    kind.transpose().map_err(|_| ApiError::field("/kind", FieldCode::Unknown))
}

/// The commune that was named: one of the province.
pub(super) fn known_commune(app: &App, code: Option<&str>) -> Result<Option<String>, ApiError> {
    let Some(code) = code else { return Ok(None) };
    let known = code.parse().ok().filter(|code| app.snapshot().commune(*code).is_some());
    let known = known.ok_or_else(|| ApiError::field("/commune_code", FieldCode::Unknown))?;
    Ok(Some(known.to_string()))
}

/// The field at `pointer` as one line, where it is there.
pub(super) fn line(
    pointer: &str,
    text: Option<&str>,
    longest: usize,
) -> Result<Option<String>, ApiError> {
    text.map(|text| filled_in(pointer, text, longest)).transpose()
}

/// The field at `pointer` as it was written, where it is there.
pub(super) fn note(
    pointer: &str,
    text: Option<&str>,
    longest: usize,
) -> Result<Option<String>, ApiError> {
    text.map(|text| words(pointer, &text::paragraphs(text), longest)).transpose()
}
