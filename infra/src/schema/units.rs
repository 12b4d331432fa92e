//! Units, their crews, and where they were sent.

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};

    assignment (id) {
        id -> Id,
        version -> BigInt,
        emergency_id -> Id,
        unit -> Id,
        status -> Text,
        forced -> Bool,
        assigned_by -> Id,
        assigned_at -> At,
        seen_at -> Nullable<At>,
        acknowledged_at -> Nullable<At>,
        en_route_at -> Nullable<At>,
        on_scene_at -> Nullable<At>,
        ended_at -> Nullable<At>,
        reason -> Nullable<Text>,
        text_at -> Nullable<At>,
        answer_by -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};

    unit (id) {
        id -> Id,
        version -> BigInt,
        agency -> Text,
        name -> Text,
        capabilities -> Text,
        duty_phone -> Nullable<Text>,
        labels -> Text,
        retired -> Bool,
        on_shift_since -> Nullable<At>,
        position -> Nullable<Text>,
        position_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::Id;

    unit_crew (unit, staff) {
        unit -> Id,
        staff -> Id,
    }
}

diesel::allow_tables_to_appear_in_same_query!(unit, unit_crew);
