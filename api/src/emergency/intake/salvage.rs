//! Taking a body apart that may be cut, garbled or no JSON at all.

use std::fmt;

use serde::{
    Deserializer as _,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

/// A field of an object, its value still as it came.
pub(super) type Field = (String, Box<RawValue>);

/// A body, as far as it can be told what it is.
#[derive(Debug)]
pub(super) enum Body {
    /// Nothing but white space.
    Empty,
    /// An object: its fields, and whether that is all of the body.
    Object(Vec<Field>, bool),
    /// An array: its elements, and whether that is all of the body.
    Array(Vec<Box<RawValue>>, bool),
    /// Something else.
    Opaque,
}

impl Body {
    /// Takes `text` apart. Of a body that is cut or garbled, what stands before that place.
    pub(super) fn of(text: &str) -> Self {
        match text.trim_start().bytes().next() {
            None => Self::Empty,
            Some(b'{') => {
                let mut fields = Vec::new();
                let mut json = serde_json::Deserializer::from_str(text);
                let whole = json.deserialize_map(Fields(&mut fields)).and_then(|()| json.end());
                Self::Object(fields, whole.is_ok())
            }
            Some(b'[') => {
                let mut elements = Vec::new();
                let mut json = serde_json::Deserializer::from_str(text);
                let whole = json.deserialize_seq(Elements(&mut elements)).and_then(|()| json.end());
                Self::Array(elements, whole.is_ok())
            }
            Some(_) => Self::Opaque,
        }
    }
}

/// The fields of `value`, if it is an object.
pub(super) fn fields(value: &RawValue) -> Option<Vec<Field>> {
    match Body::of(value.get()) {
        Body::Object(fields, true) => Some(fields),
        _ => None,
    }
}

/// The elements of `value`, if it is an array.
pub(super) fn elements(value: &RawValue) -> Option<Vec<Box<RawValue>>> {
    match Body::of(value.get()) {
        Body::Array(elements, true) => Some(elements),
        _ => None,
    }
}

/// `value` as JSON; characters cut in half are replaced. Nothing where it is too deep, or a number
/// that no computer holds.
pub(super) fn value(value: &RawValue) -> Option<Value> {
    serde_json::from_str(value.get())
        .or_else(|_| serde_json::from_str(&with_whole_characters(value.get())))
        .ok()
}

/// `json` with every half of a surrogate pair replaced by U+FFFD.
fn with_whole_characters(json: &str) -> String {
    let mut whole = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(place) = rest.find('\\') {
        let (before, escape) = rest.split_at(place);
        whole.push_str(before);
        let length = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => 0,
            (Some(_), _) => 6,
            (None, _) => escape.char_indices().nth(2).map_or(escape.len(), |(end, _)| end),
        };
        let (kept, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        whole.push_str(if length == 0 { "\\ufffd" } else { kept });
        rest = if length == 0 { after.get(6..).unwrap_or_default() } else { after };
    }
    whole.push_str(rest);
    whole
}

/// The UTF-16 unit that `text` starts with, if it starts with `\u` and four digits.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

/// Collects the fields of an object, keeping those before a place that cannot be read.
struct Fields<'f>(&'f mut Vec<Field>);

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(field) = map.next_entry()? {
            self.0.push(field);
        }
        Ok(())
    }
}

/// Collects the elements of an array, keeping those before a place that cannot be read.
struct Elements<'e>(&'e mut Vec<Box<RawValue>>);

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while let Some(element) = array.next_element()? {
            self.0.push(element);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_cut_is_kept() {
        let Body::Object(fields, whole) = Body::of(r#"{"kind":"fire","people":3,"note":"giúp"#)
        else {
            panic!("not seen as an object")
        };
        assert!(!whole);
        let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["kind", "people"]);
    }

    #[test]
    fn depth_is_no_hindrance() {
        let deep =
            format!("{{\"x\":{}1{},\"kind\":\"fire\"}}", "[".repeat(60_000), "]".repeat(60_000));
        assert!(matches!(Body::of(&deep), Body::Object(fields, true) if fields.len() == 2));
    }

    #[test]
    fn halves_of_characters_are_replaced() {
        for (json, text) in [
            (r#""\ud800 giúp""#, "\u{fffd} giúp"),
            (r#""\ud83d\ude00 \\ud800 \udfff""#, "😀 \\ud800 \u{fffd}"),
            (r#""\ud800\u0041""#, "\u{fffd}A"),
            (r#""\ud800""#, "\u{fffd}"),
        ] {
            let raw = RawValue::from_string(json.to_owned()).unwrap();
            assert_eq!(value(&raw), Some(Value::from(text)), "{json}");
        }
    }
}
