//! What strangers see of a report: made anew from it whenever it changes, and kept apart from it.
//!
//! Whatever answers strangers reads this and nothing else, so that what is not in here cannot
//! reach them: who reported it, where exactly, who works on it, the answers to what was asked.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Categories, Ending, InvalidTrackingCode, Rating, Rejection, Report, ReportId, Status,
    TrackingCode, Visibility, masked,
};
use crate::{
    directory::AgencyCode,
    territory::{CommuneCode, Position},
};

/// The cells of a degree in which a place is shown where it is shown roughly: about 550 metres a
/// side.
const CELLS: f64 = 200.0;

/// What people call a report: its id or its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportName {
    /// By its id.
    Id(ReportId),
    /// By its code.
    Code(TrackingCode),
}

impl FromStr for ReportName {
    type Err = InvalidTrackingCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(id) => Ok(Self::Id(id)),
            Err(_) => text.parse().map(Self::Code),
        }
    }
}

/// How it went on, as far as strangers see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcome {
    /// By when it should have been answered before the answer was given more time.
    pub extended_from: Option<DateTime<Utc>>,
    /// How it was closed.
    pub ending: Option<Ending>,
    /// How good its reporter finds the answer.
    pub rating: Option<Rating>,
}

/// What strangers see of a published report.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicReport {
    /// Its id.
    pub id: ReportId,
    /// The code people use for it.
    pub code: TrackingCode,
    /// How often it had changed.
    pub version: i64,
    /// What it is about.
    pub category: String,
    /// Its headline.
    pub title: Option<String>,
    /// What its reporter says.
    pub text: String,
    /// Where it is on the map, roughly where it is `blurred`.
    pub position: Option<Position>,
    /// Whether it is shown only roughly where it is.
    pub blurred: bool,
    /// The commune it lies in.
    pub commune: Option<CommuneCode>,
    /// Where it is in words; not where it is `blurred`.
    pub address: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Who has to answer.
    pub agency: AgencyCode,
    /// When it arrived.
    pub submitted_at: DateTime<Utc>,
    /// By when it has to be answered.
    pub due_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Since when it is public.
    pub published_at: DateTime<Utc>,
    /// The answer.
    pub answer: Option<String>,
    /// Why it was not taken on.
    pub rejection: Option<Rejection>,
    /// How it went on.
    pub outcome: Outcome,
    /// How many others say that it concerns them, too.
    pub supports: i64,
    /// How many comments are shown with it.
    pub comments: i64,
}

impl PublicReport {
    /// What strangers see of `report`; nothing unless it is published. Nobody supports it yet as
    /// far as this knows: the store does.
    #[must_use]
    pub fn of(report: &Report, categories: &Categories) -> Option<Self> {
        let published_at =
            report.published_at.filter(|_| report.visibility == Visibility::Published)?;
        let category = categories.find(&report.category);
        // What is of a category that nobody knows any more might be somebody's trouble.
        let blurred = report.course.blurred || category.is_none_or(|category| category.blurred);
        let cover = |text: &Option<String>| text.as_deref().map(masked);
        Some(Self {
            id: report.id,
            code: report.code.clone(),
            version: report.version.0,
            category: report.category.clone(),
            title: cover(&report.title),
            text: masked(&report.text),
            position: report.position.map(|place| if blurred { blur(place) } else { place }),
            blurred,
            commune: report.commune,
            address: cover(&report.address).filter(|_| !blurred),
            status: report.status,
            agency: report.agency.clone(),
            submitted_at: report.submitted_at,
            due_at: report.due_at,
            updated_at: report.updated_at,
            published_at,
            answer: cover(&report.answer),
            rejection: report.rejection.as_ref().map(|rejection| Rejection {
                reason: rejection.reason,
                go_to: cover(&rejection.go_to),
            }),
            outcome: Outcome {
                extended_from: report.course.extended_from,
                ending: report.course.ending,
                rating: report.course.rating,
            },
            supports: 0,
            comments: 0,
        })
    }

    /// The same, shown only roughly where it is.
    #[must_use]
    pub fn roughly(self) -> Self {
        Self { position: self.position.map(blur), blurred: true, address: None, ..self }
    }
}

/// The middle of the cell of the map that `place` lies in. It is the same for every place in the
/// cell, so that no number of looks tells more.
#[must_use]
pub fn blur(place: Position) -> Position {
    let middle = |degrees: f64| ((degrees * CELLS).floor() + 0.5) / CELLS;
    let lat = middle(place.lat()).clamp(-90.0, 90.0);
    let lon = middle(place.lon()).clamp(-180.0, 180.0);
    Position::new(lat, lon).unwrap_or(place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whoever sees the blurred place knows a square of half a kilometre, and blurring it
        /// again tells nothing more.
        #[test]
        fn a_blurred_place_tells_its_cell_and_no_more(
            (lat, lon) in (21.0_f64..22.9, 105.0_f64..106.3),
            (north, east) in (0.01_f64..0.99, 0.01_f64..0.99),
        ) {
            let place = Position::new(lat, lon).unwrap();
            let shown = blur(place);
            prop_assert!(shown.distance_m(place) < 400.0);
            prop_assert_eq!(blur(shown), shown);
            let corner = |degrees: f64| (degrees * CELLS).floor() / CELLS;
            let other = Position::new(
                corner(lat) + north / CELLS,
                corner(lon) + east / CELLS,
            ).unwrap();
            prop_assert_eq!(blur(other), shown);
        }
    }
}
