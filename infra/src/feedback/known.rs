//! Categories and rules as they stand, in memory: whoever reports something waits for neither.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use domain::{
    StoreError,
    event::Topic,
    feedback::{
        Categories, CategoriesError, CategoryRegister as _, RuleBook as _, Rules, SETUP_CHANGED,
    },
};
use tokio::sync::{Mutex, Notify};

use super::shipped_categories;
use crate::{
    database::{Database, Transaction},
    event::FeedEvent,
};

/// How long to wait before what could not be read is read again.
const PAUSE: Duration = Duration::from_secs(1);

/// What can be reported, and who gets it.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// What can be reported.
    pub categories: Arc<Categories>,
    /// Who gets what, before the category decides.
    pub rules: Arc<Rules>,
}

/// What can be reported, and who gets it, as this process knows it.
pub struct KnownSetup {
    shipped: Arc<Categories>,
    current: ArcSwap<Setup>,
    changed: Notify,
    turn: Mutex<()>,
}

impl KnownSetup {
    /// As the service ships it.
    ///
    /// # Errors
    /// [`CategoriesError`] when the file contradicts itself.
    pub fn shipped() -> Result<Self, CategoriesError> {
        let shipped = Arc::new(shipped_categories()?);
        let setup = Setup { categories: Arc::clone(&shipped), rules: Arc::default() };
        let current = ArcSwap::from_pointee(setup);
        Ok(Self { shipped, current, changed: Notify::new(), turn: Mutex::default() })
    }

    /// The categories that the service ships with.
    #[must_use]
    pub const fn shipped_categories(&self) -> &Arc<Categories> {
        &self.shipped
    }

    /// As it stands.
    #[must_use]
    pub fn current(&self) -> Arc<Setup> {
        self.current.load_full()
    }

    /// Takes in an event: if administrators changed something, everything is read anew soon.
    pub fn hear(&self, event: &FeedEvent) {
        if event.is_about(Topic::System) && event.kind == SETUP_CHANGED {
            self.changed.notify_one();
        }
    }

    /// Reads everything anew.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer, or what it holds contradicts itself; what was
    /// known stays.
    pub async fn refresh(&self, database: &Database) -> Result<(), StoreError> {
        // One after the other, so that what was read last is what is known.
        let _turn = self.turn.lock().await;
        let shipped = Arc::clone(&self.shipped);
        let read = move |tx: &mut Transaction<'_>| {
            let (editions, rules) = (tx.category_editions()?, tx.routing_rules()?);
            let categories = if editions.is_empty() {
                shipped
            } else {
                let fit = shipped.with(editions);
                Arc::new(fit.map_err(|error| StoreError::Failed(error.to_string()))?)
            };
            Ok::<_, StoreError>(Setup { categories, rules: Arc::new(Rules::new(rules)) })
        };
        self.current.store(Arc::new(database.snapshot(read).await?));
        Ok(())
    }

    /// Reads everything anew whenever something was changed, for as long as the process runs.
    pub async fn watch(&self, database: &Database) {
        loop {
            self.changed.notified().await;
            while let Err(error) = self.refresh(database).await {
                tracing::warn!(%error, "categories and rules could not be read; trying again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
