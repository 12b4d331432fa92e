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

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Text};

    feedback_category (code, version) {
        code -> Text,
        version -> BigInt,
        body -> Text,
        changed_at -> At,
        changed_by -> Id,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Text};

    feedback_rule (id) {
        id -> Id,
        version -> BigInt,
        place -> BigInt,
        body -> Text,
        changed_at -> At,
        changed_by -> Id,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Text};

    feedback_template (id) {
        id -> Id,
        version -> BigInt,
        agency -> Text,
        name -> Text,
        text -> Text,
        changed_at -> At,
        changed_by -> Id,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Bool, Text};

    feedback_filter (id) {
        id -> Id,
        version -> BigInt,
        staff -> Id,
        agency -> Text,
        shared -> Bool,
        name -> Text,
        query -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable, Text};

    feedback_intake (report) {
        report -> Id,
        business -> Nullable<Id>,
        site -> Nullable<Id>,
        channel -> Text,
        contact -> Nullable<Binary>,
        taken_by -> Nullable<Id>,
        submitted_at -> At,
        contact_look_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::At;
    use diesel::sql_types::{BigInt, Binary, Text};

    open_data_file (month) {
        month -> Text,
        reports -> BigInt,
        bytes -> BigInt,
        sha256 -> Text,
        made_at -> At,
        body -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(feedback_intake, feedback_report);
