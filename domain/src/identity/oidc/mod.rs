//! Signing in by OpenID Connect: through the browser to the provider and back, then from the
//! browser to the app, in such a way that no token passes through an address of the browser.

mod flow;
mod hand_over;
mod linked;
mod repository;
mod sign_in;

pub use flow::{AppChallenge, InvalidAppChallenge, OidcFlow, OidcSecrets, resume_oidc, start_oidc};
pub use hand_over::{HandOver, OidcIdentity, hand_over};
pub use linked::{LinkedId, LinkedIdentity, UnlinkError, linked_identities, unlink};
pub use repository::OidcRepository;
pub use sign_in::{OidcRedemption, OidcSignedIn, oidc_sign_in};
