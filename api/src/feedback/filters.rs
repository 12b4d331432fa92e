//! What lists of reports can be asked for.

use chrono::DateTime;
use domain::{
    feedback::{Categories, Circle, ListKey, Report, Status, Stretch},
    page::Page,
    territory::{Bounds, OutOfRange, Position},
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    page::{self, PageView},
    problem::{ApiError, Code, FieldCode},
};

/// The list of one's own reports.
pub(super) const MY_FEEDBACK: &str = "my-feedback";
/// The reports for a business.
pub(super) const BUSINESS_FEEDBACK: &str = "business-feedback";

/// How far around a position is searched when nothing is said, in metres.
const RADIUS_M: f64 = 1_000.0;
/// How far around a position can be searched.
const FARTHEST_M: f64 = 50_000.0;

/// `south,west` to `north,east` as `west,south,east,north`, degrees.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Rectangle(pub(super) Bounds);

impl TryFrom<String> for Rectangle {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let [west, south, east, north] = numbers(&text)?;
        let corners = Position::new(south, west).is_ok() && Position::new(north, east).is_ok();
        if corners && west <= east && south <= north {
            Ok(Self(Bounds { west, south, east, north }))
        } else {
            Err("out of range")
        }
    }
}

/// A position as `lat,lon`, degrees.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Around(Position);

impl TryFrom<String> for Around {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let [lat, lon] = numbers(&text)?;
        Position::new(lat, lon).map(Self).map_err(|error: OutOfRange| error.to_string())
    }
}

fn numbers<const N: usize>(text: &str) -> Result<[f64; N], &'static str> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    numbers.and_then(|numbers| numbers.try_into().ok()).ok_or("numbers, separated by commas")
}

impl Around {
    /// What lies at most `radius_m` metres around it; 1,000 when nothing is said, at most 50,000.
    pub(super) fn circle(self, radius_m: Option<f64>) -> Result<Circle, ApiError> {
        let radius_m = radius_m.unwrap_or(RADIUS_M);
        if (0.0..=FARTHEST_M).contains(&radius_m) {
            Ok(Circle { centre: self.0, radius_m })
        } else {
            Err(ApiError::new(Code::InvalidQuery)
                .with_field("/query/radius_m", FieldCode::OutOfRange))
        }
    }
}

/// Some statuses, separated by commas.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Statuses(pub(super) Vec<Status>);

impl TryFrom<String> for Statuses {
    type Error = domain::feedback::UnknownStatus;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.split(',').map(|status| status.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

/// The category `code` and everything it holds.
pub(super) fn categories(
    categories: &Categories,
    code: Option<&str>,
) -> Result<Vec<String>, ApiError> {
    let Some(code) = code else {
        return Ok(Vec::new());
    };
    match categories.within(code) {
        none if none.is_empty() => {
            Err(ApiError::new(Code::InvalidQuery).with_field("/query/category", FieldCode::Unknown))
        }
        within => Ok(within),
    }
}

/// The stretch of `list` after `cursor`.
pub(super) fn stretch(
    list: &str,
    cursor: Option<&str>,
    limit: Option<usize>,
) -> Result<Stretch, ApiError> {
    let after = match cursor {
        None => None,
        Some(cursor) => {
            let (micros, id): (i64, Uuid) = page::key(list, cursor)?;
            DateTime::from_timestamp_micros(micros).map(|at| ListKey { at, id: id.into() })
        }
    };
    Ok(Stretch { after, limit: page::limit(limit)? })
}

/// `page` of `list`, each report as `view` shows it.
pub(super) fn page<T>(
    list: &str,
    page: Page<Report, ListKey>,
    view: impl FnMut(Report) -> T,
) -> PageView<T> {
    PageView {
        items: page.items.into_iter().map(view).collect(),
        next_cursor: page
            .next
            .map(|ListKey { at, id }| page::cursor(list, &(at.timestamp_micros(), id.uuid()))),
    }
}
