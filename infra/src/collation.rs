//! The order of the Vietnamese alphabet.

use std::cmp::Ordering;

use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use icu_locale_core::locale;

/// Sorts `items` by `name` as a Vietnamese dictionary does: Cẩm Giàng, Dân Tiến, Đại Từ.
pub fn sort_by_name<T>(items: &mut [T], name: impl Fn(&T) -> &str) {
    let collator = collator();
    // A key for each once: comparing long names again and again takes ten times as long.
    items.sort_by_cached_key(|item| {
        let mut key = Vec::new();
        match &collator {
            Some(collator) => {
                let Ok(()) = collator.write_sort_key_to(name(item), &mut key);
            }
            None => key.extend_from_slice(name(item).as_bytes()),
        }
        key
    });
}

/// Which of two names comes first in a Vietnamese dictionary.
#[must_use]
pub fn compare(left: &str, right: &str) -> Ordering {
    collator().map_or_else(|| left.cmp(right), |collator| collator.compare(left, right))
}

fn collator() -> Option<CollatorBorrowed<'static>> {
    Collator::try_new(locale!("vi").into(), CollatorOptions::default()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_as_in_a_dictionary() {
        let sorted = [
            "An Khánh",
            "Ba Bể",
            "Cao Minh",
            "Cẩm Giàng",
            "Dân Tiến",
            "Đại Từ",
            "Vạn Xuân",
            "Văn Hán",
            "Văn Lang",
            "Văn Lăng",
        ];
        let mut names = sorted;
        names.sort_unstable();
        assert_ne!(names, sorted);
        sort_by_name(&mut names, |name| name);
        assert_eq!(names, sorted);
    }
}
