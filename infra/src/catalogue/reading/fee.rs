//! Fees as the national portal prints them.

use domain::{
    catalogue::{
        Fee, FeeKind, Money,
        record::{Charge, charges},
    },
    text,
};

use super::known;

/// What the portal calls free, often followed by the true fee in parentheses.
const FREE: &str = "Miễn phí";

/// The fee that `published` states: `Miễn phí`, `Miễn phí(conditions)`, `50,000 Việt Nam Đồng`,
/// `10 USD(/bản)`. Amounts in the `note` beside it are conditions of it, too.
pub(super) fn fee(published: Option<&str>, note: Option<&str>) -> Fee {
    let noted = note.map(text::line).map(|note| mentioned(&note)).unwrap_or_default();
    let Some(raw) = published.map(text::line).and_then(known) else {
        return Fee { kind: FeeKind::Unknown, amounts: Vec::new(), mentioned: noted, raw: None };
    };
    let (statement, remark) = raw.split_once('(').unwrap_or((&raw, ""));
    let amounts: Vec<_> = money(statement).into_iter().collect();
    let kind = match (amounts.is_empty(), remark) {
        (true, "") if statement.trim() == FREE && noted.is_empty() => FeeKind::Free,
        (true, _) if statement.trim() != FREE => FeeKind::Unknown,
        // The price of one page or one contract: nothing else to know.
        (false, remark) if noted.is_empty() && (remark.is_empty() || remark.starts_with('/')) => {
            FeeKind::Stated
        }
        _ => FeeKind::Conditional,
    };
    let mut mentioned = mentioned(remark);
    mentioned.extend(noted);
    Fee { kind, amounts, mentioned, raw: Some(raw) }
}

/// The amounts that `remark` mentions: `135.000 đồng/lần`, `400.000đ/trường hợp`.
fn mentioned(remark: &str) -> Vec<Money> {
    let money =
        |charge: Charge<'_>| Money { amount: charge.amount, currency: charge.currency.to_owned() };
    charges(remark).into_iter().map(money).collect()
}

/// The amount in a statement such as `4,500,000 Việt Nam Đồng`.
fn money(statement: &str) -> Option<Money> {
    let (number, unit) = statement.trim().split_once(' ')?;
    let currency = match unit {
        "Việt Nam Đồng" | "VNĐ" | "VND" => "VND",
        "USD" => "USD",
        _ => return None,
    };
    let amount: String = number.chars().filter(|&c| c != ',').collect();
    let sound = !amount.is_empty() && amount.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| Money { amount, currency: currency.to_owned() })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Miễn phí(Lệ phí cấp giấy phép lái xe: 135.000 đồng/lần.)", "135000 VND")]
    #[case(
        "70,000 Việt Nam Đồng(Đổi 50.000đ; từ ngày 01/7/2025: 20,000Đồng)",
        "50000 VND, 20000 VND"
    )]
    #[case("160,000 Việt Nam Đồng(cấp lại 320.000 VNĐ, 10 USD/bản)", "320000 VND, 10 USD")]
    #[case("Miễn phí(Thông tư số 48/2022/TT-BTC, điều 3 đoạn 2, 1.5 đồng)", "")]
    #[case("Miễn phí", "")]
    fn amounts_within_conditions_are_found(#[case] published: &str, #[case] amounts: &str) {
        let found = fee(Some(published), None).mentioned;
        let found = found.iter().map(|money| format!("{} {}", money.amount, money.currency));
        assert_eq!(found.collect::<Vec<_>>().join(", "), amounts);
    }

    #[test]
    fn amounts_in_the_note_are_conditions() {
        let copies = fee(
            Some("2,000 Việt Nam Đồng(/trang)"),
            Some("Từ trang thứ 3 trở lên thu 1.000 đồng/trang, tối đa 200.000 đồng/bản"),
        );
        assert_eq!((copies.kind, copies.mentioned.len()), (FeeKind::Conditional, 2));
        let free = fee(Some("Miễn phí"), Some("Phí thẩm định: 100.000 đồng/hồ sơ"));
        assert_eq!((free.kind, free.mentioned.len()), (FeeKind::Conditional, 1));
        let waived = fee(Some("Miễn phí"), Some("Nộp qua bưu điện"));
        assert_eq!(waived.kind, FeeKind::Free);
    }

    #[rstest]
    #[case(None, FeeKind::Unknown, "")]
    #[case(Some("Không có thông tin"), FeeKind::Unknown, "")]
    #[case(Some("Miễn phí"), FeeKind::Free, "")]
    #[case(Some("Miễn phí(Mức lệ phí cụ thể do tỉnh quyết định)"), FeeKind::Conditional, "")]
    #[case(Some("50,000 Việt Nam Đồng(/văn bản)"), FeeKind::Stated, "50000 VND")]
    #[case(Some("4,500,000 Việt Nam Đồng(Lệ phí)"), FeeKind::Conditional, "4500000 VND")]
    #[case(Some("10 USD"), FeeKind::Stated, "10 USD")]
    #[case(Some("theo quy định"), FeeKind::Unknown, "")]
    fn fees_are_read_as_far_as_they_go(
        #[case] published: Option<&str>,
        #[case] kind: FeeKind,
        #[case] amount: &str,
    ) {
        let fee = fee(published, None);
        assert_eq!(fee.kind, kind);
        let amounts: Vec<_> = fee
            .amounts
            .iter()
            .map(|money| format!("{} {}", money.amount, money.currency))
            .collect();
        assert_eq!(amounts.join(", "), amount);
    }
}
