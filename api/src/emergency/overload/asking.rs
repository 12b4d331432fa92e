//! Asking callers who wait.

use chrono::{DateTime, Utc};
use domain::{
    StoreError,
    emergency::{self, EmergencyId, Load},
};
use infra::{database::Transaction, emergency::questions};
use std::sync::PoisonError;

use super::{LOOKED_AT, Overload};

/// How many callers one unit of work asks: nobody waits long behind it.
const CHUNK: usize = 20;
/// How many callers are asked in one turn.
const ASKED_AT_ONCE: usize = 500;

impl Overload {
    /// Asks the callers who wait where there are more calls than dispatchers, and those again who
    /// have not answered.
    pub(super) async fn ask(&self, load: &Load, at: DateTime<Utc>) -> Result<(), StoreError> {
        let over = load.agencies().filter(|agency| self.is_over(load, agency, at));
        let waiting = over.flat_map(|agency| load.waiting_since(agency, at - self.patience));
        let unasked: Vec<_> = {
            let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.filter(|id| !asked.contains(id)).take(ASKED_AT_ONCE).collect()
        };
        for some in unasked.chunks(CHUNK) {
            let (now, some) = (self.surroundings.now(), some.to_vec());
            let asking = some.clone();
            let work = move |tx: &mut Transaction<'_>| {
                let each = asking.into_iter();
                each.map(|id| emergency::ask(tx, &now, questions(), id))
                    .try_for_each(|done| done.map(|_| ()))
            };
            self.database.write(work).await?;
            self.remember(some);
        }
        let mut left = true;
        while left {
            let now = self.surroundings.now();
            let again =
                self.database.write(move |tx| emergency::ask_again(tx, &now, questions(), CHUNK));
            left = again.await? == CHUNK;
        }
        Ok(())
    }

    /// Remembers whom nobody needs to ask anew; forgets all where these are too many.
    fn remember(&self, asked: Vec<EmergencyId>) {
        let mut known = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > 4 * LOOKED_AT {
            known.clear();
        }
        known.extend(asked);
    }
}
