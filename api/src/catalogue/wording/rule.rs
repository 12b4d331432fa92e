//! A rule about words, on the wire.

use chrono::{DateTime, Utc};
use domain::catalogue::{
    Advice, Behaviour, BestBet, Kind, OutOfScope, RuleVersion, Synonym, WordRule,
};
use infra::catalogue::index::SearchIndex;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    extract::filled_in,
    problem::{ApiError, FieldCode},
};

/// Characters of a phrase, and of a sentence of advice.
const PHRASE: usize = 200;
const SENTENCE: usize = 1_000;

/// Phrases and codes in one list, at most.
const MOST: usize = 100;

/// A rule about words, by its kind.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RuleBody {
    /// What offices call something.
    Synonym(SynonymBody),
    /// What a query certainly means.
    BestBet(BestBetBody),
    /// What is done elsewhere, and where.
    OutOfScope(OutOfScopeBody),
}

/// An everyday word or abbreviation, and what offices call it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SynonymBody {
    /// What people write.
    #[schema(example = "cccd")]
    term: String,
    /// What it may mean, one of these.
    #[schema(example = json!(["thẻ căn cước"]))]
    expansions: Vec<String>,
}

/// What is certainly meant by a query.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BestBetBody {
    /// What people write; nearly all of the query has to be made of these.
    patterns: Vec<String>,
    /// `procedure`, `commune`, `hotline`, `facility` or `agency`.
    #[schema(value_type = String, example = "procedure")]
    kind: Kind,
    /// The code of what is meant, and of what else may be, likeliest first.
    codes: Vec<String>,
    /// `answer` where the first one answers the query, `clarify` where the person has to choose.
    #[schema(value_type = String, example = "answer")]
    behaviour: Behaviour,
}

/// Something that the province's offices do not do.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OutOfScopeBody {
    /// What people write.
    patterns: Vec<String>,
    /// Words beside it that make it something the offices do.
    #[serde(default)]
    except: Vec<String>,
    /// Words in the name of a procedure that answers this once it is in the catalogue.
    unless_name: Option<String>,
    /// Who does it.
    place: String,
    /// What to know, in a sentence.
    text: String,
}

/// A rule about words, or a version of one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleView {
    /// Its id, made from its kind and its first phrase.
    id: Uuid,
    /// Grows with each change; 0 as it was imported.
    version: i64,
    /// The rule; `null` where it was taken away.
    rule: Option<RuleBody>,
    /// The member of the staff who left it so; `null` as it was imported.
    changed_by: Option<Uuid>,
    /// When.
    changed_at: Option<DateTime<Utc>>,
}

impl RuleView {
    /// The rule as it was imported.
    pub(super) fn imported(rule: WordRule) -> Self {
        let id = rule.id().uuid();
        Self { id, version: 0, rule: Some(rule.into()), changed_by: None, changed_at: None }
    }

    /// Its place in a list.
    pub(super) const fn key(&self) -> Uuid {
        self.id
    }

    /// The version it is at.
    pub(super) const fn version(&self) -> i64 {
        self.version
    }
}

impl From<RuleVersion> for RuleView {
    fn from(version: RuleVersion) -> Self {
        Self {
            id: version.id.uuid(),
            version: version.version,
            rule: version.rule.map(RuleBody::from),
            changed_by: Some(version.by.uuid()),
            changed_at: Some(version.at),
        }
    }
}

impl From<WordRule> for RuleBody {
    fn from(rule: WordRule) -> Self {
        match rule {
            WordRule::Synonym(Synonym { term, expansions }) => {
                Self::Synonym(SynonymBody { term, expansions })
            }
            WordRule::BestBet(BestBet { patterns, kind, codes, behaviour }) => {
                Self::BestBet(BestBetBody { patterns, kind, codes, behaviour })
            }
            WordRule::OutOfScope(OutOfScope { patterns, except, unless_name, advice }) => {
                let Advice { place, text } = advice;
                Self::OutOfScope(OutOfScopeBody { patterns, except, unless_name, place, text })
            }
        }
    }
}

impl RuleBody {
    /// The rule that was sent at `pointer`; what it leads to has to be in `index`.
    pub(super) fn checked(self, pointer: &str, index: &SearchIndex) -> Result<WordRule, ApiError> {
        match self {
            Self::Synonym(body) => body.checked(&format!("{pointer}/synonym")),
            Self::BestBet(body) => body.checked(&format!("{pointer}/best_bet"), index),
            Self::OutOfScope(body) => body.checked(&format!("{pointer}/out_of_scope")),
        }
    }
}

impl SynonymBody {
    fn checked(self, pointer: &str) -> Result<WordRule, ApiError> {
        Ok(WordRule::Synonym(Synonym {
            term: filled_in(&format!("{pointer}/term"), &self.term, PHRASE)?,
            expansions: phrases(&format!("{pointer}/expansions"), &self.expansions, 1)?,
        }))
    }
}

impl BestBetBody {
    fn checked(self, pointer: &str, index: &SearchIndex) -> Result<WordRule, ApiError> {
        let codes = phrases(&format!("{pointer}/codes"), &self.codes, 1)?.into_iter();
        let codes: Vec<_> = codes.map(|code| self.kind.listed(code)).collect();
        if let Some(place) = codes.iter().position(|code| !index.has(self.kind, code)) {
            return Err(ApiError::field(format!("{pointer}/codes/{place}"), FieldCode::Unknown));
        }
        if self.behaviour == Behaviour::None {
            return Err(ApiError::field(format!("{pointer}/behaviour"), FieldCode::NotSelectable));
        }
        let patterns = phrases(&format!("{pointer}/patterns"), &self.patterns, 1)?;
        let Self { kind, behaviour, .. } = self;
        Ok(WordRule::BestBet(BestBet { patterns, kind, codes, behaviour }))
    }
}

impl OutOfScopeBody {
    fn checked(self, pointer: &str) -> Result<WordRule, ApiError> {
        let line = |name: &str, text: &str, longest| {
            filled_in(&format!("{pointer}/{name}"), text, longest)
        };
        let unless = self.unless_name.map(|words| line("unless_name", &words, PHRASE));
        Ok(WordRule::OutOfScope(OutOfScope {
            patterns: phrases(&format!("{pointer}/patterns"), &self.patterns, 1)?,
            except: phrases(&format!("{pointer}/except"), &self.except, 0)?,
            unless_name: unless.transpose()?,
            advice: Advice {
                place: line("place", &self.place, PHRASE)?,
                text: line("text", &self.text, SENTENCE)?,
            },
        }))
    }
}

/// The phrases that were sent at `pointer`, `least` of them at least.
fn phrases(pointer: &str, texts: &[String], least: usize) -> Result<Vec<String>, ApiError> {
    if texts.len() < least {
        return Err(ApiError::field(pointer, FieldCode::TooShort));
    }
    if texts.len() > MOST {
        return Err(ApiError::field(pointer, FieldCode::TooLong));
    }
    let numbered = texts.iter().enumerate();
    numbered.map(|(at, text)| filled_in(&format!("{pointer}/{at}"), text, PHRASE)).collect()
}
