//! Who answers for a call: by the commune it comes from and the kind of help, the most specific
//! first; where no area holds the place, whoever is nearest; where neither place nor kind say
//! anything, the desk. There is always somebody.

mod choice;
mod reason;

pub(super) use choice::Origin;
pub use reason::{RoutedBy, UnknownRoute};

use super::{Call, Emergency, StandingOrders};

impl Emergency {
    /// Where it comes from: as a dispatcher found out, else as was said.
    pub(super) fn origin(&self) -> Origin<'_> {
        let victim = self.said.on_behalf_of.as_ref().and_then(|victim| victim.position);
        let found = self.said.place.map(|fix| fix.position);
        let position = found.or(victim).or(self.location.map(|fix| fix.position));
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

    /// With the commune of its newest position, unless one was named or a dispatcher found out where it
    /// is; where there is no position, the one that the place in words names.
    fn placed(self, before: &Self, orders: &StandingOrders) -> Self {
        let victim = self.said.on_behalf_of.as_ref().is_some_and(|one| one.position.is_some());
        if self.said.commune().is_some() || self.said.place.is_some() || victim {
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
