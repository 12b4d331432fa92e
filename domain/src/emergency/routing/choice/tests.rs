//! Who answers in a small province.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::{
    directory::{AgencyKind, AgencyTree, shipped_agencies},
    emergency::Territory,
    territory::{Commune, CommuneType},
};

/// Communes in a row from west to east, each a tenth of a degree wide.
struct Row(Vec<Commune>);

impl Territory for Row {
    fn communes(&self) -> &[Commune] {
        &self.0
    }

    fn locate(&self, _: Position) -> Option<CommuneCode> {
        None
    }

    fn named_in(&self, _: &str) -> Option<CommuneCode> {
        None
    }
}

fn at(lat: f64, lon: f64) -> Position {
    Position::new(lat, lon).unwrap()
}

fn communes() -> Vec<Commune> {
    let bounds = |west| Bounds { west, east: west + 0.1, south: 21.0, north: 21.1 };
    let commune = |(code, west): (&str, f64)| Commune {
        code: code.parse().unwrap(),
        name: code.to_owned(),
        full_name: code.to_owned(),
        kind: CommuneType::Rural,
        old_province: String::new(),
        old_districts: Vec::new(),
        merged_from: Vec::new(),
        centroid: at(21.05, west + 0.05),
        inside: at(21.05, west + 0.05),
        area_km2: 1.0,
        bounds: bounds(west),
    };
    [("00001", 105.0), ("00002", 105.1), ("00003", 105.2)].map(commune).into()
}

fn centre(code: &str, parent: &str, area: &str, kinds: &[Kind]) -> Agency {
    Agency {
        code: code.parse().unwrap(),
        name: code.to_owned(),
        kind: AgencyKind::EmergencyCentre,
        phone: None,
        parent: Some(parent.parse().unwrap()),
        area: area.parse().unwrap(),
        kinds: kinds.into(),
        version: 9,
    }
}

fn orders(changed: Vec<Agency>) -> StandingOrders {
    let communes = communes();
    StandingOrders {
        agencies: Arc::new(AgencyTree::new(shipped_agencies(&communes), changed)),
        territory: Arc::new(Row(communes)),
        ..StandingOrders::default()
    }
}

/// The code and the reason for a fire.
fn fire(
    orders: &StandingOrders,
    commune: Option<&str>,
    at: Option<Position>,
) -> (String, RoutedBy) {
    let (agency, by) = orders.route(Some(Kind::Fire), Origin { commune, position: at });
    (agency.to_string(), by)
}

#[test]
fn the_most_specific_area_that_holds_the_commune_answers() {
    let orders = orders(vec![
        centre("fire-west", "fire", "00001 00002", &[Kind::Fire]),
        centre("fire-one", "fire-west", "00001", &[Kind::Fire]),
        centre("boats", "rescue", "00003", &[Kind::Rescue]),
    ]);
    for (commune, agency) in [("00001", "fire-one"), ("00002", "fire-west"), ("00003", "fire")] {
        let expected = (agency.to_owned(), RoutedBy::Commune);
        assert_eq!(fire(&orders, Some(commune), None), expected);
    }
    assert_eq!(fire(&orders, None, None), ("fire".to_owned(), RoutedBy::Kind));
    assert_eq!(fire(&orders, Some("99999"), None), ("fire".to_owned(), RoutedBy::Kind));
    let nothing = orders.route(None, Origin::default());
    assert_eq!(nothing, (AgencyCode::desk(), RoutedBy::Desk));
}

#[test]
fn where_no_area_holds_the_place_the_nearest_answers() {
    let orders = orders(vec![
        centre("fire", "province", "00002", &[Kind::Fire]),
        centre("fire-west", "province", "00001", &[Kind::Fire]),
    ]);
    let west = fire(&orders, None, Some(at(21.05, 104.0)));
    assert_eq!(west, ("fire-west".to_owned(), RoutedBy::Nearest));
    let east = fire(&orders, None, Some(at(21.05, 107.0)));
    assert_eq!(east, ("fire".to_owned(), RoutedBy::Nearest));
    let gap = fire(&orders, Some("00003"), None);
    assert_eq!(gap, ("fire".to_owned(), RoutedBy::Nearest), "next to the commune");
    assert_eq!(fire(&orders, None, None), ("desk".to_owned(), RoutedBy::Desk));
}

#[test]
fn beside_a_centre_stand_those_for_the_same_help_and_then_the_desk() {
    let orders = orders(vec![
        centre("fire-east", "fire", "00003", &[Kind::Fire]),
        centre("fire-west", "fire", "00001", &[Kind::Fire]),
    ]);
    let beside = |own: &str, commune| {
        let origin = Origin { commune: Some(commune), position: None };
        let beside = orders.beside(&own.parse().unwrap(), Some(Kind::Fire), origin);
        beside.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let west = beside("fire-west", "00001");
    assert_eq!(west.get(..3).unwrap(), ["fire-east", "desk", "police"]);
    let all = beside("fire", "00003");
    let expected = ["fire-east", "fire-west", "desk", "police", "medical", "rescue", "child"];
    assert_eq!(all, expected);
}

proptest! {
    /// Whatever the agencies look like, somebody answers who is there, and never for another kind
    /// of help, but for the desk.
    #[test]
    fn there_is_always_somebody(
        kinds in proptest::collection::vec(
            proptest::sample::subsequence(Kind::ALL.to_vec(), 0..=6), 0..6,
        ),
        areas in proptest::collection::vec(
            prop_oneof![Just("*"), Just("00001"), Just("00002 00003"), Just("")], 6,
        ),
        shipped in any::<bool>(),
        kind in proptest::option::of(proptest::sample::select(Kind::ALL.to_vec())),
        commune in proptest::option::of(prop_oneof![Just("00001"), Just("77777"), Just("x")]),
        place in proptest::option::of((-90.0..90.0, -180.0..180.0)),
    ) {
        let added = kinds.iter().zip(&areas).enumerate();
        let added = added.map(|(n, (kinds, area))| centre(&format!("c-{n}"), "province", area, kinds));
        let mut orders = orders(added.collect());
        if !shipped {
            orders.territory = StandingOrders::default().territory;
        }
        let position = place.map(|(lat, lon)| at(lat, lon));
        let (agency, by) = orders.route(kind, Origin { commune, position });
        let found = orders.agencies.find(&agency).unwrap();
        let answers = found.kinds.contains(&kind.unwrap_or(Kind::Other));
        prop_assert!(answers || by == RoutedBy::Desk, "{} by {}", agency, by);
        prop_assert_eq!(by == RoutedBy::Desk, agency == AgencyCode::desk());
        let beside = orders.beside(&agency, kind, Origin { commune, position });
        prop_assert!(!beside.contains(&agency));
    }
}

#[test]
fn before_anybody_says_who_answers_the_kind_alone_decides() {
    let orders = StandingOrders::default();
    for kind in Kind::ALL {
        let (agency, _) = orders.route(Some(kind), Origin::default());
        assert_eq!(agency, Kind::agency(Some(kind)));
    }
}
