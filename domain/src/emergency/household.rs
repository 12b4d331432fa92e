//! Who is in a house that water has closed in.

use serde::{Deserialize, Serialize};

/// Water from which on a grown person cannot leave on foot, in centimetres.
const DEEP_CM: u32 = 100;
/// Food or drinking water for fewer hours than this is as good as none.
const SCARCE_H: u32 = 6;

/// A household in a flood, as the caller describes it. Nothing is required.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Household {
    /// How many people are there, all together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<u32>,
    /// Children under two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infants: Option<u32>,
    /// Old people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elderly: Option<u32>,
    /// People who cannot get up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bedridden: Option<u32>,
    /// Pregnant women.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pregnant: Option<u32>,
    /// How high the water stands in or around the house, in centimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub water_cm: Option<u32>,
    /// The floor the people are on: 0 is the ground floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<u32>,
    /// For how many hours there is food.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub food_h: Option<u32>,
    /// For how many hours there is drinking water.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drinking_water_h: Option<u32>,
}

/// What makes a household urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Danger {
    /// There are infants.
    Infants,
    /// Somebody cannot get up.
    Bedridden,
    /// Somebody is pregnant.
    Pregnant,
    /// The water is too deep to leave on foot, on the ground floor or where no floor is named.
    DeepWater,
    /// Old people stand in water, however deep.
    ElderlyInWater,
    /// Food is running out.
    NoFood,
    /// Drinking water is running out.
    NoDrinkingWater,
}

impl Household {
    /// What makes it urgent; nothing where nothing does.
    #[must_use]
    pub fn dangers(&self) -> Vec<Danger> {
        let some = |count: Option<u32>| count.is_some_and(|count| count > 0);
        let scarce = |hours: Option<u32>| hours.is_some_and(|hours| hours < SCARCE_H);
        let on_the_ground = self.floor.is_none_or(|floor| floor == 0);
        let deep = self.water_cm.is_some_and(|water| water >= DEEP_CM);
        [
            (some(self.infants), Danger::Infants),
            (some(self.bedridden), Danger::Bedridden),
            (some(self.pregnant), Danger::Pregnant),
            (deep && on_the_ground, Danger::DeepWater),
            (some(self.elderly) && some(self.water_cm), Danger::ElderlyInWater),
            (scarce(self.food_h), Danger::NoFood),
            (scarce(self.drinking_water_h), Danger::NoDrinkingWater),
        ]
        .into_iter()
        .filter_map(|(is_so, danger)| is_so.then_some(danger))
        .collect()
    }

    /// This card with what the same caller said later: newer figures win.
    #[must_use]
    pub fn updated(self, later: Self) -> Self {
        Self {
            people: later.people.or(self.people),
            infants: later.infants.or(self.infants),
            elderly: later.elderly.or(self.elderly),
            bedridden: later.bedridden.or(self.bedridden),
            pregnant: later.pregnant.or(self.pregnant),
            water_cm: later.water_cm.or(self.water_cm),
            floor: later.floor.or(self.floor),
            food_h: later.food_h.or(self.food_h),
            drinking_water_h: later.drinking_water_h.or(self.drinking_water_h),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRY: Household = Household {
        people: Some(6),
        infants: Some(0),
        elderly: Some(2),
        bedridden: None,
        pregnant: Some(0),
        water_cm: Some(0),
        floor: Some(1),
        food_h: Some(24),
        drinking_water_h: Some(6),
    };

    #[rstest::rstest]
    #[case::nothing_said(Household::default(), &[])]
    #[case::all_is_well(DRY, &[])]
    #[case::infants(Household { infants: Some(1), ..DRY }, &[Danger::Infants])]
    #[case::old_people_in_water(
        Household { water_cm: Some(30), ..DRY }, &[Danger::ElderlyInWater]
    )]
    #[case::deep(
        Household { water_cm: Some(100), floor: None, elderly: None, ..DRY }, &[Danger::DeepWater]
    )]
    #[case::deep_below(Household { water_cm: Some(180), floor: Some(2), elderly: None, ..DRY }, &[])]
    #[case::hungry(
        Household { food_h: Some(0), drinking_water_h: Some(5), ..DRY },
        &[Danger::NoFood, Danger::NoDrinkingWater]
    )]
    fn what_makes_a_household_urgent(#[case] household: Household, #[case] dangers: &[Danger]) {
        assert_eq!(household.dangers(), dangers);
    }

    #[test]
    fn newer_figures_win_and_older_ones_stay() {
        let later = Household { water_cm: Some(150), ..Household::default() };
        assert_eq!(DRY.updated(later), Household { water_cm: Some(150), ..DRY });
    }
}
