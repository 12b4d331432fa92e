//! The body that an HTTP gateway is sent, as its operator wrote it down.

use std::collections::BTreeMap;

use domain::notification::Sms;
use serde_json::Value;
use uuid::Uuid;

/// A body with places for a message. What is put in cannot break out of its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Template {
    /// JSON: places are within texts.
    Json(Value),
    /// A form: places are within values.
    Form(Vec<(String, String)>),
}

impl Template {
    /// Reads `{"to": "{to}", ..}` as JSON, anything else as a form.
    pub(super) fn read(text: &str) -> Result<Self, InvalidTemplate> {
        let names = |name| text.contains(name);
        if !(names("{text}") && (names("{to}") || names("{to_digits}"))) {
            return Err(InvalidTemplate::NoPlaces);
        }
        if text.trim_start().starts_with('{') {
            return Ok(Self::Json(serde_json::from_str(text)?));
        }
        Ok(Self::Form(form_urlencoded::parse(text.trim().as_bytes()).into_owned().collect()))
    }

    /// What the body is, for its header.
    pub(super) const fn content_type(&self) -> &'static str {
        match self {
            Self::Json(_) => "application/json",
            Self::Form(_) => "application/x-www-form-urlencoded",
        }
    }

    /// The body for `sms`.
    pub(super) fn fill(&self, id: Uuid, sms: &Sms) -> String {
        let id = id.to_string();
        let digits = sms.to.trim_start_matches('+');
        let words = BTreeMap::from([
            ("{id}", id.as_str()),
            ("{text}", sms.text.as_str()),
            ("{to}", sms.to.as_str()),
            ("{to_digits}", digits),
        ]);
        match self {
            Self::Json(value) => fill_json(value, &words).to_string(),
            Self::Form(fields) => {
                let fields = fields.iter().map(|(name, value)| (name, fill_text(value, &words)));
                form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
            }
        }
    }
}

type Words<'w> = BTreeMap<&'static str, &'w str>;

fn fill_json(value: &Value, words: &Words<'_>) -> Value {
    match value {
        Value::String(text) => Value::String(fill_text(text, words)),
        Value::Array(items) => items.iter().map(|item| fill_json(item, words)).collect(),
        Value::Object(fields) => Value::Object(
            fields.iter().map(|(name, value)| (name.clone(), fill_json(value, words))).collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Puts `words` in their places, once: places within a word stay as they are.
fn fill_text(template: &str, words: &Words<'_>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, _)) = rest.split_once('{') {
        let (before, place) = rest.split_at(before.len());
        filled.push_str(before);
        let word = words.iter().find_map(|(name, word)| Some((place.strip_prefix(name)?, *word)));
        let (after, word) = word.unwrap_or((place.strip_prefix('{').unwrap_or_default(), "{"));
        filled.push_str(word);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The body cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTemplate {
    /// The number or the text would not be in it.
    #[error("it needs the places {{text}} and {{to}} (or {{to_digits}})")]
    NoPlaces,
    /// It begins as JSON but is none.
    #[error("it is no JSON: {0}")]
    NoJson(#[from] serde_json::Error),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn sms(text: &str) -> Sms {
        Sms { to: "+84912345678".to_owned(), text: text.to_owned(), useful_until: None }
    }

    fn fill(template: &str, text: &str) -> String {
        Template::read(template).unwrap().fill(Uuid::nil(), &sms(text))
    }

    #[test]
    fn a_message_is_put_into_json_or_into_a_form() {
        let json =
            fill(r#"{"to": ["{to}"], "n": 1, "content": "[{id}] {text} {x} {"}"#, "Mã \"1\"");
        let json: Value = serde_json::from_str(&json).unwrap();
        let content = "[00000000-0000-0000-0000-000000000000] Mã \"1\" {x} {";
        assert_eq!(json, json!({ "to": ["+84912345678"], "n": 1, "content": content }));
        let form = fill("phone={to_digits}&content={text}&brand=A%26B", "a&b=c {to}");
        assert_eq!(form, "phone=84912345678&content=a%26b%3Dc+%7Bto%7D&brand=A%26B");
    }

    #[test]
    fn a_body_without_number_or_text_is_refused() {
        for template in ["", "{}", "to={to}", r#"{"text": "{text}"}"#, r#"{"{to}": "{text}""#] {
            assert!(Template::read(template).is_err(), "{template}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_its_place(text in any::<String>()) {
            let json = fill(r#"{"to": "{to}", "text": "{text}"}"#, &text);
            let json: Value = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(json, json!({ "to": "+84912345678", "text": text }));
            let form = fill("to={to}&text={text}", &text);
            let fields: Vec<_> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
            prop_assert_eq!(&fields[1], &("text".to_owned(), text));
        }
    }
}
