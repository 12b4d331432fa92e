//! Calls for help, and who is on duty.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::Text;

    duty (staff) {
        staff -> Id,
        username -> Text,
        agency -> Text,
        since -> At,
        seen_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    emergency (id) {
        id -> Id,
        version -> BigInt,
        receipt -> Text,
        status -> Text,
        priority -> Text,
        suspect -> Bool,
        urgency -> Nullable<Integer>,
        agency -> Text,
        kind -> Nullable<Text>,
        commune -> Nullable<Text>,
        received_at -> At,
        queued_at -> At,
        said -> Binary,
        location -> Nullable<Text>,
        location_told_at -> Nullable<At>,
        citizen -> Nullable<Id>,
        secret -> Nullable<Binary>,
        idempotency_key -> Nullable<Binary>,
        body -> Nullable<Binary>,
        overheard -> Bool,
        source -> Binary,
        merged_into -> Nullable<Id>,
        holder -> Nullable<Id>,
        heard_at -> Nullable<At>,
        lease -> Nullable<Text>,
        cancel_requested_at -> Nullable<At>,
        outcome -> Nullable<Text>,
        closes_at -> Nullable<At>,
        offered_to -> Nullable<Text>,
        course -> Nullable<Text>,
        alarm_at -> Nullable<At>,
        called -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Double, Text};

    emergency_location (emergency_id, device_at, lat, lon, received_at) {
        emergency_id -> Id,
        device_at -> At,
        lat -> Double,
        lon -> Double,
        received_at -> At,
        fix -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Bool, Text};

    emergency_statement (id) {
        id -> Id,
        emergency_id -> Id,
        at -> At,
        verified -> Bool,
        said -> Binary,
        fixes -> Text,
        cancels -> Bool,
        body -> Binary,
    }
}
