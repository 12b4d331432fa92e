//! The tables of the catalogue's history.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Nullable, Text};

    catalogue_edition (id) {
        id -> Id,
        state -> Text,
        number -> Nullable<BigInt>,
        digest -> Text,
        made_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Nullable, Text};

    procedure_version (edition, code) {
        edition -> Id,
        code -> Text,
        number -> BigInt,
        digest -> Nullable<Text>,
        content -> Nullable<Text>,
    }
}

diesel::joinable!(procedure_version -> catalogue_edition (edition));
diesel::allow_tables_to_appear_in_same_query!(catalogue_edition, procedure_version);
