//! The order of the Vietnamese alphabet.

use icu_collator::{Collator, options::CollatorOptions};
use icu_locale_core::locale;

/// Sorts `items` by `name` as a Vietnamese dictionary does: Cẩm Giàng, Dân Tiến, Đại Từ.
pub fn sort_by_name<T>(items: &mut [T], name: impl Fn(&T) -> &str) {
    let collator = Collator::try_new(locale!("vi").into(), CollatorOptions::default());
    items.sort_by(|a, b| match &collator {
        Ok(collator) => collator.compare(name(a), name(b)),
        Err(_) => name(a).cmp(name(b)),
    });
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
