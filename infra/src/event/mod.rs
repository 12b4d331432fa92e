//! The event log and those who follow it.
//!
//! Events have positions in commit order. On the embedded store its one writer gives them as it
//! appends; on PostgreSQL a unit of work appends events without, and whichever process comes first
//! stamps them once they are committed. One follower per process reads them into a ring in memory,
//! from which long polls and event streams are served.

mod feed;
mod follower;
mod log;
mod recalled;
mod ring;
mod signal;
mod stamp;

pub use feed::{Batch, Feed, FeedError, Query};
pub use follower::Follower;
pub(crate) use log::NewRow as NewEvent;
pub use recalled::Recalled;
pub use ring::FeedEvent;
pub(crate) use signal::Signal;
