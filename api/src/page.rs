//! Lists in pages: how many rows, and where to go on.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use crate::problem::{ApiError, Code, FieldCode};

/// How many rows a page has when nothing is said.
const DEFAULT: usize = 20;
/// How many rows a page has at most.
pub(crate) const MOST: usize = 100;

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

/// Which page of a list is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The most rows to answer with, at most 100.
    #[param(minimum = 1)]
    pub limit: Option<usize>,
    /// Where to go on: `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The page of at most `limit` of `items`, a list in memory called `list`, after `cursor`. `key`
/// names an item's place.
///
/// # Errors
/// [`Code::InvalidCursor`] for a cursor of another list, [`Code::CursorExpired`] for one whose item
/// is no longer there.
pub fn page_of<T, K: Serialize + DeserializeOwned + PartialEq>(
    list: &str,
    items: Vec<T>,
    limit: usize,
    cursor: Option<&str>,
    key: impl Fn(&T) -> K,
) -> Result<PageView<T>, ApiError> {
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            let before: K = self::key(list, cursor)?;
            let place = items.iter().position(|item| key(item) == before);
            place.ok_or(ApiError::new(Code::CursorExpired))? + 1
        }
    };
    let mut rest = items.into_iter().skip(start);
    let items: Vec<T> = rest.by_ref().take(limit).collect();
    let end = items.last().filter(|_| rest.next().is_some());
    let next_cursor = end.map(|end| self::cursor(list, &key(end)));
    Ok(PageView { items, next_cursor })
}

/// The page of at most `limit` of those of `items`, a list in memory called `list`, that are `wanted`
/// now: what was wanted when the page before was made need not be any more. `key` names an item's
/// place.
///
/// # Errors
/// As [`page_of`].
pub fn page_of_wanted<T, K: Serialize + DeserializeOwned + PartialEq>(
    list: &str,
    items: Vec<T>,
    (limit, cursor): (usize, Option<&str>),
    key: impl Fn(&T) -> K,
    wanted: impl Fn(&T) -> bool,
) -> Result<PageView<T>, ApiError> {
    let start = match cursor {
        None => 0,
        Some(cursor) => {
            let before: K = self::key(list, cursor)?;
            let place = items.iter().position(|item| key(item) == before);
            place.ok_or(ApiError::new(Code::CursorExpired))? + 1
        }
    };
    let wanted = items.into_iter().skip(start).filter(wanted).collect();
    page_of(list, wanted, limit, None, key)
}

/// The page of at most `limit` of `items`, a list in memory called `list` that stands in the order of
/// its `key`, after `cursor`. It stays right whatever is added or removed meanwhile.
///
/// # Errors
/// [`Code::InvalidCursor`] for a cursor of another list.
pub fn page_after<T, K: Serialize + DeserializeOwned + PartialEq + PartialOrd>(
    list: &str,
    mut items: Vec<T>,
    limit: usize,
    cursor: Option<&str>,
    key: impl Fn(&T) -> K,
) -> Result<PageView<T>, ApiError> {
    if let Some(cursor) = cursor {
        let before: K = self::key(list, cursor)?;
        items.retain(|item| key(item) > before);
    }
    page_of(list, items, limit, None, key)
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
    key_in("/query/cursor", list, cursor)
}

/// The key in a cursor that [`cursor`] made for the same list, and that came in the parameter at
/// `pointer`.
///
/// # Errors
/// [`Code::InvalidCursor`] for anything else.
pub fn key_in<K: DeserializeOwned>(
    pointer: &'static str,
    list: &str,
    cursor: &str,
) -> Result<K, ApiError> {
    #[derive(Deserialize)]
    struct Named<K>(String, K);
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Named<K>>(&bytes).ok())
        .filter(|Named(name, _)| name == list)
        .map(|Named(_, key)| key)
        .ok_or_else(|| ApiError::new(Code::InvalidCursor).with_field(pointer, FieldCode::WrongForm))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_into_pages() {
        let page = |cursor: Option<&str>| page_of("n", vec![1, 2, 3, 4, 5], 2, cursor, |n| *n);
        let first = page(None).unwrap();
        assert_eq!(first.items, [1, 2]);
        let second = page(first.next_cursor.as_deref()).unwrap();
        assert_eq!(second.items, [3, 4]);
        let third = page(second.next_cursor.as_deref()).unwrap();
        assert_eq!((third.items, third.next_cursor), (vec![5], None));
        assert_eq!(page(Some(&cursor("n", &9))).unwrap_err().code(), Code::CursorExpired);
    }

    #[test]
    fn a_page_goes_on_where_its_last_item_was() {
        let page = |items: &[i32], cursor: Option<&str>| {
            page_after("n", items.to_vec(), 2, cursor, |n| *n)
        };
        let first = page(&[1, 3, 5], None).unwrap();
        let second = page(&[1, 2, 4, 5], first.next_cursor.as_deref()).unwrap();
        assert_eq!((first.items, second.items), (vec![1, 3], vec![4, 5]));
        let even = |cursor: Option<&str>| {
            page_of_wanted("n", vec![1, 2, 3, 4, 5, 6], (1, cursor), |n| *n, |n| n % 2 == 0)
        };
        assert_eq!(even(None).unwrap().items, [2]);
        assert_eq!(even(Some(&cursor("n", &3))).unwrap().items, [4], "which is not wanted itself");
        assert_eq!(even(Some(&cursor("n", &9))).unwrap_err().code(), Code::CursorExpired);
    }

    #[test]
    fn a_cursor_fits_its_own_list_only() {
        let made = cursor("feedback", &(7, "x"));
        assert_eq!(key::<(i32, String)>("feedback", &made).unwrap(), (7, "x".to_owned()));
        assert!(key::<(i32, String)>("procedures", &made).is_err());
        assert!(key::<(i32, String)>("feedback", "%%%").is_err());
    }
}
