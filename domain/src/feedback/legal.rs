//! Recognising what the law gives a way of its own, by its words.

use super::LegalTrack;
use crate::text::{self, Phrase, Spoken};

/// What a denunciation says of itself.
const DENUNCIATION: &str = "tố cáo";
/// What it says where people leave marks out. `to cao` alone is a tall tree, too.
const DENOUNCING: [&str; 9] = [
    "đơn tố cáo",
    "xin tố cáo",
    "muốn tố cáo",
    "tôi tố cáo ông",
    "tôi tố cáo bà",
    "tôi tố cáo cán bộ",
    "tôi tố cáo chủ tịch",
    "tôi tố cáo trưởng",
    "tôi tố cáo việc",
];
/// What says so, too, unless it tells of a tree before somebody's house.
const DENOUNCING_MYSELF: &str = "tôi tố cáo";
const TALL: &str = "nhà tôi to cao";
/// What a complaint says of itself.
const COMPLAINT: &str = "khiếu nại";

/// The statutory way that `text` asks for by its own words. A denunciation comes first: it has to be
/// protected more.
#[must_use]
pub fn legal_track(text: &str) -> Option<LegalTrack> {
    let (line, said) = (text::line(text).to_lowercase(), Spoken::new(text));
    let says = |words: &&str| said.says(&Phrase::new(words));
    let count = |words: &str| said.count(&Phrase::new(words));
    let denounces = DENOUNCING.iter().any(says) || count(DENOUNCING_MYSELF) > count(TALL);
    if line.contains(DENUNCIATION) || denounces {
        Some(LegalTrack::Denunciation)
    } else if line.contains(COMPLAINT) || says(&COMPLAINT) {
        Some(LegalTrack::Complaint)
    } else {
        None
    }
}

impl LegalTrack {
    /// The category that says what its way is.
    #[must_use]
    pub const fn category(self) -> &'static str {
        match self {
            Self::Complaint => "legal.complaint",
            Self::Denunciation => "legal.denunciation",
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Đơn tố cáo ông trưởng thôn nhận tiền", Some(LegalTrack::Denunciation))]
    #[case("TÔI TỐ CÁO cán bộ", Some(LegalTrack::Denunciation))]
    #[case("To\u{302}\u{301} ca\u{301}o việc nhận tiền", Some(LegalTrack::Denunciation))]
    #[case("toi to cao can bo xa", Some(LegalTrack::Denunciation))]
    #[case("Tôi khiếu nại quyết định thu hồi đất", Some(LegalTrack::Complaint))]
    #[case("khieu nai quyet dinh xu phat", Some(LegalTrack::Complaint))]
    #[case("Đơn to cao ông trưởng thôn nhận tiền", Some(LegalTrack::Denunciation))]
    #[case("Tôi xin to cáo việc nhận tiền", Some(LegalTrack::Denunciation))]
    #[case("Tôi khieu nai quyết định thu hồi đất", Some(LegalTrack::Complaint))]
    #[case("cay to cao sap do", None)]
    #[case("Nha toi to cao ong A nhan tien", Some(LegalTrack::Denunciation))]
    #[case("Cay truoc nha toi to cao. Toi to cao xa", Some(LegalTrack::Denunciation))]
    #[case("Cây trước nhà tôi to cao sắp đổ", None)]
    #[case("cay truoc nha toi to cao sap do", None)]
    #[case("Cây to cao trước nhà tôi sắp đổ", None)]
    #[case("Nhà của tôi: to, cao, đẹp", None)]
    #[case("Cây to, cao sắp đổ xuống đường", None)]
    #[case("Ổ gà trước số 7", None)]
    fn the_words_tell_the_way(#[case] text: &str, #[case] track: Option<LegalTrack>) {
        assert_eq!(legal_track(text), track);
    }
}
