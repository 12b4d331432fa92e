//! What somebody types in to find a dossier.

use domain::dossier::{Claim, DossierCode, Knowledge};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

use crate::problem::{ApiError, FieldCode};

/// What proves that a dossier is one's own: the end of a number that its applicant left. Whatever is
/// given has to be right; a tax code is public, and proves nothing alone.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    /// The last four digits of the applicant's phone number.
    #[schema(example = "5678")]
    phone_last4: Option<String>,
    /// The last four digits of the applicant's number in the register of residents.
    #[schema(example = "4567")]
    national_id_last4: Option<String>,
    /// The tax code of the business that filed it.
    tax_code: Option<String>,
}

impl Proof {
    /// What is claimed with it.
    pub(super) fn claim(&self) -> Result<Claim, ApiError> {
        let knowledge = Knowledge::new(
            read("/proof/phone_last4", self.phone_last4.as_deref())?,
            read("/proof/national_id_last4", self.national_id_last4.as_deref())?,
            read("/proof/tax_code", self.tax_code.as_deref())?,
        );
        let missing = || ApiError::field("/proof/phone_last4", FieldCode::Missing);
        knowledge.map(Claim::Knowledge).ok_or_else(missing)
    }
}

/// The code of a dossier that was typed in.
pub(super) fn code(text: &str) -> Result<DossierCode, ApiError> {
    text.parse().map_err(|_| ApiError::field("/code", FieldCode::WrongForm))
}

fn read<T: FromStr>(pointer: &str, text: Option<&str>) -> Result<Option<T>, ApiError> {
    let wrong = |_| ApiError::field(pointer, FieldCode::WrongForm);
    text.map(str::parse).transpose().map_err(wrong)
}
