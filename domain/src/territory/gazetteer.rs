//! Which commune somebody means by a name.

use std::collections::HashMap;

use super::{Commune, CommuneCode, LegacyCommune, place_name::PlaceName};
use crate::text;

/// The province, as addresses name it.
pub const PROVINCE_NAME: &str = "Tỉnh Thái Nguyên";

/// Words before the name of a district or province, folded.
const DISTRICT_TYPES: [&str; 8] =
    ["thanh pho ", "thi xa ", "huyen ", "tinh ", "tp. ", "tp ", "tx ", "h. "];

/// A commune somebody may have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The commune of today.
    pub code: CommuneCode,
    /// The former commune of that name; absent where the name is the one of today.
    pub former: Option<Former>,
}

/// A commune of the time before July 2025.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// Its name with its type.
    pub name: String,
    /// Its district.
    pub district: String,
    /// Its province.
    pub province: String,
    /// Whether its land went to more than one commune.
    pub divided: bool,
    /// Whether this candidate is the target to assume where nothing more is known.
    pub default_target: bool,
}

/// All names of communes, of today and of the time before July 2025.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    entries: HashMap<String, Vec<Entry>>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: PlaceName,
    kind: Option<&'static str>,
    /// The districts and provinces that may stand behind the name, folded.
    places: Vec<String>,
    candidate: Candidate,
}

impl Gazetteer {
    /// The names of `communes` and of what stood before them.
    #[must_use]
    pub fn new(communes: &[Commune], legacy: &[LegacyCommune]) -> Self {
        let mut entries: HashMap<String, Vec<Entry>> = HashMap::new();
        let all = communes.iter().map(Entry::current).chain(legacy.iter().map(Entry::former));
        for entry in all {
            entries.entry(entry.name.folded()).or_default().push(entry);
        }
        for named in entries.values_mut() {
            named.sort_by_key(|entry| match &entry.candidate.former {
                None => 0,
                Some(former) if former.default_target => 1,
                Some(_) => 2,
            });
        }
        Self { entries }
    }

    /// The communes that `typed` may mean, likeliest first; none where no commune is called so.
    ///
    /// Old and new names count, with or without type and marks. What was typed narrows the choice
    /// as far as it leaves one: marks first, then the type, then a district behind a comma or in
    /// brackets.
    #[must_use]
    pub fn resolve(&self, typed: &str) -> Vec<Candidate> {
        let mut parts = typed.split([',', '(', ')']);
        let name = parts.next().unwrap_or_default();
        let places: Vec<String> = parts.map(text::fold).filter(|place| !place.is_empty()).collect();
        [PlaceName::bare(name), PlaceName::with_type(name)]
            .iter()
            .find_map(|name| self.entries.get(&name.folded()).map(|named| (name, named)))
            .map(|(name, named)| distinct(&choose(named.iter().collect(), name, &places)))
            .unwrap_or_default()
    }
}

impl Entry {
    fn current(commune: &Commune) -> Self {
        let provinces = [commune.old_province.as_str(), PROVINCE_NAME];
        Self {
            name: PlaceName::bare(&commune.name),
            kind: PlaceName::with_type(&commune.full_name).kind,
            places: commune
                .old_districts
                .iter()
                .map(String::as_str)
                .chain(provinces)
                .map(text::fold)
                .collect(),
            candidate: Candidate { code: commune.code, former: None },
        }
    }

    fn former(commune: &LegacyCommune) -> Self {
        let name = PlaceName::with_type(&commune.old_name);
        let former = Former {
            name: commune.old_name.clone(),
            district: commune.old_district.clone(),
            province: commune.old_province.clone(),
            divided: commune.divided,
            default_target: commune.default_target,
        };
        Self {
            kind: name.kind,
            name,
            places: [&commune.old_district, &commune.old_province, PROVINCE_NAME]
                .map(text::fold)
                .to_vec(),
            candidate: Candidate { code: commune.new_code, former: Some(former) },
        }
    }

    /// Whether `place`, typed behind the name, may be where this commune lies.
    fn lies_in(&self, place: &str) -> bool {
        self.places.iter().any(|known| known == place || without_type(known) == without_type(place))
    }
}

/// What remains of `named` when everything that was typed is taken into account.
fn choose<'a>(mut named: Vec<&'a Entry>, name: &PlaceName, places: &[String]) -> Vec<&'a Entry> {
    narrow(&mut named, |entry| name.agrees_with(&entry.name));
    narrow(&mut named, |entry| name.is_marked_like(&entry.name));
    narrow(&mut named, |entry| name.kind.is_some() && name.kind == entry.kind);
    for place in places {
        narrow(&mut named, |entry| entry.lies_in(place));
        narrow(&mut named, |entry| entry.places.contains(place));
    }
    named
}

/// Keeps what `fits`, or everything where nothing does.
fn narrow<'a>(named: &mut Vec<&'a Entry>, fits: impl Fn(&Entry) -> bool) {
    let kept: Vec<&'a Entry> = named.iter().copied().filter(|entry| fits(entry)).collect();
    if !kept.is_empty() {
        *named = kept;
    }
}

/// Every commune once, by its likeliest entry.
fn distinct(named: &[&Entry]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::with_capacity(named.len());
    for entry in named {
        if candidates.iter().all(|known| known.code != entry.candidate.code) {
            candidates.push(entry.candidate.clone());
        }
    }
    candidates
}

fn without_type(place: &str) -> &str {
    DISTRICT_TYPES.iter().find_map(|kind| place.strip_prefix(kind)).unwrap_or(place)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::territory::{Bounds, CommuneType, Position};

    fn commune(code: &str, full_name: &str, district: &str) -> Commune {
        let (kind, name) = full_name.split_once(' ').unwrap();
        let here = Position::new(21.5, 105.8).unwrap();
        Commune {
            code: code.parse().unwrap(),
            name: name.to_owned(),
            full_name: full_name.to_owned(),
            kind: if kind == "Xã" { CommuneType::Rural } else { CommuneType::Ward },
            old_province: "Tỉnh Thái Nguyên".to_owned(),
            old_districts: vec![district.to_owned()],
            merged_from: vec![],
            centroid: here,
            inside: here,
            area_km2: 1.0,
            bounds: Bounds { west: 105.8, south: 21.5, east: 105.8, north: 21.5 },
        }
    }

    fn legacy(name: &str, district: &str, new_code: &str, default_target: bool) -> LegacyCommune {
        LegacyCommune {
            old_code: "05461".to_owned(),
            old_name: name.to_owned(),
            old_district: district.to_owned(),
            old_province: "Tỉnh Thái Nguyên".to_owned(),
            new_code: new_code.parse().unwrap(),
            divided: name == "Phường Cam Giá",
            default_target,
        }
    }

    fn gazetteer() -> Gazetteer {
        Gazetteer::new(
            &[
                commune("02143", "Xã Văn Lang", "Huyện Na Rì"),
                commune("05665", "Xã Văn Lăng", "Huyện Đồng Hỷ"),
                commune("05443", "Phường Phan Đình Phùng", "Thành phố Thái Nguyên"),
                commune("05569", "Xã Định Hoá", "Huyện Định Hóa"),
                commune("05746", "Xã Phương Giao", "Huyện Võ Nhai"),
                commune("05923", "Xã Tân Thành", "Huyện Phú Bình"),
            ],
            &[
                legacy("Phường Túc Duyên", "Thành phố Thái Nguyên", "05443", true),
                legacy("Phường Phan Đình Phùng", "Thành phố Thái Nguyên", "05443", true),
                legacy("Phường Cam Giá", "Thành phố Thái Nguyên", "05500", false),
                legacy("Phường Cam Giá", "Thành phố Thái Nguyên", "05467", true),
                legacy("Phường Trung Thành", "Thành phố Thái Nguyên", "05500", true),
                legacy("Phường Trung Thành", "Thành phố Phổ Yên", "05899", true),
                legacy("Phường Tân Thành", "Thành phố Thái Nguyên", "05500", true),
            ],
        )
    }

    #[rstest]
    #[case::as_written("Văn Lang", &["02143"])]
    #[case::the_other_mark("xã Văn Lăng", &["05665"])]
    #[case::no_marks_ask_back("xa van lang", &["02143", "05665"])]
    #[case::one_mark_decides("van lăng", &["05665"])]
    #[case::district_decides("van lang, na ri", &["02143"])]
    #[case::province_of_today_decides_nothing("van lang, thai nguyen", &["02143", "05665"])]
    #[case::old_name("phường Túc Duyên", &["05443"])]
    #[case::old_name_folded("P.TUC DUYEN", &["05443"])]
    #[case::old_and_new_name_once("Phan Đình Phùng", &["05443"])]
    #[case::tone_placed_the_old_way("Định Hóa", &["05569"])]
    #[case::decomposed("Đi\u{323}nh Ho\u{301}a", &["05569"])]
    #[case::divided_default_first("cam gia", &["05467", "05500"])]
    #[case::homonyms("Trung Thành", &["05500", "05899"])]
    #[case::homonym_with_district("Phường Trung Thành (thành phố Phổ Yên)", &["05899"])]
    #[case::homonym_with_city("Trung Thành, TP Phổ Yên, tỉnh Thái Nguyên", &["05899"])]
    #[case::type_decides("phường Tân Thành", &["05500"])]
    #[case::name_of_today_first("tân thành", &["05923", "05500"])]
    #[case::name_that_begins_like_a_type("phuong giao", &["05746"])]
    #[case::unknown("Hà Nội", &[])]
    #[case::nothing("", &[])]
    #[case::type_alone("phường ", &[])]
    fn names_resolve(#[case] typed: &str, #[case] expected: &[&str]) {
        let found = gazetteer().resolve(typed);
        let codes: Vec<&str> = found.iter().map(|candidate| candidate.code.as_str()).collect();
        assert_eq!(codes, expected);
    }
}
