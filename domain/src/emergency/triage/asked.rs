//! What a caller was asked, and answered.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{StoreError, emergency::EmergencyId};

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
