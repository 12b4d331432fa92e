//! Recognising words of somebody who should call for help instead of reporting.

use crate::{emergency::Kind, text};

/// What people say of danger to life, in lower case with marks, and what help it takes.
const WORDS: [(&str, Kind); 26] = [
    ("đang cháy", Kind::Fire),
    ("bốc cháy", Kind::Fire),
    ("cháy nhà", Kind::Fire),
    ("cháy rừng", Kind::Fire),
    ("hỏa hoạn", Kind::Fire),
    ("đuối nước", Kind::Rescue),
    ("sập nhà", Kind::Rescue),
    ("mắc kẹt", Kind::Rescue),
    ("vùi lấp", Kind::Rescue),
    ("lũ cuốn", Kind::Rescue),
    ("bất tỉnh", Kind::Medical),
    ("ngất xỉu", Kind::Medical),
    ("nguy kịch", Kind::Medical),
    ("ngộ độc", Kind::Medical),
    ("điện giật", Kind::Medical),
    ("chảy nhiều máu", Kind::Medical),
    ("chảy máu nhiều", Kind::Medical),
    ("đột quỵ", Kind::Medical),
    ("cướp giật", Kind::Police),
    ("đâm chém", Kind::Police),
    ("đánh nhau", Kind::Police),
    ("giết người", Kind::Police),
    ("bắt cóc", Kind::Police),
    ("nổ súng", Kind::Police),
    ("xâm hại trẻ em", Kind::Child),
    ("bạo hành trẻ em", Kind::Child),
];
/// What means something harmless, too, where it is written without marks: a car that is running.
const AMBIGUOUS: [&str; 1] = ["đang cháy"];

/// The help that `text` seems to need at once.
#[must_use]
pub fn danger(text: &str) -> Option<Kind> {
    let line = text::line(text).to_lowercase();
    let unmarked = line.is_ascii();
    let said = |words: &str| {
        if unmarked {
            !AMBIGUOUS.contains(&words) && line.contains(&text::fold(words))
        } else {
            line.contains(words)
        }
    };
    WORDS.iter().find(|(words, _)| said(words)).map(|&(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Nhà bên cạnh ĐANG CHÁY, mau lên", Some(Kind::Fire))]
    #[case("chay rung o doi sau", Some(Kind::Fire))]
    #[case("co nguoi bi dien giat", Some(Kind::Medical))]
    #[case("Thanh niên đánh nhau trước chợ", Some(Kind::Police))]
    #[case("xe dang chay qua nhanh", None)]
    #[case("Đèn đường trước số 7 không sáng", None)]
    fn words_of_danger_are_heard(#[case] text: &str, #[case] kind: Option<Kind>) {
        assert_eq!(danger(text), kind);
    }
}
