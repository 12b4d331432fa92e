//! How long it takes to get somewhere, as far as that can be said without a map of the roads.

use serde::{Deserialize, Serialize};

use crate::territory::Position;

/// What is assumed of all roads alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Roads {
    /// How many times longer a road is than the straight line.
    pub factor: f64,
    /// How fast one gets ahead, in kilometres an hour.
    pub speed_kmh: f64,
}

/// An estimate of a way. It knows neither roads nor rivers, and says so by its names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Travel {
    /// Metres as the crow flies.
    pub straight_line_m: f64,
    /// How long it may take, in seconds.
    pub estimate_s: f64,
}

impl Travel {
    /// How long it may take, in whole seconds.
    #[must_use]
    pub fn whole_seconds(self) -> u32 {
        let taken = std::time::Duration::try_from_secs_f64(self.estimate_s.round());
        taken.map_or(u32::MAX, |taken| u32::try_from(taken.as_secs()).unwrap_or(u32::MAX))
    }
}

impl Default for Roads {
    fn default() -> Self {
        Self { factor: 1.4, speed_kmh: 35.0 }
    }
}

impl Roads {
    /// What the estimate rests on, for whoever reads it.
    pub const BASIS: &str = "straight_line_times_road_factor";

    /// The way from `from` to `to`.
    #[must_use]
    pub fn travel(self, from: Position, to: Position) -> Travel {
        let straight_line_m = from.distance_m(to);
        let metres_a_second = self.speed_kmh / 3.6;
        Travel { straight_line_m, estimate_s: straight_line_m * self.factor / metres_a_second }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_road_is_longer_than_the_straight_line() {
        let roads = Roads { factor: 1.5, speed_kmh: 36.0 };
        let here = Position::new(21.0, 105.8).unwrap();
        let there = Position::new(21.1, 105.8).unwrap();
        let travel = roads.travel(here, there);
        assert!((travel.straight_line_m - 11_119.5).abs() < 1.0, "{travel:?}");
        assert!((travel.estimate_s - 1_667.9).abs() < 1.0, "{travel:?}");
        assert!(roads.travel(here, here).estimate_s < 0.1);
    }
}
