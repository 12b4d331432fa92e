//! A point on the earth.

use serde::{Deserialize, Serialize};

/// A position in WGS 84 degrees, proven to be on the earth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Position {
    lat: f64,
    lon: f64,
}

/// A position before its range was looked at.
#[derive(Deserialize)]
struct Unchecked {
    lat: f64,
    lon: f64,
}

impl Position {
    /// The position at `lat` (-90 to 90) and `lon` (-180 to 180).
    ///
    /// # Errors
    /// [`OutOfRange`] when it is not on the earth (NaN included).
    pub fn new(lat: f64, lon: f64) -> Result<Self, OutOfRange> {
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
            Ok(Self { lat, lon })
        } else {
            Err(OutOfRange)
        }
    }

    /// Degrees north.
    #[must_use]
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east.
    #[must_use]
    pub const fn lon(self) -> f64 {
        self.lon
    }
}

impl TryFrom<Unchecked> for Position {
    type Error = OutOfRange;

    fn try_from(position: Unchecked) -> Result<Self, OutOfRange> {
        Self::new(position.lat, position.lon)
    }
}

/// A latitude outside -90 to 90 or a longitude outside -180 to 180.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("latitude goes from -90 to 90, longitude from -180 to 180")]
pub struct OutOfRange;
