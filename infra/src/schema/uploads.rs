//! What was uploaded.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    media (id) {
        id -> Id,
        citizen -> Nullable<Id>,
        staff -> Nullable<Id>,
        counted_as -> Nullable<Binary>,
        state -> Text,
        length -> Nullable<BigInt>,
        received -> BigInt,
        created_at -> At,
        expires_at -> Nullable<At>,
        format -> Nullable<Text>,
        width -> Nullable<BigInt>,
        height -> Nullable<BigInt>,
        taken_at -> Nullable<At>,
        lat -> Nullable<Double>,
        lon -> Nullable<Double>,
        sha256 -> Nullable<Binary>,
        clean -> Bool,
        flaw -> Nullable<Text>,
        subject_kind -> Nullable<Text>,
        subject -> Nullable<Id>,
        stage -> Text,
        linked_at -> Nullable<At>,
        moderation -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Text};

    media_part (media, start) {
        media -> Id,
        start -> BigInt,
        length -> BigInt,
        name -> Text,
    }
}
