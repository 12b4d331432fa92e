//! What the rules say about a question before anything is looked for.

use domain::{
    catalogue::{Advice, Behaviour, BestBet, Kind, OutOfScope},
    text::{self, Syllable},
};

use super::{phrase::Weighted, phrase_book::PhraseBook, question::Question};

/// Which part of a question a best bet has to make up that answers it.
const NEARLY_ALL: f64 = 0.85;

/// Which part it has to make up where somebody may be in danger.
const MOST: f64 = 0.7;

/// Which part it has to make up where it asks back: a further word may be the answer.
const ALL: f64 = 0.95;

/// A best bet whose things were found.
pub(super) struct Bet {
    kind: Kind,
    pub(super) rows: Vec<usize>,
    pub(super) behaviour: Behaviour,
}

impl Bet {
    fn least_share(&self) -> f64 {
        match (self.kind, self.behaviour) {
            (Kind::Hotline, _) => MOST,
            (_, Behaviour::Answer) => NEARLY_ALL,
            _ => ALL,
        }
    }

    /// What `word` counts. Who is in danger changes nothing.
    const fn counts(&self, word: &Weighted) -> f64 {
        if matches!(self.kind, Kind::Hotline) { word.weight } else { word.sense }
    }
}

/// Best bets and what is out of scope, ready to be recognised.
pub(super) struct Guidance {
    patterns: PhraseBook<usize>,
    bets: Vec<Bet>,
    outside: PhraseBook<usize>,
    rules: Vec<(PhraseBook<()>, Advice)>,
}

impl Guidance {
    /// The rules, as far as they concern rows that `find` finds; `name` tells whether a procedure
    /// has these folded words in its name.
    pub(super) fn new(
        bets: &[BestBet],
        rules: &[OutOfScope],
        find: impl Fn(Kind, &str) -> Option<usize>,
        name: impl Fn(&str) -> bool,
    ) -> Self {
        let mut guidance = Self {
            patterns: PhraseBook::from_iter([]),
            bets: Vec::new(),
            outside: PhraseBook::from_iter([]),
            rules: Vec::new(),
        };
        let mut patterns = Vec::new();
        for bet in bets {
            let rows: Vec<_> = bet.codes.iter().filter_map(|code| find(bet.kind, code)).collect();
            if !rows.is_empty() {
                let number = guidance.bets.len();
                patterns.extend(bet.patterns.iter().map(|pattern| (pattern.clone(), number)));
                guidance.bets.push(Bet { kind: bet.kind, rows, behaviour: bet.behaviour });
            }
        }
        guidance.patterns = patterns.into_iter().collect();

        let mut outside = Vec::new();
        let answered = |rule: &&OutOfScope| {
            rule.unless_name.as_ref().is_some_and(|words| name(&text::fold(words)))
        };
        for (number, rule) in rules.iter().filter(|rule| !answered(rule)).enumerate() {
            outside.extend(rule.patterns.iter().map(|pattern| (pattern.clone(), number)));
            let except = rule.except.iter().map(|phrase| (phrase.clone(), ())).collect();
            guidance.rules.push((except, rule.advice.clone()));
        }
        guidance.outside = outside.into_iter().collect();
        guidance
    }

    /// Where to turn with what is typed, where the province's offices do not do it.
    pub(super) fn out_of_scope(&self, typed: &[Syllable]) -> Option<&Advice> {
        self.outside.within(typed).find_map(|(_, _, &number)| {
            let (except, advice) = self.rules.get(number)?;
            except.within(typed).next().is_none().then_some(advice)
        })
    }

    /// The best bet that makes up nearly all of `question`.
    pub(super) fn best_bet(&self, question: &Question) -> Option<&Bet> {
        let matches: Vec<_> = self.patterns.within(&question.syllables).collect();
        let share = |number: usize, bet: &Bet| {
            let all: f64 = question.words.iter().map(|word| bet.counts(word)).sum();
            let made_up = question.words.iter().enumerate().filter(|&(place, _)| {
                matches
                    .iter()
                    .any(|&(at, length, &of)| of == number && (at..at + length).contains(&place))
            });
            made_up.map(|(_, word)| bet.counts(word)).sum::<f64>() / all
        };
        matches
            .iter()
            .filter_map(|&(_, _, &number)| Some((number, self.bets.get(number)?)))
            .map(|(number, bet)| (share(number, bet), bet))
            .filter(|(share, bet)| *share >= bet.least_share())
            .max_by(|(left, _), (right, _)| left.total_cmp(right))
            .map(|(_, bet)| bet)
    }
}
