//! The tables, as both stores have them.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Nullable, Text};

    event (id) {
        id -> Id,
        position -> Nullable<BigInt>,
        topic -> Text,
        kind -> Text,
        subject -> Id,
        agency -> Nullable<Text>,
        at -> At,
        data -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Nullable, Text};

    inbox_message (id) {
        id -> Id,
        recipient -> Id,
        kind -> Text,
        text -> Text,
        subject -> Id,
        at -> At,
        read_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Integer, Nullable, Text};

    outbox_message (id) {
        id -> Id,
        channel -> Text,
        payload -> Text,
        created_at -> At,
        due_at -> Nullable<At>,
        attempts -> Integer,
        last_error -> Nullable<Text>,
    }
}
