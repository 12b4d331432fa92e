//! `fields=`: only those parts of a record that a client wants.

use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::{
    lookup::{Freshness, send_new},
    problem::{ApiError, Code, FieldCode},
};

/// The most parts that can be named.
const MOST: usize = 50;

/// The parts of a record that a client wants, by their names: `name,details.channels`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Fields(Vec<String>);

/// Which parts of a record are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FieldsQuery {
    /// Only these parts, with commas between them; of a list these parts of each item.
    #[param(value_type = Option<String>, example = "code,name")]
    pub(crate) fields: Option<Fields>,
}

/// No list of names.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("these are names with commas between them")]
pub(crate) struct InvalidFields;

impl TryFrom<String> for Fields {
    type Error = InvalidFields;

    fn try_from(text: String) -> Result<Self, InvalidFields> {
        let names: Vec<_> = text.split(',').map(|name| name.trim().to_owned()).collect();
        let sound = names.len() <= MOST && names.iter().all(|name| !name.is_empty());
        if sound { Ok(Self(names)) } else { Err(InvalidFields) }
    }
}

impl Fields {
    /// The wanted parts of one record.
    ///
    /// # Errors
    /// [`Code::InvalidQuery`] for a name that such records do not have.
    pub(crate) fn of_record(&self, record: &impl Serialize) -> Result<Value, ApiError> {
        self.of_value(&serde_json::to_value(record).unwrap_or_default())
    }

    /// The page with the wanted parts of each of its `items`.
    ///
    /// # Errors
    /// As [`Self::of_record`].
    pub(crate) fn of_items(&self, page: &impl Serialize) -> Result<Value, ApiError> {
        let mut page = serde_json::to_value(page).unwrap_or_default();
        if let Some(Value::Array(items)) = page.get_mut("items") {
            for item in items {
                *item = self.of_value(item)?;
            }
        }
        Ok(page)
    }

    fn of_value(&self, record: &Value) -> Result<Value, ApiError> {
        let mut kept = Map::new();
        for path in &self.0 {
            keep(record, path, &mut kept).ok_or_else(|| {
                ApiError::new(Code::InvalidQuery).with_field("/query/fields", FieldCode::Unknown)
            })?;
        }
        Ok(Value::Object(kept))
    }
}

/// Answers with a `page` that is made for this request, or with the wanted parts of its items.
///
/// # Errors
/// As [`Fields::of_record`].
pub(crate) fn send_page(
    request: &HttpRequest,
    page: &impl Serialize,
    fields: Option<&Fields>,
    freshness: Freshness,
) -> Result<HttpResponse, ApiError> {
    match fields {
        Some(fields) => Ok(send_new(request, &fields.of_items(page)?, freshness)),
        None => Ok(send_new(request, page, freshness)),
    }
}

/// Puts what `record` has at `path` into `kept`; nothing comes of it where the path leads nowhere.
fn keep(record: &Value, path: &str, kept: &mut Map<String, Value>) -> Option<()> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let value = record.get(name)?;
    let Some(rest) = rest.filter(|_| !value.is_null()) else {
        kept.insert(name.to_owned(), value.clone());
        return Some(());
    };
    let inner = kept.entry(name).or_insert_with(|| Value::Object(Map::new()));
    keep(value, rest, inner.as_object_mut()?)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn trimmed(fields: &str) -> Option<Value> {
        let record = json!({
            "code": "1", "name": "Một", "gone": null,
            "details": { "steps": "..", "channels": [{ "fee": 1 }] },
        });
        Fields::try_from(fields.to_owned()).ok()?.of_record(&record).ok()
    }

    #[rstest]
    #[case("code", json!({ "code": "1" }))]
    #[case("code, name", json!({ "code": "1", "name": "Một" }))]
    #[case("details.channels", json!({ "details": { "channels": [{ "fee": 1 }] } }))]
    #[case("gone,gone.deeper", json!({ "gone": null }))]
    #[case("details,details.steps", json!({
        "details": { "steps": "..", "channels": [{ "fee": 1 }] },
    }))]
    fn what_is_named_is_kept(#[case] fields: &str, #[case] kept: Value) {
        assert_eq!(trimmed(fields), Some(kept));
    }

    #[rstest]
    #[case("")]
    #[case("code,")]
    #[case("colour")]
    #[case("code.deeper")]
    #[case("details.channels.fee")]
    #[case("details..steps")]
    fn what_there_is_not_is_refused(#[case] fields: &str) {
        assert_eq!(trimmed(fields), None);
    }
}
