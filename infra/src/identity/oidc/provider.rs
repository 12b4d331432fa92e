//! The provider by which people sign in with OpenID Connect.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{OidcIdentity, OidcSecrets};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, SubjectIdentifier, TokenResponse as _,
    core::{
        CoreAuthenticationFlow, CoreClientAuthMethod, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    },
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use super::{
    claims::{Answer, Claims, OidcClient},
    http::Http,
};
use crate::{clock::Clock, outbound};

/// How far the provider's clock may be from ours.
const SKEW: TimeDelta = TimeDelta::seconds(60);
/// How long what the provider says of itself is believed without asking again.
const BELIEVED: TimeDelta = TimeDelta::hours(1);
/// Signatures that only the provider can make. A shared secret would let anybody who learns it
/// make tokens, and `none` everybody.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Which provider, and what this service is to it.
#[derive(Clone, Debug)]
pub struct OidcOptions {
    /// The issuer, below which its description is found.
    pub issuer: String,
    /// The name of this service there.
    pub client_id: String,
    /// The password of this service there.
    pub client_secret: Option<SecretString>,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// Where it sends people back: the callback of this service.
    pub redirect_uri: String,
    /// The claim that holds the number in the register of residents.
    pub national_id_claim: Option<String>,
    /// The claim that holds the full name.
    pub full_name_claim: Option<String>,
}

/// A provider of identities, found by discovery. It is asked for the first time when somebody
/// signs in, so that this service starts without it.
pub struct OidcProvider {
    options: OidcOptions,
    issuer: IssuerUrl,
    redirect_uri: RedirectUrl,
    http: Http,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<Known>>,
}

/// What the provider says of itself, keys included.
struct Known {
    metadata: CoreProviderMetadata,
    at: DateTime<Utc>,
}

impl OidcProvider {
    /// The provider that `options` name.
    ///
    /// # Errors
    /// [`InvalidOidc`] says what to correct.
    pub fn new(options: OidcOptions, clock: Arc<dyn Clock>) -> Result<Self, InvalidOidc> {
        if options.client_id.is_empty() {
            return Err(InvalidOidc::ClientId);
        }
        let issuer = outbound::safe_url(&options.issuer).map(|_| options.issuer.clone());
        Ok(Self {
            issuer: issuer.and_then(|url| IssuerUrl::new(url).ok()).ok_or(InvalidOidc::Issuer)?,
            redirect_uri: RedirectUrl::new(options.redirect_uri.clone())
                .map_err(|_| InvalidOidc::PublicUrl)?,
            http: Http::new().map_err(InvalidOidc::Client)?,
            options,
            clock,
            known: Mutex::new(None),
        })
    }

    /// Where the browser goes to sign in.
    ///
    /// # Errors
    /// [`OidcError::Away`] when the provider does not describe itself.
    pub async fn authorization_url(
        &self,
        state: &str,
        secrets: &OidcSecrets,
    ) -> Result<String, OidcError> {
        let client = self.client(self.metadata().await?);
        let (state, nonce) = (CsrfToken::new(state.to_owned()), Nonce::new(secrets.nonce.clone()));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier(secrets));
        let scopes = self.options.scopes.iter().cloned().map(Scope::new);
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (url, _, _) = client
            .authorize_url(flow, || state, || nonce)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        Ok(url.into())
    }

    /// Who signed in at the provider, for the `code` with which it sent the browser back.
    ///
    /// # Errors
    /// [`OidcError::Refused`] when the provider does not take the code or its answer does not
    /// prove what it says.
    pub async fn identity(
        &self,
        code: String,
        secrets: &OidcSecrets,
    ) -> Result<OidcIdentity, OidcError> {
        let client = self.client(self.metadata().await?);
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| OidcError::Refused("the provider has no token endpoint"))?
            .set_pkce_verifier(verifier(secrets));
        let http = |request| self.http.send(request);
        let answer = request.request_async(&http).await.map_err(|error| match error {
            RequestTokenError::Request(_) => OidcError::Away,
            _ => OidcError::Refused("the provider does not take the code"),
        })?;
        let claims = match self.claims(&client, &answer, secrets) {
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                // The provider may have new keys.
                let client = self.client(self.discover().await?);
                self.claims(&client, &answer, secrets)
            }
            claims => claims,
        };
        let claims = claims.map_err(|error| OidcError::Refused(reason(&error)))?;
        Ok(self.with_user_info(&client, &answer, claims).await.identity(&self.options))
    }

    /// What the ID token of `answer` says, if it is the provider's, for us, for this sign-in and of
    /// this moment.
    fn claims(
        &self,
        client: &OidcClient,
        answer: &Answer,
        secrets: &OidcSecrets,
    ) -> Result<Claims, ClaimsVerificationError> {
        let now = self.clock.now();
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now - SKEW)
            .set_issue_time_verifier_fn(move |issued_at| {
                if issued_at <= now + SKEW { Ok(()) } else { Err("from the future".to_owned()) }
            });
        let unsigned = || ClaimsVerificationError::Other("no ID token".to_owned());
        let token = answer.id_token().ok_or_else(unsigned)?;
        token.claims(&verifier, &Nonce::new(secrets.nonce.clone())).map(Claims::from)
    }

    /// Adds to `claims` what the provider tells only when it is asked: some keep names and numbers
    /// out of the ID token. A provider that does not answer keeps nobody from signing in.
    async fn with_user_info(
        &self,
        client: &OidcClient,
        answer: &Answer,
        mut claims: Claims,
    ) -> Claims {
        let http = |request| self.http.send(request);
        if !claims.hold(&self.options)
            && let subject = SubjectIdentifier::new(claims.subject.clone())
            && let Ok(request) = client.user_info(answer.access_token().clone(), Some(subject))
            && let Ok(told) = request.request_async(&http).await
        {
            claims.add(&told);
        }
        claims
    }

    /// The client of the provider that `metadata` describes.
    fn client(&self, metadata: CoreProviderMetadata) -> OidcClient {
        let ways = metadata.token_endpoint_auth_methods_supported();
        let in_body =
            ways.is_some_and(|ways| !ways.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let secret = self.options.client_secret.as_ref();
        OidcClient::from_provider_metadata(
            metadata,
            ClientId::new(self.options.client_id.clone()),
            secret.map(|secret| ClientSecret::new(secret.expose_secret().to_owned())),
        )
        .set_auth_type(if in_body { AuthType::RequestBody } else { AuthType::BasicAuth })
        .set_redirect_uri(self.redirect_uri.clone())
    }

    /// What the provider says of itself; asked anew from time to time.
    async fn metadata(&self) -> Result<CoreProviderMetadata, OidcError> {
        let fresh = |known: &&Known| self.clock.now() < known.at + BELIEVED;
        let known = self.known.lock().await.as_ref().filter(fresh).map(|it| it.metadata.clone());
        match known {
            Some(known) => Ok(known),
            None => self.discover().await,
        }
    }

    /// Asks the provider what it says of itself.
    async fn discover(&self) -> Result<CoreProviderMetadata, OidcError> {
        let http = |request| self.http.send(request);
        let discovered = CoreProviderMetadata::discover_async(self.issuer.clone(), &http).await;
        let metadata = discovered.map_err(|_| OidcError::Away)?;
        let known = Known { metadata: metadata.clone(), at: self.clock.now() };
        *self.known.lock().await = Some(known);
        Ok(metadata)
    }
}

fn verifier(secrets: &OidcSecrets) -> PkceCodeVerifier {
    PkceCodeVerifier::new(secrets.verifier.clone())
}

/// Why a sign-in at the provider came to nothing. Holds nothing of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The provider does not answer.
    #[error("the OpenID provider does not answer")]
    Away,
    /// What it answered does not prove who signed in.
    #[error("the OpenID provider did not prove who signed in: {0}")]
    Refused(&'static str),
}

fn reason(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "the ID token has expired",
        ClaimsVerificationError::InvalidAudience(_) => "the ID token is for somebody else",
        ClaimsVerificationError::InvalidIssuer(_) => "the ID token is from somebody else",
        ClaimsVerificationError::InvalidNonce(_) => "the ID token is of another sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "the signature is not the provider's",
        _ => "the ID token cannot be used",
    }
}

/// Why there is no such provider, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum InvalidOidc {
    /// The issuer cannot be reached safely.
    #[error("oidc_issuer: an address with https, or with http on this machine itself")]
    Issuer,
    /// The callback is none.
    #[error("public_url: the address of this service as browsers know it")]
    PublicUrl,
    /// The name of this service is missing.
    #[error("oidc_client_id: the name of this service at the provider")]
    ClientId,
    /// The system does not allow it.
    #[error("nothing can be asked by HTTP: {0}")]
    Client(reqwest::Error),
}
