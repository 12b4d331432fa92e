//! Who drives with which unit, in memory, so that crews can follow their feed without asking the store.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use domain::{
    StoreError,
    emergency::{Crew, UnitId, UnitRepository as _},
    event::Topic,
    identity::{StaffId, policy::Scope},
};

use crate::{database::Transaction, event::FeedEvent};

/// The crews, as this process has heard of them. Of what it hears of a unit the latest version counts,
/// in whatever order it comes.
#[derive(Default)]
pub struct KnownCrews(RwLock<HashMap<UnitId, Crew>>);

impl KnownCrews {
    /// Whether `staff` drives with `unit`.
    #[must_use]
    pub fn has_aboard(&self, unit: UnitId, staff: StaffId) -> bool {
        let crews = self.0.read().unwrap_or_else(PoisonError::into_inner);
        crews.get(&unit).is_some_and(|crew| crew.members.contains(&staff))
    }

    /// Takes in an event, if it is about a crew.
    pub fn hear(&self, event: &FeedEvent) {
        if event.is_about(Topic::System)
            && let Some(crew) = Crew::read(&event.kind, &event.data)
        {
            self.learn(crew);
        }
    }

    /// Takes in what the store knows, for a process that has not heard it.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub fn recall(&self, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
        tx.units(&Scope::Everything)?.iter().for_each(|unit| self.learn(Crew::of(unit)));
        Ok(())
    }

    fn learn(&self, crew: Crew) {
        let mut crews = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if crews.get(&crew.unit).is_none_or(|known| known.version < crew.version) {
            crews.insert(crew.unit, crew);
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn crew(version: i64, members: &[u128]) -> Crew {
        let members = members.iter().map(|&id| Uuid::from_u128(id).into()).collect();
        Crew { unit: Uuid::from_u128(1).into(), version, members }
    }

    #[test]
    fn the_latest_crew_counts() {
        let known = KnownCrews::default();
        let aboard =
            |staff| known.has_aboard(Uuid::from_u128(1).into(), Uuid::from_u128(staff).into());
        known.learn(crew(2, &[7]));
        known.learn(crew(1, &[8]));
        assert!(aboard(7) && !aboard(8), "what comes late is older");
        known.learn(crew(3, &[]));
        assert!(!aboard(7));
    }
}
