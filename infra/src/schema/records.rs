//! What is kept of emergencies beside themselves, and how far the event log was read for it.

diesel::table! {
    use diesel::sql_types::{BigInt, Text};

    event_bookmark (reader) {
        reader -> Text,
        position -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Bool, Nullable, Text};

    emergency_record (emergency_id) {
        emergency_id -> Id,
        received_at -> At,
        status -> Text,
        kind -> Nullable<Text>,
        priority -> Text,
        agency -> Text,
        drill -> Bool,
        claimed_at -> Nullable<At>,
        dispatched_at -> Nullable<At>,
        en_route_at -> Nullable<At>,
        on_scene_at -> Nullable<At>,
        ended_at -> Nullable<At>,
        disposition -> Nullable<Text>,
        locations_taken_at -> Nullable<At>,
        medical_taken_at -> Nullable<At>,
        words_taken_at -> Nullable<At>,
    }
}
