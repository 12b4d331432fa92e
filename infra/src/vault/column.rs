//! The columns whose values are sealed.

use domain::secret::Purpose;
use uuid::Uuid;

/// A column whose values are sealed, each bound to its column and its row: moved elsewhere, it
/// cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(super) table: &'static str,
    /// The column that holds the id of the row.
    pub(super) row: &'static str,
    pub(super) name: &'static str,
    /// Where the value is looked up: a column with its keyed digest, and what that is made for.
    pub(super) look_up: Option<(&'static str, Purpose)>,
}

impl Column {
    /// The tax code of a business, which may be the number of a person.
    pub(crate) const BUSINESS_TAX_CODE: Self = Self::of("business", "tax_code");
    /// A child's name and birthday.
    pub(crate) const CHILD_CARD: Self = Self::of("child", "card");
    /// Who a citizen is at a provider of identities.
    pub(crate) const CITIZEN_IDENTITY: Self = Self::of("citizen_identity", "identity");
    /// The number by which a citizen signs in.
    pub(crate) const CITIZEN_PHONE: Self =
        Self::of("citizen", "phone").looked_up("phone_digest", Purpose::Phone);
    /// By what a device is woken.
    pub(crate) const DEVICE_PUSH_TOKEN: Self =
        Self::of("device", "push_token").looked_up("push_token_digest", Purpose::PushToken);
    /// How a dossier stands and stood, in the words of offices.
    pub(crate) const DOSSIER_STORY: Self = Self::of("dossier", "story");
    /// What came of an attempt to ring a caller back, in the dispatcher's words.
    pub(crate) const EMERGENCY_CALLBACK_NOTE: Self = Self::of("emergency_callback", "note");
    /// Whom to tell in an emergency.
    pub(crate) const EMERGENCY_CONTACTS: Self =
        Self::of("personal_record", "emergency_contacts").of_row("citizen");
    /// What a dispatcher put right about an emergency, with what stood there before.
    pub(crate) const EMERGENCY_CORRECTION: Self = Self::of("emergency_correction", "changes");
    /// What a caller and those who help them wrote to each other.
    pub(crate) const EMERGENCY_MESSAGE: Self = Self::of("emergency_message", "text");
    /// What dispatchers wrote about an emergency.
    pub(crate) const EMERGENCY_NOTE: Self = Self::of("emergency_note", "text");
    /// What a caller answered to a question that was asked of everybody.
    pub(crate) const EMERGENCY_QUESTION_ANSWER: Self = Self::of("emergency_question", "answer");
    /// What a caller said about an emergency.
    pub(crate) const EMERGENCY_SAID: Self = Self::of("emergency", "said");
    /// A call that waits on disk for the store to come back. No column of the store, and so never
    /// sealed anew.
    pub(crate) const EMERGENCY_SPOOL: Self = Self::of("emergency_spool", "call");
    /// What was said under an emergency later.
    pub(crate) const EMERGENCY_STATEMENT_SAID: Self = Self::of("emergency_statement", "said");
    /// What was said with an entry of the history of a report.
    pub(crate) const FEEDBACK_ENTRY_WORDS: Self = Self::of("feedback_entry", "words");
    /// Who lies ready for an app to be fetched.
    pub(crate) const HAND_OVER_IDENTITY: Self = Self::of("oidc_hand_over", "identity");
    /// The order or law that a legal hold rests on.
    pub(crate) const HOLD_REASON: Self = Self::of("legal_hold", "reason");
    /// What a person was told in the app.
    pub(crate) const INBOX_TEXT: Self = Self::of("inbox_message", "text");
    /// What those who help have to know.
    pub(crate) const MEDICAL_CARD: Self =
        Self::of("personal_record", "medical_card").of_row("citizen");
    /// The number a one-time password was sent to.
    pub(crate) const OTP_PHONE: Self =
        Self::of("otp_challenge", "phone").looked_up("phone_digest", Purpose::Phone);
    /// A message on its way out, with its receiver.
    pub(crate) const OUTBOX_PAYLOAD: Self = Self::of("outbox_message", "payload");
    /// What was answered to a request about one's data.
    pub(crate) const REQUEST_ANSWER: Self = Self::of("subject_request", "answer");
    /// What was asked to be done with one's data, in the person's words.
    pub(crate) const REQUEST_WORDS: Self = Self::of("subject_request", "words");
    /// The secret of an authenticator app that waits for its first code.
    pub(crate) const TOTP_PENDING: Self = Self::of("staff_totp", "pending").of_row("staff");
    /// The secret of an authenticator app.
    pub(crate) const TOTP_SECRET: Self = Self::of("staff_totp", "secret").of_row("staff");

    /// All of them. What is not in this list is not sealed anew when the key changes.
    pub(super) const ALL: &[Self] = &[
        Self::BUSINESS_TAX_CODE,
        Self::CHILD_CARD,
        Self::CITIZEN_IDENTITY,
        Self::CITIZEN_PHONE,
        Self::DEVICE_PUSH_TOKEN,
        Self::DOSSIER_STORY,
        Self::EMERGENCY_CALLBACK_NOTE,
        Self::EMERGENCY_CONTACTS,
        Self::EMERGENCY_CORRECTION,
        Self::EMERGENCY_MESSAGE,
        Self::EMERGENCY_NOTE,
        Self::EMERGENCY_QUESTION_ANSWER,
        Self::EMERGENCY_SAID,
        Self::EMERGENCY_STATEMENT_SAID,
        Self::FEEDBACK_ENTRY_WORDS,
        Self::HAND_OVER_IDENTITY,
        Self::HOLD_REASON,
        Self::INBOX_TEXT,
        Self::MEDICAL_CARD,
        Self::OTP_PHONE,
        Self::OUTBOX_PAYLOAD,
        Self::REQUEST_ANSWER,
        Self::REQUEST_WORDS,
        Self::TOTP_PENDING,
        Self::TOTP_SECRET,
    ];

    const fn of(table: &'static str, name: &'static str) -> Self {
        Self { table, row: "id", name, look_up: None }
    }

    const fn of_row(self, row: &'static str) -> Self {
        Self { row, ..self }
    }

    const fn looked_up(self, column: &'static str, purpose: Purpose) -> Self {
        Self { look_up: Some((column, purpose)), ..self }
    }

    /// `table.column`.
    pub(super) fn full_name(self) -> String {
        format!("{}.{}", self.table, self.name)
    }

    /// What a value in `row` is bound to.
    pub(super) fn place(self, row: Uuid) -> Vec<u8> {
        [self.full_name().as_bytes(), row.as_bytes()].concat()
    }
}
