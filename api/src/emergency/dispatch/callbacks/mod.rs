//! Callers whom somebody should ring back.

pub(super) mod list;
pub(super) mod ring;

pub(super) use ring::CallbackView;
