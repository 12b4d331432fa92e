//! The tables of what is entered about places.

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};

    facility_correction (facility) {
        facility -> Text,
        opening_hours -> Nullable<Text>,
        phone -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Nullable, Text};

    notice (id) {
        id -> Id,
        agency -> Text,
        calendar -> Nullable<Text>,
        kind -> Text,
        title -> Text,
        text -> Text,
        area -> Text,
        starts_at -> At,
        ends_at -> Nullable<At>,
        source -> Text,
        version -> BigInt,
        withdrawn_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::At;
    use diesel::sql_types::{BigInt, Nullable, Text};

    directory_change (list, id) {
        list -> Text,
        id -> Text,
        position -> BigInt,
        changed_at -> At,
        record -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Text};

    directory_list (list) {
        list -> Text,
        epoch -> Id,
        position -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::At;
    use diesel::sql_types::Text;

    calendar_round (calendar) {
        calendar -> Text,
        due_at -> At,
    }
}
