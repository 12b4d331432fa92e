//! What is paid for a dossier, and the papers that came of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A fee of a dossier. Money is whole đồng: offices take no other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fee {
    /// What it is for.
    pub name: String,
    /// How much, in đồng.
    pub amount: u64,
    /// Whether it was paid; absent where the source does not say.
    pub paid: Option<bool>,
}

/// A paper that came of a dossier: a certificate, a licence, a refusal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResultPaper {
    /// What it is. Never whose.
    pub name: String,
    /// Its number.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_at: Option<DateTime<Utc>>,
}

/// A fee, as a source tells it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct DraftFee {
    /// What it is for.
    pub name: Option<String>,
    /// How much: a whole number of đồng, perhaps with dots between thousands.
    pub amount: Option<String>,
    /// Whether it was paid.
    pub paid: Option<bool>,
}

/// A paper that came of a dossier, as a source tells it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct DraftResult {
    /// What it is.
    pub name: Option<String>,
    /// Its number.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_at: Option<String>,
}

/// The most that anything costs, in đồng.
const DEAREST: u64 = 1_000_000_000_000;

/// The đồng in `text`: `50000`, `50.000`, `50 000 đ`.
pub(super) fn dong(text: &str) -> Option<u64> {
    let text = text.trim().trim_end_matches(['đ', 'Đ', '₫']).trim_end_matches("VND").trim_end();
    let grouped = text.split(['.', ' ']).skip(1).all(|group| group.len() == 3);
    let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    let whole = grouped && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|&amount| whole && amount <= DEAREST)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0", Some(0))]
    #[case("50000", Some(50_000))]
    #[case("1.250.000 đ", Some(1_250_000))]
    #[case("50 000 VND", Some(50_000))]
    #[case("50.00", None)]
    #[case("50,5", None)]
    #[case("-1", None)]
    #[case("", None)]
    #[case("9999999999999", None)]
    fn money_is_read_as_it_is_written_here(#[case] text: &str, #[case] amount: Option<u64>) {
        assert_eq!(dong(text), amount);
    }
}
