//! Proving that a dossier is one's own.
//!
//! A code is guessable and a tax code is public, so whoever asks has to know the end of a number
//! that its applicant left. None of these numbers is kept: of each its keyed digest, made together
//! with the code, so that two dossiers of one person have nothing in common.

use std::str::FromStr;

use super::DossierCode;
use crate::{
    identity::{Phone, business::TaxCode},
    secret::{Digest, Hasher, Purpose},
};

/// The last four digits of a number.
#[derive(Clone, PartialEq, Eq)]
pub struct LastFour(String);

impl LastFour {
    /// The end of `digits`, where there are so many.
    fn of(digits: &str) -> Option<Self> {
        digits.get(digits.len().checked_sub(4)?..)?.parse().ok()
    }
}

impl FromStr for LastFour {
    type Err = NotFourDigits;

    fn from_str(text: &str) -> Result<Self, NotFourDigits> {
        let digits = text.trim();
        let four = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if four { Ok(Self(digits.to_owned())) } else { Err(NotFourDigits) }
    }
}

/// The text is not four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("four digits are asked for")]
pub struct NotFourDigits;

/// Who filed a dossier, as its source tells: looked at once and not kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Applicant {
    phone: Option<String>,
    national_id: Option<String>,
    tax_code: Option<TaxCode>,
}

impl Applicant {
    /// An applicant with these numbers, each 8 to 15 digits.
    pub(super) fn new(
        phone: Option<String>,
        national_id: Option<String>,
        tax_code: Option<TaxCode>,
    ) -> Self {
        Self { phone, national_id, tax_code }
    }

    /// Whether there is anything to prove oneself by.
    pub(super) fn is_known(&self) -> bool {
        self.phone.is_some() || self.national_id.is_some()
    }
}

/// What proves a dossier to be one's own, as keyed digests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proofs {
    /// The whole number of the applicant's mobile phone.
    pub phone: Option<Digest>,
    /// Its last four digits.
    pub phone_last4: Option<Digest>,
    /// The last four digits of the number in the register of residents.
    pub national_id_last4: Option<Digest>,
    /// The tax code of the business that filed it.
    pub tax_code: Option<Digest>,
}

/// What the digest of a number is made of beside the number.
struct Scheme<'a, H>(&'a H, &'a DossierCode);

impl<H: Hasher> Scheme<'_, H> {
    fn digest(&self, what: &str, number: &str) -> Digest {
        let parts = [self.1.as_str().as_bytes(), what.as_bytes(), number.as_bytes()];
        self.0.digest(Purpose::DossierProof, &parts)
    }

    fn phone(&self, phone: &Phone) -> Digest {
        self.digest("phone", &phone.e164())
    }

    fn phone_last4(&self, last: &LastFour) -> Digest {
        self.digest("phone-last4", &last.0)
    }

    fn national_id_last4(&self, last: &LastFour) -> Digest {
        self.digest("national-id-last4", &last.0)
    }

    fn tax_code(&self, code: &TaxCode) -> Digest {
        self.digest("tax-code", code.expose())
    }
}

impl Proofs {
    /// What proves the dossier `code` to be of `applicant`.
    pub(super) fn of(hasher: &impl Hasher, code: &DossierCode, applicant: &Applicant) -> Self {
        let scheme = Scheme(hasher, code);
        let phone = applicant.phone.as_deref();
        let mobile: Option<Phone> = phone.and_then(|phone| phone.parse().ok());
        let national_id = applicant.national_id.as_deref().and_then(LastFour::of);
        Self {
            phone: mobile.map(|phone| scheme.phone(&phone)),
            phone_last4: phone.and_then(LastFour::of).map(|last| scheme.phone_last4(&last)),
            national_id_last4: national_id.map(|last| scheme.national_id_last4(&last)),
            tax_code: applicant.tax_code.as_ref().map(|code| scheme.tax_code(code)),
        }
    }
}

/// What somebody shows for a dossier to be theirs.
#[derive(Clone, PartialEq, Eq)]
pub enum Claim {
    /// They know something of its applicant.
    Knowledge(Knowledge),
    /// They signed in with this number.
    Phone(Phone),
}

/// What somebody knows of an applicant.
#[derive(Clone, PartialEq, Eq)]
pub struct Knowledge {
    phone_last4: Option<LastFour>,
    national_id_last4: Option<LastFour>,
    tax_code: Option<TaxCode>,
}

impl Knowledge {
    /// The end of one number, or of both; a tax code may be added and proves nothing alone.
    #[must_use]
    pub fn new(
        phone_last4: Option<LastFour>,
        national_id_last4: Option<LastFour>,
        tax_code: Option<TaxCode>,
    ) -> Option<Self> {
        let proves = phone_last4.is_some() || national_id_last4.is_some();
        proves.then_some(Self { phone_last4, national_id_last4, tax_code })
    }
}

impl Claim {
    /// What tells this claim on the dossier `code` from others, and tells nobody what is claimed.
    pub(super) fn digest(&self, hasher: &impl Hasher, code: &DossierCode) -> Digest {
        let scheme = Scheme(hasher, code);
        let shown = match self {
            Self::Phone(phone) => [Some(scheme.phone(phone)), None, None],
            Self::Knowledge(known) => [
                known.phone_last4.as_ref().map(|last| scheme.phone_last4(last)),
                known.national_id_last4.as_ref().map(|last| scheme.national_id_last4(last)),
                known.tax_code.as_ref().map(|code| scheme.tax_code(code)),
            ],
        };
        let [one, two, three] = shown.map(|digest| digest.map_or([0; 32], |digest| digest.0));
        hasher.digest(Purpose::Allowance, &[b"dossier guess", &one, &two, &three])
    }

    /// Whether the claim is true of the dossier `code`, with these `proofs`; everything that was
    /// shown has to be. Takes as long for one that is false, and for a dossier that nobody has.
    pub(super) fn holds(
        &self,
        hasher: &impl Hasher,
        code: &DossierCode,
        proofs: Option<&Proofs>,
    ) -> bool {
        let nobodys = Proofs::default();
        let (proofs, scheme) = (proofs.unwrap_or(&nobodys), Scheme(hasher, code));
        match self {
            Self::Phone(phone) => same(Some(scheme.phone(phone)), proofs.phone),
            Self::Knowledge(known) => {
                let phone = known.phone_last4.as_ref().map(|last| scheme.phone_last4(last));
                let id = known.national_id_last4.as_ref().map(|it| scheme.national_id_last4(it));
                let tax_code = known.tax_code.as_ref().map(|code| scheme.tax_code(code));
                same(phone, proofs.phone_last4)
                    & same(id, proofs.national_id_last4)
                    & same(tax_code, proofs.tax_code)
            }
        }
    }
}

/// Whether what was shown, if anything was, is what is kept.
fn same(shown: Option<Digest>, kept: Option<Digest>) -> bool {
    const NOTHING: Digest = Digest([0; 32]);
    shown.is_none_or(|shown| (shown == kept.unwrap_or(NOTHING)) & kept.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes digests that are different for different parts.
    struct Plain;

    impl Hasher for Plain {
        fn digest(&self, _: Purpose, parts: &[&[u8]]) -> Digest {
            let mut digest = [0; 32];
            for (at, byte) in parts.join(&b'/').into_iter().enumerate() {
                digest[at % 32] ^= byte.rotate_left(u32::try_from(at / 32).unwrap());
            }
            Digest(digest)
        }
    }

    fn code(text: &str) -> DossierCode {
        text.parse().unwrap()
    }

    fn known(phone: &str, id: &str, tax_code: &str) -> Option<Claim> {
        let last4 = |text: &str| text.parse::<LastFour>().ok();
        let tax_code = tax_code.parse().ok();
        Knowledge::new(last4(phone), last4(id), tax_code).map(Claim::Knowledge)
    }

    #[test]
    fn everything_that_is_shown_has_to_be_right() {
        let own = code("H55.242-261123-0001");
        let applicant = Applicant::new(
            Some("0912345678".to_owned()),
            Some("019203004567".to_owned()),
            "0100109106".parse().ok(),
        );
        let proofs = Proofs::of(&Plain, &own, &applicant);
        let holds = |claim: &Claim| claim.holds(&Plain, &own, Some(&proofs));
        for (phone, id, tax_code, right) in [
            ("5678", "", "", true),
            ("", "4567", "", true),
            ("5678", "4567", "0100109106", true),
            ("5679", "", "", false),
            ("4567", "", "", false),
            ("5678", "5678", "", false),
            ("5678", "", "0100109106-001", false),
            ("5679", "", "0100109106", false),
        ] {
            let claim = known(phone, id, tax_code).unwrap();
            assert_eq!(holds(&claim), right, "{phone} {id} {tax_code}");
            assert!(!claim.holds(&Plain, &own, None), "nobody's dossier is proven by nobody");
        }
        assert!(known("", "", "0100109106").is_none(), "a tax code proves nothing alone");
        assert!(holds(&Claim::Phone("+84912345678".parse().unwrap())));
        assert!(!holds(&Claim::Phone("+84912345679".parse().unwrap())));
    }

    #[test]
    fn two_dossiers_of_one_person_have_nothing_in_common() {
        let applicant = Applicant::new(Some("0912345678".to_owned()), None, None);
        let of = |text| Proofs::of(&Plain, &code(text), &applicant).phone;
        assert_ne!(of("H55.242-261123-0001"), of("H55.242-261123-0002"));
    }

    #[test]
    fn a_landline_proves_by_its_end_alone() {
        let own = code("H55.242-261123-0001");
        let applicant = Applicant::new(Some("02083855432".to_owned()), None, None);
        let proofs = Proofs::of(&Plain, &own, &applicant);
        assert!(proofs.phone.is_none());
        assert!(known("5432", "", "").unwrap().holds(&Plain, &own, Some(&proofs)));
    }
}
