//! What callers are asked by itself while there are more calls than dispatchers: three questions by
//! kind, in the conversation and nowhere else, so that nothing rings. Who does not answer is asked
//! again. An answer that tells of danger to life makes the call more urgent; none makes it less so.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Emergency, EmergencyId, EmergencyRepository, Happening, Kind, Message, MessageRepository,
    Priority, Side, Status,
    conversation::tell,
    revision::{Change, revise},
};
use crate::{Moment, StoreError, event::EventLog, text};

/// How long a caller has to answer before they are asked again.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(2);
/// How often a question is asked.
const MOST_TIMES: i32 = 3;

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

/// A question that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its id: that of the message in which it was asked first.
    pub id: Uuid,
    /// Whom.
    pub emergency: EmergencyId,
    /// The name of the question.
    pub code: String,
    /// When it was asked first.
    pub asked_at: DateTime<Utc>,
    /// How often it was asked.
    pub times: i32,
    /// When it is asked again.
    pub again_at: Option<DateTime<Utc>>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// The name of the answer.
    pub answer: Option<String>,
}

/// Where it is kept what was asked, and answered.
pub trait QuestionRepository {
    /// Adds `asked`. `false`, and nothing is changed, when it was asked before.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_question(&mut self, asked: &Asked) -> Result<bool, StoreError>;

    /// Saves `asked` if it was asked `times` times until now.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn save_question(&mut self, asked: &Asked, times: i32) -> Result<bool, StoreError>;

    /// What the caller of an emergency was asked, in order.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn questions(&mut self, id: EmergencyId) -> Result<Vec<Asked>, StoreError>;

    /// What is to be asked again by `at`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn questions_due(&mut self, at: DateTime<Utc>, limit: usize) -> Result<Vec<Asked>, StoreError>;
}

impl Question {
    /// The answer that `text` is: its name, or its words in either language.
    fn choice(&self, text: &str) -> Option<&Choice> {
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
fn ids(emergency: EmergencyId, code: &str) -> impl Iterator<Item = Uuid> {
    (1..=MOST_TIMES).map(move |times| id(emergency, code, times))
}

fn id(emergency: EmergencyId, code: &str, times: i32) -> Uuid {
    Uuid::new_v5(&emergency.uuid(), format!("question {code} {times}").as_bytes())
}

/// Asks the caller of `id` what is asked of everybody, while nobody has taken the call. What they
/// were asked before is not asked anew. Says whether anything was.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn ask(
    store: &mut (impl EmergencyRepository + MessageRepository + QuestionRepository + EventLog),
    now: &Moment,
    questions: &Questions,
    emergency: EmergencyId,
) -> Result<bool, StoreError> {
    let waits = |found: &Emergency| found.status == Status::Received && !found.said.probe;
    let Some(emergency) = store.find(emergency)?.filter(waits) else { return Ok(false) };
    let mut news = false;
    for question in questions.of(emergency.said.kind) {
        let asked = Asked {
            id: id(emergency.id, &question.code, 1),
            emergency: emergency.id,
            code: question.code.clone(),
            asked_at: now.at,
            times: 1,
            again_at: Some(now.at + AGAIN_AFTER),
            answered_at: None,
            answer: None,
        };
        news |= store.add_question(&asked)? && post(store, now, &emergency, question, 1)?;
    }
    if news {
        tell(store, now, &emergency)?;
    }
    Ok(news)
}

/// Asks those again who have not answered in time, at most `limit` of them, and says how many there
/// were. Whoever was asked often enough, or whose call was taken, is left in peace.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub fn ask_again(
    store: &mut (impl EmergencyRepository + MessageRepository + QuestionRepository + EventLog),
    now: &Moment,
    questions: &Questions,
    limit: usize,
) -> Result<usize, StoreError> {
    let due = store.questions_due(now.at, limit)?;
    for asked in &due {
        let emergency = store.find(asked.emergency)?;
        let waits = emergency.filter(|found| found.status == Status::Received);
        let question = questions.named(&asked.code);
        let again = waits.zip(question).filter(|_| asked.times < MOST_TIMES);
        let times = asked.times + i32::from(again.is_some());
        let more = again.is_some() && times < MOST_TIMES;
        let again_at = more.then(|| now.at + AGAIN_AFTER);
        if store.save_question(&Asked { times, again_at, ..asked.clone() }, asked.times)?
            && let Some((emergency, question)) = again
            && post(store, now, &emergency, question, times)?
        {
            tell(store, now, &emergency)?;
        }
    }
    Ok(due.len())
}

/// Puts `question` into the conversation. `false` when it is there already.
fn post(
    store: &mut impl MessageRepository,
    now: &Moment,
    emergency: &Emergency,
    question: &Question,
    times: i32,
) -> Result<bool, StoreError> {
    let client_id = id(emergency.id, &question.code, times);
    let text = question.text.vi.clone();
    let mut message =
        Message { text, ..Message::new(now, emergency.id, client_id, Side::Dispatcher) };
    store.add_message(&mut message)
}

/// Takes `words` of the caller as the answer to what they were asked: to the question that the
/// message `reply_to` asked, else to the only one that is open and can be answered so. Other words
/// are words.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub(super) fn hear(
    store: &mut (impl EmergencyRepository + QuestionRepository + EventLog),
    now: &Moment,
    questions: &Questions,
    emergency: &Emergency,
    (reply_to, words): (Option<Uuid>, &str),
) -> Result<(), StoreError> {
    let asked = store.questions(emergency.id)?;
    let meant = |asked: &&Asked| match reply_to {
        Some(reply_to) => ids(emergency.id, &asked.code).any(|id| id == reply_to),
        None => asked.answered_at.is_none(),
    };
    let fitting = asked.iter().filter(meant).filter_map(|asked| {
        let choice = questions.named(&asked.code)?.choice(words)?;
        Some((asked, choice))
    });
    let fitting: Vec<_> = fitting.collect();
    let [(asked, choice)] = fitting.as_slice() else { return Ok(()) };
    let answered = Asked {
        again_at: None,
        answered_at: Some(now.at),
        answer: Some(choice.code.clone()),
        ..(*asked).clone()
    };
    store.save_question(&answered, asked.times)?;
    if choice.worse {
        revise(store, now, emergency.id, |_, before| {
            let priority = before.priority.min(Priority::High);
            Ok::<_, StoreError>(match before.clone().prioritised(priority) {
                Ok(worse) if worse != *before => Change::to(worse, Happening::Prioritised),
                _ => Change::None,
            })
        })?;
    }
    Ok(())
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
