//! What can be asked, and what can be answered.

use std::collections::HashMap;

use serde::Deserialize;
use uuid::Uuid;

use crate::{
    emergency::{EmergencyId, Kind, Message, Side},
    text,
};

/// How often a question is asked.
pub(super) const MOST_TIMES: i32 = 3;

/// Words in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// In Vietnamese.
    pub vi: String,
    /// In English.
    pub en: String,
}

/// An answer to choose.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name.
    pub code: String,
    /// Its words.
    pub text: Wording,
    /// Whether it tells of danger to life.
    #[serde(default)]
    pub worse: bool,
}

/// A question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its name.
    pub code: String,
    /// Its words.
    pub text: Wording,
    /// What can be answered.
    pub answers: Vec<Choice>,
}

/// The questions of each kind.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Questions(HashMap<Kind, Vec<Question>>);

impl Question {
    /// The answer that `text` is: its name, or its words in either language.
    pub(super) fn choice(&self, text: &str) -> Option<&Choice> {
        let said = text::fold(text);
        let said = said.trim_end_matches(['.', '!']);
        self.answers.iter().find(|choice| {
            let words = [&choice.code, &choice.text.vi, &choice.text.en];
            words.iter().any(|words| text::fold(words) == said)
        })
    }
}

impl Questions {
    /// What is asked where help of `kind` is needed.
    #[must_use]
    pub fn of(&self, kind: Option<Kind>) -> &[Question] {
        let kind = kind.unwrap_or(Kind::Other);
        self.0.get(&kind).map(Vec::as_slice).unwrap_or_default()
    }

    /// The question of this name.
    #[must_use]
    pub fn named(&self, code: &str) -> Option<&Question> {
        self.0.values().flatten().find(|question| question.code == code)
    }

    /// The question that `message` asks, if it is one.
    #[must_use]
    pub fn asked_in(&self, message: &Message) -> Option<&Question> {
        if message.side != Side::Dispatcher || message.author.is_some() {
            return None;
        }
        self.0.values().flatten().find(|question| {
            let mut ids = ids(message.emergency, &question.code);
            ids.any(|id| id == message.client_id)
        })
    }

    /// How the answer of this name to a question is called, and whether it tells of danger to life.
    #[must_use]
    pub fn choice(&self, question: &str, answer: &str) -> Option<&Choice> {
        self.named(question)?.answers.iter().find(|choice| choice.code == answer)
    }
}

/// The ids of the messages in which the question `code` is asked, one for each time.
pub(super) fn ids(emergency: EmergencyId, code: &str) -> impl Iterator<Item = Uuid> {
    (1..=MOST_TIMES).map(move |times| id(emergency, code, times))
}

pub(super) fn id(emergency: EmergencyId, code: &str, times: i32) -> Uuid {
    Uuid::new_v5(&emergency.uuid(), format!("question {code} {times}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breathing() -> Question {
        serde_json::from_value(serde_json::json!({
            "code": "breathing", "text": { "vi": "Có thở không?", "en": "Breathing?" },
            "answers": [
                { "code": "yes", "text": { "vi": "Có", "en": "Yes" } },
                { "code": "no", "text": { "vi": "Không", "en": "No" }, "worse": true },
            ],
        }))
        .unwrap()
    }

    #[rstest::rstest]
    #[case::its_name("no", Some("no"))]
    #[case::its_words("Không", Some("no"))]
    #[case::decomposed("Kho\u{302}ng.", Some("no"))]
    #[case::without_marks("KHONG", Some("no"))]
    #[case::in_english("yes!", Some("yes"))]
    #[case::more_words("không biết", None)]
    #[case::nothing("", None)]
    fn an_answer_is_known_by_its_words(#[case] text: &str, #[case] answer: Option<&str>) {
        let question = breathing();
        assert_eq!(question.choice(text).map(|choice| choice.code.as_str()), answer);
    }

    #[test]
    fn a_question_is_known_by_the_message_that_asks_it() {
        let emergency = Uuid::from_u128(7).into();
        let ids: Vec<_> = ids(emergency, "breathing").collect();
        assert_eq!(ids.len(), 3);
        assert_eq!(ids[1], id(emergency, "breathing", 2));
        assert_ne!(ids[0], ids[1]);
    }
}
