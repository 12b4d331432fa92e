//! What a report went through, as far as it decides what may come next.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Channel, LegalTrack, OnBehalf, ReportId, Status, Urgency};

/// How a report came to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The reporter says that it is solved.
    Confirmed,
    /// Nobody objected to the answer.
    Unobjected,
    /// The reporter did not say what was asked.
    Unanswered,
}

/// How good the reporter finds the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// 1 to 5.
    pub stars: u8,
    /// Whether it is solved.
    pub solved: bool,
}

/// What a report went through, as far as it decides what may come next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "they are what a report went through")]
pub struct Course {
    /// Where it returns to, while it waits for its reporter or follows another report.
    pub returns_to: Option<Status>,
    /// How it was closed.
    pub ending: Option<Ending>,
    /// How often its reporter had it opened again.
    pub reopened: u8,
    /// Whether its reporter appealed.
    pub appealed: bool,
    /// How often another agency got it.
    pub transfers: u16,
    /// By when it should have been answered before the answer was given more time.
    pub extended_from: Option<DateTime<Utc>>,
    /// How many alarms rang since it was promised by when it is answered.
    pub alarms: u8,
    /// When it was promised by when it is answered; when it arrived, where that is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promised_at: Option<DateTime<Utc>>,
    /// When the supervisors of the next level hear that it is overdue; absent before it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_level_at: Option<DateTime<Utc>>,
    /// When its reporter last had it opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reopened_at: Option<DateTime<Utc>>,
    /// When it was shown to strangers for the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_published_at: Option<DateTime<Utc>>,
    /// How good its reporter finds the answer.
    pub rating: Option<Rating>,
    /// How often its reporter rated the last answer.
    #[serde(skip_serializing_if = "is_zero")]
    pub ratings: u8,
    /// The statutory way it has to take, by its category or by its words.
    pub legal_track: Option<LegalTrack>,
    /// Whether its reporter asked that strangers see only roughly where it is.
    pub blurred: bool,
    /// Whether whoever reported it was erased: nobody acts as its reporter any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disowned: bool,
    /// How pressing it is.
    #[serde(skip_serializing_if = "is_normal")]
    pub urgency: Urgency,
    /// Whether a rule or an officer said how pressing it is, whatever its category says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub weighed: bool,
    /// What it was a part of.
    pub split_from: Option<ReportId>,
    /// What became reports of their own.
    pub parts: Vec<ReportId>,
    /// The edition of its category whose questions were answered; the first one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category_version: Option<u32>,
    /// Whether it lies on the map, and outside the province.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub outside_province: bool,
    /// By what way it came in.
    #[serde(skip_serializing_if = "is_by_app")]
    pub channel: Channel,
    /// For which business it was reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business: Option<OnBehalf>,
    /// Whether the officers must not learn for which business it was reported.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
    /// Whether work on it has begun, whoever has it now.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub begun: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "it is what serde hands over")]
fn is_zero(number: &u8) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "it is what serde hands over")]
fn is_normal(urgency: &Urgency) -> bool {
    *urgency == Urgency::Normal
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "it is what serde hands over")]
fn is_by_app(channel: &Channel) -> bool {
    *channel == Channel::App
}
