//! The interface as a whole: every operation is exercised, and guarded as its description says.

use std::{collections::HashSet, fs};

use chrono::TimeDelta;
use reqwest::Method;
use rstest_reuse::apply;
use serde_json::Value;
use tests::{Caller, Store};

use crate::every_store;

/// An operation of the document.
struct Operation {
    method: Method,
    path: String,
    needs_token: bool,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(api::server::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(|(method, operation)| Operation {
            method: method.to_uppercase().parse().unwrap(),
            path: path.clone(),
            needs_token: needs_token(operation),
        })
    });
    each.collect()
}

/// Whether every way to call the operation needs a token.
fn needs_token(operation: &Value) -> bool {
    let ways = operation["security"].as_array();
    ways.is_some_and(|ways| ways.iter().all(|way| way.get("bearer").is_some()))
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

#[apply(every_store)]
#[actix_web::test]
async fn what_needs_a_token_is_refused_without_a_good_one(#[case] store: Store) {
    let service = store.service().await;
    let anonymous = service.anonymous();
    let citizen = service.citizen("an").await;
    let dispatcher = service.dispatcher().await;
    let officer = service.officer().await;
    let guarded: Vec<_> =
        operations().into_iter().filter(|operation| operation.needs_token).collect();
    assert!(guarded.len() > 15);
    for operation in &guarded {
        let name = format!("{} {}", operation.method, operation.path);
        assert_eq!(operation.status(&anonymous).await, 401, "{name} without a token");
        assert_eq!(operation.status(&anonymous.bearing("x.y.z")).await, 401, "{name} garbled");
        let strangers = match operation.path.split('/').nth(2) {
            Some("dispatch") => [&citizen, &officer],
            Some("desk") => [&citizen, &dispatcher],
            _ => [&dispatcher, &officer],
        };
        if operation.path.ends_with("/logout") {
            // Nobody is a stranger to their own session.
            continue;
        }
        for stranger in strangers {
            assert_eq!(operation.status(stranger).await, 403, "{name} by a stranger");
        }
    }
    service.clock.advance(TimeDelta::minutes(11));
    for operation in &guarded {
        let name = format!("{} {}", operation.method, operation.path);
        for late in [&citizen, &dispatcher, &officer] {
            assert_eq!(operation.status(late).await, 401, "{name} with an expired token");
        }
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
