//! What people say and what they mean by it: rules kept in files, so that they can be extended
//! without a programmer.

use domain::catalogue::{Advice, Behaviour, Kind};
use serde::{Deserialize, Serialize};

use crate::{
    dataset::{Reading, read_table},
    shipped,
};

/// All rules about words.
#[derive(Clone, Debug, Default)]
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

/// Reads rules from everyday words to official ones: columns `term`, `expansion` (with `|`
/// between alternatives).
#[must_use]
pub fn synonyms(csv: &[u8]) -> Reading<Synonym> {
    read_table(
        csv,
        &["term", "expansion"],
        |synonym: &Synonym| synonym.term.clone(),
        |row| Ok(Synonym { term: row.text("term")?, expansions: row.list("expansion", '|') }),
    )
}

/// Reads best bets: columns `pattern` (with `|` between several), `kind`, `codes` (with spaces
/// between them) and `behaviour`.
#[must_use]
pub fn best_bets(csv: &[u8]) -> Reading<BestBet> {
    read_table(
        csv,
        &["pattern", "kind", "codes", "behaviour"],
        |bet: &BestBet| bet.patterns.join("|"),
        |row| {
            Ok(BestBet {
                patterns: row.list("pattern", '|'),
                kind: row.value("kind")?,
                codes: row.list("codes", ' '),
                behaviour: row.value("behaviour")?,
            })
        },
    )
}

/// Reads what is out of scope: columns `pattern` and `except` (with `|` between several),
/// `unless_name`, `place` and `text`.
#[must_use]
pub fn out_of_scope(csv: &[u8]) -> Reading<OutOfScope> {
    read_table(
        csv,
        &["pattern", "except", "place", "text"],
        |rule: &OutOfScope| rule.patterns.join("|"),
        |row| {
            Ok(OutOfScope {
                patterns: row.list("pattern", '|'),
                except: row.list("except", '|'),
                unless_name: row.optional("unless_name"),
                advice: Advice { place: row.text("place")?, text: row.text("text")? },
            })
        },
    )
}

impl Wording {
    /// The rules this binary ships with.
    #[must_use]
    pub fn shipped() -> Self {
        Self {
            synonyms: synonyms(shipped::SYNONYMS).records,
            best_bets: best_bets(shipped::BEST_BETS).records,
            out_of_scope: out_of_scope(shipped::OUT_OF_SCOPE).records,
        }
    }

    /// What people write, as far as the rules know it.
    pub fn phrases(&self) -> impl Iterator<Item = &String> {
        let terms = self.synonyms.iter().map(|synonym| &synonym.term);
        let bets = self.best_bets.iter().flat_map(|bet| &bet.patterns);
        let outside =
            self.out_of_scope.iter().flat_map(|rule| rule.patterns.iter().chain(&rule.except));
        terms.chain(bets).chain(outside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_are_sound() {
        assert_eq!(synonyms(shipped::SYNONYMS).doubts, []);
        assert_eq!(best_bets(shipped::BEST_BETS).doubts, []);
        assert_eq!(out_of_scope(shipped::OUT_OF_SCOPE).doubts, []);
        let Wording { synonyms, best_bets, out_of_scope } = Wording::shipped();
        assert!(synonyms.len() > 400 && best_bets.len() > 25 && out_of_scope.len() > 8);
        assert!(synonyms.iter().all(|synonym| !synonym.expansions.is_empty()));
    }
}
