//! A sign from whoever commits to the thread that follows.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

/// A flag that can be waited for. Raised twice before it is taken, it counts once.
#[derive(Default)]
pub(crate) struct Signal {
    raised: Mutex<bool>,
    bell: Condvar,
}

impl Signal {
    /// Raises the flag.
    pub(crate) fn raise(&self) {
        *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_one();
    }

    /// Takes the flag down; waits up to `patience` for it to be raised. Says whether it was.
    pub(crate) fn take(&self, patience: Duration) -> bool {
        let raised = self.raised.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut raised, _) = self
            .bell
            .wait_timeout_while(raised, patience, |raised| !*raised)
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *raised)
    }
}
