//! Rules by which reports go to agencies, as administrators see them.

use domain::{
    feedback::{Because, Responsible, Route, Rule, RuleText, Terms, Tried, Urgency},
    territory::CommuneCode,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{extract::filled_in, problem::ApiError};

/// The most characters of a name.
const NAME: usize = 120;

/// What a rule shall say; what is left open does not restrict.
#[derive(Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::feedback) struct WriteRule {
    /// What to call it, 1 to 120 characters.
    #[schema(example = "Xe quá tải trên quốc lộ 3")]
    name: String,
    /// Its place: of the rules that fit the one with the lowest decides.
    pub(super) place: i64,
    /// For these categories, and what they hold.
    #[serde(default)]
    categories: Vec<String>,
    /// In these communes.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    communes: Vec<CommuneCode>,
    /// Where one of these phrases is said, as whole words, with or without marks.
    #[serde(default)]
    words: Vec<String>,
    /// `true`: only what is reported for a business; `false`: only what is not.
    business: Option<bool>,
    /// Who then answers: `commune` (the one that holds the place) or the code of an agency.
    #[schema(value_type = String, example = "police")]
    agency: Responsible,
    /// How pressing the report then is, whatever its category says: `normal`, `high` or `urgent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    urgency: Option<Urgency>,
    /// Whether it counts.
    #[serde(default = "yes")]
    active: bool,
}

const fn yes() -> bool {
    true
}

/// A rule.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct RuleView {
    /// Its id.
    pub(super) id: Uuid,
    /// The version to name in `If-Match`, in quotation marks.
    version: i64,
    #[serde(flatten)]
    rule: WriteRule,
}

impl WriteRule {
    /// What was sent, as a rule says it.
    pub(super) fn text(&self) -> Result<RuleText, ApiError> {
        Ok(RuleText {
            name: filled_in("/name", &self.name, NAME)?,
            terms: Terms {
                categories: self.categories.clone(),
                communes: self.communes.clone(),
                words: self.words.clone(),
                business: self.business,
            },
            agency: self.agency.clone(),
            urgency: self.urgency,
            active: self.active,
        })
    }
}

impl From<Rule> for RuleView {
    fn from(Rule { id, version, place, text }: Rule) -> Self {
        let RuleText { name, terms, agency, urgency, active } = text;
        let Terms { categories, communes, words, business } = terms;
        let rule = WriteRule {
            name,
            place,
            categories,
            communes,
            words,
            business,
            agency,
            urgency,
            active,
        };
        Self { id: id.uuid(), version, rule }
    }
}

/// What became of one rule.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct TriedView {
    /// The rule; all ones for the one that is only tried.
    id: Uuid,
    /// What it is called.
    name: String,
    /// Its place.
    place: i64,
    /// Whether it fits.
    matched: bool,
    /// What does not fit: `inactive`, `category`, `commune`, `words`, `business`, `agency`.
    missed: Vec<&'static str>,
    /// The phrase by which it fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    phrase: Option<String>,
}

/// Who would answer, and why.
#[derive(Serialize, ToSchema)]
pub(in crate::feedback) struct RouteView {
    /// Who would answer.
    #[schema(example = "police")]
    agency: String,
    /// By what: `rule`, `category`, `nobody` (the fallback desk) or `outside_province` (the fallback
    /// desk).
    by: &'static str,
    /// How pressing it would be, where the rule that decides says so.
    #[schema(value_type = Option<String>)]
    urgency: Option<Urgency>,
    /// The rule that decides.
    rule_id: Option<Uuid>,
    /// The rules that were tried, in order, up to the one that decides.
    rules: Vec<TriedView>,
}

impl From<Tried> for TriedView {
    fn from(Tried { rule, misses, phrase }: Tried) -> Self {
        Self {
            id: rule.id.uuid(),
            name: rule.text.name,
            place: rule.place,
            matched: misses.is_empty(),
            missed: misses.into_iter().map(domain::feedback::Miss::as_str).collect(),
            phrase,
        }
    }
}

impl From<Route> for RouteView {
    fn from(Route { agency, because, urgency, tried }: Route) -> Self {
        let (by, rule_id) = match because {
            Because::Rule(id) => ("rule", Some(id.uuid())),
            Because::Category => ("category", None),
            Because::Nobody => ("nobody", None),
            Because::Outside => ("outside_province", None),
        };
        let rules = tried.into_iter().map(TriedView::from).collect();
        Self { agency: agency.into(), by, urgency, rule_id, rules }
    }
}
