//! Which procedures are what on each side by which they are narrowed: made once, so that counting what
//! a choice would leave is a matter of bits.

use std::{cmp::Reverse, collections::HashMap};

use domain::catalogue::{LifeEvents, Procedure, Side};
use fixedbitset::FixedBitSet;

use crate::collation::sort_by_name;

/// Procedures, by their places in the list of all.
pub type Numbers = FixedBitSet;

/// For each value of each side the procedures that have it, by their number.
pub struct Facets {
    sides: Vec<(Side, Vec<(String, FixedBitSet)>)>,
    procedures: usize,
}

impl Facets {
    pub(super) fn new(procedures: &[Procedure], events: &LifeEvents) -> Self {
        let of_side = |side: Side| {
            let mut values: Vec<(String, FixedBitSet)> = Vec::new();
            let mut places = HashMap::new();
            for (number, procedure) in procedures.iter().enumerate() {
                for value in side.values(procedure, events) {
                    let place = *places.entry(value).or_insert(values.len());
                    if place == values.len() {
                        let nobody = FixedBitSet::with_capacity(procedures.len());
                        values.push((value.to_owned(), nobody));
                    }
                    if let Some((_, holders)) = values.get_mut(place) {
                        holders.insert(number);
                    }
                }
            }
            sort_by_name(&mut values, |(value, _)| value);
            (side, values)
        };
        Self { sides: Side::ALL.map(of_side).into(), procedures: procedures.len() }
    }

    /// All procedures.
    #[must_use]
    pub fn everything(&self) -> Numbers {
        let mut all = FixedBitSet::with_capacity(self.procedures);
        all.insert_range(..);
        all
    }

    /// The procedures of these numbers.
    pub fn those(&self, numbers: impl IntoIterator<Item = usize>) -> Numbers {
        let mut those = FixedBitSet::with_capacity(self.procedures);
        numbers.into_iter().filter(|&number| number < self.procedures).for_each(|number| {
            those.insert(number);
        });
        those
    }

    /// Leaves of `procedures` those that are `value` on this `side`.
    pub fn narrow(&self, procedures: &mut Numbers, side: Side, value: &str) {
        match self.values(side).iter().find(|(each, _)| each == value) {
            Some((_, holders)) => procedures.intersect_with(holders),
            None => procedures.clear(),
        }
    }

    /// How many of `procedures` have each value of this `side` that any has: the most first, of
    /// equals in the order of the alphabet.
    #[must_use]
    pub fn counts(&self, side: Side, procedures: &Numbers) -> Vec<(&str, usize)> {
        let values = self.values(side).iter();
        let counts =
            values.map(|(value, holders)| (value.as_str(), holders.intersection_count(procedures)));
        let mut counts: Vec<_> = counts.filter(|&(_, count)| count > 0).collect();
        counts.sort_by_key(|&(_, count)| Reverse(count));
        counts
    }

    fn values(&self, side: Side) -> &[(String, FixedBitSet)] {
        let values = self.sides.iter().find(|(each, _)| *each == side);
        values.map(|(_, values)| values.as_slice()).unwrap_or_default()
    }
}
