//! Who is calling, as an argument of a handler: the right to call stands in its signature.
//!
//! Access tokens are checked by their signature alone: the store is not asked.

use std::{
    future::{Ready, ready},
    ops::Deref,
};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE},
    web::Data,
};
use domain::identity::{self, Access, Principal};

use crate::{
    App,
    limits::Limited,
    problem::{ApiError, Code},
};

/// A caller who proved to be a `P`. Others are refused: 401 without a valid access token, 403 with
/// another role, 429 when they ask for too much.
#[derive(Clone, Debug)]
pub struct By<P>(pub P);

/// A signed-in citizen.
pub type Citizen = By<identity::Citizen>;
/// A signed-in staff member, whatever their role.
pub type Staff = By<identity::Staff>;
/// A staff member who may handle emergency calls.
pub type Dispatcher = By<identity::Dispatcher>;
/// A staff member who takes part in emergencies: a dispatcher, or the crew of a unit.
pub type OnCall = By<identity::OnCall>;
/// A staff member who may keep the list of units and their crews.
pub type Quartermaster = By<identity::Quartermaster>;
/// A staff member who may take whole cases out of the service.
pub type Custodian = By<identity::Custodian>;
/// A staff member who may answer feedback.
pub type Officer = By<identity::Officer>;
/// A staff member who may run the service.
pub type Administrator = By<identity::Administrator>;
/// A staff member who may change what is everybody's.
pub type ChiefAdministrator = By<identity::ChiefAdministrator>;
/// A staff member who may enter notices, and correct when places are open.
pub type Clerk = By<identity::Clerk>;
/// A staff member who may verify businesses.
pub type Registrar = By<identity::Registrar>;
/// A staff member who may read the audit log.
pub type Auditor = By<identity::Auditor>;
/// A staff member who may answer what people ask to be done with their data.
pub type DataOfficer = By<identity::DataOfficer>;

impl<P> Deref for By<P> {
    type Target = P;

    fn deref(&self) -> &P {
        &self.0
    }
}

impl<P: TryFrom<Principal> + 'static> FromRequest for By<P> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(access(request).and_then(|access| {
            let app = app(request)?;
            app.limits.admit_account(Limited::Account, access.principal.id(), request)?;
            let proven = P::try_from(access.principal);
            proven.map(Self).map_err(|_| ApiError::new(Code::Forbidden))
        }))
    }
}

/// Anybody who is signed in, with the session they call in.
#[derive(Clone, Debug)]
pub struct SignedIn(pub Access);

impl FromRequest for SignedIn {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(access(request).map(Self))
    }
}

/// Whoever calls, where nobody has to prove who they are. Never refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// No access token was sent; perhaps a capability token, which is [`Bearer`]'s.
    Anonymous,
    /// A signed-in citizen.
    Citizen(identity::Citizen),
    /// A signed-in staff member.
    Staff(identity::Staff),
    /// Something was sent that proves nothing. It is ignored, but may be marked.
    Invalid,
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let access = match Authorization::of(request) {
            Authorization::None | Authorization::Capability(_) => {
                return ready(Ok(Self::Anonymous));
            }
            Authorization::Garbled => return ready(Ok(Self::Invalid)),
            Authorization::Access(token) => verified(request, token),
        };
        ready(Ok(match access.map(|access| access.principal) {
            Ok(Principal::Citizen(citizen)) => Self::Citizen(citizen),
            Ok(Principal::Staff(staff)) => Self::Staff(staff),
            Err(_) => Self::Invalid,
        }))
    }
}

/// The capability token (`ctn_e_`, `ctn_f_`) that was sent in place of an access token, if any.
/// Never refuses.
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(pub Option<String>);

impl FromRequest for Bearer {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(match Authorization::of(request) {
            Authorization::Capability(token) => Some(token.to_owned()),
            _ => None,
        })))
    }
}

/// What the `Authorization` header holds.
enum Authorization<'r> {
    None,
    Access(&'r str),
    Capability(&'r str),
    Garbled,
}

impl<'r> Authorization<'r> {
    fn of(request: &'r HttpRequest) -> Self {
        let mut sent = request.headers().get_all(AUTHORIZATION);
        let (Some(value), None) = (sent.next(), sent.next()) else {
            return if request.headers().contains_key(AUTHORIZATION) {
                Self::Garbled
            } else {
                Self::None
            };
        };
        let parts = value.to_str().ok().and_then(|text| text.trim().split_once(' '));
        match parts {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                let token = token.trim();
                if token.starts_with("ctn_") {
                    Self::Capability(token)
                } else {
                    Self::Access(token)
                }
            }
            _ => Self::Garbled,
        }
    }
}

/// The access that the caller proved.
fn access(request: &HttpRequest) -> Result<Access, ApiError> {
    match Authorization::of(request) {
        Authorization::None => Err(ApiError::new(Code::Unauthorized)),
        Authorization::Access(token) => verified(request, token),
        Authorization::Capability(_) | Authorization::Garbled => Err(invalid_token()),
    }
}

fn app(request: &HttpRequest) -> Result<&Data<App>, ApiError> {
    request.app_data().ok_or_else(|| ApiError::new(Code::Internal))
}

fn verified(request: &HttpRequest, token: &str) -> Result<Access, ApiError> {
    let app = app(request)?;
    let mut access = app.tokens.verify(token, app.now().at).map_err(|_| invalid_token())?;
    if let Principal::Staff(staff) = &mut access.principal {
        staff.agencies = app.agencies.tree();
        staff.address = Some(app.limits.source(request));
    }
    Ok(access)
}

/// RFC 6750, section 3.1.
pub(crate) fn invalid_token() -> ApiError {
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    ApiError::new(Code::Unauthorized).with_header(WWW_AUTHENTICATE, challenge)
}
