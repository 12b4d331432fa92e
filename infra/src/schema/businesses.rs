//! The tables of businesses.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable, Text};

    api_key (id) {
        id -> Id,
        business -> Id,
        name -> Text,
        prefix -> Text,
        secret -> Binary,
        scopes -> Text,
        made_at -> At,
        expires_at -> At,
        used_at -> Nullable<At>,
        made_by -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};

    business (id) {
        id -> Id,
        tax_code -> Binary,
        tax_lookup -> Binary,
        name -> Text,
        commune -> Text,
        address -> Nullable<Text>,
        standing -> Text,
        reason -> Nullable<Text>,
        registered_at -> At,
        registered_by -> Nullable<Id>,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable, Text};

    business_invitation (id) {
        id -> Id,
        business -> Id,
        phone -> Binary,
        role -> Text,
        expires_at -> At,
        invited_by -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::Text;

    business_member (business, citizen) {
        business -> Id,
        citizen -> Id,
        role -> Text,
        since -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Double, Nullable, Text};

    business_site (id) {
        id -> Id,
        business -> Id,
        name -> Text,
        commune -> Text,
        address -> Nullable<Text>,
        lat -> Nullable<Double>,
        lon -> Nullable<Double>,
        added_at -> At,
    }
}

diesel::allow_tables_to_appear_in_same_query!(business, business_member);
