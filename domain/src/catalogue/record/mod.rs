//! What the published text of a full record says, taken apart: for reading beside that text, never
//! instead of it.

mod charge;
mod form;
mod legal;
mod step;

pub use charge::{Charge, charges};
pub use form::{Form, forms};
pub use legal::{LegalKind, LegalText, legal_texts};
pub use step::{Step, steps};

/// `text` without white space and dashes, dots and the like at its ends.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '-' | '+' | '*' | '.' | ';' | ',' | ':')
    })
}

/// Whether `text` begins with `word`, in lower or upper case; gives what follows.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut letters = text.char_indices();
    let same = word.chars().all(|expected| {
        letters.next().is_some_and(|(_, c)| c == expected || c.to_lowercase().eq([expected]))
    });
    same.then(|| letters.next().map_or("", |(at, _)| text.split_at(at).1))
}
