//! The interface as a whole: every operation is exercised, and guarded as its description says.

use std::{collections::HashSet, fs};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::identity::{
    Role,
    policy::{Right, Rule},
};
use infra::identity::Tokens;
use jsonwebtoken::EncodingKey;
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::Value;
use tests::{Caller, Service, Store};

use crate::{businesses::machine, dossier_sources::one_stop, every_store};

/// An operation of the document.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Whether it cannot be called without a token.
    needs_token: bool,
    /// The rule that guards it, where access tokens alone open it.
    pub(crate) rule: Option<Rule>,
}

pub(crate) fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(api::server::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(|(method, operation)| Operation {
            method: method.to_uppercase().parse().unwrap(),
            path: path.clone(),
            needs_token: scopes(operation).is_some(),
            rule: scopes(operation).and_then(|scopes| scopes.into_iter().find_map(rule)),
        })
    });
    each.collect()
}

/// The scope of each way to call the operation, if every way needs a token.
fn scopes(operation: &Value) -> Option<Vec<&Value>> {
    let ways = operation["security"].as_array()?;
    ways.iter().map(|way| way.get("bearer")).collect()
}

/// The rule that a scope names; none for what the token of a thing opens, too.
fn rule(scope: &Value) -> Option<Rule> {
    scope[0].as_str().map(|name| Rule::named(name).expect(name))
}

/// The id of nothing.
pub(crate) const NOTHING: &str = "0193572a-0000-7000-8000-000000000000";

impl Operation {
    /// What it is called: `GET /v1/me`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Its address for the thing `id`; whatever is named further belongs to nothing.
    pub(crate) fn address(&self, id: &str) -> String {
        let mut names = std::iter::once(id).chain(std::iter::repeat(NOTHING));
        let path = self.path.split('/');
        let path =
            path.map(|part| if part.starts_with('{') { names.next().unwrap() } else { part });
        path.collect::<Vec<_>>().join("/")
    }

    async fn status(&self, caller: &Caller) -> u16 {
        let request = caller.request(self.method.clone(), &self.address(NOTHING));
        caller.send(request).await.status()
    }

    /// Whether it ends the session of the one who calls it.
    fn ends_the_session(&self) -> bool {
        self.path.ends_with("/logout") || (self.method == Method::DELETE && self.path == "/v1/me")
    }
}

/// A key that the service has never seen (RFC 8410: an empty shell, and 32 bytes).
fn strange_key() -> EncodingKey {
    let shell = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    EncodingKey::from_ed_der(&[&shell[..], &[7; 32]].concat())
}

/// Tokens of `good` that are truly signed: by the service for others, and with a swapped key.
fn signed_tokens(service: &Service, good: &str) -> Vec<(&'static str, String)> {
    let app = &service.app;
    let access = app.tokens.verify(good, app.now().at).unwrap();
    let issuer = app.settings.issuer.as_str();
    let signed =
        |issuer, audience| Tokens::new(&app.keys, issuer, audience).unwrap().sign(&access).unwrap();
    assert!(app.tokens.verify(&signed(issuer, "cthainguyen"), app.now().at).is_ok());
    let claims = good.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    let header = jsonwebtoken::decode_header(good).unwrap();
    vec![
        ("for another audience", signed(issuer, "others")),
        ("by another issuer", signed("https://elsewhere.example", "cthainguyen")),
        ("with a swapped key", jsonwebtoken::encode(&header, &claims, &strange_key()).unwrap()),
    ]
}

/// Tokens that prove nothing: garbled, unsigned, changed.
fn bad_tokens(good: &str) -> Vec<(&'static str, String)> {
    let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut parts = good.split('.');
    let (header, claims, signature) =
        (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
    let read = |part: &str| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    let with = |part: &str, field: &str, value: &str| {
        let mut changed = read(part);
        changed[field] = value.into();
        encode(changed)
    };
    vec![
        ("garbled", "x.y.z".to_owned()),
        ("without a signature", format!("{}.{claims}.", with(header, "alg", "none"))),
        ("with a symmetric one", format!("{}.{claims}.{signature}", with(header, "alg", "HS256"))),
        ("under another key", format!("{}.{claims}.{signature}", with(header, "kid", "other"))),
        ("for others", format!("{header}.{}.{signature}", with(claims, "aud", "others"))),
        ("of a higher role", format!("{header}.{}.{signature}", with(claims, "role", "auditor"))),
        ("of another type", format!("{}.{claims}.{signature}", with(header, "typ", "JWT"))),
    ]
}

/// A citizen called `name`, and somebody of the province for each role of staff.
async fn everybody(service: &Service, name: &str) -> Vec<(Role, Caller)> {
    let mut callers = vec![(Role::Citizen, service.citizen(name).await)];
    for role in Role::STAFF {
        callers.push((role, service.staff(&format!("some-{role}"), role, "province").await));
    }
    callers
}

#[apply(every_store)]
#[actix_web::test]
async fn every_operation_answers_every_role_as_the_table_says(#[case] store: Store) {
    let service = Service::configured(store.fresh().await, &[("CTN_LIMITS", "off")]).await;
    let callers = everybody(&service, "an").await;
    let (_, machine) = machine(&service, &callers[0].1).await;
    let one_stop = one_stop(&service).await;
    let operations = operations();
    let guarded =
        || operations.iter().filter_map(|operation| Some((operation, operation.rule.as_ref()?)));
    assert!(guarded().count() > 15);
    for (operation, rule) in guarded() {
        let mut callers = callers.clone();
        if operation.ends_the_session() {
            callers = everybody(&service, &operation.name()).await;
        }
        // The machines that tell of dossiers are not those of businesses.
        let tells = rule.right == Right::TellOfDossiers;
        let machine = if tells { &one_stop } else { &machine };
        // How far a system may go with its own business is tried in `reach`.
        if rule.right != Right::DecideOverBusiness {
            callers.push((Role::Machine, machine.clone()));
        }
        for (role, caller) in &callers {
            let status = operation.status(caller).await;
            let refused = status == 401 || status == 403;
            // Who acts for a business calls as a citizen.
            let acting = *role == Role::Citizen && rule.roles.contains(&Role::BusinessOwner);
            let may = acting || rule.roles.contains(role);
            assert_eq!(refused, !may, "{} by {role}: {status}", operation.name());
        }
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_needs_a_token_is_refused_without_a_good_one(#[case] store: Store) {
    let service = store.service().await;
    let anonymous = service.anonymous();
    let dispatcher = service.dispatcher().await;
    let mut bad_tokens = bad_tokens(dispatcher.token());
    bad_tokens.extend(signed_tokens(&service, dispatcher.token()));
    let operations = operations();
    let guarded = || operations.iter().filter(|operation| operation.needs_token);
    for operation in guarded() {
        let name = operation.name();
        assert_eq!(operation.status(&anonymous).await, 401, "{name} without a token");
        for (what, token) in &bad_tokens {
            let status = operation.status(&anonymous.bearing(token)).await;
            assert_eq!(status, 401, "{name} with a token {what}");
        }
    }
    service.clock.advance(TimeDelta::minutes(11));
    for operation in guarded() {
        let name = operation.name();
        assert_eq!(operation.status(&dispatcher).await, 401, "{name} with an expired token");
    }
}

#[test]
fn whatever_makes_something_can_be_sent_again() {
    let document = serde_json::to_value(api::server::document()).unwrap();
    let mut makers = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let answers = &item["post"]["responses"];
        if ["201", "202"].iter().all(|status| answers[status].is_null()) {
            continue;
        }
        let parameters = item["post"]["parameters"].as_array();
        let mut parameters = parameters.into_iter().flatten();
        let takes_a_key = parameters.any(|parameter| parameter["name"] == "Idempotency-Key");
        assert!(takes_a_key, "POST {path} makes something and takes no Idempotency-Key");
        makers += 1;
    }
    assert!(makers > 15, "{makers}");
}

#[test]
fn every_operation_is_exercised() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/api");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let sources: Vec<_> = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    let called: HashSet<_> = sources.iter().flat_map(|source| words(source)).collect();
    for Operation { path, .. } in operations() {
        let fixed = path.split('/').filter(|part| !part.is_empty() && !part.starts_with('{'));
        let unknown: Vec<_> = fixed.filter(|part| !called.contains(part)).collect();
        assert!(unknown.is_empty(), "no test calls {path}: nowhere stands {unknown:?}");
    }
}

/// The segments of addresses, and other words, in the texts of a source.
fn words(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').flat_map(|text| text.split(['/', '?', '{', '}', ' ']))
}
