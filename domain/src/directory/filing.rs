//! Which places take a procedure in.

use FacilityKind::{
    Court, Fire, Notary, OneStop, PeopleCommittee, Police, Post, ProvinceOneStop, SocialInsurance,
    Tax,
};

use super::FacilityKind;
use crate::{
    catalogue::{Level, Procedure},
    text,
};

/// Services that take in what is theirs at their own counters, by a part of their folded names.
const OWN_COUNTERS: [(&str, FacilityKind); 3] =
    [("cong an", Police), ("bao hiem xa hoi", SocialInsurance), ("thue ", Tax)];

/// The kinds of places that take `procedure` in at `level`: a service that carries it out at its own
/// counters, else the one-stop centres, and where a commune has none, its people's committee. What
/// is carried out outside of the province, or by whom nobody knows, is taken in at none of them.
#[must_use]
pub fn receivers(procedure: &Procedure, level: Level) -> &'static [FacilityKind] {
    let executing = procedure.executing_agency.as_deref().unwrap_or_default();
    let executing = format!("{} ", text::fold(executing));
    let own = OWN_COUNTERS.iter().find(|(part, _)| executing.contains(part));
    match (level, own) {
        (Level::Ministry | Level::Other, _) => &[],
        (_, Some((_, Police))) => &[Police],
        (_, Some((_, SocialInsurance))) => &[SocialInsurance],
        (_, Some(_)) => &[Tax],
        (_, None) if executing.contains("hai quan") || executing.contains("ngan hang") => &[],
        (Level::Province, None) => &[ProvinceOneStop],
        (Level::Commune, None) => &[OneStop, PeopleCommittee],
    }
}

/// Whether places of these kinds take in what people from anywhere in the province file (Decree
/// 118/2025/NĐ-CP: at one-stop centres, regardless of administrative boundaries).
#[must_use]
pub fn regardless_of_boundaries(receivers: &[FacilityKind]) -> bool {
    receivers.iter().any(|kind| matches!(kind, OneStop | ProvinceOneStop))
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

    use super::*;

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
    fn whoever_carries_it_out_takes_it_in(
        #[case] executing: &str,
        #[case] level: Level,
        #[case] expected: &[FacilityKind],
    ) {
        let procedure = Procedure {
            code: "1.001193".parse().unwrap(),
            name: String::new(),
            name_raw: String::new(),
            field: None,
            issuing_agency: None,
            issuing_agency_raw: None,
            executing_agency: Some(executing.to_owned()),
            levels: vec![level],
            levels_raw: None,
            procedure_type: None,
            targets: Vec::new(),
            targets_raw: None,
            decision_no: None,
            source_url: None,
            data_as_of: NaiveDate::default(),
            details: None,
        };
        assert_eq!(receivers(&procedure, level), expected);
        let one_stop =
            expected.first().is_some_and(|kind| matches!(kind, OneStop | ProvinceOneStop));
        assert_eq!(regardless_of_boundaries(expected), one_stop);
    }
}
