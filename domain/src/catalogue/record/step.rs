//! Steps, where they are numbered.

use super::{after, bare};

/// A step of a procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'t> {
    /// Its number as published.
    pub number: u32,
    /// What happens.
    pub text: &'t str,
}

/// The word with which a step begins.
const STEP: &str = "bước ";

/// The steps that `published` numbers (`Bước 1: ..`), in their order; none where it numbers none.
/// Where the numbers begin again, so does another way of doing it, and all of them are given.
#[must_use]
pub fn steps(published: &str) -> Vec<Step<'_>> {
    let mut starts: Vec<(usize, u32, usize)> = Vec::new();
    for (at, _) in published.char_indices().filter(|(_, c)| matches!(c, 'B' | 'b')) {
        let (before, rest) = published.split_at(at);
        let fresh = before.trim_end_matches([' ', '-', '+', '*', '\t']).chars().next_back();
        let begins =
            fresh.is_none_or(|c| matches!(c, '\n' | '.' | ';' | ':')) || rest.starts_with('B');
        let Some(numbered) = after(rest, STEP).filter(|_| begins) else { continue };
        let digits: String = numbered.chars().take_while(char::is_ascii_digit).collect();
        let text = numbered.get(digits.len()..).unwrap_or_default();
        // "Bước 1 và Bước 2", "theo Bước 3," speak of steps.
        let named = text.trim_start().starts_with([':', '.', '-', ')']) || text.starts_with('\n');
        if let Some(number) = digits.parse().ok().filter(|_| named) {
            starts.push((at, number, published.len() - text.len()));
        }
    }
    let ends = starts.iter().skip(1).map(|&(at, ..)| at).chain([published.len()]);
    let text = |from, to| bare(published.get(from..to).unwrap_or_default());
    let steps = starts.iter().zip(ends);
    let steps = steps.map(|(&(_, number, from), to)| Step { number, text: text(from, to) });
    steps.filter(|step| !step.text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_steps_are_found() {
        let published = "Trình tự\n- Bước 1: Nộp hồ sơ.\n+ Nếu thiếu thì quay lại Bước 1 như trên;\n\
            - Bước 2. Nhận kết quả";
        let found: Vec<_> = steps(published).iter().map(|step| (step.number, step.text)).collect();
        let first = "Nộp hồ sơ.\n+ Nếu thiếu thì quay lại Bước 1 như trên";
        assert_eq!(found, [(1, first), (2, "Nhận kết quả")]);
    }

    #[test]
    fn what_is_not_numbered_stays_as_it_is() {
        assert_eq!(steps("Nộp hồ sơ, theo Bước 3, rồi chờ"), []);
        assert_eq!(steps(""), []);
        assert_eq!(steps("Bước 99999999999: x"), []);
    }
}
