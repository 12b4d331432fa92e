//! The event log and those who follow it.
//!
//! A unit of work appends events without a position. Once they are committed they are stamped with
//! positions in commit order: by the writer on the embedded store, by whichever process comes
//! first on PostgreSQL. One follower per process reads what was stamped into a ring in memory,
//! from which long polls and event streams are served.

mod feed;
mod follower;
mod log;
mod ring;
mod signal;
mod stamp;

pub use feed::{Batch, Feed, FeedError, Query};
pub use follower::Follower;
pub(crate) use log::NewRow as NewEvent;
pub use ring::FeedEvent;
pub(crate) use signal::Signal;
pub(crate) use stamp::stamp_sqlite;
