//! Names as people write them.

/// `name` without stray punctuation at its ends, and not in capitals only.
pub(super) fn cleaned(name: &str) -> String {
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | ';' | ','));
    if shouts(name) { lowered(name) } else { name.to_owned() }
}

/// Whether `name` begins with three words in capitals: a headline, not abbreviations.
fn shouts(name: &str) -> bool {
    let mut words = name.split(' ').take(3);
    words.all(|word| word.chars().count() > 1 && word.chars().all(char::is_uppercase))
}

/// `name` in lower case but for its first letter.
fn lowered(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().chain(letters.flat_map(char::to_lowercase)).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Tách thửa hoặc hợp thửa đất.", "Tách thửa hoặc hợp thửa đất")]
    #[case(". Đăng ký thuế :", "Đăng ký thuế")]
    #[case("THỦ TỤC QUỸ TỰ GIẢI THỂ (Cấp xã)", "Thủ tục quỹ tự giải thể (cấp xã)")]
    #[case("Đăng ký BHXH, BHYT, BNN", "Đăng ký BHXH, BHYT, BNN")]
    #[case("", "")]
    fn names_lose_what_is_not_theirs(#[case] published: &str, #[case] name: &str) {
        assert_eq!(cleaned(published), name);
    }
}
