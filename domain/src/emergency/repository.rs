//! Where emergencies are kept.

use chrono::{DateTime, Utc};

use super::{Emergency, EmergencyId, Fix, QueueFilter, QueuePlace, StandingOrders, Statement};
use crate::{StoreError, directory::AgencyCode, event::Event, identity::StaffId};

/// Where emergencies are kept.
///
/// Every method takes part in the unit of work it is called in, and answers [`StoreError`] when
/// the store cannot do it.
pub trait EmergencyRepository {
    /// Who answers for which calls, and how long one may wait: known without asking the store.
    fn orders(&self) -> StandingOrders;

    /// Adds `emergency`. `false`, and nothing is changed, when its id or its receipt stands
    /// already.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn insert(&mut self, emergency: &Emergency) -> Result<bool, StoreError>;

    /// Adds `emergency` together with `event`, which tells of it. `false`, and nothing is changed,
    /// when its id or its receipt stands already. One statement where the store can: this is the
    /// path of every call for help.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn insert_told(&mut self, emergency: &Emergency, event: &Event) -> Result<bool, StoreError>;

    /// The emergency with this id.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn find(&mut self, id: EmergencyId) -> Result<Option<Emergency>, StoreError>;

    /// Saves `emergency` if it is stored in the version that was read, and counts the version up.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody else changed it since.
    fn advance(&mut self, emergency: &mut Emergency) -> Result<(), StoreError>;

    /// Notes a sign of the holder. `false` when `holder` does not hold it (any more). The version
    /// stays: a sign of life changes nothing that others see.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn keep_lease(
        &mut self,
        id: EmergencyId,
        holder: StaffId,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError>;

    /// Those that are to be looked at by `at` and that not everybody on duty was called to, at most
    /// `limit`, so that no other machine that asks for them gets the same ones before this unit of
    /// work ends.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn take_due(&mut self, at: DateTime<Utc>, limit: usize) -> Result<Vec<Emergency>, StoreError>;

    /// As [`take_due`](Self::take_due), of those that are to be looked at by `at` the ones that
    /// nobody has or was called to from elsewhere, and that an agency answers for which is not among
    /// `attended`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn take_unattended(
        &mut self,
        attended: &[AgencyCode],
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError>;

    /// As [`take_due`](Self::take_due), of those that everybody on duty was called to.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn take_ringing(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError>;

    /// Notes when `emergency` is looked at next, if it is stored in the version that was read. That
    /// stays: nothing changes that others see.
    ///
    /// # Errors
    /// [`StoreError::Stale`] when somebody else changed it since.
    fn rearm(
        &mut self,
        emergency: &Emergency,
        alarm_at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError>;

    /// Those that `filter` lets through, in its order, after `place`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn queue(
        &mut self,
        filter: &QueueFilter,
        after: Option<QueuePlace>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError>;

    /// How many emergencies are followed under each of `leading`; those without any are left out.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn count_merged(
        &mut self,
        leading: &[EmergencyId],
    ) -> Result<Vec<(EmergencyId, i64)>, StoreError>;

    /// The emergencies that are followed under `leading`, the first ones first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn merged_under(
        &mut self,
        leading: EmergencyId,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError>;

    /// Lets whatever follows `from` follow `to`, and counts their versions up.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn move_merged(&mut self, from: EmergencyId, to: EmergencyId) -> Result<(), StoreError>;

    /// The resolved ones that are due to be closed at `at`, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn due_to_close(
        &mut self,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Emergency>, StoreError>;

    /// Adds positions to the trail of an emergency.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take them.
    fn add_to_trail(&mut self, id: EmergencyId, fixes: &[Fix]) -> Result<(), StoreError>;

    /// The positions of an emergency, oldest first by the phone's clock; of all times, or from
    /// one to the other by that clock.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn trail(
        &mut self,
        id: EmergencyId,
        clocks: Option<(DateTime<Utc>, DateTime<Utc>)>,
    ) -> Result<Vec<Fix>, StoreError>;

    /// Adds `statement`. `false`, and nothing is changed, when the same body was said under this
    /// emergency before.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_statement(&mut self, statement: &Statement) -> Result<bool, StoreError>;

    /// What was said under an emergency after its first call, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn statements(&mut self, id: EmergencyId) -> Result<Vec<Statement>, StoreError>;
}
