//! The texts of law that a procedure rests on.
//!
//! The national portal prints them one after the other with nothing between: the name of each, which
//! may hold numbers of other texts, and then its own number, `Luật Căn cước26/2023/QH15Nghị định ..`.

use std::ops::Range;

use chrono::NaiveDate;

use super::{after, bare};

/// A text of law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegalText<'t> {
    /// What kind of text it is.
    pub kind: LegalKind,
    /// Its number as published, which is its name.
    pub number: Option<&'t str>,
    /// What it is about.
    pub title: Option<&'t str>,
    /// When it was issued, where its title says so.
    pub issued_on: Option<NaiveDate>,
    /// Who issued it, by the letters at the end of its number.
    pub agency: Option<&'static str>,
}

/// What kind of text of law (Law on the promulgation of legal documents).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegalKind {
    /// Luật, Bộ luật.
    Law,
    /// Pháp lệnh.
    Ordinance,
    /// Nghị quyết.
    Resolution,
    /// Nghị định.
    Decree,
    /// Quyết định.
    Decision,
    /// Thông tư.
    Circular,
    /// Thông tư liên tịch.
    JointCircular,
    /// Anything else.
    Other,
}

/// The letters that begin the last part of a number, and what they stand for.
const KINDS: [(&str, LegalKind); 12] = [
    ("NĐ-", LegalKind::Decree),
    ("NQ-", LegalKind::Resolution),
    ("NQLT-", LegalKind::Resolution),
    ("TTLT-", LegalKind::JointCircular),
    ("TT-", LegalKind::Circular),
    ("QĐ-", LegalKind::Decision),
    ("PL-", LegalKind::Ordinance),
    ("CT-", LegalKind::Other),
    ("HD-", LegalKind::Other),
    ("VBHN-", LegalKind::Other),
    ("UBTVQH", LegalKind::Ordinance),
    ("QH", LegalKind::Law),
];

/// Who issues texts, by the letters in their numbers.
const AGENCIES: [(&str, &str); 32] = [
    ("UBTVQH", "Ủy ban Thường vụ Quốc hội"),
    ("BNNPTNT", "Bộ Nông nghiệp và Phát triển nông thôn"),
    ("BLĐTBXH", "Bộ Lao động - Thương binh và Xã hội"),
    ("BVHTTDL", "Bộ Văn hóa, Thể thao và Du lịch"),
    ("VKSNDTC", "Viện kiểm sát nhân dân tối cao"),
    ("TANDTC", "Tòa án nhân dân tối cao"),
    ("BGTVT", "Bộ Giao thông vận tải"),
    ("BKHCN", "Bộ Khoa học và Công nghệ"),
    ("BKHĐT", "Bộ Kế hoạch và Đầu tư"),
    ("BNNMT", "Bộ Nông nghiệp và Môi trường"),
    ("BTNMT", "Bộ Tài nguyên và Môi trường"),
    ("BTTTT", "Bộ Thông tin và Truyền thông"),
    ("BDTTG", "Bộ Dân tộc và Tôn giáo"),
    ("BGDĐT", "Bộ Giáo dục và Đào tạo"),
    ("NHNN", "Ngân hàng Nhà nước Việt Nam"),
    ("BHXH", "Bảo hiểm xã hội Việt Nam"),
    ("HĐTP", "Hội đồng Thẩm phán Tòa án nhân dân tối cao"),
    ("UBDT", "Ủy ban Dân tộc"),
    ("TTCP", "Thanh tra Chính phủ"),
    ("VPCP", "Văn phòng Chính phủ"),
    ("BCA", "Bộ Công an"),
    ("BCT", "Bộ Công Thương"),
    ("BNG", "Bộ Ngoại giao"),
    ("BNV", "Bộ Nội vụ"),
    ("BQP", "Bộ Quốc phòng"),
    ("BTC", "Bộ Tài chính"),
    ("BTP", "Bộ Tư pháp"),
    ("BXD", "Bộ Xây dựng"),
    ("BYT", "Bộ Y tế"),
    ("TTg", "Thủ tướng Chính phủ"),
    ("CP", "Chính phủ"),
    ("QH", "Quốc hội"),
];

/// The texts that `published` lists, in its order.
#[must_use]
pub fn legal_texts(published: &str) -> Vec<LegalText<'_>> {
    let mut texts: Vec<LegalText<'_>> = Vec::new();
    let mut start = 0;
    for number in numbers(published) {
        if number.start < start || !ends_entry(published, start, &number) {
            continue;
        }
        let title = published.get(start..number.start).unwrap_or_default();
        start = number.end;
        let text = LegalText::new(title, published.get(number));
        // What the name ends with is sometimes printed again.
        let again = texts.last().is_some_and(|last| last.number == text.number);
        if !(again && text.title.is_none()) {
            texts.push(text);
        }
    }
    let rest = published.get(start..).unwrap_or_default();
    texts.extend(Some(LegalText::new(rest, None)).filter(|text| text.title.is_some()));
    texts
}

/// Whether the entry that begins at `start` ends with this `number`, rather than speaking of it.
fn ends_entry(published: &str, start: usize, number: &Range<usize>) -> bool {
    let name = published.get(start..number.start).unwrap_or_default();
    let rest = published.get(number.end..).unwrap_or_default();
    let glued_before =
        name.ends_with(|c: char| !c.is_whitespace() && !matches!(c, '(' | '“' | '"'));
    let goes_on = ["ngày", "của", "do", "và"].iter().any(|word| rest.starts_with(word));
    let glued_after = rest.starts_with(char::is_alphanumeric) && !goes_on;
    bare(name).is_empty() || glued_before || glued_after || bare(rest).is_empty()
}

impl<'t> LegalText<'t> {
    fn new(name: &'t str, number: Option<&'t str>) -> Self {
        let letters = number.and_then(|number| number.rsplit('/').next()).unwrap_or_default();
        let kind = KINDS.iter().find(|(begin, _)| letters.starts_with(begin));
        let title = bare(without_number(bare(name)));
        Self {
            kind: kind.map_or_else(|| kind_of_name(name), |&(_, kind)| kind),
            number,
            title: Some(title).filter(|title| !title.is_empty()),
            issued_on: issued_on(name, number),
            agency: agency(letters),
        }
    }
}

/// What kind of text `name` says it is.
fn kind_of_name(name: &str) -> LegalKind {
    let kinds = [
        ("luật", LegalKind::Law),
        ("bộ luật", LegalKind::Law),
        ("pháp lệnh", LegalKind::Ordinance),
        ("nghị quyết", LegalKind::Resolution),
        ("nghị định", LegalKind::Decree),
        ("quyết định", LegalKind::Decision),
        ("thông tư liên tịch", LegalKind::JointCircular),
        ("thông tư", LegalKind::Circular),
    ];
    let named = kinds.iter().find(|(word, _)| after(name.trim_start(), word).is_some());
    named.map_or(LegalKind::Other, |&(_, kind)| kind)
}

/// `name` without the kind of text that begins the number's own column: `Thông tư số`.
fn without_number(name: &str) -> &str {
    let short = name.trim_end_matches("số").trim_end();
    let kinds = ["Thông tư", "Nghị định", "Luật", "Nghị quyết", "Quyết định"];
    let glued = kinds.iter().find_map(|kind| short.strip_suffix(kind));
    glued.filter(|rest| !rest.is_empty() && !rest.ends_with(' ')).unwrap_or(short)
}

/// Who issued what has these letters in its number.
fn agency(letters: &str) -> Option<&'static str> {
    let mut parts = letters.split('-');
    let first = parts.next()?;
    // Of several the first is in charge.
    let signed = parts.next().unwrap_or(first);
    match first {
        "NĐ" => Some("Chính phủ"),
        _ => AGENCIES.iter().find(|(begin, _)| signed.starts_with(begin)).map(|&(_, name)| name),
    }
}

/// The day that `name` gives for the text of this `number`.
fn issued_on(name: &str, number: Option<&str>) -> Option<NaiveDate> {
    let rest = match numbers(name).next() {
        Some(first) if name.get(first.clone()) == number => name.get(first.end..)?,
        Some(_) => return None,
        None => name,
    };
    let day = rest.split_once("ngày ")?;
    // Before it stands no other text than this one.
    date(day.1.trim_start()).filter(|_| numbers(day.0).next().is_none())
}

/// The day at the beginning of `text`: `15/11/2015`, `3 tháng 12 năm 2020`.
fn date(text: &str) -> Option<NaiveDate> {
    let (day, rest) = figures(text, 2)?;
    let rest = rest.strip_prefix(['/', '-']).or_else(|| after(rest.trim_start(), "tháng "))?;
    let (month, rest) = figures(rest, 2)?;
    let rest = rest.strip_prefix(['/', '-']).or_else(|| after(rest.trim_start(), "năm "))?;
    let (year, _) = figures(rest, 4)?;
    let year = i32::try_from(year).ok().filter(|year| (1945..2100).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The number of at most so many figures at the beginning of `text`, and what follows.
fn figures(text: &str, most: usize) -> Option<(u32, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(count)?;
    Some((number.parse().ok()?, rest))
}

/// Where the numbers of texts stand in `text`: `118/2025/NĐ-CP`, `595/QĐ-BHXH`.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut end = 0;
    text.match_indices('/').filter_map(move |(at, _)| {
        let start = number_start(text.get(end..at)?) + end;
        let length = length(text.get(at + 1..)?).filter(|_| start < at)?;
        end = at + 1 + length;
        Some(start..end)
    })
}

/// Where the figures at the end of `before` start. A year that is glued to them is not theirs.
fn number_start(before: &str) -> usize {
    let figures = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let run = before.get(figures.len()..).unwrap_or_default();
    let dots = run.len() - run.trim_start_matches('.').len();
    let run = run.trim_start_matches('.');
    let year = run.len() > 4 && (run.starts_with("19") || run.starts_with("20"));
    figures.len() + dots + if year { 4 } else { 0 }
}

/// How long the rest of a number is that begins after the first stroke.
fn length(rest: &str) -> Option<usize> {
    let year = figures(rest, 4)
        .filter(|(year, rest)| (1900..2100).contains(year) && rest.starts_with('/'));
    let skipped = year.map_or(0, |_| "2025/".len());
    let letters = rest.get(skipped..)?;
    let &(begin, _) = KINDS.iter().find(|(begin, _)| letters.starts_with(begin))?;
    let tail = letters.get(begin.len()..)?;
    let tail = if begin.ends_with('-') { signature(tail)? } else { assembly(tail)? };
    Some(skipped + begin.len() + tail)
}

/// How long the number of an assembly is: one figure, or two from the tenth on.
fn assembly(tail: &str) -> Option<usize> {
    let most = if tail.starts_with('1') { 2 } else { 1 };
    figures(tail, most).map(|(_, rest)| tail.len() - rest.len())
}

/// How long the letters of those who sign are: `CP`, `BTP-BCA-BYT`, `QH15`.
fn signature(tail: &str) -> Option<usize> {
    let known = AGENCIES.iter().find(|(letters, _)| tail.starts_with(letters));
    let mut length = match known {
        Some((letters, _)) => letters.len(),
        None => capitals(tail),
    };
    if known.is_some_and(|(letters, _)| matches!(*letters, "QH" | "UBTVQH")) {
        length += tail.get(length..).and_then(assembly).unwrap_or(0);
    }
    let next = tail.get(length..).and_then(|rest| rest.strip_prefix('-'));
    let next = next.filter(|rest| AGENCIES.iter().any(|(letters, _)| rest.starts_with(letters)));
    let further = next.and_then(signature).map_or(0, |further| further + 1);
    (length > 0).then_some(length + further)
}

/// How many bytes of capitals `tail` begins with; the one that begins a word is not counted.
fn capitals(tail: &str) -> usize {
    let end = tail.find(|c: char| !(c.is_ascii_uppercase() || c == 'Đ')).unwrap_or(tail.len());
    let word = tail.get(end..).is_some_and(|rest| rest.starts_with(char::is_lowercase));
    let last = tail.get(..end).and_then(|run| run.chars().next_back()).map_or(0, char::len_utf8);
    if word { end - last } else { end }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn brief(published: &str) -> Vec<(&str, &str)> {
        let texts = legal_texts(published).into_iter();
        texts.map(|text| (text.number.unwrap_or("-"), text.title.unwrap_or("-"))).collect()
    }

    #[test]
    fn texts_that_are_glued_together_come_apart() {
        let published = "LUẬT Bảo hiểm xã hội58/2014/QH13Thông tư số 53/2025/TT-BCAngày 01/7/2025 của \
            Bộ Công an sửa đổi Thông tư số 55/2021/TT-BCA.53/2025/TT-BCANghị quyết số 66.7/2025/NQ-CP \
            của Chính phủ66.7/2025/NQ-CPLuật số 43/2024/QH15 ngày 29/6/202443/2024/QH15Luật 60/2014/QH13\
            60/2014/QH13Quy trình595/QĐ-BHXHThông tư liên tịch02/2016/TTLT-BTP-BCAThông tư số \
            85/2019/TT-BTCLuật Hóa chất";
        assert_eq!(
            brief(published),
            [
                ("58/2014/QH13", "LUẬT Bảo hiểm xã hội"),
                (
                    "53/2025/TT-BCA",
                    "Thông tư số 53/2025/TT-BCAngày 01/7/2025 của Bộ Công an sửa đổi Thông tư số \
                     55/2021/TT-BCA"
                ),
                ("66.7/2025/NQ-CP", "Nghị quyết số 66.7/2025/NQ-CP của Chính phủ"),
                ("43/2024/QH15", "Luật số 43/2024/QH15 ngày 29/6/2024"),
                ("60/2014/QH13", "Luật"),
                ("595/QĐ-BHXH", "Quy trình"),
                ("02/2016/TTLT-BTP-BCA", "Thông tư liên tịch"),
                ("85/2019/TT-BTC", "Thông tư"),
                ("-", "Luật Hóa chất"),
            ]
        );
    }

    #[test]
    fn a_text_is_dated_by_its_own_name_only() {
        let day = |published| legal_texts(published).first().and_then(|text| text.issued_on);
        let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
        let own = "Nghị định số 123/2015/NĐ-CP ngày 15/11/2015 của Chính phủ123/2015/NĐ-CP";
        assert_eq!(day(own), date(2015, 11, 15));
        let spoken = "Nghị định số 70/2024/NĐ-CP ngày 3 tháng 12 năm 2024 quy định70/2024/NĐ-CP";
        assert_eq!(day(spoken), date(2024, 12, 3));
        assert_eq!(day("Luật Đất đai ngày 18/01/2024;31/2024/QH15"), date(2024, 1, 18));
        let other = "Sửa đổi Thông tư số 02/2020/TT-BTP ngày 08/4/2020 của Bộ04/2024/TT-BTP";
        assert_eq!(day(other), None);
        assert_eq!(day("Luật ngày 31/2/2024 x1/2024/QH15"), None);
    }

    #[test]
    fn kinds_and_agencies_follow_from_numbers() {
        let said = |published| {
            let texts = legal_texts(published);
            texts.first().map(|text| (text.kind, text.agency))
        };
        let cases = [
            ("x118/2025/NĐ-C", LegalKind::Decree, Some("Chính phủ")),
            ("x190/2025/NQ-QH15", LegalKind::Resolution, Some("Quốc hội")),
            ("x24/2021/QĐ-TTg", LegalKind::Decision, Some("Thủ tướng Chính phủ")),
            ("x02/2016/TTLT-BTP-BCA", LegalKind::JointCircular, Some("Bộ Tư pháp")),
            ("Luật Hóa chất", LegalKind::Law, None),
            ("Một văn bản", LegalKind::Other, None),
        ];
        for (published, kind, agency) in cases {
            assert_eq!(said(published), Some((kind, agency)), "{published}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_apart(published in "(Luật |số |[0-9]{1,5}|/|2024/|NĐ-CP|QH15|TT-B|Đ|ngày |\\PC){0,20}") {
            let texts = legal_texts(&published);
            let held = |part: Option<&str>| part.is_none_or(|part| published.contains(part));
            prop_assert!(texts.iter().all(|text| held(text.number) && held(text.title)));
        }
    }
}
