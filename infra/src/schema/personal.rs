//! The tables of personal data.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::Binary;

    child (id) {
        id -> Id,
        guardian -> Id,
        card -> Binary,
        added_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Bool, Integer, Text};

    consent (id) {
        id -> Id,
        citizen -> Id,
        purpose -> Text,
        text_version -> Integer,
        granted -> Bool,
        channel -> Text,
        at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable, Text};

    device (id) {
        id -> Id,
        citizen -> Id,
        platform -> Text,
        name -> Nullable<Text>,
        push_token -> Nullable<Binary>,
        push_token_digest -> Nullable<Binary>,
        registered_at -> At,
        seen_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::Nullable;

    erasure (citizen) {
        citizen -> Id,
        asked_at -> At,
        look_again_at -> Nullable<At>,
        done_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable};

    legal_hold (id) {
        id -> Id,
        subject -> Id,
        reason -> Binary,
        placed_by -> Id,
        placed_at -> At,
        lifted_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{Binary, Nullable};

    personal_record (citizen) {
        citizen -> Id,
        medical_card -> Nullable<Binary>,
        emergency_contacts -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Bool, Nullable, Text};

    subject_request (id) {
        id -> Id,
        citizen -> Id,
        kind -> Text,
        status -> Text,
        words -> Binary,
        received_at -> At,
        acknowledge_by -> At,
        due_at -> At,
        acknowledged_at -> Nullable<At>,
        extended -> Bool,
        closed_at -> Nullable<At>,
        answer -> Nullable<Binary>,
    }
}
