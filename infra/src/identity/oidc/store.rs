//! Sign-ins by OpenID Connect in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    Moment, StoreError,
    identity::{
        CitizenId, DisplayName, HandOver, LinkedId, LinkedIdentity, OidcFlow, OidcIdentity,
        OidcRepository,
    },
    secret::{Digest, Purpose},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    columns::{At, Id},
    connection::on,
    database::{Transaction, store_error},
    identity::{digest, unreadable},
    schema::{citizen_identity, oidc_flow, oidc_hand_over},
    vault::{Column, Vault},
};

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = oidc_flow, treat_none_as_default_value = false)]
struct FlowRow {
    state: Vec<u8>,
    app_challenge: String,
    redirect_uri: String,
    expires_at: At,
}

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = oidc_hand_over, treat_none_as_default_value = false)]
struct HandOverRow {
    id: Id,
    code: Vec<u8>,
    app_challenge: String,
    identity: Vec<u8>,
    expires_at: At,
}

/// An identity as it is sealed.
#[derive(Deserialize, Serialize)]
struct Sealed {
    issuer: String,
    subject: String,
    national_id: Option<String>,
    full_name: Option<String>,
}

impl Sealed {
    fn seal(
        identity: &OidcIdentity,
        vault: &Vault,
        (column, row): (Column, Uuid),
    ) -> Result<Vec<u8>, StoreError> {
        let plain = Self {
            issuer: identity.issuer.clone(),
            subject: identity.subject.clone(),
            national_id: identity.national_id.clone(),
            full_name: identity.full_name.as_ref().map(|name| name.as_str().to_owned()),
        };
        let plain = serde_json::to_vec(&plain).map_err(unreadable("an identity"))?;
        Ok(vault.seal(column, row, &plain))
    }

    fn open(
        sealed: &[u8],
        vault: &Vault,
        (column, row): (Column, Uuid),
    ) -> Result<OidcIdentity, StoreError> {
        let plain = vault.open(column, row, sealed)?;
        let plain: Self = serde_json::from_slice(&plain).map_err(unreadable("an identity"))?;
        let name = plain.full_name.as_deref().map(DisplayName::try_from).transpose();
        Ok(OidcIdentity {
            issuer: plain.issuer,
            subject: plain.subject,
            national_id: plain.national_id,
            full_name: name.map_err(unreadable("an identity"))?,
        })
    }
}

/// By what an identity is found: who it is at whose house.
fn subject_of(identity: &OidcIdentity, vault: &Vault) -> Digest {
    vault.digest(Purpose::Oidc, &format!("{}\n{}", identity.issuer, identity.subject))
}

impl OidcRepository for Transaction<'_> {
    fn add_oidc_flow(&mut self, flow: &OidcFlow) -> Result<(), StoreError> {
        let row = FlowRow {
            state: flow.state.0.to_vec(),
            app_challenge: flow.app_challenge.as_str().to_owned(),
            redirect_uri: flow.redirect_uri.clone(),
            expires_at: At(flow.expires_at),
        };
        on!(self.connection(), |conn| diesel::insert_into(oidc_flow::table)
            .values(row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn take_oidc_flow(&mut self, state: Digest) -> Result<Option<OidcFlow>, StoreError> {
        let row: Option<FlowRow> = on!(self.connection(), |conn| diesel::delete(
            oidc_flow::table.find(state.0.as_slice())
        )
        .returning(FlowRow::as_returning())
        .get_result(conn)
        .optional())
        .map_err(store_error)?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(OidcFlow {
            state: digest(&row.state)?,
            app_challenge: row.app_challenge.parse().map_err(unreadable("oidc_flow"))?,
            redirect_uri: row.redirect_uri,
            expires_at: row.expires_at.0,
        }))
    }

    fn add_hand_over(&mut self, hand_over: &HandOver) -> Result<(), StoreError> {
        let place = (Column::HAND_OVER_IDENTITY, hand_over.id.uuid());
        let row = HandOverRow {
            id: hand_over.id.into(),
            code: hand_over.code.0.to_vec(),
            app_challenge: hand_over.app_challenge.as_str().to_owned(),
            identity: Sealed::seal(&hand_over.identity, self.vault()?, place)?,
            expires_at: At(hand_over.expires_at),
        };
        on!(self.connection(), |conn| diesel::insert_into(oidc_hand_over::table)
            .values(row)
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn take_hand_over(&mut self, code: Digest) -> Result<Option<HandOver>, StoreError> {
        let vault = self.vault()?;
        let row: Option<HandOverRow> =
            on!(self.connection(), |conn| diesel::delete(oidc_hand_over::table)
                .filter(oidc_hand_over::code.eq(code.0.as_slice()))
                .returning(HandOverRow::as_returning())
                .get_result(conn)
                .optional())
            .map_err(store_error)?;
        let Some(row) = row else { return Ok(None) };
        let place = (Column::HAND_OVER_IDENTITY, row.id.0);
        Ok(Some(HandOver {
            id: row.id.into(),
            code: digest(&row.code)?,
            app_challenge: row.app_challenge.parse().map_err(unreadable("oidc_hand_over"))?,
            identity: Sealed::open(&row.identity, vault, place)?,
            expires_at: row.expires_at.0,
        }))
    }

    fn forget_oidc(&mut self, at: DateTime<Utc>) -> Result<(), StoreError> {
        on!(self.connection(), |conn| diesel::delete(oidc_flow::table)
            .filter(oidc_flow::expires_at.le(At(at)))
            .execute(conn)
            .and_then(|_| {
                diesel::delete(oidc_hand_over::table)
                    .filter(oidc_hand_over::expires_at.le(At(at)))
                    .execute(conn)
            }))
        .map(|_| ())
        .map_err(store_error)
    }

    fn citizen_of(&mut self, identity: &OidcIdentity) -> Result<Option<CitizenId>, StoreError> {
        let subject = subject_of(identity, self.vault()?);
        let citizen: Option<Id> = on!(self.connection(), |conn| citizen_identity::table
            .filter(citizen_identity::subject.eq(subject.0.as_slice()))
            .select(citizen_identity::citizen)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        Ok(citizen.map(CitizenId::from))
    }

    fn identities_of(&mut self, citizen: CitizenId) -> Result<Vec<LinkedIdentity>, StoreError> {
        let vault = self.vault()?;
        let rows: Vec<(Id, Vec<u8>, At)> = on!(self.connection(), |conn| citizen_identity::table
            .filter(citizen_identity::citizen.eq(Id::from(citizen)))
            .order(citizen_identity::id)
            .select(
                (citizen_identity::id, citizen_identity::identity, citizen_identity::linked_at,)
            )
            .load(conn))
        .map_err(store_error)?;
        let open = |(id, sealed, linked_at): (Id, Vec<u8>, At)| {
            let identity = Sealed::open(&sealed, vault, (Column::CITIZEN_IDENTITY, id.0))?;
            Ok(LinkedIdentity { id: id.into(), identity, linked_at: linked_at.0 })
        };
        rows.into_iter().map(open).collect()
    }

    fn renew_identity(&mut self, identity: &OidcIdentity) -> Result<(), StoreError> {
        let vault = self.vault()?;
        let subject = subject_of(identity, vault);
        let id: Option<Id> = on!(self.connection(), |conn| citizen_identity::table
            .filter(citizen_identity::subject.eq(subject.0.as_slice()))
            .select(citizen_identity::id)
            .first(conn)
            .optional())
        .map_err(store_error)?;
        let Some(id) = id else { return Ok(()) };
        let sealed = Sealed::seal(identity, vault, (Column::CITIZEN_IDENTITY, id.0))?;
        on!(self.connection(), |conn| diesel::update(citizen_identity::table.find(id))
            .set(citizen_identity::identity.eq(sealed))
            .execute(conn))
        .map(|_| ())
        .map_err(store_error)
    }

    fn link(
        &mut self,
        now: &Moment,
        identity: &OidcIdentity,
        citizen: CitizenId,
    ) -> Result<LinkedId, StoreError> {
        let vault = self.vault()?;
        let id: LinkedId = now.new_id();
        let row = (
            citizen_identity::id.eq(Id::from(id)),
            citizen_identity::subject.eq(subject_of(identity, vault).0.to_vec()),
            citizen_identity::citizen.eq(Id::from(citizen)),
            citizen_identity::identity.eq(Sealed::seal(
                identity,
                vault,
                (Column::CITIZEN_IDENTITY, id.uuid()),
            )?),
            citizen_identity::linked_at.eq(At(now.at)),
        );
        on!(self.connection(), |conn| diesel::insert_into(citizen_identity::table)
            .values(row)
            .execute(conn))
        .map(|_| id)
        .map_err(store_error)
    }

    fn unlink(&mut self, citizen: CitizenId, id: LinkedId) -> Result<(), StoreError> {
        let linked = citizen_identity::table
            .find(Id::from(id))
            .filter(citizen_identity::citizen.eq(Id::from(citizen)));
        on!(self.connection(), |conn| diesel::delete(linked).execute(conn))
            .map(|_| ())
            .map_err(store_error)
    }
}

impl Transaction<'_> {
    /// Lets the identities of `citizen` open nothing any more, so that they can open a new account.
    pub(crate) fn free_identities(&mut self, citizen: CitizenId) -> Result<(), StoreError> {
        let linked = citizen_identity::table
            .filter(citizen_identity::citizen.eq(Id::from(citizen)))
            .select(citizen_identity::id);
        let linked: Vec<Id> =
            on!(self.connection(), |conn| linked.load(conn)).map_err(store_error)?;
        for id in linked {
            // A value that no identity has: the row is found by nobody, and stays unique.
            on!(self.connection(), |conn| diesel::update(citizen_identity::table.find(id))
                .set(citizen_identity::subject.eq(id.0.as_bytes().as_slice()))
                .execute(conn))
            .map_err(store_error)?;
        }
        Ok(())
    }
}
