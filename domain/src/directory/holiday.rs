//! Days on which offices are closed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A public holiday. The yearly official decision prevails over what was computed ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The day, in Vietnam.
    pub date: NaiveDate,
    /// Its name, in Vietnamese.
    pub name: String,
}
