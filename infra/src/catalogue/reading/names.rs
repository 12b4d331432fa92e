//! Names as people write them.

/// `name` without stray punctuation at its ends, and not in capitals only.
pub(super) fn cleaned(name: &str) -> String {
    let name = trimmed(name);
    if shouts(name) { lowered(name) } else { name.to_owned() }
}

/// Whether `name` has stray punctuation at an end.
pub(super) fn is_frayed(name: &str) -> bool {
    trimmed(name) != name
}

/// The name that the agency called `name` has today: without the former one in brackets, and with
/// the capital that follows `Bộ`.
pub(super) fn of_today(name: &str) -> String {
    let today = match name.rsplit_once(" (") {
        Some((today, former)) if former.ends_with("cũ)") => today,
        _ => name,
    };
    let Some(rest) = today.strip_prefix("Bộ ") else { return today.to_owned() };
    let mut letters = rest.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    format!("Bộ {}", first.chain(letters).collect::<String>())
}

fn trimmed(name: &str) -> &str {
    name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | ';' | ','))
}

/// Whether `name` begins with three words in capitals: a headline, not abbreviations.
pub(super) fn shouts(name: &str) -> bool {
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
    #[case("Bộ xây dựng (Giao thông vận tải cũ)", "Bộ Xây dựng")]
    #[case("Bộ Tư pháp", "Bộ Tư pháp")]
    #[case("Sở Y tế (Bắc Kạn)", "Sở Y tế (Bắc Kạn)")]
    #[case("", "")]
    fn agencies_have_one_name(#[case] published: &str, #[case] name: &str) {
        assert_eq!(of_today(published), name);
    }

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
