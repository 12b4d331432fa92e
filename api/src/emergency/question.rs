//! Questions that are asked of everybody who waits.

use domain::emergency::{Question, Wording};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Language;

/// A question that is asked of everybody who waits.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct QuestionView {
    /// Its name.
    code: String,
    /// What can be answered.
    answers: Vec<ChoiceView>,
}

/// An answer to choose.
#[derive(Debug, Serialize, ToSchema)]
struct ChoiceView {
    /// Its name.
    code: String,
    /// Its words.
    text: String,
}

/// `wording` in `language`.
pub(super) fn worded(wording: &Wording, language: Language) -> String {
    language.pick(&wording.vi, &wording.en).to_owned()
}

impl QuestionView {
    pub(super) fn of(question: &Question, language: Language) -> Self {
        let answers = question.answers.iter().map(|choice| ChoiceView {
            code: choice.code.clone(),
            text: worded(&choice.text, language),
        });
        Self { code: question.code.clone(), answers: answers.collect() }
    }
}
