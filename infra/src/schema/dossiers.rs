//! The tables of dossiers.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Bool, Nullable, Text};

    dossier (id) {
        id -> Id,
        code -> Text,
        story -> Binary,
        phone_digest -> Nullable<Binary>,
        phone_last4 -> Nullable<Binary>,
        national_id_last4 -> Nullable<Binary>,
        tax_code -> Nullable<Binary>,
        is_final -> Bool,
        heard_at -> At,
        asked_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};

    dossier_follower (dossier, citizen) {
        dossier -> Id,
        citizen -> Id,
        since -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable, Text};

    dossier_source (id) {
        id -> Id,
        name -> Text,
        prefix -> Text,
        secret -> Binary,
        admitted_at -> At,
        expires_at -> At,
        used_at -> Nullable<At>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(dossier, dossier_follower);
