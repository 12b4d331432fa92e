//! End-to-end tests. The files mirror the addresses that they call.

mod admin_agencies;
mod admin_staff;
mod agency_tree;
mod app_config;
mod assignments;
mod audit;
mod auth;
mod bad_input;
mod business_invitations;
mod business_owners;
mod businesses;
mod clock_back;
mod communes;
mod contract;
mod crews;
mod desk_facilities;
mod desk_notices;
mod directory_changes;
mod dispatch;
mod dispatch_callbacks;
mod dispatch_events;
mod dispatch_merge;
mod dispatch_phoned;
mod dispatch_pollers;
mod dispatch_records;
mod dispatch_steering;
mod dispatch_transfers;
mod dossier_follow;
mod dossier_sources;
mod dossier_upstream;
mod dossiers;
mod durability;
mod emergencies;
mod emergency_alone;
mod emergency_intake;
mod emergency_messages;
mod emergency_overload;
mod emergency_ownership;
mod emergency_places;
mod emergency_probe;
mod emergency_sms;
mod emergency_spool;
mod emergency_tolerance;
mod escalation;
mod event_log;
mod facilities;
mod feedback;
mod feedback_deadlines;
mod feedback_desk;
mod feedback_life;
mod feedback_preview;
mod feedback_public;
mod feedback_submit;
mod feedback_track;
mod hotlines;
mod house;
mod import;
mod import_osm;
mod jwks;
mod keys;
mod logs;
mod look_ups;
mod me;
mod me_erasure;
mod me_lately;
mod me_personal;
mod me_phone;
mod me_requests;
mod notice_calendars;
mod notices;
mod notifications;
mod offices;
mod offline_pack;
mod oidc;
mod personal_register;
mod procedure_changes;
mod procedures;
mod reach;
mod revocation;
mod routing;
mod search;
mod search_judgements;
mod search_rules;
mod sent_again;
mod sms_budget;
mod sms_gateway;
mod staff;
mod staff_proof;
mod store;
mod survival;
mod system;
mod units;
mod vault;

use rstest_reuse::template;

/// Every test runs on both stores.
#[template]
#[rstest::rstest]
#[case::sqlite(tests::Store::Sqlite)]
#[case::postgres(tests::Store::Postgres)]
fn every_store(#[case] store: tests::Store) {}
