//! The tables, as both stores have them.

mod businesses;
mod catalogue;
mod dispatch;
mod dossiers;
mod emergencies;
mod personal;
mod places;
mod records;
mod reports;
mod search;
mod units;
mod uploads;
mod voices;

pub(crate) use businesses::{
    api_key, business, business_invitation, business_member, business_site,
};
pub(crate) use catalogue::{catalogue_edition, procedure_version};
pub(crate) use dispatch::{
    emergency_callback, emergency_correction, emergency_link, emergency_message, emergency_note,
    emergency_probe, emergency_question, emergency_trace,
};
pub(crate) use dossiers::{dossier, dossier_follower, dossier_source};
pub(crate) use emergencies::{duty, emergency, emergency_location, emergency_statement};
pub(crate) use personal::{
    child, consent, device, erasure, legal_hold, personal_record, subject_request,
};
pub(crate) use places::{
    calendar_round, directory_change, directory_list, facility_correction, notice,
};
pub(crate) use records::{emergency_record, event_bookmark};
pub(crate) use reports::{
    feedback_category, feedback_entry, feedback_filter, feedback_intake, feedback_report,
    feedback_rule, feedback_template, open_data_file,
};
pub(crate) use search::{search_rule, search_unanswered};
pub(crate) use units::{assignment, unit, unit_crew};
pub(crate) use uploads::{media, media_part};
pub(crate) use voices::{
    feedback_comment, feedback_follow, feedback_news, feedback_public, feedback_support,
};

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};

    agency (code) {
        code -> Text,
        parent -> Nullable<Text>,
        name -> Text,
        kind -> Text,
        phone -> Nullable<Text>,
        area -> Text,
        version -> BigInt,
        kinds -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::At;
    use diesel::sql_types::Binary;

    allowance (digest) {
        digest -> Binary,
        whole_at -> At,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};

    audit_anchor (day) {
        day -> Text,
        position -> BigInt,
        link -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};

    audit_chain (id) {
        id -> Integer,
        start_position -> BigInt,
        start_link -> Binary,
        start_seal -> Binary,
        head_position -> BigInt,
        head_link -> Binary,
        head_seal -> Binary,
        anchored -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};

    audit_entry (id) {
        id -> Id,
        at -> At,
        actor_kind -> Text,
        actor -> Nullable<Id>,
        role -> Nullable<Text>,
        agency -> Nullable<Text>,
        action -> Text,
        subject -> Text,
        personal -> Nullable<Text>,
        position -> Nullable<BigInt>,
        link -> Nullable<Binary>,
        personal_digest -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Text};

    dataset_row (version, number) {
        version -> Id,
        number -> BigInt,
        content -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Text};

    dataset_version (id) {
        id -> Id,
        dataset -> Text,
        state -> Text,
        source -> Text,
        digest -> Text,
        records -> BigInt,
        imported_at -> At,
        touched_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{BigInt, Nullable, Text};

    event (id) {
        id -> Id,
        position -> Nullable<BigInt>,
        topic -> Text,
        kind -> Text,
        subject -> Id,
        agency -> Nullable<Text>,
        at -> At,
        data -> Text,
    }
}

diesel::table! {
    use crate::columns::sql::At;
    use diesel::sql_types::{Binary, Nullable, Text};

    idempotency_key (slot) {
        slot -> Binary,
        body -> Binary,
        answer -> Nullable<Text>,
        expires_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable, Text};

    inbox_message (id) {
        id -> Id,
        recipient -> Id,
        kind -> Text,
        text -> Binary,
        subject -> Id,
        at -> At,
        read_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Integer, Nullable, Text};

    outbox_message (id) {
        id -> Id,
        channel -> Text,
        payload -> Binary,
        created_at -> At,
        due_at -> Nullable<At>,
        attempts -> Integer,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable, Text};

    citizen (id) {
        id -> Id,
        phone -> Binary,
        phone_digest -> Binary,
        display_name -> Nullable<Text>,
        created_at -> At,
        erased_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Text};

    key (id) {
        id -> Id,
        purpose -> Text,
        state -> Text,
        sealed -> Binary,
        created_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::At;
    use diesel::sql_types::{Binary, Integer, Nullable};

    login_tries (account, source) {
        account -> Binary,
        source -> Binary,
        failures -> Integer,
        last_at -> At,
        succeeded_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::Binary;

    citizen_identity (id) {
        id -> Id,
        subject -> Binary,
        citizen -> Id,
        identity -> Binary,
        linked_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::At;
    use diesel::sql_types::{Binary, Text};

    oidc_flow (state) {
        state -> Binary,
        app_challenge -> Text,
        redirect_uri -> Text,
        expires_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Text};

    oidc_hand_over (id) {
        id -> Id,
        code -> Binary,
        app_challenge -> Text,
        identity -> Binary,
        expires_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Integer};

    otp_challenge (id) {
        id -> Id,
        phone_digest -> Binary,
        phone -> Binary,
        code -> Binary,
        requested_at -> At,
        streak -> Integer,
        tries -> Integer,
        source -> Binary,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::Binary;

    recovery_code (digest) {
        digest -> Binary,
        staff -> Id,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Binary, Nullable};

    refresh_token (digest) {
        digest -> Binary,
        session -> Id,
        used_at -> Nullable<At>,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::Text;

    sealing_task (column) {
        column -> Text,
        done_up_to -> Id,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::{Nullable, Text};

    session (id) {
        id -> Id,
        citizen -> Nullable<Id>,
        staff -> Nullable<Id>,
        device -> Nullable<Text>,
        started_at -> At,
        last_used_at -> At,
        expires_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::{At, Id};
    use diesel::sql_types::Binary;

    staff_invitation (staff) {
        staff -> Id,
        token -> Binary,
        expires_at -> At,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Bool, Text};

    staff_member (id) {
        id -> Id,
        username -> Text,
        role -> Text,
        agency -> Text,
        password -> Text,
        disabled -> Bool,
        demo -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::sql::Id;
    use diesel::sql_types::{BigInt, Binary, Nullable};

    staff_totp (staff) {
        staff -> Id,
        secret -> Nullable<Binary>,
        pending -> Nullable<Binary>,
        last_step -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(business_member, citizen);
diesel::allow_tables_to_appear_in_same_query!(emergency, feedback_report, legal_hold);
diesel::allow_tables_to_appear_in_same_query!(citizen, dossier_follower);
diesel::allow_tables_to_appear_in_same_query!(emergency, media);
diesel::allow_tables_to_appear_in_same_query!(emergency, emergency_link);
diesel::allow_tables_to_appear_in_same_query!(staff_member, unit_crew);
