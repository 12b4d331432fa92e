//! The agencies every installation begins with.

use super::{Agency, AgencyCode, AgencyKind, Area};
use crate::{emergency::Kind, territory::Commune};

/// The emergency centres, by their codes: each answers the calls of the kind of its name.
const CENTRES: [(&str, &str); 5] = [
    ("police", "Công an tỉnh Thái Nguyên"),
    ("fire", "Cảnh sát phòng cháy, chữa cháy và cứu nạn, cứu hộ tỉnh Thái Nguyên"),
    ("medical", "Trung tâm Cấp cứu 115 Thái Nguyên"),
    ("rescue", "Tìm kiếm, cứu nạn tỉnh Thái Nguyên"),
    ("child", "Bảo vệ trẻ em tỉnh Thái Nguyên"),
];

/// The agencies that are there before anybody has configured one: the province, every commune, the
/// emergency centres and the desk. None has a telephone number until an operator confirms it.
#[must_use]
pub fn shipped_agencies(communes: &[Commune]) -> Vec<Agency> {
    let province = Agency {
        parent: None,
        ..agency(AgencyCode::province(), "Ủy ban nhân dân tỉnh Thái Nguyên", AgencyKind::Province)
    };
    let centres = CENTRES.iter().filter_map(|&(code, name)| {
        let centre = agency(code.parse().ok()?, name, AgencyKind::EmergencyCentre);
        Some(Agency { kinds: vec![code.parse().ok()?], ..centre })
    });
    let desk = agency(AgencyCode::desk(), "Bộ phận trực tiếp nhận", AgencyKind::Desk);
    let desk = Agency { kinds: vec![Kind::Other], ..desk };
    let communes = communes.iter().map(|commune| {
        let name = format!("Ủy ban nhân dân {} {}", commune.kind.as_str(), commune.name);
        let code = AgencyCode::of_commune(commune.code.as_str());
        let area = Area::Communes(vec![commune.code]);
        Agency { area, ..agency(code, &name, AgencyKind::Commune) }
    });
    std::iter::once(province).chain(centres).chain([desk]).chain(communes).collect()
}

/// An agency below the province, for all of it.
fn agency(code: AgencyCode, name: &str, kind: AgencyKind) -> Agency {
    Agency {
        code,
        name: name.to_owned(),
        kind,
        phone: None,
        parent: Some(AgencyCode::province()),
        area: Area::Province,
        kinds: Vec::new(),
        version: 0,
    }
}
