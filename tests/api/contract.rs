//! The interface as a whole: every operation is exercised, and guarded as its description says.

use std::{collections::HashSet, fs};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use domain::identity::{
    Role,
    policy::{Right, Rule},
};
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::Value;
use tests::{Caller, Store};

use crate::{businesses::machine, dossier_sources::one_stop, every_store};

/// An operation of the document.
struct Operation {
    method: Method,
    path: String,
    /// Whether it cannot be called without a token.
    needs_token: bool,
    /// The rule that guards it, where access tokens alone open it.
    rule: Option<Rule>,
}

fn operations() -> Vec<Operation> {
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

impl Operation {
    async fn status(&self, caller: &Caller) -> u16 {
        let path = self.path.split('/').map(|segment| {
            if segment.starts_with('{') { "0193572a-0000-7000-8000-000000000000" } else { segment }
        });
        let path: Vec<_> = path.collect();
        let request = caller.request(self.method.clone(), &path.join("/"));
        caller.send(request).await.status()
    }
}

/// Tokens that prove nothing: garbled, unsigned, signed for others, changed.
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

#[apply(every_store)]
#[actix_web::test]
async fn every_operation_answers_every_role_as_the_table_says(#[case] store: Store) {
    let service = store.service().await;
    let mut callers = vec![(Role::Citizen, service.citizen("an").await)];
    callers.push((Role::Machine, machine(&service, &callers[0].1).await));
    let one_stop = one_stop(&service).await;
    for role in Role::STAFF {
        callers.push((role, service.staff(&format!("some-{role}"), role, "province").await));
    }
    let operations = operations();
    let guarded =
        || operations.iter().filter_map(|operation| Some((operation, operation.rule.as_ref()?)));
    assert!(guarded().count() > 15);
    for (operation, rule) in guarded() {
        // Signing out, and being erased, end the session of the one who tries it.
        let erases = operation.method == Method::DELETE && operation.path == "/v1/me";
        if erases || operation.path.ends_with("/logout") {
            continue;
        }
        for (role, caller) in &callers {
            // The machines that tell of dossiers are not those of businesses.
            let tells = *role == Role::Machine && rule.right == Right::TellOfDossiers;
            let status = operation.status(if tells { &one_stop } else { caller }).await;
            let refused = status == 401 || status == 403;
            let name = format!("{} {} by {role}: {status}", operation.method, operation.path);
            // Who acts for a business calls as a citizen.
            let acting = *role == Role::Citizen && rule.roles.contains(&Role::BusinessMember);
            assert_eq!(refused, !acting && !rule.roles.contains(role), "{name}");
        }
    }
}

#[apply(every_store)]
#[actix_web::test]
async fn what_needs_a_token_is_refused_without_a_good_one(#[case] store: Store) {
    let service = store.service().await;
    let anonymous = service.anonymous();
    let dispatcher = service.dispatcher().await;
    let bad_tokens = bad_tokens(dispatcher.token());
    let operations = operations();
    let guarded = || operations.iter().filter(|operation| operation.needs_token);
    for operation in guarded() {
        let name = format!("{} {}", operation.method, operation.path);
        assert_eq!(operation.status(&anonymous).await, 401, "{name} without a token");
        for (what, token) in &bad_tokens {
            let status = operation.status(&anonymous.bearing(token)).await;
            assert_eq!(status, 401, "{name} with a token {what}");
        }
    }
    service.clock.advance(TimeDelta::minutes(11));
    for operation in guarded() {
        let name = format!("{} {}", operation.method, operation.path);
        assert_eq!(operation.status(&dispatcher).await, 401, "{name} with an expired token");
    }
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
