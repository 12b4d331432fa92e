use std::sync::LazyLock;

use chrono::NaiveDate;
use domain::catalogue::Level;
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::catalogue::wording::shipped_wording;

static INDEX: LazyLock<SearchIndex> = LazyLock::new(|| {
    let procedures = [
        procedure("1.001193", "Thủ tục đăng ký khai sinh"),
        procedure("1.004884", "Thủ tục đăng ký lại khai sinh"),
        procedure("1.000894", "Thủ tục đăng ký kết hôn"),
        procedure("1.014064", "Cấp lại thẻ căn cước"),
        procedure("1.014063", "Cấp đổi thẻ căn cước"),
        procedure("2.000554", "Thủ tục ghi vào Sổ hộ tịch việc ly hôn ở nước ngoài"),
        procedure("2.002018", "Cấp lại Giấy chứng nhận đăng ký doanh nghiệp"),
    ];
    let entries = [
        entry(Kind::Commune, "02143", &["Xã Văn Lang"], "Huyện Na Rì"),
        entry(Kind::Commune, "05665", &["Xã Văn Lăng"], "Huyện Đồng Hỷ"),
        entry(
            Kind::Commune,
            "05443",
            &["Phường Phan Đình Phùng", "Phường Tân Thịnh"],
            "Thành phố Thái Nguyên, cũ",
        ),
        entry(Kind::Commune, "05563", &["Xã Phượng Tiến", "Xã Tân Thịnh"], "Huyện Định Hóa, cũ"),
        entry(Kind::Hotline, "114", &["Cảnh sát phòng cháy, chữa cháy"], "số điện thoại"),
        entry(Kind::Agency, "police", &["Công an tỉnh Thái Nguyên"], ""),
    ];
    let wording = shipped_wording();
    let most_asked: Vec<_> = procedures.iter().take(3).map(|each| each.code.clone()).collect();
    let corpus = Corpus {
        procedures: &procedures,
        entries: &entries,
        most_asked: &most_asked,
        wording: &wording,
    };
    SearchIndex::build(&corpus).unwrap()
});

fn procedure(code: &str, name: &str) -> Procedure {
    Procedure {
        code: code.parse().unwrap(),
        code_raw: None,
        name: name.to_owned(),
        name_raw: name.to_owned(),
        field: Some("Hộ tịch".into()),
        issuing_agency: Some("Bộ Tư pháp".into()),
        issuing_agency_raw: None,
        executing_agency: None,
        levels: vec![Level::Commune],
        levels_raw: None,
        procedure_type: None,
        targets: vec![],
        targets_raw: None,
        decision_no: None,
        source_url: None,
        data_as_of: NaiveDate::MIN,
        details: None,
    }
}

fn entry(kind: Kind, code: &str, names: &[&str], around: &str) -> Entry {
    let name = |text: &&str| EntryName { text: (*text).to_owned(), around: around.to_owned() };
    Entry {
        kind,
        code: code.to_owned(),
        title: names[0].to_owned(),
        snippet: around.to_owned(),
        names: names.iter().map(name).collect(),
    }
}

fn first(query: &str) -> (Behaviour, Option<String>) {
    let answer = INDEX.search(query, Kinds::ALL, 5);
    (answer.behaviour, answer.hits.first().map(|hit| hit.code.to_string()))
}

#[rstest]
#[case("dang ky khai sinh", "1.001193")]
#[case("ĐĂNG KÝ LẠI KHAI SINH", "1.004884")]
#[case("đa\u{306}ng ky\u{301} kết hôn", "1.000894")]
#[case("mất cccd", "1.014064")]
#[case("đổi cccd hết hạn", "1.014063")]
#[case("thủ tục 1.001193.000.00.00.H55", "1.001193")]
#[case("xã văn lang", "02143")]
#[case("xã văn lăng", "05665")]
#[case("xa van lang huyen dong hy", "05665")]
#[case("phuong tan thinh", "05443")]
#[case("xã tân thịnh cũ", "05563")]
#[case("cháy nhà gọi số nào", "114")]
#[case("114", "114")]
#[case("05443", "05443")]
#[case("ghi chú ly hôn ở nước ngoài", "2.000554")]
fn queries_are_answered(#[case] query: &str, #[case] code: &str) {
    assert_eq!(first(query), (Behaviour::Answer, Some(code.to_owned())), "{query}");
}

#[rstest]
#[case("ddangw kys keets hoon", "đăng ký kết hôn", "1.000894")]
#[case("d9a8ng ky1 khai sinh", "đăng ký khai sinh", "1.001193")]
#[case("dangkykhaisinh", "dang ky khai sinh", "1.001193")]
#[case("đăng ký kêst hôn", "đăng ký ket hôn", "1.000894")]
#[case("CAP LAI THE CAN CUCO", "cap lai the can cuoc", "1.014064")]
fn mistakes_of_typing_are_put_right_and_told(
    #[case] query: &str,
    #[case] meant: &str,
    #[case] code: &str,
) {
    let answer = INDEX.search(query, Kinds::ALL, 5);
    assert_eq!(answer.did_you_mean.first().map(String::as_str), Some(meant));
    assert_eq!(first(query), (Behaviour::Answer, Some(code.to_owned())), "{query}");
}

#[test]
fn what_is_typed_well_is_not_called_a_mistake() {
    for query in ["dang ky ket hon", "đăng ký khai sinh", "cấp lại thẻ căn cước", "dkkh"]
    {
        let answer = INDEX.search(query, Kinds::ALL, 5);
        let title = |text: &String| answer.hits.iter().any(|hit| *hit.title == **text);
        assert!(answer.did_you_mean.iter().all(title), "{query}: {:?}", answer.did_you_mean);
    }
}

#[test]
fn homonyms_are_asked_back() {
    let answer = INDEX.search("xa van lang", Kinds::ALL, 5);
    assert_eq!(answer.behaviour, Behaviour::Clarify);
    assert_eq!(answer.did_you_mean[..2], ["Xã Văn Lang", "Xã Văn Lăng"]);
    assert_eq!(first("tân thịnh").0, Behaviour::Clarify);
}

#[test]
fn what_others_do_is_said() {
    let answer = INDEX.search("ly hon thuan tinh", Kinds::ALL, 5);
    assert_eq!((answer.behaviour, answer.hits), (Behaviour::None, vec![]));
    assert!(answer.advice.unwrap().place.contains("Tòa án"));
}

#[rstest]
#[case("")]
#[case(" \t\n")]
#[case("\0")]
#[case("😀 🚑 😀")]
#[case("giá vàng hôm nay")]
#[case("làm thế nào ở đâu cho em hỏi")]
#[case("+ - && || ! ( ) { } [ ] ^ \" ~ * ? : \\ / AND OR NOT words:x")]
#[case("9.999999")]
fn nothing_is_found_for_nothing(#[case] query: &str) {
    let answer = INDEX.search(query, Kinds::ALL, 5);
    assert_eq!((answer.behaviour, answer.hits), (Behaviour::None, vec![]), "{query:?}");
}

#[test]
fn only_the_beginning_of_a_query_is_read() {
    let long = format!("đăng ký kết hôn {}", "x".repeat(1_000_000));
    assert_eq!(first(&long).1.as_deref(), Some("1.000894"));
    assert_eq!(&*INDEX.suggest(&"khai sinh ".repeat(100_000), 1)[0].code, "1.001193");
}

#[test]
fn only_the_kinds_asked_for_are_found() {
    let communes: Kinds = [Kind::Commune].into_iter().collect();
    let answer = INDEX.search("đăng ký kết hôn xã văn lang", communes, 5);
    assert!(answer.hits.iter().all(|hit| hit.kind == Kind::Commune));
    assert_eq!(INDEX.search("1.001193", communes, 5).hits, []);
    assert_eq!(INDEX.search("cháy nhà", communes, 5).behaviour, Behaviour::None);
}

#[test]
fn suggestions_go_on_from_what_was_typed() {
    let codes = |prefix: &str| {
        let suggestions = INDEX.suggest(prefix, 3).into_iter();
        suggestions.map(|suggestion| suggestion.code.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(codes("kết h"), ["1.000894"]);
    assert_eq!(codes("DANG KY K"), ["1.000894", "1.001193"]);
    assert_eq!(codes("tân thịn"), ["05563", "05443"], "former names lead to the one of today");
    assert_eq!(codes("1.0148"), Vec::<String>::new());
    assert_eq!(codes("1.00119"), ["1.001193"]);
    assert_eq!(codes("dkkh")[0], "1.000894");
    assert_eq!(codes(" "), Vec::<String>::new());
}

proptest! {
    #[test]
    fn any_text_is_answered(query in any::<String>(), limit in 0_usize..1000) {
        let answer = INDEX.search(&query, Kinds::ALL, limit);
        prop_assert!(answer.hits.len() <= limit.min(LIMIT));
        prop_assert!(answer.hits.iter().all(|hit| hit.score.is_finite() && hit.score > 0.0));
        prop_assert!(answer.hits.is_sorted_by(|left, right| left.score >= right.score));
        prop_assert!(INDEX.suggest(&query, limit).len() <= limit.min(LIMIT));
    }
}
