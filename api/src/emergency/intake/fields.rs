//! Reading the fields of an object one by one, each for itself: what cannot be read is kept as it
//! came and marked, and hinders nothing else.

use chrono::{DateTime, Utc};
use domain::text;
use serde_json::{Map, Value, value::RawValue};

use super::salvage::{self, Field};

/// How much of what was not understood is kept, in bytes.
pub(super) const KEPT: usize = 16 * 1024;

/// What was not understood.
#[derive(Debug, Default)]
pub(super) struct Unread {
    /// As it came, by field.
    pub(super) kept: Map<String, Value>,
    /// Which of it a person has to look at.
    pub(super) doubts: Vec<String>,
    size: usize,
}

impl Unread {
    /// Keeps `raw`, as much of it as there is room for.
    pub(super) fn keep(&mut self, name: &str, raw: &str) {
        let room = KEPT.saturating_sub(self.size);
        let kept = raw.get(..raw.floor_char_boundary(room)).unwrap_or_default();
        let whole = RawValue::from_string(kept.to_owned()).ok().as_deref().and_then(salvage::value);
        self.size += kept.len() + name.len();
        if !kept.is_empty() {
            let value = whole.filter(|_| !name.is_empty()).unwrap_or_else(|| Value::from(kept));
            self.kept.insert(name.to_owned(), value);
        }
    }

    /// Marks `name` for a person to look at.
    pub(super) fn doubt(&mut self, name: &str) {
        if !self.doubts.iter().any(|doubt| doubt == name) {
            self.doubts.push(name.to_owned());
        }
    }
}

/// The fields of an object, to be taken one by one.
pub(super) struct Fields<'u> {
    left: Vec<Field>,
    place: String,
    unread: &'u mut Unread,
}

impl<'u> Fields<'u> {
    /// The `fields` of the object at `place` (empty, or ending in a dot).
    pub(super) fn new(fields: Vec<Field>, place: &str, unread: &'u mut Unread) -> Self {
        Self { left: fields, place: place.to_owned(), unread }
    }

    /// The value of `name`; where it stands twice, the last one. `null` is nothing.
    pub(super) fn take(&mut self, name: &str) -> Option<Box<RawValue>> {
        let place = self.left.iter().rposition(|(field, _)| field == name)?;
        let (_, value) = self.left.swap_remove(place);
        (value.get() != "null").then_some(value)
    }

    /// What `understand` makes of `name`; what it cannot make anything of is kept and marked.
    pub(super) fn read<T>(
        &mut self,
        name: &str,
        understand: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let raw = self.take(name)?;
        let understood = salvage::value(&raw).as_ref().and_then(understand);
        if understood.is_none() {
            self.refuse(name, Some(raw.get()));
        }
        understood
    }

    /// Marks `name`, and keeps its value, where there was one.
    pub(super) fn refuse(&mut self, name: &str, raw: Option<&str>) {
        let name = format!("{}{name}", self.place);
        if let Some(raw) = raw {
            self.unread.keep(&name, raw);
        }
        self.unread.doubt(&name);
    }

    /// Whether `name` is there and was not taken yet. `null` is nothing.
    pub(super) fn has(&self, name: &str) -> bool {
        self.left.iter().any(|(field, value)| field == name && value.get() != "null")
    }

    /// What was not understood so far, to add to it.
    pub(super) fn unread(&mut self) -> &mut Unread {
        self.unread
    }

    /// The line of text `name`, at most `longest` bytes. A blank one is nothing.
    pub(super) fn line(&mut self, name: &str, longest: usize) -> Option<String> {
        self.read(name, |value| line(value, longest)).filter(|line| !line.is_empty())
    }

    /// The text `name`, cut at `longest` bytes. A blank one is nothing.
    pub(super) fn paragraphs(&mut self, name: &str, longest: usize) -> Option<String> {
        self.read(name, |value| paragraphs(value, longest)).filter(|text| !text.is_empty())
    }

    /// Keeps what nobody has taken: fields this version does not know.
    pub(super) fn keep_rest(self) {
        for (name, raw) in self.left {
            self.unread.keep(&format!("{}{name}", self.place), raw.get());
        }
    }
}

/// One line of text, at most `longest` bytes.
fn line(value: &Value, longest: usize) -> Option<String> {
    Some(text::line(&words(value)?)).filter(|line| line.len() <= longest)
}

/// Text of several lines, cut at `longest` bytes.
pub(super) fn paragraphs(value: &Value, longest: usize) -> Option<String> {
    let mut text = text::paragraphs(&words(value)?);
    text.truncate(text.floor_char_boundary(longest));
    Some(text)
}

/// The text of a string or a number.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number, also one written as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

/// Yes or no, however it is written.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) if number.as_u64() == Some(1) => Some(true),
        Value::Number(number) if number.as_u64() == Some(0) => Some(false),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "1" | "có" => Some(true),
            "false" | "no" | "0" | "không" | "" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A duration in whole milliseconds.
pub(super) fn milliseconds(value: &Value) -> Option<u64> {
    let seconds = number(value)? / 1_000.0;
    let duration = std::time::Duration::try_from_secs_f64(seconds).ok()?;
    u64::try_from(duration.as_millis()).ok()
}

/// An instant: RFC 3339, or seconds or milliseconds since 1970.
pub(super) fn instant(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::String(text) => DateTime::parse_from_rfc3339(text.trim()).ok().map(Into::into),
        Value::Number(number) => match number.as_i64()? {
            seconds @ 0..100_000_000_000 => DateTime::from_timestamp(seconds, 0),
            ms @ 100_000_000_000..100_000_000_000_000 => DateTime::from_timestamp_millis(ms),
            _ => None,
        },
        _ => None,
    }
}
