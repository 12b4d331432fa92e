//! The rules about words, kept in files, so that they can be extended without a programmer.

use domain::catalogue::{Advice, BestBet, Kind, OutOfScope, Synonym, Wording};

use crate::{
    dataset::{Reading, read_table},
    shipped,
};

/// Reads rules from everyday words to official ones: columns `term`, `expansion` (with `|`
/// between alternatives).
#[must_use]
pub fn synonyms(csv: &[u8]) -> Reading<Synonym> {
    read_table(
        csv,
        &["term", "expansion"],
        |synonym: &Synonym| synonym.term.clone(),
        |row| {
            let (term, expansions) = (row.text("term")?, row.list("expansion", '|'));
            if expansions.is_empty() {
                return Err("expansion is empty".to_owned());
            }
            Ok(Synonym { term, expansions })
        },
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
            let kind: Kind = row.value("kind")?;
            let codes = row.list("codes", ' ').into_iter();
            Ok(BestBet {
                patterns: row.list("pattern", '|'),
                kind,
                codes: codes.map(|code| kind.listed(code)).collect(),
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

/// The rules this binary ships with.
#[must_use]
pub fn shipped_wording() -> Wording {
    Wording {
        synonyms: synonyms(shipped::SYNONYMS).records,
        best_bets: best_bets(shipped::BEST_BETS).records,
        out_of_scope: out_of_scope(shipped::OUT_OF_SCOPE).records,
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
        let Wording { synonyms, best_bets, out_of_scope } = shipped_wording();
        assert!(synonyms.len() > 400 && best_bets.len() > 25 && out_of_scope.len() > 8);
        assert!(synonyms.iter().all(|synonym| !synonym.expansions.is_empty()));
    }
}
