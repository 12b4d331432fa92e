//! Taking what a caller writes as an answer.

use uuid::Uuid;

use super::{Asked, QuestionRepository, Questions, ids};
use crate::{
    Moment, StoreError,
    emergency::{
        Emergency, EmergencyRepository, Happening, Priority,
        revision::{Change, revise},
    },
    event::EventLog,
};

/// Takes `words` of the caller as the answer to what they were asked: to the question that the
/// message `reply_to` asked, else to the only one that is open and can be answered so. Other words
/// are words.
///
/// # Errors
/// [`StoreError`] when the store cannot take it.
pub(in crate::emergency) fn hear(
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
