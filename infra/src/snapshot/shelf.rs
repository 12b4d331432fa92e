//! Where prepared bodies stand.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::Prepared;

/// Prepared bodies by name. What is asked for twice is made once.
///
/// Names are those of things in the snapshot, never what a client typed, so that the shelf cannot
/// be filled from outside.
#[derive(Default)]
pub struct Shelf(RwLock<HashMap<String, Arc<Prepared>>>);

impl Shelf {
    /// The body called `name`; `make` makes it when it is not there.
    pub fn body(&self, name: &str, make: impl FnOnce() -> Vec<u8>) -> Arc<Prepared> {
        self.standing(name).unwrap_or_else(|| self.put(name, make()))
    }

    /// The body called `name`; `make` makes it when it is not there, if there can be one.
    pub fn find(
        &self,
        name: &str,
        make: impl FnOnce() -> Option<Vec<u8>>,
    ) -> Option<Arc<Prepared>> {
        self.standing(name).or_else(|| Some(self.put(name, make()?)))
    }

    fn standing(&self, name: &str) -> Option<Arc<Prepared>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn put(&self, name: &str, body: Vec<u8>) -> Arc<Prepared> {
        let body = Arc::new(Prepared::new(body));
        let mut bodies = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(bodies.entry(name.to_owned()).or_insert(body))
    }
}
