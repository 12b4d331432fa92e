//! What a caller said, and how two statements of the same caller become one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Danger, Field, Fix, Household, Kind};
use crate::{identity::StaffId, territory::Position, text::paragraphs};

/// The longest note that is kept, in bytes.
const LONGEST_NOTE: usize = 16 * 1024;

/// What a caller said about an emergency. Nothing is required: a call that says nothing is a call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The kind of help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// In the caller's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The number to call back, as typed: it proves nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The code of the commune.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commune_code: Option<String>,
    /// The place in words: the hamlet, beside what it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landmark: Option<String>,
    /// How many people need help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<u32>,
    /// The person in need, where it is not the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Victim>,
    /// Who is in the house, in a flood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household: Option<Household>,
    /// No sound may give the caller away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent: Option<bool>,
    /// An exercise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drill: Option<bool>,
    /// How long before its arrival the call was made, in milliseconds by the phone's own count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<u64>,
    /// Where help is needed, as a dispatcher found out: it goes before where the phone is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Fix>,
    /// What dispatchers put right: whatever the caller says of it later stands beside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<Field>,
    /// Who took it down over the telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<StaffId>,
    /// The service makes it itself, to see that calls get through.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub probe: bool,
    /// What was not understood, as it came: by field name, the whole body under the empty name.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub unread: Map<String, Value>,
    /// The fields a person has to look at, since they could not be read: `phone`, `location.lat`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
}

/// The person in need, where somebody else calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Victim {
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The code of the commune they are in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commune_code: Option<String>,
    /// Where they are, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landmark: Option<String>,
    /// Where they are, on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Anything else the caller says of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Report {
    /// What it says as a message: its text, its note, or what came where neither could be read.
    #[must_use]
    pub fn words(&self) -> String {
        let text = self.unread.get("text").or_else(|| self.unread.get(""));
        let text = text.map(|text| text.as_str().map_or_else(|| text.to_string(), str::to_owned));
        paragraphs(&text.or_else(|| self.note.clone()).unwrap_or_default())
    }

    /// Which message it answers, where it says so.
    #[must_use]
    pub fn reply_to(&self) -> Option<Uuid> {
        self.unread.get("in_reply_to")?.as_str()?.trim().parse().ok()
    }

    /// The commune that was named, that of the person in need first.
    #[must_use]
    pub fn commune(&self) -> Option<&str> {
        let theirs = self.on_behalf_of.as_ref().and_then(|victim| victim.commune_code.as_deref());
        theirs.or(self.commune_code.as_deref())
    }

    /// Whether nothing in it could lead anybody to the caller: no place, no number, no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.note.is_none()
            && self.phone.is_none()
            && self.commune_code.is_none()
            && self.landmark.is_none()
            && self.on_behalf_of.is_none()
            && self.household.is_none()
            && self.unread.is_empty()
    }

    /// What makes the household urgent that it describes.
    #[must_use]
    pub fn dangers(&self) -> Vec<Danger> {
        self.household.map(|household| household.dangers()).unwrap_or_default()
    }

    /// Whether a person has to look at what could not be read.
    #[must_use]
    pub fn needs_review(&self) -> bool {
        !self.doubts.is_empty()
    }

    /// Whether a sound could give the caller away.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.silent == Some(true)
    }

    /// Whether it is an exercise.
    #[must_use]
    pub fn is_drill(&self) -> bool {
        self.drill == Some(true)
    }

    /// This report with what the same caller said later: newer fields win, notes are joined,
    /// silence stays, and a real call never becomes a drill.
    #[must_use]
    pub fn updated(self, later: Self) -> Self {
        let mut unread = self.unread;
        unread.extend(later.unread);
        let mut doubts = self.doubts;
        doubts.extend(
            later.doubts.into_iter().filter(|doubt| !doubts.contains(doubt)).collect::<Vec<_>>(),
        );
        let open = |field: Field| !self.corrected.contains(&field);
        Self {
            kind: later.kind.filter(|_| open(Field::Kind)).or(self.kind),
            note: joined(self.note, later.note),
            phone: later.phone.filter(|_| open(Field::Phone)).or(self.phone),
            commune_code: later
                .commune_code
                .filter(|_| open(Field::CommuneCode))
                .or(self.commune_code),
            landmark: later.landmark.filter(|_| open(Field::Landmark)).or(self.landmark),
            people: later.people.filter(|_| open(Field::People)).or(self.people),
            place: self.place,
            taken_by: self.taken_by,
            probe: self.probe,
            on_behalf_of: later.on_behalf_of.or(self.on_behalf_of),
            household: match (self.household, later.household) {
                (Some(earlier), Some(later)) => Some(earlier.updated(later)),
                (earlier, later) => later.or(earlier),
            },
            silent: self.silent.max(later.silent),
            drill: if later.drill == Some(false) { later.drill } else { self.drill },
            age_ms: self.age_ms,
            unread,
            doubts,
            corrected: self.corrected,
        }
    }
}

/// Both notes, each once.
fn joined(earlier: Option<String>, later: Option<String>) -> Option<String> {
    match (earlier, later) {
        (Some(earlier), Some(later))
            if !earlier.contains(&later) && earlier.len() + later.len() < LONGEST_NOTE =>
        {
            Some(format!("{earlier}\n{later}"))
        }
        (earlier, later) => earlier.or(later),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> Report {
        Report { note: Some(text.to_owned()), ..Report::default() }
    }

    #[test]
    fn later_words_are_added_and_a_repetition_changes_nothing() {
        let report = note("nước lên").updated(note("bà không thở"));
        assert_eq!(report.note.as_deref(), Some("nước lên\nbà không thở"));
        assert_eq!(report.clone().updated(note("nước lên")), report);
    }

    #[test]
    fn silence_stays_and_a_real_call_never_becomes_a_drill() {
        let silent = Report { silent: Some(true), ..Report::default() };
        let drill = Report { drill: Some(true), ..Report::default() };
        let loud = Report { silent: Some(false), drill: Some(false), ..Report::default() };
        assert!(silent.updated(loud.clone()).is_silent());
        assert!(!Report::default().updated(drill.clone()).is_drill());
        assert!(!drill.updated(loud).is_drill());
    }
}
