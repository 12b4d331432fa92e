//! Asking, and asking again.

use chrono::TimeDelta;

use super::{Asked, MOST_TIMES, Question, QuestionRepository, Questions, id};
use crate::{
    Moment, StoreError,
    emergency::{
        Emergency, EmergencyId, EmergencyRepository, Message, MessageRepository, Side, Status,
        conversation::tell,
    },
    event::EventLog,
};

/// How long a caller has to answer before they are asked again.
const AGAIN_AFTER: TimeDelta = TimeDelta::minutes(2);

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
