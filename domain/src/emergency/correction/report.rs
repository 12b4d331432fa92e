//! A report with what a dispatcher found out.

use serde_json::json;

use super::{Correction, Field, FieldChange};
use crate::emergency::Report;

impl Report {
    /// With what a dispatcher found out.
    pub(super) fn corrected(self, correction: &Correction) -> Self {
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
    pub(super) fn changes_to(&self, after: &Self) -> Vec<FieldChange> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emergency::Kind;

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
