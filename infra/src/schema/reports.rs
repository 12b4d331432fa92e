//! Reports, and what was done with them.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};

    feedback_entry (id) {
        id -> Id,
        report -> Id,
        number -> BigInt,
        event -> Text,
        by_kind -> Text,
        actor -> Nullable<Id>,
        at -> At,
        status -> Text,
        agency -> Text,
        words -> Nullable<Binary>,
        salt -> Nullable<Binary>,
        digest -> Binary,
        link -> Binary,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Binary, Bool, Double, Nullable, Text};

    feedback_report (id) {
        id -> Id,
        code -> Text,
        version -> BigInt,
        category -> Text,
        title -> Nullable<Text>,
        text -> Text,
        lat -> Nullable<Double>,
        lon -> Nullable<Double>,
        commune -> Nullable<Text>,
        address -> Nullable<Text>,
        attributes -> Text,
        reporter -> Nullable<Id>,
        confidential -> Bool,
        agency -> Text,
        assignee -> Nullable<Id>,
        status -> Text,
        status_since -> At,
        visibility -> Text,
        published_at -> Nullable<At>,
        answer -> Nullable<Text>,
        rejection_reason -> Nullable<Text>,
        rejection_go_to -> Nullable<Text>,
        submitted_at -> At,
        due_at -> At,
        updated_at -> At,
        folded -> Text,
        resolved_at -> Nullable<At>,
        merged_into -> Nullable<Id>,
        course -> Text,
        alarm_at -> Nullable<At>,
        history_number -> BigInt,
        history_link -> Nullable<Binary>,
    }
}
