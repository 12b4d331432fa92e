//! Recognising words of somebody who should call for help instead of reporting.

use std::sync::LazyLock;

use crate::{
    emergency::Kind,
    text::{Phrase, Spoken},
};

/// What people say of danger to life, with or without marks, and what help it takes.
const WORDS: [(Kind, &[&str]); 5] = [
    (
        Kind::Fire,
        &[
            "bốc cháy",
            "cháy nhà",
            "cháy rừng",
            "cháy chợ",
            "cháy xưởng",
            "cháy lớn",
            "đám cháy",
            "hỏa hoạn",
            "nhà đang cháy",
            "nhà tôi đang cháy",
            "rừng đang cháy",
            "chợ đang cháy",
            "nổ bình ga",
        ],
    ),
    (
        Kind::Rescue,
        &[
            "đuối nước",
            "người chết đuối",
            "sập nhà",
            "mắc kẹt",
            "vùi lấp",
            "lũ cuốn",
            "nước cuốn",
            "kêu cứu",
        ],
    ),
    (
        Kind::Medical,
        &[
            "bất tỉnh",
            "ngất xỉu",
            "nguy kịch",
            "ngộ độc",
            "điện giật",
            "chảy nhiều máu",
            "chảy máu nhiều",
            "bị thương nặng",
            "ngừng thở",
            "không thở được",
            "đột quỵ",
            "cần cấp cứu",
            "cấp cứu gấp",
        ],
    ),
    (
        Kind::Police,
        &["cướp giật", "đâm chém", "đánh nhau", "giết người", "dọa giết", "bắt cóc", "nổ súng"],
    ),
    (Kind::Child, &["xâm hại trẻ em", "bạo hành trẻ em"]),
];
/// What without any mark means something harmless, too: a car that is running, a fish that died below.
const MARKED: [(Kind, &str); 3] =
    [(Kind::Fire, "đang cháy"), (Kind::Fire, "cháy xe"), (Kind::Rescue, "chết đuối")];

/// The same, ready to be looked for.
static PHRASES: LazyLock<Vec<(Kind, Phrase)>> = LazyLock::new(|| {
    let each = WORDS.iter().flat_map(|(kind, words)| words.iter().map(|words| (*kind, *words)));
    each.map(|(kind, words)| (kind, Phrase::new(words))).collect()
});
static MARKED_PHRASES: LazyLock<Vec<(Kind, Phrase)>> =
    LazyLock::new(|| MARKED.map(|(kind, words)| (kind, Phrase::new(words))).into());

/// The help that `text` seems to need at once.
#[must_use]
pub fn danger(text: &str) -> Option<Kind> {
    let said = Spoken::new(text);
    let plain = PHRASES.iter().filter(|(_, phrase)| said.says(phrase));
    let marked = MARKED_PHRASES.iter().filter(|(_, phrase)| said.says_marked(phrase));
    plain.chain(marked).map(|(kind, _)| *kind).next()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Nhà bên cạnh ĐANG CHÁY, mau lên", Some(Kind::Fire))]
    #[case("chay rung o doi sau", Some(Kind::Fire))]
    #[case("chay rung… cuu voi", Some(Kind::Fire))]
    #[case("Cháy lớn ở chợ", Some(Kind::Fire))]
    #[case("Hoả hoạn tại khu công nghiệp", Some(Kind::Fire))]
    #[case("nhà tôi dang chay", Some(Kind::Fire))]
    #[case("co nguoi bi dien giat", Some(Kind::Medical))]
    #[case("tai nạn ở ngã tư, cần cấp cứu", Some(Kind::Medical))]
    #[case("co nguoi chet duoi o ho", Some(Kind::Rescue))]
    #[case("trẻ chết đuối", Some(Kind::Rescue))]
    #[case("Thanh niên đánh nhau trước chợ", Some(Kind::Police))]
    #[case("xe dang chay qua nhanh", None)]
    #[case("xe tai chay nhanh qua truong hoc", None)]
    #[case("chay xe lang lach", None)]
    #[case("sap nhan bang ma chua co", None)]
    #[case("ca chet duoi song", None)]
    #[case("Cá chết dưới sông", None)]
    #[case("Đèn đường trước số 7 không sáng", None)]
    fn words_of_danger_are_heard(#[case] text: &str, #[case] kind: Option<Kind>) {
        assert_eq!(danger(text), kind);
    }
}
