//! Builds the index.

use std::{
    cell::LazyCell,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{
    catalogue::{Kind, Level, Procedure, ProcedureCode, Synonym, Wording},
    text::{self, Syllable, syllables},
};

use super::{
    BuildError, Candidates, Corpus, Entry, Facts, Guidance, Name, Phrase, PhraseBook,
    ProcedureFacts, Reader, Row, SearchIndex, Spelling, Things, Vocabulary, Word, phrase::Weighted,
    procedures::special_cases, ranking::FORMER, suggest::Beginnings, things::Codes,
    vocabulary::Counting,
};

/// Words with which names of procedures begin and that say nothing.
const OPENING: &str = "thủ tục ";

/// A text with the numbers of its words.
type Numbered = (Vec<Syllable>, Vec<Word>);

/// What a row is made of, while the vocabulary is not finished. Of procedures, of which there may be
/// very many, only the numbers of the words in their name and beside it.
enum Draft<'c> {
    Procedure(&'c Procedure, Vec<Word>, Vec<Word>),
    Entry(&'c Entry, Vec<(Numbered, Numbered)>),
}

impl SearchIndex {
    /// Builds the index over `corpus`.
    ///
    /// # Errors
    /// [`BuildError`] when the full-text index cannot be made.
    pub fn build(corpus: &Corpus<'_>) -> Result<Self, BuildError> {
        Ok(Self::over(Arc::new(Things::build(corpus)?), corpus.wording))
    }

    /// The index over the same things with other rules about words.
    #[must_use]
    pub fn reworded(&self, wording: &Wording) -> Self {
        Self::over(Arc::clone(&self.things), wording)
    }

    fn over(things: Arc<Things>, wording: &Wording) -> Self {
        // Few rules ask for them.
        let names = LazyCell::new(|| {
            let names = things.rows.iter().filter(|row| row.kind == Kind::Procedure);
            names.map(|row| text::fold(&row.title)).collect::<Vec<_>>()
        });
        let guidance = Guidance::new(
            &wording.best_bets,
            &wording.out_of_scope,
            |kind, code| things.by_code.find(kind, code),
            |words| names.iter().any(|name| name.contains(words)),
        );
        Self {
            spelling: Spelling::new(things.counting.clone(), wording.phrases()),
            reader: Reader::new(meanings(&wording.synonyms, &things.vocabulary)),
            guidance,
            things,
        }
    }
}

impl Things {
    fn build(corpus: &Corpus<'_>) -> Result<Self, BuildError> {
        let mut counting = Counting::default();
        let mut drafts = Vec::with_capacity(corpus.procedures.len() + corpus.entries.len());
        for procedure in corpus.procedures {
            drafts.push(Draft::procedure(procedure, &mut counting));
        }
        for entry in corpus.entries {
            drafts.push(Draft::entry(entry, &mut counting));
        }
        let vocabulary = counting.clone().finish();

        let texts = drafts.iter().map(|draft| draft.texts(&vocabulary));
        let candidates = Candidates::build(texts, &vocabulary)?;
        let special = special_cases();
        let places: HashMap<_, _> = corpus.most_asked.iter().zip(1..).collect();
        let mut snippets = HashSet::new();
        let rows = drafts.into_iter().map(|draft| {
            let mut row = draft.row(&vocabulary, &special, &places);
            text::keep_once(&mut row.snippet, &mut snippets);
            row
        });
        let rows: Vec<_> = rows.collect();
        let by_code = Codes::new(&rows);
        let titles = rows.iter().enumerate().flat_map(beginnings);
        let entries = (corpus.procedures.len()..).zip(corpus.entries);
        let beginnings = Beginnings::new(titles.chain(entries.flat_map(other_beginnings)));
        Ok(Self { rows, by_code, vocabulary, counting, candidates, beginnings })
    }
}

impl<'c> Draft<'c> {
    fn procedure(procedure: &'c Procedure, counting: &mut Counting) -> Self {
        let name = counting.add(&syllables(without_opening(&procedure.name)));
        Self::Procedure(procedure, name, counting.note(&beside(procedure)))
    }

    fn entry(entry: &'c Entry, counting: &mut Counting) -> Self {
        let names = entry.names.iter().map(|name| {
            let around = syllables(&name.around);
            let around_words = counting.note(&around);
            (numbered(&name.text, counting), (around, around_words))
        });
        Self::Entry(entry, names.collect())
    }

    /// The folded words of each text by which the row is found.
    fn texts<'v>(&'v self, vocabulary: &'v Vocabulary) -> Vec<Vec<&'v str>> {
        match self {
            Self::Procedure(_, name, _) => {
                vec![name.iter().map(|&word| vocabulary.spelling(word)).collect()]
            }
            Self::Entry(_, names) => names.iter().map(|(name, _)| folded(name)).collect(),
        }
    }

    fn row(
        self,
        vocabulary: &Vocabulary,
        special: &PhraseBook<()>,
        most_asked: &HashMap<&ProcedureCode, usize>,
    ) -> Row {
        match self {
            Self::Procedure(procedure, words, beside) => Row {
                kind: Kind::Procedure,
                code: procedure.code.as_str().into(),
                title: procedure.name.as_str().into(),
                snippet: snippet(procedure).into(),
                facts: Facts::Procedure(ProcedureFacts::new(
                    procedure,
                    most_asked.get(&procedure.code).copied(),
                    (&syllables(without_opening(&procedure.name)), &words),
                    beside,
                    vocabulary,
                    special,
                )),
            },
            Self::Entry(entry, names) => Row {
                kind: entry.kind,
                code: entry.code.as_str().into(),
                title: entry.title.as_str().into(),
                snippet: entry.snippet.as_str().into(),
                facts: Facts::Named(
                    names
                        .iter()
                        .map(|((name, words), (around, around_words))| {
                            Name::new((name, words), (around, around_words), vocabulary)
                        })
                        .collect(),
                ),
            },
        }
    }
}

fn folded((syllables, _): &Numbered) -> Vec<&str> {
    syllables.iter().map(Syllable::folded).collect()
}

fn numbered(text: &str, counting: &mut Counting) -> Numbered {
    let syllables = syllables(text);
    let words = counting.add(&syllables);
    (syllables, words)
}

/// `name` without the words with which every second name begins.
fn without_opening(name: &str) -> &str {
    name.split_at_checked(OPENING.len())
        .filter(|(start, _)| start.to_lowercase() == OPENING)
        .map_or(name, |(_, rest)| rest)
}

/// What stands beside the name of `procedure`: its field and what one gets.
fn beside(procedure: &Procedure) -> Vec<Syllable> {
    let results = procedure.details.iter().flat_map(|details| &details.results);
    let texts = procedure.field.as_deref().into_iter().chain(results.map(|result| &*result.name));
    texts.flat_map(syllables).collect()
}

/// A line to tell `procedure` from others of nearly its name.
fn snippet(procedure: &Procedure) -> String {
    let levels: Vec<_> = procedure.levels.iter().map(|level: &Level| level.label()).collect();
    let levels = Some(levels.join(", ")).filter(|levels| !levels.is_empty());
    let (field, agency) = (procedure.field.as_deref(), procedure.issuing_agency.as_deref());
    let parts = [field, levels.as_deref(), agency];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The official meanings of everyday phrases.
fn meanings(synonyms: &[Synonym], vocabulary: &Vocabulary) -> PhraseBook<Vec<Phrase>> {
    let phrase = |text: &String| {
        let syllables = syllables(text);
        let words: Vec<_> = syllables.iter().map(|each| Weighted::new(each, vocabulary)).collect();
        Phrase::new(&words, vocabulary)
    };
    let meanings =
        |synonym: &Synonym| (synonym.term.clone(), synonym.expansions.iter().map(phrase).collect());
    synonyms.iter().map(meanings).collect()
}

/// The texts by which a row is suggested: its code and its title.
fn beginnings((number, row): (usize, &Row)) -> [(String, usize, f64); 2] {
    let weight = match &row.facts {
        Facts::Procedure(facts) => facts.weight(),
        Facts::Named(_) => 1.0,
    };
    let title = text::fold(without_opening(&row.title));
    let weight = weight * plainness(&title);
    [(title, number, weight), (text::fold(&row.code), number, weight)]
}

/// The other names by which an entry is suggested: former ones, and as people abbreviate it.
fn other_beginnings((number, entry): (usize, &Entry)) -> Vec<(String, usize, f64)> {
    let title = text::fold(&entry.title);
    let names = entry.names.iter().map(|name| text::fold(&name.text));
    let others = names.filter(|name| !title.starts_with(name));
    let weighted = others.map(|name| {
        let weight = FORMER * plainness(&name);
        (name, number, weight)
    });
    weighted.collect()
}

/// How much a folded `name` counts by its length: of names alike the shorter one is the plain form.
fn plainness(name: &str) -> f64 {
    let length = u32::try_from(name.len()).map_or(1.0, f64::from);
    1.0 + 10.0 / (10.0 + length)
}
