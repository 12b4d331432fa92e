//! The parts of a procedure's full record: how to file, how long, what it costs, what to bring.

use serde::{Deserialize, Serialize};

/// The parts of the full record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What happens, step by step.
    pub steps_text: Option<String>,
    /// The ways to file it; empty where the source says nothing.
    pub channels: Vec<Channel>,
    /// The ways to file it, as published.
    pub channels_raw: Option<String>,
    /// Whether every fee is listed. Where not, fees are for orientation only (tham khảo) and the
    /// source is to be read.
    pub fees_complete: bool,
    /// What to hand in.
    pub components: Vec<Component>,
    /// The legal basis, as published.
    pub legal_basis_raw: Option<String>,
    /// What must hold for it to be granted.
    pub conditions: Option<String>,
    /// What one gets.
    pub results: Vec<Outcome>,
    /// Where it is received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receiving_address: Option<String>,
    /// Who decides on behalf of the competent agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegated_agency: Option<String>,
    /// Who works with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coordinating_agency: Option<String>,
    /// Which procedures belong to it, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_raw: Option<String>,
}

impl Details {
    /// The parts of the national record of which the source says nothing, by their names on the
    /// wire.
    #[must_use]
    pub fn unknown(&self) -> Vec<&'static str> {
        let any = |is_so: fn(&Channel) -> bool| self.channels.iter().any(is_so);
        let parts = [
            ("steps_text", self.steps_text.is_none()),
            ("channels", self.channels.is_empty()),
            ("channels.duration", any(|way| way.duration.value.is_none())),
            ("channels.duration.unit", any(|way| way.duration.unit == DurationUnit::Unknown)),
            ("channels.fee", any(|way| way.fee.kind == FeeKind::Unknown)),
            ("components", self.components.is_empty()),
            ("forms.url", self.components.iter().all(|paper| paper.form_url.is_none())),
            ("legal_basis_raw", self.legal_basis_raw.is_none()),
            ("conditions", self.conditions.is_none()),
            ("results", self.results.is_empty()),
            ("receiving_address", self.receiving_address.is_none()),
            ("delegated_agency", self.delegated_agency.is_none()),
            ("coordinating_agency", self.coordinating_agency.is_none()),
            ("related_raw", self.related_raw.is_none()),
        ];
        parts.into_iter().filter_map(|(part, is_so)| is_so.then_some(part)).collect()
    }
}

/// A way to file a procedure, with its time and fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Which way.
    pub channel: ChannelKind,
    /// How long it takes.
    pub duration: Duration,
    /// What it costs.
    pub fee: Fee,
    /// What else the source says about it.
    pub note: Option<String>,
}

/// Which way a dossier reaches the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// At the counter (trực tiếp).
    InPerson,
    /// On the public service portal (trực tuyến).
    Online,
    /// By post (dịch vụ bưu chính).
    Post,
    /// The source names no way we know.
    Unknown,
}

/// The time a procedure takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    /// How many units, where it is one number.
    pub value: Option<u32>,
    /// In which unit.
    pub unit: DurationUnit,
    /// As published.
    pub raw: Option<String>,
}

/// The unit of a duration. Working days and days are different promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DurationUnit {
    /// Hours (giờ).
    Hour,
    /// Calendar days (ngày).
    Day,
    /// Working days (ngày làm việc).
    WorkingDay,
    /// Months (tháng).
    Month,
    /// The source gives no unit.
    Unknown,
}

/// What a procedure costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// How far the published text can be relied on.
    pub kind: FeeKind,
    /// The amounts it states.
    pub amounts: Vec<Money>,
    /// The amounts that its conditions mention, in their order. When each is due stands in `raw`.
    #[serde(default)]
    pub mentioned: Vec<Money>,
    /// As published, conditions included.
    pub raw: Option<String>,
}

/// How far a fee is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// Nothing to pay.
    Free,
    /// The amounts are stated.
    Stated,
    /// The source says "free" or an amount, and then conditions under which it is something else:
    /// read the published text.
    Conditional,
    /// The source says nothing.
    Unknown,
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// A decimal number, as text.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
}

/// A paper to hand in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// The case in which it is needed.
    pub group: Option<String>,
    /// What it is.
    pub name: String,
    /// How many originals, where the source is credible.
    pub originals: Option<u32>,
    /// How many copies, where the source is credible.
    pub copies: Option<u32>,
    /// The form it is written on, where the source names it beside the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_code: Option<String>,
    /// Where the form is to be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_url: Option<String>,
}

/// What one gets at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What it is.
    pub name: String,
    /// Its national code, such as KQ.G15.000032.
    pub code: Option<String>,
}
