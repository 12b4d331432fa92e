//! Rules about words, and what was asked and not found.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Nullable, Text};

    search_rule (id, version) {
        id -> Id,
        version -> BigInt,
        rule -> Nullable<Text>,
        changed_by -> Id,
        changed_at -> At,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};

    search_unanswered (day, query) {
        day -> Text,
        query -> Text,
        times -> BigInt,
    }
}
