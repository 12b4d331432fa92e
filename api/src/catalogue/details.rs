//! The parts of a procedure's full record as clients read them.

use domain::catalogue::{
    Channel, ChannelKind, Component, Details, DurationUnit, FeeKind, Money, Outcome,
    record::{self, Charge, Step},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::papers::{FormView, LegalTextView, codes_of, forms_of};

/// How to file a procedure, how long it takes, what it costs, what to bring.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DetailsView<'s> {
    /// The steps that the source numbers; where it numbers none, `steps_text` is to be read.
    steps: Vec<StepView<'s>>,
    /// What happens, step by step, as published.
    steps_text: Option<&'s str>,
    /// The ways to file it.
    channels: Vec<ChannelView<'s>>,
    /// The ways to file it, as published.
    channels_raw: Option<&'s str>,
    /// Whether every fee is listed; where not, fees are for orientation only (tham khảo) and
    /// `source_url` is to be read.
    fees_complete: bool,
    /// What to hand in.
    components: Vec<ComponentView<'s>>,
    /// The forms that these papers are written on, each once.
    forms: Vec<FormView<'s>>,
    /// The texts of law that it rests on, as far as they can be told apart.
    legal_basis: Vec<LegalTextView<'s>>,
    /// The legal basis, as published.
    legal_basis_raw: Option<&'s str>,
    /// What must hold for it to be granted.
    conditions: Option<&'s str>,
    /// What one gets.
    results: Vec<ResultView<'s>>,
    /// Where it is received.
    receiving_address: Option<&'s str>,
    /// Who decides on behalf of the competent agency.
    delegated_agency: Option<&'s str>,
    /// Who works with it.
    coordinating_agency: Option<&'s str>,
    /// Which procedures belong to it, as published.
    related_raw: Option<&'s str>,
    /// The parts of the national record of which the source says nothing, for some of its channels
    /// where they are parts of those. Not known: that is not the same as none.
    unknown: Vec<&'static str>,
}

/// A step.
#[derive(Debug, Serialize, ToSchema)]
struct StepView<'s> {
    /// Its number as published. Where numbers begin again, so does another way of doing it.
    number: u32,
    /// What happens.
    text: &'s str,
}

/// A way to file a procedure.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelView<'s> {
    /// `in_person`, `online`, `post` or `unknown`.
    channel: &'static str,
    /// How long it takes.
    duration: DurationView<'s>,
    /// What it costs.
    fee: FeeView<'s>,
    /// What else the source says about it.
    note: Option<&'s str>,
}

/// The time a procedure takes.
#[derive(Debug, Serialize, ToSchema)]
struct DurationView<'s> {
    /// How many units, where it is one number.
    value: Option<u32>,
    /// `hour`, `day`, `working_day`, `month` or `unknown`.
    unit: &'static str,
    /// As published.
    raw: Option<&'s str>,
}

/// What a procedure costs.
#[derive(Debug, Serialize, ToSchema)]
struct FeeView<'s> {
    /// `free`, `stated`, `conditional` (read `raw`) or `unknown`.
    kind: &'static str,
    /// The amounts it states.
    amounts: Vec<MoneyView<'s>>,
    /// The amounts that its conditions mention, in their order; when each is due stands in `raw`.
    mentioned: Vec<MoneyView<'s>>,
    /// Each amount with what the source says about it: one or more for each way to file.
    charges: Vec<ChargeView<'s>>,
    /// As published, conditions included.
    raw: Option<&'s str>,
}

/// An amount, and when it is due.
#[derive(Debug, Serialize, ToSchema)]
struct ChargeView<'s> {
    /// A decimal number.
    #[schema(example = "70000")]
    amount: String,
    /// ISO 4217.
    #[schema(example = "VND")]
    currency: &'s str,
    /// For what it is due once: a page, a copy, a case.
    per: Option<&'s str>,
    /// The sentence in which it stands: when it is due, and for whom. `null` where the amount stands
    /// alone.
    condition: Option<&'s str>,
}

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
struct MoneyView<'s> {
    /// A decimal number.
    #[schema(example = "50000")]
    amount: &'s str,
    /// ISO 4217.
    #[schema(example = "VND")]
    currency: &'s str,
}

/// A paper to hand in.
#[derive(Debug, Serialize, ToSchema)]
struct ComponentView<'s> {
    /// The case in which it is needed.
    group: Option<&'s str>,
    /// What it is.
    name: &'s str,
    /// How many originals.
    originals: Option<u32>,
    /// How many copies.
    copies: Option<u32>,
    /// The forms that it names, as `forms` lists them.
    form_codes: Vec<&'s str>,
}

/// What one gets at the end.
#[derive(Debug, Serialize, ToSchema)]
struct ResultView<'s> {
    /// What it is.
    name: &'s str,
    /// Its national code.
    #[schema(example = "KQ.G15.000031")]
    code: Option<&'s str>,
}

impl<'s> From<&'s Details> for DetailsView<'s> {
    fn from(details: &'s Details) -> Self {
        Self {
            steps: details.steps_text.iter().flat_map(|text| steps(text)).collect(),
            steps_text: details.steps_text.as_deref(),
            channels: details.channels.iter().map(ChannelView::from).collect(),
            channels_raw: details.channels_raw.as_deref(),
            fees_complete: details.fees_complete,
            components: details.components.iter().map(ComponentView::from).collect(),
            forms: forms_of(&details.components),
            legal_basis: details
                .legal_basis_raw
                .as_deref()
                .map(LegalTextView::all)
                .unwrap_or_default(),
            legal_basis_raw: details.legal_basis_raw.as_deref(),
            conditions: details.conditions.as_deref(),
            results: details.results.iter().map(ResultView::from).collect(),
            receiving_address: details.receiving_address.as_deref(),
            delegated_agency: details.delegated_agency.as_deref(),
            coordinating_agency: details.coordinating_agency.as_deref(),
            related_raw: details.related_raw.as_deref(),
            unknown: details.unknown(),
        }
    }
}

fn steps(published: &str) -> impl Iterator<Item = StepView<'_>> {
    let steps = record::steps(published).into_iter();
    steps.map(|Step { number, text }| StepView { number, text })
}

impl<'s> From<Charge<'s>> for ChargeView<'s> {
    fn from(charge: Charge<'s>) -> Self {
        let Charge { amount, currency, per, condition } = charge;
        Self { amount, currency, per, condition }
    }
}

impl<'s> From<&'s Channel> for ChannelView<'s> {
    fn from(channel: &'s Channel) -> Self {
        let Channel { duration, fee, .. } = channel;
        Self {
            channel: channel_name(channel.channel),
            duration: DurationView {
                value: duration.value,
                unit: unit_name(duration.unit),
                raw: duration.raw.as_deref(),
            },
            fee: FeeView {
                kind: fee_name(fee.kind),
                amounts: fee.amounts.iter().map(MoneyView::from).collect(),
                mentioned: fee.mentioned.iter().map(MoneyView::from).collect(),
                charges: charges(fee.raw.as_deref()),
                raw: fee.raw.as_deref(),
            },
            note: channel.note.as_deref(),
        }
    }
}

fn charges(published: Option<&str>) -> Vec<ChargeView<'_>> {
    published.map(record::charges).into_iter().flatten().map(ChargeView::from).collect()
}

impl<'s> From<&'s Money> for MoneyView<'s> {
    fn from(money: &'s Money) -> Self {
        Self { amount: &money.amount, currency: &money.currency }
    }
}

impl<'s> From<&'s Component> for ComponentView<'s> {
    fn from(component: &'s Component) -> Self {
        Self {
            group: component.group.as_deref(),
            name: &component.name,
            originals: component.originals,
            copies: component.copies,
            form_codes: codes_of(component),
        }
    }
}

impl<'s> From<&'s Outcome> for ResultView<'s> {
    fn from(outcome: &'s Outcome) -> Self {
        Self { name: &outcome.name, code: outcome.code.as_deref() }
    }
}

const fn channel_name(channel: ChannelKind) -> &'static str {
    match channel {
        ChannelKind::InPerson => "in_person",
        ChannelKind::Online => "online",
        ChannelKind::Post => "post",
        ChannelKind::Unknown => "unknown",
    }
}

const fn unit_name(unit: DurationUnit) -> &'static str {
    match unit {
        DurationUnit::Hour => "hour",
        DurationUnit::Day => "day",
        DurationUnit::WorkingDay => "working_day",
        DurationUnit::Month => "month",
        DurationUnit::Unknown => "unknown",
    }
}

const fn fee_name(kind: FeeKind) -> &'static str {
    match kind {
        FeeKind::Free => "free",
        FeeKind::Stated => "stated",
        FeeKind::Conditional => "conditional",
        FeeKind::Unknown => "unknown",
    }
}
