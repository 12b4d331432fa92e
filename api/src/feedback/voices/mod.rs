//! What others have to say about a published report: that it concerns them, too, that they want to
//! know what becomes of it, and what they think.

pub(super) mod comments;
pub(super) mod follow;
pub(super) mod moderation;
pub(super) mod own;
pub(super) mod support;
