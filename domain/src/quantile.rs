//! How long most of them took: parts of a sample, by nearest rank.

/// The least of `sorted` that at least `percent` in a hundred of them do not exceed; none of none.
/// 50 is the median.
#[must_use]
pub fn quantile<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// At least so many are at most so large, and fewer are smaller.
        #[test]
        fn that_many_are_at_most_so_large(
            mut sample in proptest::collection::vec(0_u32..50, 1..200),
            percent in 1_usize..=100,
        ) {
            sample.sort_unstable();
            let found = quantile(&sample, percent).unwrap();
            let at_most = sample.iter().filter(|&&one| one <= found).count();
            let below = sample.iter().filter(|&&one| one < found).count();
            prop_assert!(at_most * 100 >= sample.len() * percent);
            prop_assert!(below * 100 < sample.len() * percent);
        }
    }

    #[test]
    fn of_none_there_is_none() {
        assert_eq!(quantile::<u32>(&[], 50), None);
        assert_eq!(quantile(&[7], 95), Some(7));
    }
}
