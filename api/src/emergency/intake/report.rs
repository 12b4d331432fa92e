//! What a caller says, read from whatever bytes came.

use domain::emergency::{Household, Reading, Report, Victim};
use serde_json::Value;

use super::{
    fields::{Fields, KEPT, Unread, flag, milliseconds, number, paragraphs},
    reading::{batch, position, reading},
    salvage::{self, Body},
};

/// What a body says.
#[derive(Debug, Default)]
pub(in crate::emergency) struct Said {
    /// The id that the phone chose, as it wrote it.
    pub(in crate::emergency) id: Option<String>,
    /// The secret that the phone chose.
    pub(in crate::emergency) secret: Option<String>,
    /// What is said.
    pub(in crate::emergency) report: Report,
    /// The positions, `None` for each that cannot be read.
    pub(in crate::emergency) readings: Vec<Option<Reading>>,
}

impl Said {
    /// What `bytes` say. Every sequence of bytes says something; `whole` is false where the
    /// connection broke before the end.
    pub(in crate::emergency) fn of(bytes: &[u8], whole: bool) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}');
        let mut unread = Unread::default();
        let (mut said, understood) = match Body::of(text) {
            Body::Object(fields, complete) => {
                (object(Fields::new(fields, "", &mut unread)), complete)
            }
            Body::Array(elements, complete) => {
                let readings = batch(&elements, "locations", &mut unread);
                (Self { readings, ..Self::default() }, complete)
            }
            Body::Empty | Body::Opaque => (Self::default(), false),
        };
        if !understood || !whole {
            unread.doubt("body");
            unread.keep("", &without(text, said.secret.as_deref()));
        }
        said.report.unread = unread.kept;
        said.report.doubts = unread.doubts;
        said
    }
}

/// `text` without the secret, which is not kept in the clear.
fn without(text: &str, secret: Option<&str>) -> String {
    let head = text.get(..text.floor_char_boundary(KEPT)).unwrap_or_default().trim();
    secret.map_or_else(|| head.to_owned(), |secret| head.replace(secret, "…"))
}

/// What an object says: a call, a position, or a batch of positions.
fn object(mut fields: Fields<'_>) -> Said {
    let id = fields.line("id", KEPT);
    let secret = secret(&mut fields);
    let report = report(&mut fields);
    let mut readings = Vec::new();
    for name in ["location", "locations"] {
        let Some(raw) = fields.take(name) else { continue };
        match salvage::elements(&raw) {
            Some(elements) => readings.extend(batch(&elements, name, fields.unread())),
            None => readings.push(reading(&raw, name, fields.unread())),
        }
    }
    if fields.has("lat") || fields.has("lon") {
        readings.push(position(fields));
    } else {
        fields.keep_rest();
    }
    for reading in readings.iter_mut().flatten().filter(|reading| reading.fixed_at.is_none()) {
        reading.age_ms = reading.age_ms.or(report.age_ms);
    }
    Said { id, secret, report, readings }
}

/// The secret, if it is long enough to be one: 16 bytes are 22 characters, and some leeway. Another
/// is marked, but never kept.
fn secret(fields: &mut Fields<'_>) -> Option<String> {
    let raw = fields.take("secret")?;
    let secret = salvage::value(&raw).and_then(|value| Some(value.as_str()?.trim().to_owned()));
    let secret = secret.filter(|secret| (16..=256).contains(&secret.len()));
    if secret.is_none() {
        fields.refuse("secret", None);
    }
    secret
}

/// What is said of the emergency itself.
fn report(fields: &mut Fields<'_>) -> Report {
    let silent = fields.has("silent").then(|| fields.read("silent", flag));
    Report {
        kind: fields.read("kind", |kind| kind.as_str()?.trim().to_lowercase().parse().ok()),
        note: fields.paragraphs("note", KEPT),
        phone: fields.line("phone", 40),
        commune_code: fields.line("commune_code", 20),
        landmark: fields.line("landmark", 1_000),
        people: fields.read("people", count),
        on_behalf_of: victim(fields),
        household: household(fields),
        // Somebody tried to say something about silence: a sound could give them away.
        silent: silent.map(|silent| silent.unwrap_or(true)),
        drill: fields.read("drill", flag),
        age_ms: fields.read("age_ms", milliseconds),
        ..Report::default()
    }
}

/// How many people, centimetres or hours: up to a million.
fn count(value: &Value) -> Option<u32> {
    let count = number(value).filter(|count| (0.0..=1e6).contains(count))?;
    count.round().to_string().parse().ok()
}

/// The person in need: named by fields, or in a few words.
fn victim(fields: &mut Fields<'_>) -> Option<Victim> {
    let raw = fields.take("on_behalf_of")?;
    if let Some(inner) = salvage::fields(&raw) {
        return Some(named_victim(Fields::new(inner, "on_behalf_of.", fields.unread())));
    }
    match salvage::value(&raw) {
        Some(Value::Bool(false)) => None,
        Some(Value::Bool(true)) => Some(Victim::default()),
        Some(words @ Value::String(_)) => {
            let note = paragraphs(&words, 2_000);
            Some(Victim { note, ..Victim::default() })
        }
        _ => {
            fields.refuse("on_behalf_of", Some(raw.get()));
            None
        }
    }
}

/// The person in need, field by field; where they are stands as a position does elsewhere.
fn named_victim(mut fields: Fields<'_>) -> Victim {
    let victim = Victim {
        name: fields.line("name", 200),
        phone: fields.line("phone", 40),
        commune_code: fields.line("commune_code", 20),
        landmark: fields.line("landmark", 1_000),
        position: None,
        note: fields.paragraphs("note", 2_000),
    };
    let place = match fields.take("location") {
        Some(raw) => reading(&raw, "on_behalf_of.location", fields.unread()),
        None => None,
    };
    fields.keep_rest();
    Victim { position: place.map(|reading| reading.position), ..victim }
}

/// Who is in the house, in a flood.
fn household(fields: &mut Fields<'_>) -> Option<Household> {
    let raw = fields.take("household")?;
    let Some(inner) = salvage::fields(&raw) else {
        fields.refuse("household", Some(raw.get()));
        return None;
    };
    let mut inner = Fields::new(inner, "household.", fields.unread());
    let household = Household {
        people: inner.read("people", count),
        infants: inner.read("infants", count),
        elderly: inner.read("elderly", count),
        bedridden: inner.read("bedridden", count),
        pregnant: inner.read("pregnant", count),
        water_cm: inner.read("water_cm", count),
        floor: inner.read("floor", count),
        food_h: inner.read("food_h", count),
        drinking_water_h: inner.read("drinking_water_h", count),
    };
    inner.keep_rest();
    Some(household)
}

#[cfg(test)]
mod tests {
    use domain::emergency::Kind;
    use proptest::prelude::*;

    use super::*;

    fn said(body: &str) -> Said {
        Said::of(body.as_bytes(), true)
    }

    #[test]
    fn nothing_is_required() {
        assert!(!said(r#"{"silent": null}"#).report.is_silent());
        let nothing = said("{}");
        assert!(nothing.report.is_empty());
        assert!(!nothing.report.needs_review());
        assert!(nothing.readings.is_empty());
    }

    #[test]
    fn each_field_is_read_for_itself() {
        let said = said(
            r#"{"kind":"FIRE","people":"3","note":7,"silent":"oui","drill":[],"phone":912345678,
                "location":{"lat":"21.59","lon":105.84,"accuracy_m":-5,"speed_mps":-1,
                "bearing_deg":1e999,"colour":"red"},"colour":"blue"}"#,
        );
        let report = &said.report;
        assert_eq!(report.kind, Some(Kind::Fire));
        assert_eq!(report.people, Some(3));
        assert_eq!(report.note.as_deref(), Some("7"));
        assert_eq!(report.phone.as_deref(), Some("912345678"));
        assert!(report.is_silent());
        assert!(!report.is_drill());
        assert_eq!(
            report.doubts,
            ["silent", "drill", "location.accuracy_m", "location.bearing_deg"]
        );
        let kept: Vec<_> = report.unread.keys().map(String::as_str).collect();
        let expected = [
            "colour",
            "drill",
            "location.accuracy_m",
            "location.bearing_deg",
            "location.colour",
            "silent",
        ];
        assert_eq!(kept, expected);
        let reading = said.readings[0].unwrap();
        assert!((reading.position.lat() - 21.59).abs() < 1e-9);
        assert_eq!(reading.quality.speed_mps, None);
    }

    #[test]
    fn a_place_that_is_not_on_earth_is_kept_as_it_came() {
        let said = said(r#"{"location":{"lat":91,"lon":105.8}}"#);
        assert_eq!(said.readings, [None]);
        assert_eq!(said.report.unread["location.lat"], 91);
        assert_eq!(said.report.unread["location.lon"], 105.8);
    }

    #[rstest::rstest]
    #[case::empty("", "")]
    #[case::words("cháy nhà ở xóm 3", "cháy nhà ở xóm 3")]
    #[case::cut(r#"{"kind":"fire","note":"gi"#, r#"{"kind":"fire","note":"gi"#)]
    #[case::number("113", "113")]
    fn a_body_that_is_no_object_is_kept(#[case] body: &str, #[case] kept: &str) {
        let report = said(body).report;
        assert_eq!(report.doubts, ["body"]);
        assert_eq!(report.unread.get("").and_then(Value::as_str).unwrap_or_default(), kept);
    }

    #[test]
    fn the_secret_is_never_kept_in_the_clear() {
        let said = said(r#"{"secret":"c2VjcmV0LXNlY3JldC1zZWNyZXQ","note":"cut"#);
        assert_eq!(said.secret.as_deref(), Some("c2VjcmV0LXNlY3JldC1zZWNyZXQ"));
        assert!(!format!("{:?}", said.report).contains("c2VjcmV0"));
    }

    #[test]
    fn a_batch_is_read_point_by_point() {
        for body in [
            r#"[{"lat":21,"lon":105},{"lat":"x","lon":105},7]"#,
            r#"{"locations":[{"lat":21,"lon":105},{"lat":"x","lon":105},7]}"#,
        ] {
            let read: Vec<_> = said(body).readings.iter().map(Option::is_some).collect();
            assert_eq!(read, [true, false, false], "{body}");
        }
        assert_eq!(said(r#"{"lat":21,"lon":105}"#).readings.len(), 1);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let body = format!(r#"{{"a":"{0}","b":"{0}","note":"{0}"}}"#, "x".repeat(60_000));
        let report = said(&body).report;
        assert!(serde_json::to_string(&report).unwrap().len() < 3 * KEPT);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_call(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            Said::of(&bytes, true);
        }

        #[test]
        fn any_text_after_a_brace_is_a_call(text in r#"[\{\[][\PC\\"{}\[\]:,0-9\x00]{0,200}"#) {
            Said::of(text.as_bytes(), false);
        }

        #[test]
        fn any_value_in_any_field_is_a_call(
            name in prop::sample::select(vec![
                "id", "secret", "note", "location", "silent", "drill", "on_behalf_of", "people",
                "phone", "commune_code", "landmark", "age_ms", "lat", "locations",
            ]),
            value in prop_oneof![
                r"-?[1-9][0-9]{0,400}(\.[0-9]{1,9})?(e-?[0-9]{1,5})?",
                r#""(\\u[0-9a-f]{4}|\\\\|[a-z])*""#,
                r#"\[\[\]\]|\{"lat":1e400\}|null|true"#,
            ],
        ) {
            let body = format!(r#"{{"{name}":{value},"kind":"fire"}}"#);
            prop_assert_eq!(Said::of(body.as_bytes(), true).report.kind, Some(Kind::Fire));
        }
    }
}
