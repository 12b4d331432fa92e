//! Forms that papers are written on.

use super::{after, legal::numbers};

/// A form that a paper to hand in is written on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form<'t> {
    /// What it is called: `CT01`, `24/ĐK-TCT`.
    pub code: &'t str,
    /// The number of the text of law that it was issued with.
    pub issued_with: Option<&'t str>,
}

/// The word before the code of a form, and what may stand between them.
const FORM: &str = "mẫu ";
const BETWEEN: [&str; 5] = ["đơn ", "tờ khai ", "phiếu ", "số ", "số: "];

/// The forms that the name of a paper speaks of (`theo mẫu số 24/ĐK-TCT`), each once.
#[must_use]
pub fn forms(paper: &str) -> Vec<Form<'_>> {
    let mut forms: Vec<Form<'_>> = Vec::new();
    for (at, _) in paper.char_indices().filter(|(_, c)| matches!(c, 'M' | 'm')) {
        let Some(mut rest) = paper.get(at..).and_then(|rest| after(rest, FORM)) else { continue };
        for word in BETWEEN {
            rest = after(rest, word).unwrap_or(rest);
        }
        let of_code = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '.');
        let end = rest.find(|c| !of_code(c)).unwrap_or(rest.len());
        let code = rest.get(..end).unwrap_or_default().trim_end_matches(['.', '-', '/']);
        let named = code.chars().any(|c| c.is_ascii_digit())
            && code.chars().next().is_some_and(|c| c.is_ascii_digit() || c.is_uppercase());
        if named && code.len() <= LONGEST && forms.iter().all(|form| form.code != code) {
            forms.push(Form { code, issued_with: issued_with(rest) });
        }
    }
    forms
}

/// Bytes of a code, at most: what is longer is the name of a file.
const LONGEST: usize = 16;

/// The number of the text that is named next, before another form is.
fn issued_with(rest: &str) -> Option<&str> {
    let sentence = rest.split(['\n', ';']).next().unwrap_or_default();
    let own = sentence.split(" mẫu ").next().unwrap_or_default();
    [own, sentence].into_iter().find_map(|text| text.get(numbers(text).next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_found_with_the_texts_they_came_with() {
        let cases = [
            (
                "Phiếu (Mẫu DC02 ban hành kèm theo Thông tư số 17/2024/TT-BCA)Mẫu DC02 Phiếu.doc",
                vec![("DC02", Some("17/2024/TT-BCA"))],
            ),
            (
                "Thông báo mẫu số 24/ĐK-TCT ban hành kèm theo Thông tư số 105/2020/TT-BTC",
                vec![("24/ĐK-TCT", Some("105/2020/TT-BTC"))],
            ),
            (
                "Tờ khai (mẫu TK01 từ 14 tuổi; mẫu TK01a chưa đủ 14 tuổi)",
                vec![("TK01", None), ("TK01a", None)],
            ),
            ("Tờ khai đăng ký lại khai tử theo mẫu (nếu nộp trực tiếp)", vec![]),
            ("Mẫu hộ tịch điện tử tương tác", vec![]),
            ("Đơn theo Mẫu số", vec![]),
        ];
        for (paper, expected) in cases {
            let found = forms(paper);
            let found: Vec<_> = found.iter().map(|form| (form.code, form.issued_with)).collect();
            assert_eq!(found, expected, "{paper}");
        }
    }
}
