//! Finding the reports of a desk by the words they hold.
//!
//! Each store has an index of words of its own. It says which few reports hold what is asked for; where
//! they are many, the queue is read in its order until a page of them is full.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use domain::StoreError;
use uuid::Uuid;

use crate::{
    columns::{Id, sql},
    connection::Connection,
    database::{Transaction, store_error},
};

/// More reports than this are many.
const FEW: i64 = 1_000;
/// How many words are looked for.
const MOST: usize = 20;
/// No word is kept longer, in characters.
const LONGEST: usize = 64;
/// From this many letters on, the last word may be begun only.
const BEGINNING: usize = 2;

const SQLITE: &str = "SELECT report FROM feedback_words WHERE feedback_words MATCH ? LIMIT ?";
const POSTGRES: &str = "SELECT id FROM feedback_report \
    WHERE array_to_tsvector(array_remove(string_to_array(folded, ' '), '')) @@ $1::tsquery LIMIT $2";

/// Which reports hold what is asked for.
#[derive(Debug)]
pub(super) enum Holding {
    /// Any: nothing is asked for.
    Anything,
    /// These.
    Few(Vec<Id>),
    /// Those whose words fit all of these patterns.
    Many(Vec<String>),
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    report: String,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = sql::Id)]
    id: Id,
}

/// The words of a folded text.
fn words(folded: &str) -> impl Iterator<Item = String> {
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().take(LONGEST).collect())
}

/// The words of a folded text as they are kept: each between two spaces.
pub(super) fn stored(folded: &str) -> String {
    let mut stored = String::with_capacity(folded.len() + 2);
    for word in words(folded) {
        stored.push(' ');
        stored.push_str(&word);
    }
    if !stored.is_empty() {
        stored.push(' ');
    }
    stored
}

/// What is looked for: whole words, and a last one that may be begun only.
struct Question {
    whole: Vec<String>,
    begun: Option<String>,
}

impl Question {
    /// The question that `folded` asks; nothing where it has no word.
    fn of(folded: &str) -> Option<Self> {
        let mut whole: Vec<String> = words(folded).take(MOST).collect();
        let last = whole.pop()?;
        if last.chars().count() < BEGINNING {
            whole.push(last);
            return Some(Self { whole, begun: None });
        }
        Some(Self { whole, begun: Some(last) })
    }

    /// The question as an index is asked it. Words hold letters and digits alone.
    fn written(&self, quote: char, and: &str, beginning: &str) -> String {
        let whole = self.whole.iter().map(|word| format!("{quote}{word}{quote}"));
        let begun = self.begun.iter().map(|word| format!("{quote}{word}{quote}{beginning}"));
        whole.chain(begun).collect::<Vec<_>>().join(and)
    }

    fn patterns(&self) -> Vec<String> {
        let whole = self.whole.iter().map(|word| format!("% {word} %"));
        whole.chain(self.begun.iter().map(|word| format!("% {word}%"))).collect()
    }
}

impl Transaction<'_> {
    /// Which reports hold the folded `words`.
    pub(super) fn holding(&mut self, words: Option<&str>) -> Result<Holding, StoreError> {
        let Some(words) = words else { return Ok(Holding::Anything) };
        let Some(question) = Question::of(words) else { return Ok(Holding::Few(Vec::new())) };
        let few: Vec<Id> = match self.connection() {
            Connection::Sqlite(conn) => {
                let asked = format!("folded : ({})", question.written('"', " AND ", " *"));
                let query = sql_query(SQLITE).bind::<Text, _>(asked).bind::<BigInt, _>(FEW + 1);
                let named: Vec<Named> = query.load(conn).map_err(store_error)?;
                let id = |one: &Named| Uuid::parse_str(&one.report).ok().map(Id);
                named.iter().filter_map(id).collect()
            }
            Connection::Postgres(conn) => {
                let asked = question.written('\'', " & ", ":*");
                let query = sql_query(POSTGRES).bind::<Text, _>(asked).bind::<BigInt, _>(FEW + 1);
                let found: Vec<Found> = query.load(conn).map_err(store_error)?;
                found.into_iter().map(|one| one.id).collect()
            }
        };
        let many = i64::try_from(few.len()).unwrap_or(i64::MAX) > FEW;
        Ok(if many { Holding::Many(question.patterns()) } else { Holding::Few(few) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is typed: what is kept is words between spaces, the same when it is kept again,
        /// and no question holds a sign that an index would take for its own.
        #[test]
        fn words_are_kept_and_asked_for_alike(text in any::<String>()) {
            let folded = domain::text::fold(&text);
            let kept = stored(&folded);
            prop_assert_eq!(stored(&kept), kept.clone());
            if let Some(question) = Question::of(&folded) {
                let signs = |sign: char| sign.is_alphanumeric() || sign == ' ';
                prop_assert!(question.written(' ', " ", " ").chars().all(signs));
                for word in &question.whole {
                    let place = format!(" {word} ");
                    prop_assert!(kept.contains(&place), "{word}");
                }
            } else {
                prop_assert_eq!(kept, "");
            }
        }
    }

    #[test]
    fn a_question_is_written_as_each_index_reads_it() {
        let question = Question::of("den duong, so 12").unwrap();
        let written = question.written('"', " AND ", " *");
        assert_eq!(written, r#""den" AND "duong" AND "so" AND "12" *"#);
        assert_eq!(question.written('\'', " & ", ":*"), "'den' & 'duong' & 'so' & '12':*");
        assert_eq!(question.patterns(), ["% den %", "% duong %", "% so %", "% 12%"]);
        assert!(Question::of(" % _ ' \" ").is_none());
    }
}
