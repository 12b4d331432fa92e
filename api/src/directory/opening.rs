//! When a place is open, as clients read it.

use chrono::Weekday;
use domain::directory::{DAYS, OpeningHours, Span};
use serde::Serialize;
use utoipa::ToSchema;

/// When a place is open, by the clocks of Vietnam.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpeningHoursView {
    /// In one line, as OpenStreetMap writes it.
    #[schema(example = "Mo-Fr 07:30-11:30,13:30-17:00; PH off")]
    text: String,
    /// A usual week, Monday first; a day without hours is closed.
    week: Vec<DayView>,
    /// The hours on public holidays; `null` where nothing is said of them.
    holidays: Option<Vec<SpanView>>,
}

/// A day of a usual week.
#[derive(Debug, Serialize, ToSchema)]
struct DayView {
    /// `Mo`, `Tu`, `We`, `Th`, `Fr`, `Sa` or `Su`.
    day: &'static str,
    /// Its hours.
    hours: Vec<SpanView>,
}

/// From when to when: `07:30-11:30`. One that ends earlier than it begins ends on the next day.
#[derive(Debug, Serialize, ToSchema)]
struct SpanView(String);

impl From<&Span> for SpanView {
    fn from(span: &Span) -> Self {
        Self(span.to_string())
    }
}

impl From<&OpeningHours> for OpeningHoursView {
    fn from(hours: &OpeningHours) -> Self {
        let views = |spans: &[Span]| spans.iter().map(SpanView::from).collect();
        let week = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ()));
        let week = DAYS.into_iter().zip(week);
        Self {
            text: hours.to_string(),
            week: week
                .map(|(day, weekday)| DayView { day, hours: views(hours.on(weekday)) })
                .collect(),
            holidays: hours.on_holidays().map(views),
        }
    }
}
