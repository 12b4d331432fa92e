//! The agencies as they stand, in memory, so that it is known without asking the store who reaches
//! what.

use std::sync::Arc;

use arc_swap::ArcSwap;
use domain::{
    StoreError,
    directory::{Agency, AgencyRepository as _, AgencyTree},
    event::Topic,
};
use tokio::sync::Notify;

use crate::{database::Transaction, event::FeedEvent};

/// The agencies, as this process has heard of them. Of what it hears of an agency the latest
/// version counts, in whatever order it comes.
pub struct KnownAgencies {
    tree: ArcSwap<AgencyTree>,
    changed: Notify,
}

impl KnownAgencies {
    /// Begins with `tree`.
    #[must_use]
    pub fn new(tree: AgencyTree) -> Self {
        Self { tree: ArcSwap::from_pointee(tree), changed: Notify::new() }
    }

    /// The agencies as they stand.
    #[must_use]
    pub fn tree(&self) -> Arc<AgencyTree> {
        self.tree.load_full()
    }

    /// Takes in how an agency stands, and tells whoever waits for a change.
    pub fn learn(&self, agency: &Agency) {
        self.tree.rcu(|tree| AgencyTree::clone(tree).with(agency.clone()));
        self.changed.notify_one();
    }

    /// Takes in an event, if it is about an agency.
    pub fn hear(&self, event: &FeedEvent) {
        if event.is_about(Topic::System)
            && let Some(agency) = Agency::read(&event.kind, &event.data)
        {
            self.learn(&agency);
        }
    }

    /// Takes in what the store knows, for a process that has not heard it.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    pub fn recall(&self, tx: &mut Transaction<'_>) -> Result<(), StoreError> {
        tx.changed_agencies()?.iter().for_each(|agency| self.learn(agency));
        Ok(())
    }

    /// Begins anew with `tree`, and what was heard since it was made.
    pub(crate) fn begin_with(&self, tree: &AgencyTree) {
        self.tree.rcu(|known| known.changed().cloned().fold(tree.clone(), AgencyTree::with));
    }

    /// Waits for a change.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use domain::directory::shipped_agencies;

    use super::*;

    fn police(version: i64, phone: &str) -> Agency {
        let shipped =
            shipped_agencies(&[]).into_iter().find(|agency| agency.code.as_str() == "police");
        Agency { version, phone: Some(phone.to_owned()), ..shipped.unwrap() }
    }

    fn phone(known: &KnownAgencies) -> Option<String> {
        known.tree().find(&police(0, "").code).unwrap().phone.clone()
    }

    #[test]
    fn what_was_heard_outlives_other_open_data() {
        let shipped = AgencyTree::new(shipped_agencies(&[]), Vec::new());
        let known = KnownAgencies::new(shipped.clone());
        known.learn(&police(2, "113"));
        known.learn(&police(1, "late"));
        known.begin_with(&shipped);
        assert_eq!(phone(&known).as_deref(), Some("113"));
        known.begin_with(&shipped.with(police(3, "0113")));
        assert_eq!(phone(&known).as_deref(), Some("0113"));
    }
}
