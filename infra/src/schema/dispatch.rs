//! The tables of what dispatchers do with emergencies.

diesel::table! {
    use crate::columns::sql::Id;

    emergency_link (emergency_id, other_id) {
        emergency_id -> Id,
        other_id -> Id,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable, Text};

    emergency_note (id) {
        id -> Id,
        emergency_id -> Id,
        at -> At,
        staff -> Id,
        username -> Text,
        about -> Nullable<Text>,
        text -> Binary,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Binary, Double, Nullable};

    emergency_trace (emergency_id) {
        emergency_id -> Id,
        version -> BigInt,
        received_at -> At,
        lat -> Nullable<Double>,
        lon -> Nullable<Double>,
        phone_digest -> Nullable<Binary>,
    }
}
