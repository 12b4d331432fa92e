//! Recognising what the law gives a way of its own, by its words.

use super::LegalTrack;
use crate::text;

/// What complaints (khiếu nại) and denunciations (tố cáo) say of themselves, in lower case with
/// marks. A denunciation comes first: it has to be protected more.
const MARKED: [(&str, LegalTrack); 2] =
    [("tố cáo", LegalTrack::Denunciation), ("khiếu nại", LegalTrack::Complaint)];
/// The same where people write without marks. `to cao` alone is a tall tree, too.
const UNMARKED: [(&str, LegalTrack); 5] = [
    ("don to cao", LegalTrack::Denunciation),
    ("toi to cao", LegalTrack::Denunciation),
    ("xin to cao", LegalTrack::Denunciation),
    ("muon to cao", LegalTrack::Denunciation),
    ("khieu nai", LegalTrack::Complaint),
];

/// The statutory way that `text` asks for by its own words.
#[must_use]
pub fn legal_track(text: &str) -> Option<LegalTrack> {
    let line = text::line(text).to_lowercase();
    let words: &[_] = if line.is_ascii() { &UNMARKED } else { &MARKED };
    let said = words.iter().find(|(words, _)| line.contains(words));
    said.map(|&(_, track)| track)
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
    #[case("cay to cao sap do", None)]
    #[case("Cây to, cao sắp đổ xuống đường", None)]
    #[case("Ổ gà trước số 7", None)]
    fn the_words_tell_the_way(#[case] text: &str, #[case] track: Option<LegalTrack>) {
        assert_eq!(legal_track(text), track);
    }
}
