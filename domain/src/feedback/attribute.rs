//! What else a category asks for, and whether an answer fits.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Flaw, FlawKind, Name};
use crate::text;

/// The most characters of an answer in one line.
const LINE: usize = 200;
/// The most characters of an answer in several lines.
const PARAGRAPHS: usize = 2_000;

/// The answers to the questions of a category, by the code of the question, each in its one normal
/// form: text in NFC, instants in UTC, chosen values in the order of the question.
pub type Answers = BTreeMap<String, Value>;

/// What kind of answer is wanted, as Open311 `GeoReport` v2 names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Datatype {
    /// One line.
    String,
    /// A number.
    Number,
    /// An instant, RFC 3339.
    Datetime,
    /// Several lines.
    Text,
    /// One of the values.
    SingleValueList,
    /// Some of the values, as an array.
    MultiValueList,
}

/// A value to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is sent.
    pub key: String,
    /// What people read.
    pub name: Name,
}

/// A question a category asks beside the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its code, one of its kind in the category.
    pub code: String,
    /// The question.
    pub name: Name,
    /// What kind of answer is wanted.
    pub datatype: Datatype,
    /// Whether a report without it is refused.
    #[serde(default)]
    pub required: bool,
    /// What can be chosen, for the two lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Choice>,
}

impl Attribute {
    /// `answer` in its normal form.
    fn accept(&self, answer: &Value) -> Result<Value, FlawKind> {
        match (self.datatype, answer) {
            (Datatype::String, Value::String(answer)) => within(text::line(answer), LINE),
            (Datatype::Text, Value::String(answer)) => within(text::paragraphs(answer), PARAGRAPHS),
            (Datatype::Number, Value::Number(_)) => Ok(answer.clone()),
            (Datatype::Datetime, Value::String(answer)) => {
                let instant = answer.parse::<DateTime<Utc>>().map_err(|_| FlawKind::WrongType)?;
                Ok(instant.to_rfc3339_opts(SecondsFormat::Millis, true).into())
            }
            (Datatype::SingleValueList, Value::String(key)) => self.choose(&[key]),
            (Datatype::MultiValueList, Value::Array(keys)) => {
                let keys: Option<Vec<&str>> = keys.iter().map(Value::as_str).collect();
                self.choose(&keys.ok_or(FlawKind::WrongType)?)
            }
            _ => Err(FlawKind::WrongType),
        }
    }

    fn choose(&self, keys: &[impl AsRef<str>]) -> Result<Value, FlawKind> {
        let known = |key: &str| self.values.iter().any(|choice| choice.key == key);
        if !keys.iter().all(|key| known(key.as_ref())) {
            return Err(FlawKind::Unknown);
        }
        let chosen = |choice: &&Choice| keys.iter().any(|key| key.as_ref() == choice.key);
        let mut chosen = self.values.iter().filter(chosen).map(|choice| choice.key.clone());
        match self.datatype {
            Datatype::MultiValueList => Ok(chosen.collect()),
            _ => chosen.next().map(Value::String).ok_or(FlawKind::Unknown),
        }
    }
}

fn within(answer: String, most: usize) -> Result<Value, FlawKind> {
    if answer.chars().count() > most { Err(FlawKind::TooLong(most)) } else { Ok(answer.into()) }
}

/// Whether nothing was said: null, an empty text, an empty choice.
fn is_blank(answer: &Value) -> bool {
    match answer {
        Value::Null => true,
        Value::String(answer) => text::line(answer).is_empty(),
        Value::Array(answers) => answers.is_empty(),
        _ => false,
    }
}

/// The answers in `given` to the questions `asked`; what does not fit is added to `flaws`. A blank
/// answer counts as none.
pub(super) fn answers(
    asked: &[Attribute],
    given: &Map<String, Value>,
    flaws: &mut Vec<Flaw>,
) -> Answers {
    let mut answers = Answers::new();
    for attribute in asked {
        let answer = given.get(&attribute.code).filter(|answer| !is_blank(answer));
        match answer.map(|answer| attribute.accept(answer)) {
            Some(Ok(answer)) => {
                answers.insert(attribute.code.clone(), answer);
            }
            Some(Err(kind)) => flaws.push(Flaw::in_attribute(&attribute.code, kind)),
            None if attribute.required => {
                flaws.push(Flaw::in_attribute(&attribute.code, FlawKind::Missing));
            }
            None => {}
        }
    }
    let strange = given.keys().filter(|code| asked.iter().all(|asked| asked.code != **code));
    flaws.extend(strange.map(|code| Flaw::in_attribute(code, FlawKind::NotAsked)));
    answers
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn asked() -> Vec<Attribute> {
        let name = json!({ "vi": "Tên", "en": "Name" });
        let values =
            json!([{ "key": "a", "name": name.clone() }, { "key": "b", "name": name.clone() }]);
        serde_json::from_value(json!([
            { "code": "line", "name": name, "datatype": "string", "required": true },
            { "code": "much", "name": name, "datatype": "text" },
            { "code": "count", "name": name, "datatype": "number" },
            { "code": "since", "name": name, "datatype": "datetime" },
            { "code": "one", "name": name, "datatype": "singlevaluelist", "values": values.clone() },
            { "code": "some", "name": name, "datatype": "multivaluelist", "values": values },
        ]))
        .unwrap()
    }

    #[test]
    fn answers_come_in_one_form() {
        let given = json!({
            "line": "  Co\u{302}̣t  đèn \u{0}7 ", "much": null, "count": 3,
            "since": "2026-11-23T08:00:00+07:00", "one": "b", "some": ["b", "a", "b"],
        });
        let mut flaws = Vec::new();
        let answers = answers(&asked(), given.as_object().unwrap(), &mut flaws);
        assert_eq!(flaws, []);
        assert_eq!(
            json!(answers),
            json!({
                "line": "Cột đèn 7", "count": 3, "since": "2026-11-23T01:00:00.000Z",
                "one": "b", "some": ["a", "b"],
            })
        );
    }

    #[rstest]
    #[case(json!({}), "/attributes/line", FlawKind::Missing)]
    #[case(json!({ "line": " \u{0} " }), "/attributes/line", FlawKind::Missing)]
    #[case(json!({ "line": "x", "a/b~c": 1 }), "/attributes/a~1b~0c", FlawKind::NotAsked)]
    #[case(json!({ "line": "x".repeat(201) }), "/attributes/line", FlawKind::TooLong(200))]
    #[case(json!({ "line": 7 }), "/attributes/line", FlawKind::WrongType)]
    #[case(json!({ "line": "x", "count": "3" }), "/attributes/count", FlawKind::WrongType)]
    #[case(json!({ "line": "x", "since": "soon" }), "/attributes/since", FlawKind::WrongType)]
    #[case(json!({ "line": "x", "one": "c" }), "/attributes/one", FlawKind::Unknown)]
    #[case(json!({ "line": "x", "one": ["a"] }), "/attributes/one", FlawKind::WrongType)]
    #[case(json!({ "line": "x", "some": ["a", "c"] }), "/attributes/some", FlawKind::Unknown)]
    #[case(json!({ "line": "x", "some": [1] }), "/attributes/some", FlawKind::WrongType)]
    fn a_flaw_says_where_it_is(#[case] given: Value, #[case] at: &str, #[case] kind: FlawKind) {
        let mut flaws = Vec::new();
        answers(&asked(), given.as_object().unwrap(), &mut flaws);
        assert_eq!(flaws, [Flaw { pointer: at.to_owned(), kind }]);
    }

    proptest! {
        #[test]
        fn what_was_accepted_is_accepted_again(line in "\\PC{1,40}", some in "[ab]{0,3}") {
            let some: Vec<String> = some.chars().map(String::from).collect();
            let given = json!({ "line": line, "some": some });
            let mut flaws = Vec::new();
            let once = answers(&asked(), given.as_object().unwrap(), &mut flaws);
            prop_assume!(flaws.is_empty());
            let again: Map<_, _> = once.clone().into_iter().collect();
            prop_assert_eq!(answers(&asked(), &again, &mut flaws), once);
        }
    }
}
