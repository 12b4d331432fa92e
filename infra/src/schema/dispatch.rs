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
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};

    emergency_message (id) {
        id -> Id,
        emergency_id -> Id,
        number -> BigInt,
        client_id -> Id,
        side -> Text,
        staff -> Nullable<Id>,
        username -> Nullable<Text>,
        at -> At,
        text -> Binary,
        delivered_at -> Nullable<At>,
        read_at -> Nullable<At>,
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

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Text};

    emergency_correction (id) {
        id -> Id,
        emergency_id -> Id,
        at -> At,
        staff -> Id,
        username -> Text,
        changes -> Binary,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable, Text};

    emergency_callback (id) {
        id -> Id,
        emergency_id -> Id,
        at -> At,
        staff -> Id,
        username -> Text,
        outcome -> Text,
        note -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Integer, Nullable, Text};

    emergency_question (id) {
        id -> Id,
        emergency_id -> Id,
        code -> Text,
        asked_at -> At,
        times -> Integer,
        again_at -> Nullable<At>,
        answered_at -> Nullable<At>,
        answer -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};

    emergency_probe (id) {
        id -> Id,
        raised_at -> At,
    }
}
