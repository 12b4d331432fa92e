//! The harness of the end-to-end tests: a service on either store, and callers as values.

mod answer;
mod authenticator;
mod bucket;
mod caller;
pub mod cluster;
mod crowd;
mod one_stop;
mod openid;
pub mod osm;
pub mod picture;
pub mod process;
mod raw;
mod service;
mod store;
mod surroundings;

pub use answer::Answer;
pub use authenticator::enrolled;
pub use bucket::Bucket;
pub use caller::Caller;
pub use cluster::programs;
pub use crowd::{Crowd, Met, Promise};
pub use one_stop::{Behaviour, OneStopStub};
pub use openid::OpenIdProvider;
pub use raw::{everything, rows_naming};
pub use service::{PASSWORD, Service};
pub use store::{Fresh, Store, cluster, tamper};
pub use surroundings::{CountedEntropy, FrozenClock, Messages};
