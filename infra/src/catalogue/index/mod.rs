//! The search over everything a citizen looks for: procedures, communes, hotlines, facilities,
//! agencies.
//!
//! A question is cut to a bounded size and taken apart into needs: everyday phrases with their
//! official meanings, and single words with their order. The full-text index gives the rows that
//! share most with it; those are compared closely. What part of its own weight a question found
//! says how sure the answer is, whatever the question.

mod asked;
mod build;
mod candidates;
mod guidance;
mod names;
mod narrowed;
mod nearest;
mod passage;
mod phrase;
mod phrase_book;
mod procedures;
mod question;
mod ranking;
mod spelling;
mod suggest;
#[cfg(test)]
mod tests;
mod things;
mod vocabulary;

use std::sync::Arc;

use domain::catalogue::{
    Advice, Answer, Behaviour, Hit, Kind, Kinds, Procedure, ProcedureCode, Suggestion, Wording,
};

use self::{
    candidates::Candidates,
    guidance::Guidance,
    names::Name,
    phrase::Phrase,
    phrase_book::PhraseBook,
    procedures::ProcedureFacts,
    question::{Question, Reader},
    ranking::{Rank, Ranked},
    spelling::Spelling,
    suggest::Beginnings,
    things::{Facts, Room, Row, Things},
    vocabulary::{Vocabulary, Word},
};

/// What the index is made of.
pub struct Corpus<'c> {
    /// The catalogue.
    pub procedures: &'c [Procedure],
    /// Everything else that can be found.
    pub entries: &'c [Entry],
    /// What people ask for most, by rank.
    pub most_asked: &'c [ProcedureCode],
    /// The rules about words.
    pub wording: &'c Wording,
}

/// Something with a name that can be found beside the procedures.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What kind of thing.
    pub kind: Kind,
    /// Its code within its kind.
    pub code: String,
    /// What to show.
    pub title: String,
    /// A line that helps to tell it from others.
    pub snippet: String,
    /// Its names: the one of today first, then former ones.
    pub names: Vec<EntryName>,
}

/// A name of an entry.
#[derive(Clone, Debug)]
pub struct EntryName {
    /// The name, with its type: `Phường Túc Duyên`.
    pub text: String,
    /// What may stand with it: district, province, "cũ".
    pub around: String,
}

/// The index could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the search index could not be built: {0}")]
pub struct BuildError(#[from] tantivy::TantivyError);

/// The search over one version of the data. Immutable: a new version is a new index.
pub struct SearchIndex {
    things: Arc<Things>,
    spelling: Spelling,
    reader: Reader,
    guidance: Guidance,
}

/// What counts what is certainly meant; more than anything else can count.
const CERTAIN: f64 = 2.5;

/// Hits and suggestions of one answer, at most.
const LIMIT: usize = 100;

/// From this part of a question on nobody asks whether it was mistyped.
const UNDOUBTED: f64 = 0.75;

/// How much more of the question has to be found when it is read otherwise than it was typed.
const CLEARLY: f64 = 0.1;

/// How many rows are compared closely with a question.
const CANDIDATES: usize = 64;

/// Titles that are offered where the answer is not sure.
const OFFERED: usize = 5;

impl SearchIndex {
    /// Answers `query` with at most `limit` hits of the `kinds` asked for. Any text is answered;
    /// only its beginning is read.
    #[must_use]
    pub fn search(&self, query: &str, kinds: Kinds, limit: usize) -> Answer {
        self.answered(query, kinds, Further::Nothing, limit.min(LIMIT))
    }

    /// The answer to `query`, for which `further` rows are looked at, too.
    fn answered(&self, query: &str, kinds: Kinds, further: Further<'_>, limit: usize) -> Answer {
        if let Some(answer) = self.by_code(query, kinds) {
            return answer;
        }
        let question = Question::new(query, &self.things.vocabulary, &self.reader);
        let found = self.found(&question, kinds, further);
        let doubtful = question.has_unknown() || found.sureness() < UNDOUBTED;
        let corrected = doubtful.then(|| self.corrected(query, kinds, further)).flatten();
        match corrected.filter(|(_, other)| other.is_better_than(&found)) {
            Some((meant, found)) => self.answer(found, Some(meant), limit),
            None => self.answer(found, None, limit),
        }
    }

    /// What is found for what was probably meant by `query`, if it was mistyped.
    fn corrected(
        &self,
        query: &str,
        kinds: Kinds,
        further: Further<'_>,
    ) -> Option<(String, Found<'_>)> {
        let meant = self.spelling.corrected(&question::beginning(query))?;
        let question = Question::new(&meant, &self.things.vocabulary, &self.reader);
        let found = self.found(&question, kinds, further);
        Some((meant, found))
    }

    /// What there is for `question`.
    fn found(&self, question: &Question, kinds: Kinds, further: Further<'_>) -> Found<'_> {
        let mut ranked = self.ranked(question, kinds, further);
        let mut behaviour = ranking::behaviour(&ranked, question.mass);
        // Who types an official name means it, whatever else is said about its words.
        let is_name = ranked.iter().any(|each| each.rank.is_name);
        let bet = self.guidance.best_bet(question);
        if let Some(bet) = bet.filter(|bet| self.put_first(&bet.rows, &mut ranked, kinds)) {
            behaviour = bet.behaviour;
        }
        let advice = self.guidance.out_of_scope(&question.syllables).filter(|_| !is_name);
        if advice.is_some() {
            behaviour = Behaviour::None;
        }
        Found { ranked, behaviour, advice }
    }

    /// The answer that tells what was found; where that is for other words than were typed, which.
    fn answer(&self, found: Found<'_>, meant: Option<String>, limit: usize) -> Answer {
        let Found { ranked, behaviour, advice } = found;
        let offered = if behaviour == Behaviour::Answer { 0 } else { OFFERED };
        let did_you_mean = meant.into_iter().chain(self.titles(&ranked, offered)).collect();
        let shown = if behaviour == Behaviour::None { 0 } else { limit };
        let hits = ranked.iter().take(shown).filter_map(|ranked| self.hit(ranked)).collect();
        Answer { behaviour, hits, did_you_mean, advice: advice.cloned() }
    }

    /// Whether there is something of this kind with this code.
    #[must_use]
    pub fn has(&self, kind: Kind, code: &str) -> bool {
        self.find(kind, code).is_some()
    }

    /// What a person who typed `prefix` may be about to type, at most `limit`.
    #[must_use]
    pub fn suggest(&self, prefix: &str, limit: usize) -> Vec<Suggestion> {
        let typed = question::folded_beginning(prefix);
        let limit = limit.min(LIMIT);
        if typed.is_empty() {
            return Vec::new();
        }
        let rows = self.things.beginnings.find(&typed, limit);
        if !rows.is_empty() {
            return rows
                .into_iter()
                .filter_map(|row| self.things.rows.get(row))
                .map(Row::suggestion)
                .collect();
        }
        let hits = self.search(prefix, Kinds::ALL, limit).hits.into_iter();
        hits.map(|hit| Suggestion { text: hit.title, kind: hit.kind, code: hit.code }).collect()
    }

    /// The answer to a query that is, or holds, a code.
    fn by_code(&self, query: &str, kinds: Kinds) -> Option<Answer> {
        let words = || query.split_whitespace().take(OFFERED);
        let procedure = words()
            .filter_map(|word| word.parse::<ProcedureCode>().ok())
            .find_map(|code| self.find(Kind::Procedure, code.as_str()));
        let other = || {
            let code = query.trim();
            Kind::ALL.into_iter().skip(1).find_map(|kind| self.find(kind, code))
        };
        let row = procedure.or_else(other)?;
        let kind = self.things.rows.get(row)?.kind;
        let rank = Rank::certain(CERTAIN);
        let hit = self.hit(&Ranked { row, kind, rank }).filter(|_| kinds.contains(kind))?;
        Some(Answer {
            behaviour: Behaviour::Answer,
            hits: vec![hit],
            did_you_mean: Vec::new(),
            advice: None,
        })
    }

    fn find(&self, kind: Kind, code: &str) -> Option<usize> {
        self.things.by_code.find(kind, code)
    }

    /// The rows that answer `question` at all, best first.
    fn ranked(&self, question: &Question, kinds: Kinds, further: Further<'_>) -> Vec<Ranked> {
        let Things { candidates, rows, .. } = &*self.things;
        let found = if kinds == Kinds::ALL {
            candidates.find(question, CANDIDATES)
        } else {
            let fits = |row: usize| rows.get(row).is_some_and(|row| kinds.contains(row.kind));
            candidates.find_fitting(question, CANDIDATES, fits)
        };
        let mut room = Room::default();
        let ranks = found.into_iter().filter_map(|row| self.rank(row, question, &mut room));
        let mut ranked: Vec<Ranked> = ranks.collect();
        let more = match further {
            Further::Facilities if kinds.contains(Kind::Facility) => {
                self.further_facilities(question, &ranked, &mut room)
            }
            Further::Procedures(fits) => {
                self.further_procedures(question, fits, &ranked, &mut room)
            }
            Further::Nothing | Further::Facilities => Vec::new(),
        };
        ranked.extend(more);
        ranked.sort_unstable_by(|left, right| {
            right.rank.score.total_cmp(&left.rank.score).then(left.row.cmp(&right.row))
        });
        ranked
    }

    /// How well the row of this `number` answers `question`, if at all.
    fn rank(&self, number: usize, question: &Question, room: &mut Room) -> Option<Ranked> {
        let row = self.things.rows.get(number)?;
        let rank = row.rank(question, &self.things.vocabulary, room);
        (rank.score > 0.0).then_some(Ranked { row: number, kind: row.kind, rank })
    }

    /// Puts what is certainly meant before everything else; says whether anything of it is of the
    /// kinds asked for.
    fn put_first(&self, rows: &[usize], ranked: &mut Vec<Ranked>, kinds: Kinds) -> bool {
        let mut score = CERTAIN;
        let certain: Vec<_> = rows
            .iter()
            .filter_map(|&row| Some((row, self.things.rows.get(row)?.kind)))
            .filter(|&(_, kind)| kinds.contains(kind))
            .map(|(row, kind)| {
                score -= 0.01;
                Ranked { row, kind, rank: Rank::certain(score) }
            })
            .collect();
        ranked.retain(|each| certain.iter().all(|first| first.row != each.row));
        ranked.splice(0..0, certain.iter().copied());
        !certain.is_empty()
    }

    fn hit(&self, ranked: &Ranked) -> Option<Hit> {
        Some(self.things.rows.get(ranked.row)?.hit(ranked.rank.score))
    }

    fn titles(&self, ranked: &[Ranked], number: usize) -> impl Iterator<Item = String> {
        let rows = ranked.iter().take(number).filter_map(|ranked| self.things.rows.get(ranked.row));
        rows.map(|row| row.title.to_string())
    }
}

/// What is looked at beside the rows that share most with a question.
#[derive(Clone, Copy)]
enum Further<'f> {
    Nothing,
    /// All facilities that may answer it.
    Facilities,
    /// All procedures that answer it, above all those that fit.
    Procedures(&'f dyn Fn(usize) -> bool),
}

/// What there is for a question.
struct Found<'i> {
    ranked: Vec<Ranked>,
    behaviour: Behaviour,
    advice: Option<&'i Advice>,
}

impl Found<'_> {
    fn is_better_than(&self, other: &Self) -> bool {
        self.sureness() > other.sureness() + CLEARLY
    }

    /// How sure it is that this answers the question.
    fn sureness(&self) -> f64 {
        match (self.advice, self.behaviour) {
            (Some(_), _) => 1.0,
            (None, Behaviour::None) => 0.0,
            _ => self.ranked.first().map_or(0.0, |first| first.rank.confidence),
        }
    }
}
