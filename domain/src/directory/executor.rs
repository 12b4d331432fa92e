//! The agencies that carry procedures out, as records name them.

use FacilityKind::{Police, SocialInsurance, Tax};

use super::FacilityKind;
use crate::{catalogue::Level, text};

/// An agency that carries a procedure out, by what the record says of it.
pub(super) struct Executor {
    /// Where it takes in what it carries out.
    pub(super) counter: Counter,
    /// At which level it works, where its name says so.
    pub(super) level: Option<Level>,
}

/// Where an agency takes in what it carries out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counter {
    /// At counters of its own.
    Own(FacilityKind),
    /// At the one-stop centre of its level.
    OneStop,
    /// At none in the province that is known here.
    Elsewhere,
}

impl Executor {
    /// The agency called `name`: `Công an cấp Xã`, `Bộ Quốc phòng`, `Thuế cơ sở`.
    pub(super) fn read(name: &str) -> Self {
        let name = text::fold(name);
        let has = |part: &str| name.contains(part);
        let begins = |part: &str| name.starts_with(part);
        let taxes =
            begins("thue ") || ["cuc thue", "quan thue", "doi thue"].iter().any(|it| has(it));
        let ministry = (begins("bo ") && !begins("bo chi huy")) || has("-bo ") || has("trung uong");
        let counter = match () {
            () if has("hai quan") || has("ngan hang") => Counter::Elsewhere,
            () if has("bao hiem xa hoi") || has("quan bao hiem") => Counter::Own(SocialInsurance),
            () if taxes => Counter::Own(Tax),
            () if ministry => Counter::Elsewhere,
            () if has("cong an") => Counter::Own(Police),
            () => Counter::OneStop,
        };
        Self { counter, level: if ministry { Some(Level::Ministry) } else { level(&name) } }
    }
}

/// At which level an agency with this folded name works.
fn level(name: &str) -> Option<Level> {
    let name = name.replace("xa hoi", "");
    let has = |word: &str| name.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    match () {
        () if name.contains("co so") || has("xa") || has("phuong") || has("huyen") => {
            Some(Level::Commune)
        }
        () if has("tinh") || name.starts_with("so ") => Some(Level::Province),
        () => None,
    }
}
