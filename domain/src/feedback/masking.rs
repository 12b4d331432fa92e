//! What tells who somebody is, covered in what strangers read.
//!
//! People write numbers into reports: their own, to be called, and those of others, to name them.
//! Reporter and officers read them; strangers do not, nor does the search find them.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

/// What stands in place of what is covered.
const COVER: &str = "[đã ẩn]";

/// What is covered, in this order. Digits are those of any script. Between the digits of a number
/// people write white space, dots, dashes, underscores and brackets; between whole groups of them what
/// they like. An underscore is no end of a word, and one of a number.
const RULES: [&str; 12] = [
    // An address of mail.
    r"[\p{L}\p{N}._%+\-]+\s?@\s?[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+",
    // The number of an identity card, in groups: 079 088 001 234.
    r"(?:\b|_)[0０]\d{2}(?:[\s._\-‑–—]{0,2}\d{3}){3}(?:\b|_)",
    // The same in groups of four: 0790 8800 1234.
    r"(?:\b|_)[0０]\d{3}(?:[\s._\-‑–—]{1,2}\d{4}){2}(?:\b|_)",
    // A phone as it is dialled abroad: +84 912 345 678, (84) 912345678.
    r"(?:\+[\s._\-‑–—(]{0,2}84|(?:\b|_)84)(?:[\s._\-‑–—()]{0,2}\d){8,11}(?:\b|_)",
    // A phone as it is dialled at home: 0912.345.678, (0208) 3855 123.
    r"(?:\b|_)[0０][\s._\-‑–—()]{0,2}[2-9２-９](?:[\s._\-‑–—()]{0,2}\d){7,9}(?:\b|_)",
    // The same in groups: 0912/345/678, 0208, 3855, 123.
    r"(?:\b|_)[0０]\d{2,3}[\s/,;|_]{1,3}\d{3,4}[\s/,;|_]{1,3}\d{3,4}(?:\b|_)",
    // A number without its first zero, or of an old identity card, in groups: 912 345 678.
    r"\b\d{3}[ \u{a0}]\d{3}[ \u{a0}](?:[1-9]\d{2}|0[1-9]\d|00[1-9])\b",
    // Any long number without a break: identity cards old and new, accounts, phones.
    r"\d{9,}",
    // The plate of a vehicle, as it is printed: 20A-123.45, 20-B1 234.56, 20 AB 123.45.
    r"\b\d{2}[ .\-]{0,2}[A-ZĐ]{1,2}\d?[ .\-]{0,3}\d{3}[. \-]?\d{1,2}\b",
    // The same as it is typed: 20a12345, 29h1-234.56.
    r"(?i)\b\d{2}-?[a-zđ]{1,2}\d?[.\-]?\d{3}\.?\d{1,2}\b",
    // The same with a space, of letters that are no unit: 20a 12345, 29h1 23456.
    r"(?i)\b\d{2}[abcdefnpstuvxyz]\d? \d{3}\.?\d{2}\b",
    r"(?i)\b\d{2}[ghkl]\d \d{3}\.?\d{2}\b",
];

/// The rules, compiled. A rule that cannot be is a defect that the tests find.
static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| RULES.iter().filter_map(|rule| Regex::new(rule).ok()).collect());
/// The same all at once: most texts hold nothing to cover.
static ANY: LazyLock<Option<RegexSet>> = LazyLock::new(|| RegexSet::new(RULES).ok());

/// `text` with numbers of phones, identity cards and vehicles and with addresses of mail covered.
#[must_use]
pub fn masked(text: &str) -> String {
    if ANY.as_ref().is_some_and(|any| !any.is_match(text)) {
        return text.to_owned();
    }
    PATTERNS
        .iter()
        .fold(text.to_owned(), |text, pattern| pattern.replace_all(&text, COVER).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[test]
    fn every_rule_is_one() {
        assert_eq!(PATTERNS.len(), RULES.len());
        assert!(ANY.is_some());
    }

    #[rstest]
    #[case("Gọi 0912345678 nhé", "Gọi [đã ẩn] nhé")]
    #[case("Gọi 0912.345.678.", "Gọi [đã ẩn].")]
    #[case("số 7 0912 345 678", "số 7 [đã ẩn]")]
    #[case("ĐT: (0208) 3855 123", "ĐT: ([đã ẩn]")]
    #[case("+84 912-345-678", "[đã ẩn]")]
    #[case("84912345678", "[đã ẩn]")]
    #[case("０９１２３４５６７８", "[đã ẩn]")]
    #[case("CCCD 019088001234 của An", "CCCD [đã ẩn] của An")]
    #[case("CCCD 019 088 001 234", "CCCD [đã ẩn]")]
    #[case("CMND 090123456", "CMND [đã ẩn]")]
    #[case("CCCD 0190 8800 1234", "CCCD [đã ẩn]")]
    #[case("CMND 123 456 789", "CMND [đã ẩn]")]
    #[case("gọi 912 345 678", "gọi [đã ẩn]")]
    #[case("0912/345/678", "[đã ẩn]")]
    #[case("0912_345_678", "[đã ẩn]")]
    #[case("0912, 345, 678", "[đã ẩn]")]
    #[case("0912–345–678", "[đã ẩn]")]
    #[case("số 0912\n345 678", "số [đã ẩn]")]
    #[case("xe 20a 12345", "xe [đã ẩn]")]
    #[case("29h1 23456 vượt đèn đỏ", "[đã ẩn] vượt đèn đỏ")]
    #[case("xe 20A-123.45 đỗ", "xe [đã ẩn] đỗ")]
    #[case("xe 20-B1 234.56", "xe [đã ẩn]")]
    #[case("xe 29H112345.", "xe [đã ẩn].")]
    #[case("xe 20AB-123.45", "xe [đã ẩn]")]
    #[case("xe 20a12345", "xe [đã ẩn]")]
    #[case("xe 98C 1234", "xe [đã ẩn]")]
    #[case("thư an.nguyen@example.com.vn", "thư [đã ẩn]")]
    fn what_names_somebody_is_covered(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(masked(text), shown);
    }

    #[rstest]
    #[case("Ổ gà trước số 7, ngõ 12, tổ 3")]
    #[case("Quốc lộ 37, km 12+500")]
    #[case("Ngày 23/11/2026 lúc 10:30")]
    #[case("Từ 05/11/2026, 10 giờ, đến 07/11/2026")]
    #[case("Đất thửa 12, tờ 034, 250 m2, giá 1.234.567.000 đồng")]
    #[case("Mua 20 kg 150 nghìn, 10 m 2000")]
    #[case("20kg 5000, 12h 15000, 50m2 10000, 30m 25000")]
    #[case("Thu 150 000 000 đồng")]
    #[case("Thu 1.500.000 đồng mỗi cháu")]
    #[case("Mẫu CT07, Luật 91/2025/QH15")]
    #[case("Tổng đài 1022, 19001234")]
    #[case("Phản ánh PA-261123-7K3M9Q")]
    #[case("Cột điện 477E6.2, 22kV")]
    fn what_names_nobody_stays(#[case] text: &str) {
        assert_eq!(masked(text), text);
    }

    proptest! {
        /// However a number is broken up, nobody reads it.
        #[test]
        fn no_phone_gets_through(
            number in "0[35789][0-9]{8}",
            breaks in proptest::collection::vec(proptest::sample::select(vec!["", " ", ".", "-", "  ", "_", "–", "\n"]), 10),
            before in "[a-ză ,:]{0,9}",
        ) {
            let written: String =
                number.chars().zip(&breaks).flat_map(|(digit, gap)| format!("{digit}{gap}").chars().collect::<Vec<_>>()).collect();
            let shown = masked(&format!("{before} {} nhé", written.trim()));
            let digits = shown.chars().filter(char::is_ascii_digit).count();
            prop_assert!(digits < 4, "{}", shown);
        }

        #[test]
        fn whatever_is_written_can_be_covered(text in any::<String>()) {
            let _ = masked(&text);
        }
    }
}
