//! 128 bits as 26 letters of Crockford's Base 32: none is mistaken for another.

/// The letters: no I, L, O, U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many letters 128 bits take.
const LENGTH: u32 = 26;

/// `bits` in letters.
pub(super) fn write(bits: u128) -> String {
    let letter = |place: u32| {
        let value = usize::try_from((bits >> (5 * place)) & 31).unwrap_or_default();
        LETTERS.get(value).map_or('0', |&letter| char::from(letter))
    };
    (0..LENGTH).rev().map(letter).collect()
}

/// The bits that `text` writes; O is read as 0, I and L as 1.
pub(super) fn read(text: &str) -> Option<u128> {
    if text.len() != usize::try_from(LENGTH).ok()? {
        return None;
    }
    text.bytes().try_fold(0_u128, |bits, byte| {
        let byte = match byte.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            other => other,
        };
        let value = LETTERS.iter().position(|&letter| letter == byte)?;
        bits.checked_mul(32)?.checked_add(u128::try_from(value).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_read_back_as_it_was_written(bits: u128) {
            prop_assert_eq!(read(&write(bits)), Some(bits));
            prop_assert_eq!(read(&write(bits).to_lowercase()), Some(bits));
        }

        #[test]
        fn any_text_is_read_or_not(text: String) {
            read(&text);
        }
    }

    #[test]
    fn what_is_more_than_128_bits_is_none() {
        assert_eq!(read("80000000000000000000000000"), None);
        assert_eq!(read("7ZZZZZZZZZZZZZZZZZZZZZZZZZ"), Some(u128::MAX));
    }
}
