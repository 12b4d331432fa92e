//! Taking from emergencies what people said, told and wrote.

use diesel::prelude::*;
use domain::{
    StoreError,
    emergency::{Outcome, Report},
};

use super::{opened, read, sealed, written};
use crate::{
    columns::Id,
    connection::on,
    database::{Transaction, store_error},
    schema::{
        emergency, emergency_callback, emergency_correction, emergency_location, emergency_message,
        emergency_note, emergency_question, emergency_statement, emergency_trace,
    },
    vault::Column,
};

impl Transaction<'_> {
    /// Takes caller, words and places from emergencies, and the words with which they ended. That
    /// there was one, and how it was handled, stays.
    pub(crate) fn erase_words_of(&mut self, some: &[Id]) -> Result<(), StoreError> {
        use emergency::dsl;
        let vault = self.vault()?;
        for &id in some {
            let nobodys = (
                dsl::said.eq(sealed(vault, Column::EMERGENCY_SAID, id.0, &Report::default())?),
                dsl::location.eq(None::<String>),
                dsl::outcome.eq(self.bare_outcome_of(id)?),
                dsl::citizen.eq(None::<Id>),
                dsl::secret.eq(None::<Vec<u8>>),
                dsl::idempotency_key.eq(None::<Vec<u8>>),
                dsl::version.eq(dsl::version + 1),
            );
            on!(self.connection(), |conn| diesel::update(emergency::table.find(id))
                .set(nobodys)
                .execute(conn))
            .map_err(store_error)?;
        }
        self.erase_records_of(some)
    }

    /// How an emergency ended, without words.
    fn bare_outcome_of(&mut self, id: Id) -> Result<Option<String>, StoreError> {
        let outcome: Option<Option<String>> = on!(self.connection(), |conn| emergency::table
            .find(id)
            .select(emergency::outcome)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        let outcome = outcome.flatten().as_deref().map(read::<Outcome>).transpose()?;
        let bare = outcome.map(|outcome| Outcome { note: None, ..outcome });
        bare.as_ref().map(written).transpose()
    }

    /// Takes the positions from emergencies, and from what was said under them. What was said of
    /// the place in words, and the commune, stays.
    pub(super) fn erase_places_of(&mut self, some: &[Id]) -> Result<(), StoreError> {
        self.erase_trails_of(some)?;
        self.erase_places_of_media(some)?;
        let cases = emergency::table.filter(emergency::id.eq_any(some));
        let nowhere =
            (emergency::location.eq(None::<String>), emergency::version.eq(emergency::version + 1));
        on!(self.connection(), |conn| diesel::update(cases).set(nowhere).execute(conn))
            .map_err(store_error)?;
        let statements =
            emergency_statement::table.filter(emergency_statement::emergency_id.eq_any(some));
        on!(self.connection(), |conn| diesel::update(statements)
            .set(emergency_statement::fixes.eq("[]"))
            .execute(conn))
        .map_err(store_error)?;
        self.erase_places_of_corrections(some)?;
        self.say_again(some, |said| {
            said.place = None;
            if let Some(victim) = &mut said.on_behalf_of {
                victim.position = None;
            }
        })
    }

    /// Takes what was said of those in a house, of the person in need, and what nobody could read,
    /// since that may be about their health as well.
    pub(super) fn erase_medical_of(&mut self, some: &[Id]) -> Result<(), StoreError> {
        self.erase_answers_of(some)?;
        self.say_again(some, |said| {
            said.household = None;
            said.unread.clear();
            if let Some(victim) = &mut said.on_behalf_of {
                victim.note = None;
            }
        })
    }

    /// Changes what was said first and afterwards under emergencies.
    fn say_again(&mut self, some: &[Id], change: impl Fn(&mut Report)) -> Result<(), StoreError> {
        let vault = self.vault()?;
        let cases: Vec<(Id, Vec<u8>)> = on!(self.connection(), |conn| emergency::table
            .filter(emergency::id.eq_any(some))
            .select((emergency::id, emergency::said))
            .load(conn))
        .map_err(store_error)?;
        for (id, said) in cases {
            let before = opened(vault, Column::EMERGENCY_SAID, id.0, &said)?;
            let Some(after) = changed(&before, &change) else { continue };
            let said = sealed(vault, Column::EMERGENCY_SAID, id.0, &after)?;
            on!(self.connection(), |conn| diesel::update(emergency::table.find(id))
                .set((emergency::said.eq(said), emergency::version.eq(emergency::version + 1)))
                .execute(conn))
            .map_err(store_error)?;
        }
        let statements: Vec<(Id, Vec<u8>)> =
            on!(self.connection(), |conn| emergency_statement::table
                .filter(emergency_statement::emergency_id.eq_any(some))
                .select((emergency_statement::id, emergency_statement::said))
                .load(conn))
            .map_err(store_error)?;
        for (id, said) in statements {
            let before = opened(vault, Column::EMERGENCY_STATEMENT_SAID, id.0, &said)?;
            let Some(after) = changed(&before, &change) else { continue };
            let said = sealed(vault, Column::EMERGENCY_STATEMENT_SAID, id.0, &after)?;
            on!(self.connection(), |conn| diesel::update(emergency_statement::table.find(id))
                .set(emergency_statement::said.eq(said))
                .execute(conn))
            .map_err(store_error)?;
        }
        Ok(())
    }

    fn erase_trails_of(&mut self, some: &[Id]) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(
            emergency_location::table.filter(emergency_location::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    /// What was put right holds what was said.
    fn erase_corrections_of(&mut self, some: &[Id]) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(
            emergency_correction::table.filter(emergency_correction::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    /// What was answered to questions tells of health.
    fn erase_answers_of(&mut self, some: &[Id]) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(
            emergency_question::table.filter(emergency_question::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    /// Erases what was said, told, written and noted about emergencies after their first call.
    pub(super) fn erase_records_of(&mut self, some: &[Id]) -> Result<(), StoreError> {
        self.erase_trails_of(some)?;
        self.erase_media_of_emergencies(some)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_statement::table.filter(emergency_statement::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_message::table.filter(emergency_message::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_note::table.filter(emergency_note::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        self.erase_corrections_of(some)?;
        self.erase_answers_of(some)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_callback::table.filter(emergency_callback::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map_err(store_error)?;
        on!(self.connection(), |conn| diesel::delete(
            emergency_trace::table.filter(emergency_trace::emergency_id.eq_any(some))
        )
        .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }
}

/// What was said once `change` is done to it; none where that changes nothing.
fn changed(before: &Report, change: impl Fn(&mut Report)) -> Option<Report> {
    let mut after = before.clone();
    change(&mut after);
    (after != *before).then_some(after)
}
