//! Lists in pages: how many rows, and where to go on.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::problem::{ApiError, Code, FieldCode};

/// How many rows a page has when nothing is said.
const DEFAULT: usize = 20;
/// How many rows a page has at most.
const MOST: usize = 100;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageView<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; `null` on the last one.
    pub next_cursor: Option<String>,
}

/// `?limit=`: 20 when absent, at most 100.
///
/// # Errors
/// [`Code::InvalidQuery`] for zero.
pub fn limit(asked: Option<usize>) -> Result<usize, ApiError> {
    match asked {
        None => Ok(DEFAULT),
        Some(0) => {
            Err(ApiError::new(Code::InvalidQuery).with_field("/query/limit", FieldCode::OutOfRange))
        }
        Some(limit) => Ok(limit.min(MOST)),
    }
}

/// The cursor for going on after `key` in the list called `list`. Opaque to clients.
pub fn cursor<K: Serialize>(list: &str, key: &K) -> String {
    let named = serde_json::to_vec(&(list, key)).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(named)
}

/// The key in a cursor that [`cursor`] made for the same list.
///
/// # Errors
/// [`Code::InvalidCursor`] for anything else.
pub fn key<K: DeserializeOwned>(list: &str, cursor: &str) -> Result<K, ApiError> {
    #[derive(Deserialize)]
    struct Named<K>(String, K);
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Named<K>>(&bytes).ok())
        .filter(|Named(name, _)| name == list)
        .map(|Named(_, key)| key)
        .ok_or_else(|| {
            ApiError::new(Code::InvalidCursor).with_field("/query/cursor", FieldCode::WrongForm)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_fits_its_own_list_only() {
        let made = cursor("feedback", &(7, "x"));
        assert_eq!(key::<(i32, String)>("feedback", &made).unwrap(), (7, "x".to_owned()));
        assert!(key::<(i32, String)>("procedures", &made).is_err());
        assert!(key::<(i32, String)>("feedback", "%%%").is_err());
    }
}
