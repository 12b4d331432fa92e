//! Lists in pages.

/// One page of a list, and where the next one starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, K> {
    /// The rows of this page, at most as many as were asked for.
    pub items: Vec<T>,
    /// The key of the last row where more rows follow.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// Cuts a page of `limit` rows from `items`, which was read one row longer to see whether
    /// more follow. `key` names a row's place in the order.
    #[must_use]
    pub fn cut(mut items: Vec<T>, limit: usize, key: impl FnOnce(&T) -> K) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(key) } else { None };
        Self { items, next }
    }
}
