//! Which places take a procedure in.

use FacilityKind::{
    Court, Fire, Notary, OneStop, PeopleCommittee, Police, Post, ProvinceOneStop, SocialInsurance,
    Tax,
};

use super::{
    Facility, FacilityKind,
    executor::{Counter, Executor},
};
use crate::{
    catalogue::{Level, Procedure},
    text,
};

/// The ministries that have counters of their own in the province, by their folded names.
const WITH_COUNTERS: [(&str, FacilityKind); 2] =
    [("bo cong an", Police), ("bao hiem xa hoi viet nam", SocialInsurance)];

/// The kinds of places that take `procedure` in at `level`: the own counters of the agencies that the
/// record names for that level, else the one-stop centres, and where a commune has none, its people's
/// committee. Ministries that are named beside those take nothing in there; where the record names
/// nobody else, the ministry that it is of says whose counters they are. What is carried out outside
/// of the province, or by whom nobody knows, is taken in at none of them.
#[must_use]
pub fn receivers(procedure: &Procedure, level: Level) -> Vec<FacilityKind> {
    if matches!(level, Level::Ministry | Level::Other) {
        return Vec::new();
    }
    let named = procedure.executing_agencies().into_iter().map(Executor::read);
    let named: Vec<_> = named.filter(|named| named.level != Some(Level::Ministry)).collect();
    let at = |wanted: Option<Level>| named.iter().filter(move |named| named.level == wanted);
    let counters: Vec<Counter> = match (at(Some(level)).count(), at(None).count()) {
        (0, 0) if named.is_empty() => vec![own_counter(procedure)],
        (0, 0) => named.iter().map(|named| named.counter).collect(),
        (0, _) => at(None).map(|named| named.counter).collect(),
        _ => at(Some(level)).map(|named| named.counter).collect(),
    };
    let mut kinds = Vec::new();
    for kind in counters.iter().flat_map(|counter| kinds_of(*counter, level)) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// Where the ministry that a procedure is of takes it in.
fn own_counter(procedure: &Procedure) -> Counter {
    let ministry = text::fold(procedure.issuing_agency.as_deref().unwrap_or_default());
    let own = WITH_COUNTERS.iter().find(|(name, _)| ministry == *name);
    own.map_or(Counter::OneStop, |&(_, kind)| Counter::Own(kind))
}

fn kinds_of(counter: Counter, level: Level) -> Vec<FacilityKind> {
    match counter {
        Counter::Own(kind) => vec![kind],
        Counter::Elsewhere => Vec::new(),
        Counter::OneStop if level == Level::Province => vec![ProvinceOneStop],
        Counter::OneStop => vec![OneStop, PeopleCommittee],
    }
}

/// Whether places of these kinds take in what people from anywhere in the province file (Decree
/// 118/2025/NĐ-CP: at one-stop centres, regardless of administrative boundaries).
#[must_use]
pub fn regardless_of_boundaries(receivers: &[FacilityKind]) -> bool {
    receivers.iter().any(|kind| matches!(kind, OneStop | ProvinceOneStop))
}

/// Whether `facility` takes in what is filed at `level`: of offices that there are at every level, such as
/// those of the police, only those of the province where it is the province's.
#[must_use]
pub fn answers_at(facility: &Facility, level: Level) -> bool {
    let at_every_level = matches!(facility.kind, Police | Tax | SocialInsurance);
    let is_provincial =
        || text::syllables(&facility.name).iter().any(|syllable| syllable.folded() == "tinh");
    level != Level::Province || !at_every_level || is_provincial()
}

impl FacilityKind {
    /// Whether it is an office, as opposed to a place for the sick and the like.
    #[must_use]
    pub const fn is_office(self) -> bool {
        matches!(
            self,
            OneStop
                | ProvinceOneStop
                | PeopleCommittee
                | Police
                | Fire
                | Post
                | Court
                | Tax
                | SocialInsurance
                | Notary
        )
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn procedure(executing: &str, issuing: Option<&str>) -> Procedure {
        Procedure {
            code: "1.001193".parse().unwrap(),
            code_raw: None,
            name: String::new(),
            name_raw: String::new(),
            field: None,
            issuing_agency: issuing.map(Into::into),
            issuing_agency_raw: None,
            executing_agency: Some(executing.into()),
            levels: vec![Level::Commune],
            levels_raw: None,
            procedure_type: None,
            targets: Vec::new(),
            targets_raw: None,
            decision_no: None,
            source_url: None,
            data_as_of: NaiveDate::default(),
            details: None,
        }
    }

    #[test]
    fn at_the_province_the_police_of_a_commune_takes_nothing_in() {
        let place = |kind: &str, name: &str| -> Facility {
            let place =
                json!({ "id": "a", "kind": kind, "name": name, "source": "s", "licence": "l" });
            serde_json::from_value(place).unwrap()
        };
        let station = place("police", "Công an xã Định Hóa");
        let headquarters = place("police", "Công an tỉnh Thái Nguyên");
        assert!(!answers_at(&station, Level::Province) && answers_at(&station, Level::Commune));
        assert!(answers_at(&headquarters, Level::Province));
        assert!(answers_at(&place("province_one_stop", "Trung tâm"), Level::Province));
    }

    #[test]
    fn who_carries_it_out_is_told_each_once() {
        let of = |said| procedure(said, None);
        let said = "Cục Thuế - Bộ Tài chính; Thuế tỉnh, thành phố ;;Cục Thuế - Bộ Tài chính";
        assert_eq!(
            of(said).executing_agencies(),
            ["Cục Thuế - Bộ Tài chính", "Thuế tỉnh, thành phố"]
        );
        assert_eq!(of(" ; ").executing_agencies(), [""; 0]);
    }

    #[test]
    fn where_nobody_is_named_the_ministry_says_whose_counters_they_are() {
        let of = |executing, issuing| receivers(&procedure(executing, issuing), Level::Commune);
        assert_eq!(of("", Some("Bộ Công an")), [Police]);
        assert_eq!(of("Bộ Công an", Some("Bộ Công an")), [Police]);
        assert_eq!(of("", Some("Bảo hiểm xã hội Việt Nam")), [SocialInsurance]);
        assert_eq!(of("Bộ Công an", Some("Bộ Tư pháp")), [OneStop, PeopleCommittee]);
    }

    #[rstest]
    #[case("Ủy ban nhân dân cấp xã", Level::Commune, &[OneStop, PeopleCommittee])]
    #[case("", Level::Commune, &[OneStop, PeopleCommittee])]
    #[case("Sở Tư pháp", Level::Province, &[ProvinceOneStop])]
    #[case("Công an cấp Xã", Level::Commune, &[Police])]
    #[case("Thuế tỉnh, thành phố; Thuế cơ sở", Level::Commune, &[Tax])]
    #[case("BẢO HIỂM XÃ HỘI cơ sở", Level::Commune, &[SocialInsurance])]
    #[case("Chi cục Hải quan khu vực", Level::Commune, &[])]
    #[case("Bộ Tài chính", Level::Ministry, &[])]
    #[case("Công an", Level::Other, &[])]
    #[case("Bộ Công an; Bộ Quốc phòng; Ủy ban nhân dân cấp xã", Level::Commune, &[OneStop, PeopleCommittee])]
    #[case("Bộ Công an; Bộ Quốc phòng; Ủy ban nhân dân cấp tỉnh", Level::Province, &[ProvinceOneStop])]
    #[case("Công an cấp Xã; Ủy ban nhân dân cấp xã", Level::Commune, &[Police, OneStop, PeopleCommittee])]
    #[case("Công an cấp Tỉnh; Công an huyện", Level::Province, &[Police])]
    #[case("Bộ Công an; Bảo hiểm xã hội tỉnh", Level::Province, &[SocialInsurance])]
    #[case("Công an cấp Xã", Level::Province, &[Police])]
    #[case("Ủy ban nhân dân cấp Tỉnh; Cơ quan cho thuê đất", Level::Province, &[ProvinceOneStop])]
    fn whoever_carries_it_out_takes_it_in(
        #[case] executing: &str,
        #[case] level: Level,
        #[case] expected: &[FacilityKind],
    ) {
        let procedure = procedure(executing, None);
        assert_eq!(receivers(&procedure, level), expected);
        let one_stop = expected.iter().any(|kind| matches!(kind, OneStop | ProvinceOneStop));
        assert_eq!(regardless_of_boundaries(expected), one_stop);
    }
}
