//! A dossier as a row.

use diesel::prelude::*;
use domain::{
    StoreError,
    dossier::{Dossier, DossierCode, Proofs, State, Step},
    secret::Digest,
};
use serde::{Deserialize, Serialize};

use crate::{
    columns::{AsText, At, Id, bytes, digest},
    schema::dossier,
    vault::{Column, Vault},
};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = dossier, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct Row {
    id: Id,
    code: AsText<DossierCode>,
    story: Vec<u8>,
    #[diesel(embed)]
    proofs: ProofsRow,
    is_final: bool,
    heard_at: At,
}

/// What proves a dossier to be one's own.
#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = dossier, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct ProofsRow {
    phone_digest: Option<Vec<u8>>,
    phone_last4: Option<Vec<u8>>,
    national_id_last4: Option<Vec<u8>>,
    tax_code: Option<Vec<u8>>,
}

/// What is sealed of a dossier, as it is read and as it is written.
#[derive(Deserialize)]
struct Story {
    state: State,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct StoryOf<'d> {
    state: &'d State,
    steps: &'d [Step],
}

impl Row {
    pub(super) fn of(dossier: &Dossier, vault: &Vault) -> Result<Self, StoreError> {
        let story = StoryOf { state: &dossier.state, steps: &dossier.steps };
        let story =
            serde_json::to_vec(&story).map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Self {
            id: dossier.id.into(),
            code: AsText(dossier.code.clone()),
            story: vault.seal(Column::DOSSIER_STORY, dossier.id.uuid(), &story),
            proofs: ProofsRow::from(&dossier.proofs),
            is_final: dossier.state.status.is_final(),
            heard_at: At(dossier.heard_at),
        })
    }

    pub(super) fn dossier(self, vault: &Vault) -> Result<Dossier, StoreError> {
        let story = vault.open(Column::DOSSIER_STORY, self.id.0, &self.story)?;
        let unreadable = |_| StoreError::Failed("dossier.story cannot be read".to_owned());
        let Story { state, steps } = serde_json::from_slice(&story).map_err(unreadable)?;
        Ok(Dossier {
            id: self.id.into(),
            code: self.code.0,
            state,
            steps,
            proofs: self.proofs.try_into()?,
            heard_at: self.heard_at.0,
        })
    }
}

impl From<&Proofs> for ProofsRow {
    fn from(proofs: &Proofs) -> Self {
        Self {
            phone_digest: proofs.phone.map(bytes),
            phone_last4: proofs.phone_last4.map(bytes),
            national_id_last4: proofs.national_id_last4.map(bytes),
            tax_code: proofs.tax_code.map(bytes),
        }
    }
}

impl TryFrom<ProofsRow> for Proofs {
    type Error = StoreError;

    fn try_from(row: ProofsRow) -> Result<Self, StoreError> {
        let read = |kept: Option<Vec<u8>>| -> Result<Option<Digest>, StoreError> {
            kept.map(digest).transpose()
        };
        Ok(Self {
            phone: read(row.phone_digest)?,
            phone_last4: read(row.phone_last4)?,
            national_id_last4: read(row.national_id_last4)?,
            tax_code: read(row.tax_code)?,
        })
    }
}
