//! Places where citizens get something: hospitals, police stations, one-stop counters.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::territory::{CommuneCode, Position};

/// A place where citizens get something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facility {
    /// Its name within the list it comes from, stable over imports.
    pub id: String,
    /// What it is: `hospital`, `police`, `one_stop`; lower-case words joined by `_`.
    pub kind: String,
    /// Its name, in Vietnamese.
    pub name: String,
    /// Its postal address, as far as it is known.
    pub address: Option<String>,
    /// The commune it lies in.
    pub commune: Option<CommuneCode>,
    /// Where it is; one without a position is found by name only.
    pub position: Option<Position>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Whose list it comes from.
    pub source: String,
    /// Where that list can be looked up.
    pub source_url: Option<String>,
    /// Under which licence the data may be shown.
    pub licence: String,
    /// Of which day the data is.
    pub data_as_of: Option<NaiveDate>,
}
