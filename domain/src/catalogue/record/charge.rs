//! What is to be paid, and when.

use super::{after, bare};

/// An amount that a published fee names, with what it says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge<'t> {
    /// A whole number, as text.
    pub amount: String,
    /// ISO 4217.
    pub currency: &'static str,
    /// For what it is due once: a page, a copy, a case.
    pub per: Option<&'t str>,
    /// The sentence in which the amount stands: when it is due, and for whom.
    pub condition: Option<&'t str>,
}

/// What amounts of money are called, the longest first.
const CALLED: [(&str, &str); 6] = [
    ("việt nam đồng", "VND"),
    ("đồng", "VND"),
    ("vnđ", "VND"),
    ("vnd", "VND"),
    ("usd", "USD"),
    ("đ", "VND"),
];

/// The amounts in `text`, in their order: `135.000 đồng/lần; 400.000đ/trường hợp`.
#[must_use]
pub fn charges(text: &str) -> Vec<Charge<'_>> {
    let mut charges = Vec::new();
    for sentence in sentences(text) {
        let mut rest = sentence;
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            let (_, from) = rest.split_at(start);
            let of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
            let (number, unit) = from.split_at(from.find(|c| !of_number(c)).unwrap_or(from.len()));
            rest = unit;
            let unit = unit.trim_start();
            let called = CALLED.iter().find_map(|(name, currency)| {
                let beyond = after(unit, name)?;
                (!beyond.starts_with(char::is_alphanumeric)).then_some((*currency, beyond))
            });
            let Some((currency, beyond)) = called else { continue };
            let Some(amount) = whole(number) else { continue };
            let (per, condition) = (per(beyond), said(sentence, beyond));
            charges.push(Charge { amount, currency, per, condition });
        }
    }
    charges
}

/// The sentences and clauses of `text`. A dot or a dash within a number or a word ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut starts = vec![0];
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '.' | ';' | '-' | '+' | '\n')) {
        let (before, rest) = text.split_at(at);
        let rest = rest.get(c.len_utf8()..).unwrap_or_default();
        let ends = match c {
            '.' | ';' => rest.starts_with(' '),
            '-' | '+' => rest.starts_with(' ') && before.ends_with([' ', '(']),
            _ => true,
        };
        if ends {
            starts.push(at + c.len_utf8());
        }
    }
    let ends = starts.clone().into_iter().skip(1).chain([text.len()]);
    let sentences = starts.into_iter().zip(ends).filter_map(|(from, to)| text.get(from..to));
    sentences.map(|sentence| bare(closed(bare(sentence))))
}

/// `sentence` without the brackets at its end that were opened before it.
fn closed(mut sentence: &str) -> &str {
    let count = |text: &str, bracket: char| text.matches(bracket).count();
    while let Some(shorter) = sentence.strip_suffix(')')
        && count(sentence, '(') < count(sentence, ')')
    {
        sentence = bare(shorter);
    }
    sentence
}

/// The digits of a whole number, with or without separators between thousands.
fn whole(number: &str) -> Option<String> {
    let mut groups = number.trim_end_matches(['.', ',']).split(['.', ',']);
    let first = groups.next()?;
    let sound = groups.all(|group| group.len() == 3) && (1..=12).contains(&first.len());
    sound.then(|| number.chars().filter(char::is_ascii_digit).collect())
}

/// What stands after the amount behind a stroke: `trang` in `/trang, tối đa`, `(/bản)`.
fn per(beyond: &str) -> Option<&str> {
    let named = beyond.trim_start_matches([' ', '(']).strip_prefix('/')?;
    let end = named.find(|c: char| !c.is_alphanumeric() && c != ' ').unwrap_or(named.len());
    Some(named.get(..end)?.trim()).filter(|per| !per.is_empty())
}

/// The sentence, where it says more than the amount.
fn said<'t>(sentence: &'t str, beyond: &str) -> Option<&'t str> {
    let before = sentence.len() - beyond.len();
    let words = |text: &str| text.chars().any(char::is_alphabetic);
    let amount_alone = sentence.get(..before).is_none_or(|text| {
        let text =
            text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '));
        CALLED.iter().any(|(name, _)| after(text, name) == Some(""))
    });
    let more = beyond.trim_start_matches([' ', '(']).strip_prefix('/').map_or(beyond, |named| {
        named.trim_start_matches(|c: char| c.is_alphanumeric() || c == ' ')
    });
    (!amount_alone || words(more)).then_some(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_amount_keeps_its_condition() {
        let text = "70,000 Việt Nam Đồng(- Cấp lại theo khoản 2 Điều 24: 70.000 đồng/thẻ căn cước. \
            Từ 01/7/2025: 35.000 Đồng; trẻ em 10 USD(/bản))";
        let found = charges(text);
        let brief = found.iter().map(|each| (each.amount.as_str(), each.currency, each.per));
        let brief: Vec<_> = brief.collect();
        assert_eq!(
            brief,
            [
                ("70000", "VND", None),
                ("70000", "VND", Some("thẻ căn cước")),
                ("35000", "VND", None),
                ("10", "USD", Some("bản")),
            ]
        );
        let conditions: Vec<_> = found.iter().map(|each| each.condition).collect();
        assert_eq!(conditions[1], Some("Cấp lại theo khoản 2 Điều 24: 70.000 đồng/thẻ căn cước"));
        assert_eq!(conditions[2], Some("Từ 01/7/2025: 35.000 Đồng"));
    }

    #[test]
    fn an_amount_alone_has_no_condition() {
        for text in ["50,000 Việt Nam Đồng", "2.000 đồng/trang", "10 USD(/bản)"] {
            assert_eq!(charges(text).first().map(|each| each.condition), Some(None), "{text}");
        }
        assert_eq!(charges("Thông tư 48/2022/TT-BTC, điều 3, 1.5 đồng"), []);
    }
}
