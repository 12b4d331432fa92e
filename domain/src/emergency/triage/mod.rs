//! What callers are asked by itself while there are more calls than dispatchers: three questions by
//! kind, in the conversation and nowhere else, so that nothing rings. Who does not answer is asked
//! again. An answer that tells of danger to life makes the call more urgent; none makes it less so.

mod ask;
mod asked;
mod hear;
mod question;

pub use ask::{ask, ask_again};
pub use asked::{Asked, QuestionRepository};
pub(super) use hear::hear;
pub use question::{Choice, Question, Questions, Wording};
use question::{MOST_TIMES, id, ids};
