//! Businesses in the store.

mod account;
mod api_key;
mod leaving;
mod member;
mod site;
