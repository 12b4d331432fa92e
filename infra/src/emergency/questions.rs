//! What callers are asked by itself, and what they answered: sealed.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{Asked, EmergencyId, QuestionRepository, Questions},
};

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    kept::kept,
    schema::emergency_question,
    shipped,
    vault::{Column, Vault},
};

/// What is asked, as it is shipped.
#[must_use]
pub fn questions() -> &'static Questions {
    static SHIPPED: LazyLock<Questions> =
        LazyLock::new(|| serde_json::from_slice(shipped::TRIAGE_QUESTIONS).unwrap_or_default());
    &SHIPPED
}

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = emergency_question, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: Id,
    emergency_id: Id,
    code: String,
    asked_at: At,
    times: i32,
    again_at: Option<At>,
    answered_at: Option<At>,
    answer: Option<Vec<u8>>,
}

impl Row {
    fn of(asked: &Asked, vault: &Vault) -> Self {
        let seal = |answer: &String| {
            vault.seal(Column::EMERGENCY_QUESTION_ANSWER, asked.id, answer.as_bytes())
        };
        Self {
            id: Id(asked.id),
            emergency_id: asked.emergency.into(),
            code: asked.code.clone(),
            asked_at: At(asked.asked_at),
            times: asked.times,
            again_at: asked.again_at.map(At),
            answered_at: asked.answered_at.map(At),
            answer: asked.answer.as_ref().map(seal),
        }
    }

    fn asked(self, vault: &Vault) -> Result<Asked, StoreError> {
        let id = self.id.0;
        let open =
            |answer: Vec<u8>| vault.open_text(Column::EMERGENCY_QUESTION_ANSWER, id, &answer);
        Ok(Asked {
            id,
            emergency: self.emergency_id.into(),
            code: self.code,
            asked_at: self.asked_at.0,
            times: self.times,
            again_at: self.again_at.map(|at| at.0),
            answered_at: self.answered_at.map(|at| at.0),
            answer: self.answer.map(open).transpose()?,
        })
    }
}

impl QuestionRepository for Transaction<'_> {
    fn add_question(&mut self, asked: &Asked) -> Result<bool, StoreError> {
        let row = Row::of(asked, self.vault()?);
        let added = on!(self.connection(), |conn| diesel::insert_into(emergency_question::table)
            .values(&row)
            .on_conflict_do_nothing()
            .execute(conn))
        .map_err(store_error)?;
        Ok(added == 1)
    }

    fn save_question(&mut self, asked: &Asked, times: i32) -> Result<bool, StoreError> {
        let row = Row::of(asked, self.vault()?);
        let known = emergency_question::table
            .find(Id(asked.id))
            .filter(emergency_question::times.eq(times));
        let saved = on!(self.connection(), |conn| kept(diesel::update(known).set(&row))
            .execute(conn))
        .map_err(store_error)?;
        Ok(saved == 1)
    }

    fn questions(&mut self, id: EmergencyId) -> Result<Vec<Asked>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency_question::table
            .filter(emergency_question::emergency_id.eq(Id::from(id)))
            .order((emergency_question::asked_at, emergency_question::code))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.asked(vault)).collect()
    }

    fn questions_due(&mut self, at: DateTime<Utc>, limit: usize) -> Result<Vec<Asked>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<Row> = on!(self.connection(), |conn| emergency_question::table
            .filter(emergency_question::again_at.le(At(at)))
            .order(emergency_question::again_at)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select(Row::as_select())
            .load(conn))
        .map_err(store_error)?;
        rows.into_iter().map(|row| row.asked(vault)).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::emergency::Kind;

    use super::*;

    #[test]
    fn three_questions_are_shipped_for_every_kind_each_answered_in_both_languages() {
        for kind in Kind::ALL {
            let asked = questions().of(Some(kind));
            assert_eq!(asked.len(), 3, "{kind}");
            for question in asked {
                assert!(question.answers.iter().any(|choice| choice.worse), "{}", question.code);
                assert!(question.answers.len() >= 2, "{}", question.code);
                for text in [&question.text.vi, &question.text.en] {
                    let asks = text.ends_with('?') && !text.contains(['.', '!', ';']);
                    assert!(asks, "a question tells nobody what to do: {text}");
                }
                let texts = question.answers.iter().map(|choice| &choice.text);
                for text in texts.chain([&question.text]) {
                    assert!(!text.vi.is_empty() && !text.en.is_empty(), "{}", question.code);
                    assert_eq!(domain::text::paragraphs(&text.vi), text.vi);
                }
            }
        }
        assert_eq!(questions().of(None).len(), 3);
    }
}
