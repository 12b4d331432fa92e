//! What strangers see of reports, and say to them.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};

    feedback_comment (id) {
        id -> Id,
        version -> BigInt,
        report -> Id,
        citizen -> Id,
        text -> Binary,
        status -> Text,
        at -> At,
        staff -> Nullable<Id>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};

    feedback_follow (id) {
        id -> Id,
        report -> Id,
        citizen -> Id,
        since -> At,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::Text;

    feedback_news (id) {
        id -> Id,
        report -> Id,
        event -> Text,
        text -> Text,
        reached -> Id,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Bool, Double, Nullable, Text};

    feedback_public (place) {
        place -> BigInt,
        report -> Id,
        code -> Text,
        version -> BigInt,
        category -> Text,
        title -> Nullable<Text>,
        text -> Text,
        lat -> Nullable<Double>,
        lon -> Nullable<Double>,
        blurred -> Bool,
        commune -> Nullable<Text>,
        address -> Nullable<Text>,
        status -> Text,
        agency -> Text,
        submitted_at -> At,
        due_at -> At,
        updated_at -> At,
        published_at -> At,
        answer -> Nullable<Text>,
        rejection_reason -> Nullable<Text>,
        rejection_go_to -> Nullable<Text>,
        outcome -> Text,
        supports -> BigInt,
        comments -> BigInt,
        folded -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable};

    feedback_support (report, mark) {
        report -> Id,
        mark -> Binary,
        citizen -> Nullable<Id>,
        at -> At,
    }
}

use super::feedback_report;

diesel::allow_tables_to_appear_in_same_query!(
    feedback_comment,
    feedback_follow,
    feedback_public,
    feedback_report,
    feedback_support,
);
