//! What a dispatcher puts right about an emergency. It goes before what the caller says of the same
//! later; what the caller said stays beside, and so does what stood there before.

use std::cell::Cell;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Action, Emergency, EmergencyId, EmergencyRepository, Fix, HandlingError, Happening, Kind,
    Report, TransitionError,
    entity::priority,
    handling::{handle, seen},
    statement::keep_first,
};
use crate::{
    Id, Moment, StoreError,
    audit::AuditLog,
    event::EventLog,
    identity::{Dispatcher, StaffId},
};

/// A field of a report that a dispatcher can put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The kind of help.
    Kind,
    /// The number to call back.
    Phone,
    /// Where help is needed, on the map.
    Location,
    /// The commune.
    CommuneCode,
    /// The place in words.
    Landmark,
    /// How many people need help.
    People,
}

/// What a dispatcher found out. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction {
    /// The kind of help.
    pub kind: Option<Kind>,
    /// The number to call back.
    pub phone: Option<String>,
    /// Where help is needed, on the map.
    pub place: Option<Fix>,
    /// The code of the commune.
    pub commune: Option<String>,
    /// The place in words.
    pub landmark: Option<String>,
    /// How many people need help.
    pub people: Option<u32>,
}

/// A field that was put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which.
    pub field: Field,
    /// What stood there before.
    pub before: Value,
    /// What stands there since.
    pub after: Value,
}

/// What was put right at once. It is never changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrected {
    /// Its id.
    pub id: Id<Corrected>,
    /// The emergency it is about.
    pub emergency: EmergencyId,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub staff: StaffId,
    /// The name colleagues see.
    pub username: String,
    /// What.
    pub changes: Vec<FieldChange>,
}

/// Where it is kept what was put right: only ever added to.
pub trait CorrectionRepository {
    /// Adds `corrected`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    fn add_correction(&mut self, corrected: &Corrected) -> Result<(), StoreError>;

    /// What was put right about an emergency, oldest first.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot answer.
    fn corrections(&mut self, id: EmergencyId) -> Result<Vec<Corrected>, StoreError>;
}

impl Report {
    /// With what a dispatcher found out.
    fn corrected(self, correction: &Correction) -> Self {
        let Correction { kind, phone, place, commune, landmark, people } = correction.clone();
        let named = [
            (kind.is_some(), Field::Kind),
            (phone.is_some(), Field::Phone),
            (place.is_some(), Field::Location),
            (commune.is_some(), Field::CommuneCode),
            (landmark.is_some(), Field::Landmark),
            (people.is_some(), Field::People),
        ];
        let mut corrected = self.corrected;
        let fresh = named.into_iter().filter(|(there, _)| *there).map(|(_, field)| field);
        corrected.extend(fresh.filter(|field| !corrected.contains(field)).collect::<Vec<_>>());
        Self {
            kind: kind.or(self.kind),
            phone: phone.or(self.phone),
            place: place.or(self.place),
            commune_code: commune.or(self.commune_code),
            landmark: landmark.or(self.landmark),
            people: people.or(self.people),
            corrected,
            ..self
        }
    }

    /// What differs in `after`.
    fn changes_to(&self, after: &Self) -> Vec<FieldChange> {
        let place = |report: &Self| json!(report.place.map(|fix| fix.position));
        let fields = [
            (Field::Kind, json!(self.kind), json!(after.kind)),
            (Field::Phone, json!(self.phone), json!(after.phone)),
            (Field::Location, place(self), place(after)),
            (Field::CommuneCode, json!(self.commune_code), json!(after.commune_code)),
            (Field::Landmark, json!(self.landmark), json!(after.landmark)),
            (Field::People, json!(self.people), json!(after.people)),
        ];
        let changed = fields.into_iter().filter(|(_, before, after)| before != after);
        changed.map(|(field, before, after)| FieldChange { field, before, after }).collect()
    }
}

impl Emergency {
    /// With what `dispatcher` found out: its holder, or anybody who answers for it while nobody
    /// holds it. Of another kind it is for whoever answers calls of that kind, unless its holder
    /// would lose sight of it, or units are on their way. It becomes more urgent where it turns out
    /// worse, and never less.
    ///
    /// # Errors
    /// [`TransitionError`] when another holds it, or it has ended.
    pub fn corrected(
        self,
        dispatcher: &Dispatcher,
        correction: &Correction,
    ) -> Result<Self, TransitionError> {
        let status = self.status.after(Action::Correct)?;
        if self.lease.is_some() && !self.is_held_by(dispatcher) {
            return Err(TransitionError::NotHolder);
        }
        let said = self.said.clone().corrected(correction);
        let routed = Kind::agency(said.kind);
        let in_sight = self.lease.is_none() || dispatcher.staff().reaches(&routed);
        let moves = said.kind != self.said.kind && in_sight && self.units.is_empty();
        let agency = if moves { routed } else { self.agency.clone() };
        let (was, is) = (priority(&self.said), priority(&said));
        let priority = if is < was { self.priority.min(is) } else { self.priority };
        let commune = correction.commune.clone().or_else(|| self.commune.clone());
        Ok(Self { status, said, agency, priority, commune, ..self })
    }

    /// Where help is needed: as a dispatcher found out, else where its caller is.
    #[must_use]
    pub fn whereabouts(&self) -> Option<Fix> {
        self.said.place.or(self.location)
    }
}

/// The dispatcher puts right what they found out. What stood there before is kept, and who changed
/// it.
///
/// # Errors
/// [`HandlingError::NotHolder`] when another holds it, [`HandlingError::NotNow`] when it has ended.
pub fn correct(
    store: &mut (impl EmergencyRepository + CorrectionRepository + EventLog + AuditLog),
    now: &Moment,
    dispatcher: &Dispatcher,
    id: EmergencyId,
    correction: &Correction,
) -> Result<Emergency, HandlingError> {
    let known = seen(store, dispatcher, id)?;
    let changes = Cell::new(Vec::new());
    let corrected = handle(store, now, dispatcher, id, Happening::Corrected, |before| {
        let after = before.clone().corrected(dispatcher, correction)?;
        changes.set(before.said.changes_to(&after.said));
        Ok(after)
    })?;
    let changes = changes.take();
    if changes.is_empty() {
        return Ok(corrected);
    }
    keep_first(store, now, &known)?;
    let staff = dispatcher.staff();
    store.add_correction(&Corrected {
        id: now.new_id(),
        emergency: id,
        at: now.at,
        staff: staff.id,
        username: staff.username.clone(),
        changes,
    })?;
    Ok(corrected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dispatcher_found_out_stands_whatever_is_said_later() {
        let first = Report { kind: Some(Kind::Other), people: Some(1), ..Report::default() };
        let found = Correction { kind: Some(Kind::Fire), ..Correction::default() };
        let corrected = first.clone().corrected(&found);
        assert_eq!(corrected.corrected, [Field::Kind]);
        let changes = first.changes_to(&corrected);
        assert_eq!(changes.len(), 1);
        assert_eq!((&changes[0].before, &changes[0].after), (&json!("other"), &json!("fire")));
        let later = Report { kind: Some(Kind::Other), people: Some(3), ..Report::default() };
        let told = corrected.updated(later);
        assert_eq!((told.kind, told.people), (Some(Kind::Fire), Some(3)));
    }

    #[test]
    fn the_same_again_changes_nothing() {
        let report = Report { phone: Some("113".to_owned()), ..Report::default() };
        let same = Correction { phone: Some("113".to_owned()), ..Correction::default() };
        let corrected = report.clone().corrected(&same);
        assert_eq!(report.changes_to(&corrected), []);
    }
}
