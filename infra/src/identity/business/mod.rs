//! Businesses in the store.

mod account;
mod api_key;
mod member;
mod site;
