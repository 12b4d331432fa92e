//! Where a dossier stands, in the words of the nation.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The state of a dossier by the national list; what the province's own system calls it stands
/// beside, raw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 1: it was sent, and nobody has looked at it yet.
    Registered,
    /// 2: it was accepted.
    Received,
    /// 3: it was not accepted.
    NotReceived,
    /// 4: it is being worked on.
    Processing,
    /// 5: papers are missing.
    SupplementRequired,
    /// 6: something is to be paid.
    PaymentRequired,
    /// 7: its applicant took it back.
    Withdrawn,
    /// 8: work on it was stopped.
    Stopped,
    /// 9: it was decided.
    Processed,
    /// 10: its applicant has the result.
    Returned,
}

/// Whether time runs against the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// It does.
    Running,
    /// It stands still: the applicant has to do something.
    Waiting,
    /// It ran until the end.
    Over,
    /// There is nothing to be late with.
    Off,
}

impl Status {
    /// All of them, in the order of the national list.
    pub const ALL: [Self; 10] = [
        Self::Registered,
        Self::Received,
        Self::NotReceived,
        Self::Processing,
        Self::SupplementRequired,
        Self::PaymentRequired,
        Self::Withdrawn,
        Self::Stopped,
        Self::Processed,
        Self::Returned,
    ];

    /// Its number in the national list, its name on the wire and in the store, and what people
    /// read.
    const fn row(self) -> (u8, &'static str, &'static str) {
        match self {
            Self::Registered => (1, "registered", "Mới đăng ký"),
            Self::Received => (2, "received", "Được tiếp nhận"),
            Self::NotReceived => (3, "not_received", "Không được tiếp nhận"),
            Self::Processing => (4, "processing", "Đang xử lý"),
            Self::SupplementRequired => (5, "supplement_required", "Yêu cầu bổ sung giấy tờ"),
            Self::PaymentRequired => {
                (6, "payment_required", "Yêu cầu thực hiện nghĩa vụ tài chính")
            }
            Self::Withdrawn => (7, "withdrawn", "Công dân yêu cầu rút hồ sơ"),
            Self::Stopped => (8, "stopped", "Dừng xử lý"),
            Self::Processed => (9, "processed", "Đã xử lý xong"),
            Self::Returned => (10, "returned", "Đã trả kết quả"),
        }
    }

    /// The number in the national list, 1 to 10.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.row().0
    }

    /// The name on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().1
    }

    /// What people read, in Vietnamese, as the national list has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().2
    }

    /// Whether time runs against the office.
    #[must_use]
    pub const fn clock(self) -> Clock {
        match self {
            Self::Received | Self::Processing => Clock::Running,
            Self::SupplementRequired | Self::PaymentRequired => Clock::Waiting,
            Self::Processed | Self::Returned => Clock::Over,
            Self::Registered | Self::NotReceived | Self::Withdrawn | Self::Stopped => Clock::Off,
        }
    }

    /// Whether nothing will happen any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::NotReceived | Self::Withdrawn | Self::Stopped | Self::Returned)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    /// Reads the number or the name.
    fn from_str(text: &str) -> Result<Self, UnknownStatus> {
        let number: Option<u8> = text.parse().ok();
        let known = Self::ALL.into_iter();
        let mut known = known.filter(|it| it.as_str() == text || Some(it.number()) == number);
        known.next().ok_or(UnknownStatus)
    }
}

/// There is no such state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a state of the national list is a number from 1 to 10, or its name")]
pub struct UnknownStatus;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_by_number_and_name() {
        for (number, status) in (1..).zip(Status::ALL) {
            assert_eq!(status.number(), number);
            assert_eq!(number.to_string().parse(), Ok(status));
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        for text in ["", "0", "11", "-1", "done"] {
            assert_eq!(text.parse::<Status>(), Err(UnknownStatus), "{text}");
        }
    }
}
