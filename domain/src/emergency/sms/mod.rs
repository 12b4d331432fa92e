//! Calls for help by text message: the app's own line, a phone's own message (AML), or plain words.
//!
//! The app's line carries the id of the call, so that it and the call that came (or comes) over the
//! internet are one. What is neither of the two is what somebody typed.

mod aml;
mod base32;
mod line;
mod reply;

pub use line::{InvalidLine, Line};
pub use reply::{Answering, reply};

use super::{EmergencyId, Kind, Reading, Report};

/// A text message, understood as far as it could be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texted {
    /// The id of the call, where the app wrote it.
    pub id: Option<EmergencyId>,
    /// The secret that the app chose for the call.
    pub secret: Option<[u8; 16]>,
    /// What is said.
    pub report: Report,
    /// Where the phone is.
    pub reading: Option<Reading>,
}

impl Texted {
    /// What `text` says. Every text says something; a line of the app that was garbled on its way
    /// is kept as it came, for a person to look at.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let (first, rest) = text.trim().split_once('\n').unwrap_or((text.trim(), ""));
        if let Ok(line) = first.parse::<Line>() {
            return line.said(rest);
        }
        if let Some((reading, dialled)) = aml::read(text) {
            let kind = Kind::ALL.into_iter().find(|kind| Some(kind.number()) == dialled.as_deref());
            let report = Report { kind, ..Report::default() };
            let doubts = if reading.is_none() { words(text).doubts } else { Vec::new() };
            return Self { report: Report { doubts, ..report }, reading, ..Self::default() };
        }
        Self { report: words(text), ..Self::default() }
    }
}

/// What somebody typed, and whether it looks like a line that was garbled.
fn words(text: &str) -> Report {
    let note = crate::text::paragraphs(text);
    let garbled = text.trim_start().starts_with(line::MARK) || aml::is_marked(text);
    Report {
        note: Some(note).filter(|note| !note.is_empty()),
        doubts: if garbled { vec!["sms".to_owned()] } else { Vec::new() },
        ..Report::default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_words_are_the_note() {
        let texted = Texted::read("Cháy nhà\nxóm 3 ");
        assert_eq!(texted.report.note.as_deref(), Some("Cháy nhà\nxóm 3"));
        assert!(!texted.report.needs_review());
    }

    #[test]
    fn a_garbled_line_is_kept_for_a_person() {
        let texted = Texted::read("CTN1 KF P21.5/105.8 X");
        assert_eq!(texted.report.note.as_deref(), Some("CTN1 KF P21.5/105.8 X"));
        assert_eq!(texted.report.doubts, ["sms"]);
    }

    #[test]
    fn an_aml_message_is_a_place_and_what_was_dialled() {
        let texted = Texted::read("A\"ML=2;en=115;et=1795395723;lo=+21.59280,+105.84420,12;lt=0");
        assert_eq!(texted.report.kind, Some(Kind::Medical));
        assert_eq!(texted.report.note, None);
        assert!((texted.reading.unwrap().position.lat() - 21.5928).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn any_text_says_something(text in "\\PC{0,300}") {
            let _ = Texted::read(&text);
        }

        #[test]
        fn anything_after_a_mark_says_something(
            text in "(CTN1 |A\"ML=[12];)[A-Za-z0-9=;,.+/ -]{0,200}",
        ) {
            let _ = Texted::read(&text);
        }
    }
}
