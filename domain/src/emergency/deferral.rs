//! What was asked of intake while the store was away: kept beside it, and done once it is back.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Call, CallName, EmergencyRepository, Hearing, MessageRepository, QuestionRepository, Questions,
    RaiseError, Reading, Stranger, raise, report_locations, request_cancellation, tell_message,
};
use crate::{Entropy, Moment, StoreError, event::EventLog};

/// What a request to intake is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Wish {
    /// To call for help.
    Help,
    /// To call for help by text message, which the receipt answers.
    Text {
        /// Whether the network vouches for the number.
        verified: bool,
    },
    /// To tell positions, in any order; `None` for each that could not be read.
    Locate(Vec<Option<Reading>>),
    /// To call the emergency off.
    CallOff,
    /// To write to those who help, under this id of the message.
    Write(Uuid),
}

/// A request to intake that the store could not take when it arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deferred {
    /// When it arrived.
    pub at: DateTime<Utc>,
    /// The call that it is.
    pub call: Call,
    /// What it is for.
    pub wish: Wish,
}

impl Deferred {
    /// All that can be told before the store was asked: the id, and the receipt that follows from
    /// it.
    #[must_use]
    pub fn named(&self) -> Stranger {
        Stranger::named(self.call.name.id())
    }

    /// Whether nobody else can have an emergency under its id, so that its caller may follow it
    /// before the store was asked whose it is: one that the server made, or that follows from the
    /// caller's own key.
    #[must_use]
    pub fn is_surely_own(&self) -> bool {
        !matches!(self.call.name, CallName::Given(_))
    }

    /// Whether the store has this very call: the word of its commit was lost, or it was done before.
    fn has_arrived(&self, store: &mut impl EmergencyRepository) -> Result<bool, StoreError> {
        let known = store.find(self.call.name.id())?;
        Ok(known.is_some_and(|known| {
            known.body == Some(self.call.body) && known.received_at == self.at
        }))
    }

    /// Does what was asked, as of when it arrived. Done again, it changes nothing. Says who was heard
    /// where a text message has to answer them.
    ///
    /// # Errors
    /// [`RaiseError::Store`] when the store cannot take it yet.
    pub fn catch_up(
        &self,
        store: &mut (impl EmergencyRepository + MessageRepository + QuestionRepository + EventLog),
        entropy: Arc<dyn Entropy>,
        questions: &Questions,
    ) -> Result<Option<Hearing>, RaiseError> {
        let then = Moment::new(self.at, entropy);
        match &self.wish {
            Wish::Text { .. } if self.has_arrived(store)? => {
                // It was stored too late for whoever waited to answer.
                let known = store.find(self.call.name.id())?;
                return Ok(known.map(Hearing::caller));
            }
            Wish::Help if self.has_arrived(store)? => {}
            Wish::Help => drop(raise(store, &then, self.call.clone())?),
            Wish::Text { .. } => {
                return raise(store, &then, self.call.clone()).map(|raised| Some(raised.hearing));
            }
            Wish::Locate(readings) => {
                drop(report_locations(store, &then, &self.call, readings)?);
            }
            Wish::Write(id) => drop(tell_message(store, &then, &self.call, *id, questions)?),
            Wish::CallOff => drop(request_cancellation(store, &then, &self.call)?),
        }
        Ok(None)
    }
}
