//! The choice of whoever answers, and of those who can be called beside them.

use std::cmp::Ordering;

use super::RoutedBy;
use crate::{
    directory::{Agency, AgencyCode, Area},
    emergency::{Kind, StandingOrders},
    territory::{Bounds, CommuneCode, Position},
};

/// Where a call comes from, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::emergency) struct Origin<'e> {
    /// The commune.
    pub(in crate::emergency) commune: Option<&'e str>,
    /// The position.
    pub(in crate::emergency) position: Option<Position>,
}

impl StandingOrders {
    /// Who answers for a call for `kind` from `origin`, and why.
    pub(in crate::emergency) fn route(
        &self,
        kind: Option<Kind>,
        origin: Origin<'_>,
    ) -> (AgencyCode, RoutedBy) {
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
    pub(in crate::emergency) fn beside(
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

#[cfg(test)]
mod tests;
