//! What strangers can ask of what was published.

use chrono::{DateTime, Utc};
use domain::{
    feedback::{Circle, PublicFilter},
    territory::CommuneCode,
    text,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    App,
    feedback::filters::{self, Around, Rectangle, Statuses},
    problem::{ApiError, Code, FieldCode},
};

/// The order of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    /// The latest published first.
    Newest,
    /// The nearest first.
    Distance,
}

/// Which published reports.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PublicQuery {
    /// Inside `west,south,east,north`, degrees.
    #[param(value_type = Option<String>, example = "105.7,21.5,105.9,21.7")]
    bbox: Option<Rectangle>,
    /// Around `lat,lon`, degrees.
    #[param(value_type = Option<String>, example = "21.5942,105.8482")]
    near: Option<Around>,
    /// How far around, in metres: 1,000 when absent, at most 50,000.
    radius_m: Option<f64>,
    /// Of this category, or of this group.
    category: Option<String>,
    /// At one of these statuses, separated by commas.
    #[param(value_type = Option<String>)]
    status: Option<Statuses>,
    /// In this commune.
    #[param(value_type = Option<String>)]
    commune: Option<CommuneCode>,
    /// With all of these words, with or without marks; the last one may be begun only.
    q: Option<String>,
    /// Changed after this instant.
    updated_after: Option<DateTime<Utc>>,
    /// `newest` or, with `near` and then by default, `distance`.
    #[param(inline)]
    sort: Option<Sort>,
    /// Where to go on.
    pub(super) cursor: Option<String>,
    /// At most so many rows: 20 when absent, at most 100.
    pub(super) limit: Option<usize>,
}

/// Which reports of a feed, or on the map.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FeedQuery {
    /// Of this category, or of this group.
    category: Option<String>,
    /// At one of these statuses, separated by commas.
    #[param(value_type = Option<String>)]
    status: Option<Statuses>,
    /// In this commune.
    #[param(value_type = Option<String>)]
    commune: Option<CommuneCode>,
}

/// Which part of the map, how far away.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MapQuery {
    /// `west,south,east,north`, degrees.
    #[param(value_type = String, example = "105.7,21.5,105.9,21.7")]
    pub(super) bbox: Rectangle,
    /// The zoom of the web's maps, 0 (the earth) to 22 (a house).
    #[param(maximum = 22)]
    zoom: u8,
    /// Of this category, or of this group.
    category: Option<String>,
    /// At one of these statuses, separated by commas.
    #[param(value_type = Option<String>)]
    status: Option<Statuses>,
    /// With all of these words, with or without marks.
    q: Option<String>,
}

impl PublicQuery {
    /// What has to fit, and the circle from whose middle distances count.
    pub(super) fn filter(self, app: &App) -> Result<(PublicFilter, Option<Circle>), ApiError> {
        let near = self.near.map(|around| around.circle(self.radius_m)).transpose()?;
        let by_distance = match (self.sort, near) {
            (Some(Sort::Distance), None) => {
                return Err(
                    ApiError::new(Code::InvalidQuery).with_field("/query/near", FieldCode::Missing)
                );
            }
            (Some(Sort::Newest), _) | (None, None) => None,
            (Some(Sort::Distance) | None, near) => near,
        };
        let filter = PublicFilter {
            bounds: self.bbox.map(|rectangle| rectangle.0),
            near,
            categories: filters::categories(&app.feedback.categories(), self.category.as_deref())?,
            statuses: self.status.unwrap_or_default().0,
            commune: self.commune,
            words: words(self.q.as_deref()),
            updated_after: self.updated_after,
        };
        Ok((filter, by_distance))
    }
}

impl FeedQuery {
    pub(super) fn filter(self, app: &App) -> Result<PublicFilter, ApiError> {
        Ok(PublicFilter {
            categories: filters::categories(&app.feedback.categories(), self.category.as_deref())?,
            statuses: self.status.unwrap_or_default().0,
            commune: self.commune,
            ..PublicFilter::default()
        })
    }
}

impl MapQuery {
    pub(super) fn filter(self, app: &App) -> Result<(PublicFilter, u8), ApiError> {
        const CLOSEST: u8 = 22;
        if self.zoom > CLOSEST {
            return Err(
                ApiError::new(Code::InvalidQuery).with_field("/query/zoom", FieldCode::OutOfRange)
            );
        }
        let filter = PublicFilter {
            categories: filters::categories(&app.feedback.categories(), self.category.as_deref())?,
            statuses: self.status.unwrap_or_default().0,
            words: words(self.q.as_deref()),
            ..PublicFilter::default()
        };
        Ok((filter, self.zoom))
    }
}

fn words(q: Option<&str>) -> Option<String> {
    q.map(text::fold).filter(|words| !words.trim().is_empty())
}
