//! Who answers for a call: by the commune it comes from and the kind of help, the most specific
//! first; where no area holds the place, whoever is nearest; where neither place nor kind say
//! anything, the desk. There is always somebody.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Call, Emergency, Kind, StandingOrders};
use crate::{
    directory::{Agency, AgencyCode, Area},
    territory::{Bounds, CommuneCode, Position},
};

/// By what it was decided who answers for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutedBy {
    /// By the commune, and the kind of help.
    Commune,
    /// No area holds the place: by the way there, and the kind of help.
    Nearest,
    /// Nobody knows the place: by the kind of help.
    Kind,
    /// Neither says who answers: the desk takes it.
    Desk,
    /// A person took it over from another agency: no rule decides any more.
    Transfer,
}

impl RoutedBy {
    const ALL: [Self; 5] = [Self::Commune, Self::Nearest, Self::Kind, Self::Desk, Self::Transfer];

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Nearest => "nearest",
            Self::Kind => "kind",
            Self::Desk => "desk",
            Self::Transfer => "transfer",
        }
    }
}

impl fmt::Display for RoutedBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for RoutedBy {
    type Err = UnknownRoute;

    fn from_str(text: &str) -> Result<Self, UnknownRoute> {
        Self::ALL.into_iter().find(|by| by.as_str() == text).ok_or(UnknownRoute)
    }
}

/// There is no such way to decide who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such way to decide who answers")]
pub struct UnknownRoute;

/// Where a call comes from, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Origin<'e> {
    /// The commune.
    pub(super) commune: Option<&'e str>,
    /// The position.
    pub(super) position: Option<Position>,
}

impl StandingOrders {
    /// Who answers for a call for `kind` from `origin`, and why.
    pub(super) fn route(&self, kind: Option<Kind>, origin: Origin<'_>) -> (AgencyCode, RoutedBy) {
        let kind = kind.unwrap_or(Kind::Other);
        if self.agencies.agencies().is_empty() {
            let desk = kind == Kind::Other;
            let by = if desk { RoutedBy::Desk } else { RoutedBy::Kind };
            return (Kind::agency(Some(kind)), by);
        }
        let commune = self.known(origin.commune);
        let place = origin.position.or_else(|| self.middle(commune?));
        let chosen = commune
            .and_then(|commune| Some((self.holding(kind, commune)?, RoutedBy::Commune)))
            .or_else(|| Some((self.nearest(kind, place?)?, RoutedBy::Nearest)))
            .or_else(|| Some((self.everywhere(kind)?, RoutedBy::Kind)));
        match chosen {
            Some((agency, by)) if agency.code != AgencyCode::desk() => (agency.code.clone(), by),
            _ => (AgencyCode::desk(), RoutedBy::Desk),
        }
    }

    /// The centres that can be called to a call for `kind` from `origin` beside `own`, which answers
    /// for it, and beside those above it, which see it anyway: those for the same kind of help, the
    /// nearest first; the desk; then all others.
    pub(super) fn beside(
        &self,
        own: &AgencyCode,
        kind: Option<Kind>,
        origin: Origin<'_>,
    ) -> Vec<AgencyCode> {
        let kind = kind.unwrap_or(Kind::Other);
        let area = self.agencies.find(own).and_then(|own| own.area.communes()?.first().copied());
        let place = origin.position.or_else(|| self.middle(self.known(origin.commune).or(area)?));
        let answering = self.agencies.agencies().iter();
        let blind = |code: &AgencyCode| !self.agencies.is_within(own, code);
        let answering = answering.filter(|each| !each.kinds.is_empty() && blind(&each.code));
        let mut centres: Vec<&Agency> = answering.collect();
        let group = |agency: &Agency| match agency {
            agency if agency.kinds.contains(&kind) => 0,
            agency if agency.code == AgencyCode::desk() => 1,
            _ => 2,
        };
        let rank = |agency: &Agency| {
            let first = agency.kinds.iter().filter_map(|kind| rank(*kind)).min();
            (group(agency), first.unwrap_or(usize::MAX))
        };
        centres.sort_by(|one, other| {
            let far = |agency: &Agency| place.map_or(0.0, |place| self.distance_m(agency, place));
            group(one)
                .cmp(&group(other))
                .then_with(|| far(one).total_cmp(&far(other)))
                .then_with(|| rank(one).cmp(&rank(other)))
                .then_with(|| self.specific(one, other))
        });
        centres.into_iter().map(|agency| agency.code.clone()).collect()
    }

    /// Those that answer calls for `kind`.
    fn answering(&self, kind: Kind) -> impl Iterator<Item = &Agency> {
        self.agencies.agencies().iter().filter(move |agency| agency.kinds.contains(&kind))
    }

    /// The one whose area holds `commune`, the most specific first.
    fn holding(&self, kind: Kind, commune: CommuneCode) -> Option<&Agency> {
        let holds = |agency: &&Agency| match agency.area.communes() {
            None => true,
            Some(communes) => communes.contains(&commune),
        };
        self.answering(kind).filter(holds).min_by(|one, other| self.specific(one, other))
    }

    /// The one whose area is nearest to `place`.
    fn nearest(&self, kind: Kind, place: Position) -> Option<&Agency> {
        let far = |agency: &Agency| self.distance_m(agency, place);
        self.answering(kind).min_by(|one, other| {
            far(one).total_cmp(&far(other)).then_with(|| self.specific(one, other))
        })
    }

    /// The one that answers in the whole province, highest in the tree.
    fn everywhere(&self, kind: Kind) -> Option<&Agency> {
        let everywhere = self.answering(kind).filter(|agency| agency.area == Area::Province);
        everywhere.min_by_key(|agency| (self.depth(agency), &agency.code))
    }

    /// The more specific one is less: of fewer communes, then deeper in the tree.
    fn specific(&self, one: &Agency, other: &Agency) -> Ordering {
        let size = |agency: &Agency| agency.area.communes().map_or(usize::MAX, <[_]>::len);
        size(one)
            .cmp(&size(other))
            .then_with(|| self.depth(other).cmp(&self.depth(one)))
            .then_with(|| one.code.cmp(&other.code))
    }

    /// How many agencies stand above `agency`.
    fn depth(&self, agency: &Agency) -> usize {
        let above = |code: &AgencyCode| self.agencies.is_within(&agency.code, code);
        self.agencies.agencies().iter().filter(|each| above(&each.code)).count()
    }

    /// The code that was said, where there is such a commune. Where nobody knows the communes, any
    /// code may be one.
    fn known(&self, commune: Option<&str>) -> Option<CommuneCode> {
        let code: CommuneCode = commune?.parse().ok()?;
        let communes = self.territory.communes();
        let known = communes.is_empty() || communes.iter().any(|each| each.code == code);
        known.then_some(code)
    }

    /// A point in `commune`.
    fn middle(&self, commune: CommuneCode) -> Option<Position> {
        let communes = self.territory.communes().iter();
        communes.into_iter().find(|each| each.code == commune).map(|each| each.inside)
    }

    /// How far it is from `place` to the area of `agency`, in metres: to the rectangles around its
    /// communes, which a centre at work knows to read.
    fn distance_m(&self, agency: &Agency, place: Position) -> f64 {
        let own = |code: &CommuneCode| {
            agency.area.communes().is_none_or(|communes| communes.contains(code))
        };
        let communes = self.territory.communes().iter().filter(|each| own(&each.code));
        communes.map(|each| distance_m(each.bounds, place)).fold(f64::MAX, f64::min)
    }
}

/// How far it is from `place` to the rectangle, in metres; zero within it.
fn distance_m(bounds: Bounds, place: Position) -> f64 {
    let lat = place.lat().clamp(bounds.south, bounds.north.max(bounds.south));
    let lon = place.lon().clamp(bounds.west, bounds.east.max(bounds.west));
    Position::new(lat, lon).map_or(f64::MAX, |edge| edge.distance_m(place))
}

/// The place of `kind` among all kinds: in that order centres for other help are called.
fn rank(kind: Kind) -> Option<usize> {
    Kind::ALL.iter().position(|each| *each == kind)
}

impl Emergency {
    /// Where it comes from.
    pub(super) fn origin(&self) -> Origin<'_> {
        let victim = self.said.on_behalf_of.as_ref().and_then(|victim| victim.position);
        let position = victim.or(self.location.map(|fix| fix.position));
        Origin { commune: self.commune.as_deref(), position }
    }

    /// As it came, with who answers for it.
    pub(super) fn routed(self, call: &Call, orders: &StandingOrders) -> Self {
        let said = self.said.commune().map(str::to_owned).or_else(|| call.commune.clone());
        let described = || self.described(orders);
        let routed = Self { commune: said.or_else(described), ..self };
        let (agency, routed_by) = orders.route(routed.said.kind, routed.origin());
        Self { agency, routed_by, ..routed }
    }

    /// With who answers for it as things stand after a change, unless somebody has it, sent units to
    /// it or took it over from another agency: nobody loses sight of what they see to.
    pub(super) fn rerouted(self, before: &Self, orders: &StandingOrders) -> Self {
        let placed = self.placed(before, orders);
        let free = placed.status.is_open() && placed.lease.is_none() && placed.units.is_empty();
        if !free || placed.routed_by == RoutedBy::Transfer {
            return placed;
        }
        let (agency, routed_by) = orders.route(placed.said.kind, placed.origin());
        Self { agency, routed_by, ..placed }
    }

    /// With the commune of its newest position, unless one was named; where there is no position, the
    /// one that the place in words names.
    fn placed(self, before: &Self, orders: &StandingOrders) -> Self {
        let victim = self.said.on_behalf_of.as_ref().is_some_and(|one| one.position.is_some());
        if self.said.commune().is_some() || victim {
            return self;
        }
        let moved = self.location.filter(|_| self.location != before.location);
        let located = moved.and_then(|fix| orders.territory.locate(fix.position));
        let located = located.map(|code| code.to_string()).or_else(|| self.commune.clone());
        let commune = located.or_else(|| self.described(orders));
        Self { commune, ..self }
    }

    /// The commune that the place in words names, where there is no position.
    fn described(&self, orders: &StandingOrders) -> Option<String> {
        let landmark = self.said.landmark.as_deref().filter(|_| self.location.is_none())?;
        orders.territory.named_in(landmark).map(|code| code.to_string())
    }
}

#[cfg(test)]
mod tests {
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
        for (commune, agency) in [("00001", "fire-one"), ("00002", "fire-west"), ("00003", "fire")]
        {
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
}
