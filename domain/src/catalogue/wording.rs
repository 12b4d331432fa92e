//! What people say and what they mean by it: rules about words.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Advice, Behaviour, Kind};
use crate::{Id, text};

/// All rules about words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// Everyday words, abbreviations and intents.
    pub synonyms: Vec<Synonym>,
    /// Queries whose meaning no ranking could know.
    pub best_bets: Vec<BestBet>,
    /// What is asked of the province's offices but done elsewhere.
    pub out_of_scope: Vec<OutOfScope>,
}

/// An everyday word or abbreviation, and what offices call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synonym {
    /// What people write.
    pub term: String,
    /// What it may mean, one of these.
    pub expansions: Vec<String>,
}

/// What is certainly meant by a query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BestBet {
    /// What people write; nearly all of the query has to be made of these.
    pub patterns: Vec<String>,
    /// What kind of thing they mean.
    pub kind: Kind,
    /// Its code, and codes of what else may be meant, likeliest first.
    pub codes: Vec<String>,
    /// Whether the first one answers the query, or the person has to choose.
    pub behaviour: Behaviour,
}

/// Something that the province's offices do not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutOfScope {
    /// What people write.
    pub patterns: Vec<String>,
    /// Words beside it that make it something the offices do.
    pub except: Vec<String>,
    /// Words in the name of a procedure that, once it is in the catalogue, answers this.
    pub unless_name: Option<String>,
    /// Where to turn instead.
    pub advice: Advice,
}

/// One rule about words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordRule {
    /// What offices call something.
    Synonym(Synonym),
    /// What a query certainly means.
    BestBet(BestBet),
    /// What is done elsewhere.
    OutOfScope(OutOfScope),
}

/// The id of a rule, made from what it is about: there is one of each kind for a phrase.
pub type WordRuleId = Id<WordRule>;

impl WordRule {
    /// The name of its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Synonym(_) => "synonym",
            Self::BestBet(_) => "best_bet",
            Self::OutOfScope(_) => "out_of_scope",
        }
    }

    /// What it is about: the first phrase that people write.
    #[must_use]
    pub fn phrase(&self) -> &str {
        match self {
            Self::Synonym(synonym) => &synonym.term,
            Self::BestBet(bet) => bet.patterns.first().map_or("", String::as_str),
            Self::OutOfScope(rule) => rule.patterns.first().map_or("", String::as_str),
        }
    }

    /// Its id. Marks count, white space and capitals do not.
    #[must_use]
    pub fn id(&self) -> WordRuleId {
        let name = format!("{} {}", self.kind(), text::line(self.phrase()).to_lowercase());
        Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).into()
    }
}

impl Wording {
    /// Every rule by itself.
    pub fn rules(&self) -> impl Iterator<Item = WordRule> {
        let synonyms = self.synonyms.iter().cloned().map(WordRule::Synonym);
        let bets = self.best_bets.iter().cloned().map(WordRule::BestBet);
        let outside = self.out_of_scope.iter().cloned().map(WordRule::OutOfScope);
        synonyms.chain(bets).chain(outside)
    }

    /// What people write, as far as the rules know it.
    pub fn phrases(&self) -> impl Iterator<Item = &String> {
        let terms = self.synonyms.iter().map(|synonym| &synonym.term);
        let bets = self.best_bets.iter().flat_map(|bet| &bet.patterns);
        let outside = self.out_of_scope.iter();
        let outside = outside.flat_map(|rule| rule.patterns.iter().chain(&rule.except));
        terms.chain(bets).chain(outside)
    }

    /// These rules with `changes`: a changed rule in place of the one about the same, nothing in
    /// place of one that was taken away. What is new comes last.
    #[must_use]
    pub fn with(&self, changes: impl IntoIterator<Item = (WordRuleId, Option<WordRule>)>) -> Self {
        let mut last: HashMap<WordRuleId, Option<WordRule>> = HashMap::new();
        let mut order = Vec::new();
        for (id, rule) in changes {
            if last.insert(id, rule).is_none() {
                order.push(id);
            }
        }
        let rest = self.rules().filter(|rule| !last.contains_key(&rule.id()));
        let rest: Vec<_> = rest.collect();
        let put = order.into_iter().filter_map(|id| last.remove(&id).flatten());
        rest.into_iter().chain(put).collect()
    }
}

impl FromIterator<WordRule> for Wording {
    fn from_iter<I: IntoIterator<Item = WordRule>>(rules: I) -> Self {
        let mut wording = Self::default();
        for rule in rules {
            match rule {
                WordRule::Synonym(synonym) => wording.synonyms.push(synonym),
                WordRule::BestBet(bet) => wording.best_bets.push(bet),
                WordRule::OutOfScope(rule) => wording.out_of_scope.push(rule),
            }
        }
        wording
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synonym(term: &str, meaning: &str) -> WordRule {
        WordRule::Synonym(Synonym { term: term.to_owned(), expansions: vec![meaning.to_owned()] })
    }

    #[test]
    fn changes_replace_add_and_take_away() {
        let base: Wording =
            [synonym("cccd", "căn cước"), synonym("gks", "khai sinh")].into_iter().collect();
        let gone = synonym("gks", "").id();
        let changed = base.with([
            (synonym("CCCD ", "x").id(), Some(synonym("CCCD", "thẻ căn cước"))),
            (synonym("hkd", "").id(), Some(synonym("hkd", "hộ kinh doanh"))),
            (gone, None),
        ]);
        let terms: Vec<_> = changed.rules().map(|rule| rule.phrase().to_owned()).collect();
        assert_eq!(terms, ["CCCD", "hkd"]);
        assert_eq!(base.with([]), base);
    }

    #[test]
    fn marks_make_another_rule() {
        assert_ne!(synonym("sổ", "").id(), synonym("số", "").id());
        assert_eq!(synonym(" Sổ  đỏ", "").id(), synonym("sổ đỏ", "x").id());
    }
}
