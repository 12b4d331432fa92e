//! Facilities as clients read them.

use chrono::NaiveDate;
use domain::directory::BestKnown;
use serde::Serialize;
use utoipa::ToSchema;

use super::opening::OpeningHoursView;
use crate::territory::PositionView;

/// A place where citizens get something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacilityView<'s> {
    /// Its id.
    id: &'s str,
    /// What it is: `one_stop`, `province_one_stop`, `people_committee`, `police`, `fire`,
    /// `hospital`, `clinic`, `pharmacy`, `post`, `court`, `tax`, `social_insurance`, `notary` or
    /// `other`.
    #[schema(example = "hospital")]
    kind: &'static str,
    /// Its name.
    name: &'s str,
    /// Its postal address, as far as it is known.
    address: Option<&'s str>,
    /// The code of the commune it lies in.
    commune: Option<String>,
    /// Where it is; `null` where only its name is known.
    position: Option<PositionView>,
    /// The distance from the position asked about, in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<f64>,
    /// Its telephone number, once it is confirmed.
    phone: Option<&'s str>,
    /// When it is open; `null` where that is not known.
    opening_hours: Option<OpeningHoursView>,
    /// When it is open, as published; `null` where staff know better.
    opening_hours_raw: Option<&'s str>,
    /// Whether it is open now; `null` where that is not known.
    open_now: Option<bool>,
    /// Whose list it comes from.
    source: &'s str,
    /// Where that list can be looked up.
    source_url: Option<&'s str>,
    /// Under which licence the data is shown, and who has to be named with it.
    licence: &'s str,
    /// Of which day the data is.
    data_as_of: Option<NaiveDate>,
}

impl<'s> FacilityView<'s> {
    /// A facility as it is `known`, so many `metres` away.
    pub(super) fn new(known: BestKnown<'s>, metres: Option<f64>, open_now: Option<bool>) -> Self {
        let facility = known.facility;
        Self {
            id: &facility.id,
            kind: facility.kind.as_str(),
            name: &facility.name,
            address: facility.address.as_deref(),
            commune: facility.commune.map(String::from),
            position: facility.position.map(PositionView::from),
            distance_m: metres.map(f64::round),
            phone: known.phone(),
            opening_hours: known.opening_hours().map(OpeningHoursView::from),
            opening_hours_raw: known.published_hours(),
            open_now,
            source: &facility.source,
            source_url: facility.source_url.as_deref(),
            licence: &facility.licence,
            data_as_of: facility.data_as_of,
        }
    }
}
