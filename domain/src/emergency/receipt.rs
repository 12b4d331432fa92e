//! The receipt: proof for a person that the call was stored, short enough to read out.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use super::EmergencyId;
use crate::Moment;

/// The letters of a receipt: none that is mistaken for another on paper (no 0 O 1 I L 5 S 8 B Z)
/// nor over a bad line (no D E G N Q V). Nineteen of them, a prime, so that one weighted sum
/// finds every wrong letter and every two that changed places.
const LETTERS: &[u8; 19] = b"234679ACEFHKMPRTUXY";
/// How many letters are drawn; one more is the check letter.
const DRAWN: usize = 6;

/// Seven letters that name an emergency between people: `K7FM2XR`, shown as `K7F-M2XR`. Unique,
/// the last one a check. Not a credential: whoever hears it can do nothing with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Receipt([u8; DRAWN + 1]);

impl Receipt {
    /// The receipt of the emergency `id`, unless another has it already: it follows from the id,
    /// so that it can be told before the store was asked.
    #[must_use]
    pub fn following(id: EmergencyId) -> Self {
        let name = Uuid::new_v5(&Uuid::NAMESPACE_OID, id.uuid().as_bytes());
        Self::of(name.as_u64_pair().0)
    }

    /// A new receipt, drawn at random.
    #[must_use]
    pub fn draw(now: &Moment) -> Self {
        Self::of(u64::from_le_bytes(now.random()))
    }

    /// The receipt that `chance` gives.
    fn of(mut chance: u64) -> Self {
        let values = [(); DRAWN].map(|()| {
            let value = chance % 19;
            chance /= 19;
            u8::try_from(value).unwrap_or_default()
        });
        let mut letters = [letter(check(&values)); DRAWN + 1];
        for (place, value) in letters.iter_mut().zip(values) {
            *place = letter(value);
        }
        Self(letters)
    }
}

/// The letter of `value` (0 to 18).
fn letter(value: u8) -> u8 {
    LETTERS.get(usize::from(value)).copied().unwrap_or(b'2')
}

/// The check value of drawn values: the sum of value times place, modulo 19.
fn check(values: &[u8]) -> u8 {
    let sum: u32 = values.iter().zip(1_u32..).map(|(&value, place)| u32::from(value) * place).sum();
    u8::try_from(sum % 19).unwrap_or_default()
}

impl fmt::Display for Receipt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.0.iter().copied().map(char::from).collect();
        let (head, tail) = text.split_at(3);
        write!(formatter, "{head}-{tail}")
    }
}

impl FromStr for Receipt {
    type Err = InvalidReceipt;

    /// Reads a receipt as people type it: any case, with or without hyphen and spaces.
    fn from_str(text: &str) -> Result<Self, InvalidReceipt> {
        let letters: Vec<u8> = text
            .bytes()
            .filter(|byte| !matches!(byte, b'-' | b' '))
            .map(|byte| byte.to_ascii_uppercase())
            .collect();
        let values = letters
            .iter()
            .map(|byte| LETTERS.iter().position(|letter| letter == byte))
            .map(|value| value.and_then(|value| u8::try_from(value).ok()))
            .collect::<Option<Vec<u8>>>()
            .ok_or(InvalidReceipt)?;
        match values.split_last() {
            Some((&last, drawn)) if last == check(drawn) => {
                letters.try_into().map(Self).map_err(|_| InvalidReceipt)
            }
            _ => Err(InvalidReceipt),
        }
    }
}

/// The text is no receipt: a letter is wrong, missing or out of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a receipt: a letter is wrong, missing or out of place")]
pub struct InvalidReceipt;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_read_back_as_it_is_shown(chance: u64) {
            let receipt = Receipt::of(chance);
            prop_assert_eq!(receipt.to_string().to_lowercase().parse(), Ok(receipt));
        }

        #[test]
        fn one_wrong_letter_is_found(chance: u64, place in 0_usize..7, other in 0_usize..19) {
            let receipt = Receipt::of(chance);
            let mut letters = receipt.0;
            letters[place] = LETTERS[other];
            let read = String::from_utf8_lossy(&letters).parse::<Receipt>();
            prop_assert_eq!(read.is_ok(), letters == receipt.0);
        }

        #[test]
        fn two_letters_that_changed_places_are_found(chance: u64, place in 0_usize..6) {
            let receipt = Receipt::of(chance);
            let mut letters = receipt.0;
            letters.swap(place, place + 1);
            let read = String::from_utf8_lossy(&letters).parse::<Receipt>();
            prop_assert_eq!(read.is_ok(), letters == receipt.0);
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            let _ = text.parse::<Receipt>();
        }
    }
}
