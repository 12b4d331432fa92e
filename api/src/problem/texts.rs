//! What people read about problems, in both languages.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use super::Language;

/// A text in both languages.
#[derive(Deserialize)]
pub(super) struct Text {
    vi: String,
    en: String,
}

impl Text {
    pub(super) fn pick(&self, language: Language) -> &str {
        language.pick(&self.vi, &self.en)
    }
}

/// What a person reads about a problem.
#[derive(Deserialize)]
pub(super) struct ProblemTexts {
    pub(super) title: Text,
    pub(super) detail: Text,
}

#[derive(Deserialize)]
struct Texts {
    problems: BTreeMap<String, ProblemTexts>,
    fields: BTreeMap<String, Text>,
}

/// The file is compiled in; a test proves that it reads and that it is complete.
#[expect(clippy::expect_used, reason = "a file that is compiled in reads always or never")]
fn texts() -> &'static Texts {
    static TEXTS: OnceLock<Texts> = OnceLock::new();
    TEXTS.get_or_init(|| {
        serde_json::from_str(include_str!("texts.json")).expect("texts.json holds the texts")
    })
}

pub(super) fn problem(name: &str) -> Option<&'static ProblemTexts> {
    texts().problems.get(name)
}

pub(super) fn field(name: &str) -> Option<&'static Text> {
    texts().fields.get(name)
}

/// The names of all problems and of all field problems, sorted.
#[cfg(test)]
pub(super) fn names() -> (Vec<&'static str>, Vec<&'static str>) {
    let texts = texts();
    (
        texts.problems.keys().map(String::as_str).collect(),
        texts.fields.keys().map(String::as_str).collect(),
    )
}
