//! What clients ask for: search queries as people type them, made from the names of the real
//! procedures, and positions all over the province.

use std::collections::BTreeSet;

use domain::text::fold;

/// At least this many, so that no cache of answers can help.
pub(crate) const DISTINCT: usize = 5_000;

/// Distinct queries from `names`, in an order without neighbours of the same name: the first
/// syllables of each, a few from its middle, and both without their marks.
pub(crate) fn from_names(names: &[String]) -> Vec<String> {
    let mut queries = BTreeSet::new();
    for (number, name) in names.iter().enumerate() {
        let syllables: Vec<&str> = name.split_whitespace().collect();
        let (length, from) = (2 + number % 5, number % 7);
        for start in [0, from] {
            let window = syllables.iter().skip(start).take(length).copied();
            let query = window.collect::<Vec<_>>().join(" ").to_lowercase();
            queries.insert(fold(&query));
            queries.insert(query);
        }
    }
    let queries: Vec<String> = queries.into_iter().filter(|query| !query.is_empty()).collect();
    // Steps of a large prime visit every place once and spread what stands together.
    let places = (0..queries.len()).map(|turn| turn * 7_919 % queries.len());
    places.filter_map(|place| queries.get(place).cloned()).collect()
}

/// What stands in the box at some moment while somebody types each of `queries`: its first letters.
pub(crate) fn half_typed(queries: &[String]) -> Vec<String> {
    let typed = queries.iter().enumerate().map(|(number, query)| {
        let letters: String = query.chars().take(2 + number % 14).collect();
        letters.trim_end().to_owned()
    });
    let mut seen = BTreeSet::new();
    typed.filter(|typed| !typed.is_empty() && seen.insert(typed.clone())).collect()
}

/// Where the commune is asked for of so many positions, which lie on a grid over the province and
/// a little beyond.
pub(crate) fn positions() -> Vec<String> {
    let grid = (0..40).flat_map(|row| (0..25).map(move |column| (row, column)));
    let path = |(row, column): (u32, u32)| {
        let (lat, lon) = (21.40 + f64::from(row) * 0.015, 105.70 + f64::from(column) * 0.012);
        format!("/v1/communes/locate?lat={lat:.4}&lon={lon:.4}")
    };
    grid.map(path).collect()
}
