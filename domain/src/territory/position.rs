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

    /// How far it is to `other`, in metres along the great circle (haversine, mean radius).
    #[must_use]
    pub fn distance_m(self, other: Self) -> f64 {
        const EARTH_RADIUS_M: f64 = 6_371_008.8;
        let (north, east) =
            ((other.lat - self.lat).to_radians(), (other.lon - self.lon).to_radians());
        let chord = (north / 2.0).sin().powi(2)
            + self.lat.to_radians().cos()
                * other.lat.to_radians().cos()
                * (east / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_M * chord.sqrt().min(1.0).asin()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_north_is_a_hundred_and_eleven_kilometres() {
        let here = Position::new(21.0, 105.8).unwrap();
        let there = Position::new(22.0, 105.8).unwrap();
        assert!((here.distance_m(there) - 111_195.0).abs() < 10.0);
        assert!(here.distance_m(here) < 0.001);
    }
}
