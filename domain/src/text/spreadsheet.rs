//! Text that goes into a spreadsheet.

use std::borrow::Cow;

/// `text` as a cell that no spreadsheet takes for a formula: one that begins with `=`, `+`, `-`,
/// `@`, a tab or a carriage return, after any white space, gets an apostrophe in front (OWASP, CSV
/// injection).
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    let starts_formula =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r');
    let first = text.chars().find(|&c| starts_formula(c) || !c.is_whitespace());
    if first.is_some_and(starts_formula) { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_be_a_formula_is_defused_and_the_rest_left_alone() {
        for formula in ["=1+1", "+84912345678", "-2", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1"] {
            assert_eq!(cell(formula), format!("'{formula}"));
        }
        for harmless in ["", "Đèn hỏng", "a=b", "0912", "'=1", " a"] {
            assert_eq!(cell(harmless), harmless);
        }
    }

    proptest! {
        #[test]
        fn no_cell_begins_a_formula(text in any::<String>()) {
            let cell = cell(&text).into_owned();
            prop_assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']));
            prop_assert!(cell.ends_with(&text));
        }
    }
}
