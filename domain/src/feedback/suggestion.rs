//! Which category a text seems to belong to.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Categories, Category};
use crate::text;

/// At most so many categories are suggested.
const MOST: usize = 3;

/// The pairs of neighbouring syllables of `text`, folded.
pub(super) fn pairs(text: &str) -> BTreeSet<String> {
    let folded = text::fold(text);
    let phrases = folded.split(|sign: char| !sign.is_alphanumeric() && sign != ' ');
    phrases
        .flat_map(|phrase| {
            let syllables: Vec<&str> = phrase.split_whitespace().collect();
            syllables.windows(2).map(|pair| pair.join(" ")).collect::<Vec<_>>()
        })
        .collect()
}

/// The categories whose names have most in common with `text`, the nearest first. A pair of
/// syllables that few names have counts more than one that many have.
#[must_use]
pub fn suggest<'c>(categories: &'c Categories, text: &str) -> Vec<&'c Arc<Category>> {
    let said = pairs(text);
    let mut named: BTreeMap<String, Vec<&Arc<Category>>> = BTreeMap::new();
    for category in categories.iter().filter(|category| category.selectable) {
        for pair in pairs(&category.name.vi).into_iter().filter(|pair| said.contains(pair)) {
            named.entry(pair).or_default().push(category);
        }
    }
    let mut scores: BTreeMap<&str, (usize, &Arc<Category>)> = BTreeMap::new();
    for sharing in named.values() {
        for category in sharing {
            let score = scores.entry(&category.code).or_insert((0, category));
            score.0 += 1_000 / sharing.len();
        }
    }
    let mut nearest: Vec<_> = scores.into_values().collect();
    nearest.sort_by_key(|&(score, _)| std::cmp::Reverse(score));
    nearest.into_iter().take(MOST).map(|(_, category)| category).collect()
}
