//! Receipts, by text message, for those who called by one.

use std::sync::Arc;

use domain::{
    Moment,
    allowance::Rate,
    emergency::{self, Deferred, Hearing, Receipt, Wish, sms::Answering},
    identity::Phone,
    notification::{Receiver, SmsBudget},
};
use infra::{database::Database, identity::Keyring};

use crate::settings::Settings;

/// Whoever called by text message, where their number is one that can be answered.
pub(crate) struct Texter {
    phone: Phone,
    receiver: Receiver,
}

impl Texter {
    /// Who asked for this.
    pub(crate) fn of(asked: &Deferred) -> Option<Self> {
        let Wish::Text { verified } = asked.wish else { return None };
        let receiver = if verified { Receiver::Verified } else { Receiver::Unverified };
        Some(Self { phone: asked.call.report.phone.as_ref()?.parse().ok()?, receiver })
    }
}

/// Sends receipts, as far as the budgets go.
#[derive(Clone)]
pub(crate) struct Receipts {
    database: Database,
    keys: Arc<Keyring>,
    rate: Rate,
    budget: SmsBudget,
}

impl Receipts {
    /// As `settings` have it.
    pub(crate) fn new(database: &Database, keys: &Arc<Keyring>, settings: &Settings) -> Self {
        Self {
            database: database.clone(),
            keys: Arc::clone(keys),
            rate: settings.receipt_rate(),
            budget: settings.otp_rates().sms,
        }
    }

    /// Sends one to whoever was heard. Where that fails the call stands all the same.
    pub(crate) async fn send(&self, now: Moment, texter: Option<Texter>, hearing: Hearing) {
        let Some(Texter { phone, receiver }) = texter else { return };
        let (rate, budget) = (self.rate, self.budget);
        let answering = Answering { to: phone, receiver, rate, budget };
        let keys = Arc::clone(&self.keys);
        let answered = self.database.write(move |tx| {
            emergency::sms::reply(tx, &*keys, &now, &hearing, (&answering, words))
        });
        if let Err(error) = answered.await {
            tracing::error!(%error, "a call by text message could not be answered");
        }
    }
}

/// The text that carries a receipt: short enough for one message of 70 characters.
fn words(receipt: Receipt) -> String {
    format!("Đã nhận cuộc gọi khẩn cấp. Mã: {receipt}. Rất gấp: gọi 112.")
}
