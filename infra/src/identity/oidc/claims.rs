//! What a provider says of somebody.

use domain::identity::{DisplayName, OidcIdentity};
use openidconnect::{
    AdditionalClaims, Client, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IdTokenClaims, IdTokenFields, StandardErrorResponse, StandardTokenResponse, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::OidcOptions;

/// Claims that the standard does not name, such as a number in the register of residents.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct OtherClaims(Map<String, Value>);

impl AdditionalClaims for OtherClaims {}

/// What the token endpoint answers.
pub(super) type Answer = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// The client of a provider that was found by discovery.
pub(super) type OidcClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What a provider says of somebody, all claims by their names.
pub(super) struct Claims {
    issuer: String,
    pub(super) subject: String,
    named: Map<String, Value>,
}

impl From<&IdTokenClaims<OtherClaims, CoreGenderClaim>> for Claims {
    fn from(claims: &IdTokenClaims<OtherClaims, CoreGenderClaim>) -> Self {
        Self {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            named: named(claims),
        }
    }
}

impl Claims {
    /// Whether they hold everything that `options` ask for.
    pub(super) fn hold(&self, options: &OidcOptions) -> bool {
        let wanted = [&options.national_id_claim, &options.full_name_claim];
        wanted.into_iter().flatten().all(|name| self.named.contains_key(name))
    }

    /// Adds what the provider told when it was asked.
    pub(super) fn add(&mut self, told: &UserInfoClaims<OtherClaims, CoreGenderClaim>) {
        self.named.extend(named(told));
    }

    /// Who it is, read as `options` name the claims.
    pub(super) fn identity(self, options: &OidcOptions) -> OidcIdentity {
        let text = |name: &Option<String>| {
            name.as_ref().and_then(|name| self.named.get(name)?.as_str()).map(str::to_owned)
        };
        let full_name = text(&options.full_name_claim);
        OidcIdentity {
            national_id: text(&options.national_id_claim),
            full_name: full_name.and_then(|name| DisplayName::try_from(name.as_str()).ok()),
            issuer: self.issuer,
            subject: self.subject,
        }
    }
}

fn named(claims: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(named)) => named,
        _ => Map::new(),
    }
}
