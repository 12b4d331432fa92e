//! Texts of which many records say the same.

use std::{
    collections::HashSet,
    hash::{BuildHasher, Hash},
    ops::Deref,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

/// A text of which many records say the same, such as the name of an authority: those that
/// [`keep_once`] has met share its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Recurring(Arc<str>);

impl Recurring {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Recurring {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Recurring {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Recurring {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Recurring> for String {
    fn from(text: Recurring) -> Self {
        text.as_str().to_owned()
    }
}

/// Puts in the place of `value` the equal one that is among the `known`, so that what many say is
/// kept once; a new one is known from then on.
pub fn keep_once<T: Clone + Eq + Hash>(value: &mut T, known: &mut HashSet<T, impl BuildHasher>) {
    if let Some(same) = known.get(value) {
        value.clone_from(same);
    } else {
        known.insert(value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_shares_the_bytes_of_the_first() {
        let mut known = HashSet::new();
        let mut texts = ["Hộ tịch", "Đất đai", "Hộ tịch"].map(Recurring::from);
        for text in &mut texts {
            keep_once(text, &mut known);
        }
        let [first, other, again] = &texts;
        assert!(std::ptr::eq(first.as_str(), again.as_str()));
        assert_eq!((again.as_str(), other.as_str(), known.len()), ("Hộ tịch", "Đất đai", 2));
    }
}
