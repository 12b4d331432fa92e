//! What a dispatcher is shown of what was put right, asked and answered.

use chrono::{DateTime, Utc};
use domain::emergency::{Asked, Corrected, FieldChange};
use infra::emergency::questions;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{emergency::question::worded, problem::Language};

/// What a dispatcher put right.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CorrectedView {
    /// When.
    at: DateTime<Utc>,
    /// Who.
    staff_id: Uuid,
    /// Their name.
    username: String,
    /// What: `{field, before, after}`.
    #[schema(value_type = Vec<Object>)]
    changes: Vec<FieldChange>,
}

impl From<Corrected> for CorrectedView {
    fn from(corrected: Corrected) -> Self {
        Self {
            at: corrected.at,
            staff_id: corrected.staff.uuid(),
            username: corrected.username,
            changes: corrected.changes,
        }
    }
}

/// What a caller was asked by itself.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AskedView {
    /// The name of the question.
    pub(super) code: String,
    /// Its words.
    pub(super) question: Option<String>,
    /// When it was asked first.
    pub(super) asked_at: DateTime<Utc>,
    /// How often it was asked.
    times: i32,
    /// When it was answered.
    answered_at: Option<DateTime<Utc>>,
    /// The words of the answer.
    pub(super) answer: Option<String>,
    /// Whether the answer tells of danger to life.
    worse: bool,
}

impl AskedView {
    pub(super) fn of(asked: Asked, language: Language) -> Self {
        let question = questions().named(&asked.code);
        let answer = asked.answer.as_deref();
        let choice = answer.and_then(|answer| questions().choice(&asked.code, answer));
        Self {
            question: question.map(|question| worded(&question.text, language)),
            answer: choice.map(|choice| worded(&choice.text, language)),
            worse: choice.is_some_and(|choice| choice.worse),
            code: asked.code,
            asked_at: asked.asked_at,
            times: asked.times,
            answered_at: asked.answered_at,
        }
    }
}
