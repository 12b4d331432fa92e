//! Reports, what was done with them, and what strangers see and say.

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

diesel::allow_tables_to_appear_in_same_query!(
    feedback_comment,
    feedback_follow,
    feedback_public,
    feedback_report,
    feedback_support,
);
