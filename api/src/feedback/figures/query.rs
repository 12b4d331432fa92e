//! Of what figures are wanted.

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    directory::AgencyCode,
    feedback::{Asked, By, Period},
    territory::CommuneCode,
    wall_clock::local,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    App,
    feedback::filters,
    problem::{ApiError, Code, FieldCode},
};

/// How many days before the last one figures begin when nothing is said.
const USUAL: Days = Days::new(29);

/// Of what figures are wanted; what is absent does not restrict.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StatisticsQuery {
    /// Of what came from this day on, by the clocks in Vietnam; 29 days before `to` when absent.
    #[param(example = "2026-11-01")]
    from: Option<NaiveDate>,
    /// Of what came up to this day, which is counted, too; today when absent. At most 366 days.
    #[param(example = "2026-11-30")]
    to: Option<NaiveDate>,
    /// By what reports are told apart: `category` (when absent), `commune`, `agency` or `month`.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "category")]
    by: By,
    /// Of this category, or of this group.
    category: Option<String>,
    /// In this commune.
    #[param(value_type = Option<String>)]
    commune: Option<CommuneCode>,
    /// That this agency has to answer.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyCode>,
}

impl StatisticsQuery {
    /// What is asked for at `at`.
    pub(super) fn asked(self, app: &App, at: DateTime<Utc>) -> Result<(Asked, By), ApiError> {
        let asked = Asked {
            period: period((self.from, self.to), at)?,
            categories: filters::categories(&app.feedback.categories(), self.category.as_deref())?,
            commune: self.commune,
            agency: self.agency,
        };
        Ok((asked, self.by))
    }
}

fn period(
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    at: DateTime<Utc>,
) -> Result<Period, ApiError> {
    let to = to.unwrap_or_else(|| local(at).date());
    let usual = || to.checked_sub_days(USUAL);
    let from = from.or_else(usual).ok_or_else(|| out_of_range("to"))?;
    Period::new(from, to).ok_or_else(|| out_of_range("from"))
}

pub(super) fn out_of_range(parameter: &str) -> ApiError {
    let pointer = format!("/query/{parameter}");
    ApiError::new(Code::InvalidQuery).with_field(pointer, FieldCode::OutOfRange)
}
