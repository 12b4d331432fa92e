//! What is done with a report, and by whom.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that may be done with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The agency takes it on.
    Accept,
    /// It is given to a person or a unit of the agency.
    Assign,
    /// Work begins.
    Start,
    /// The reporter is asked something.
    Ask,
    /// The reporter says what was asked.
    Answer,
    /// Nobody said what was asked.
    Lapse,
    /// It is answered.
    Resolve,
    /// It is not taken on.
    Reject,
    /// The reporter says how good the answer is.
    Rate,
    /// The reporter says that the answer solved nothing; the agency above takes over.
    Reopen,
    /// The reporter objects to its not being taken on; the agency above looks at it.
    Appeal,
    /// The reporter takes it back.
    Withdraw,
    /// The days to object have passed.
    Close,
    /// Another agency gets it.
    Transfer,
    /// It is about something else than was said.
    Recategorise,
    /// The answer takes longer.
    Extend,
    /// It is more or less pressing than was said.
    Prioritise,
    /// It follows another report.
    Merge,
    /// It follows no other report any more.
    Unmerge,
    /// A part of it becomes a report of its own.
    Split,
    /// Officers write something down for each other.
    Note,
    /// Whoever has it is reminded that it is due soon.
    Remind,
    /// It is overdue, and supervisors hear of it.
    Escalate,
    /// Strangers may see it.
    Publish,
    /// Strangers may no longer see it.
    Hide,
}

impl Action {
    /// The event that tells of it.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::Accept => "feedback.accepted",
            Self::Assign => "feedback.assigned",
            Self::Start => "feedback.started",
            Self::Ask => "feedback.asked",
            Self::Answer => "feedback.answered",
            Self::Lapse => "feedback.lapsed",
            Self::Resolve => "feedback.resolved",
            Self::Reject => "feedback.rejected",
            Self::Rate => "feedback.rated",
            Self::Reopen => "feedback.reopened",
            Self::Appeal => "feedback.appealed",
            Self::Withdraw => "feedback.withdrawn",
            Self::Close => "feedback.closed",
            Self::Transfer => "feedback.transferred",
            Self::Recategorise => "feedback.recategorised",
            Self::Extend => "feedback.extended",
            Self::Prioritise => "feedback.prioritised",
            Self::Merge => "feedback.merged",
            Self::Unmerge => "feedback.unmerged",
            Self::Split => "feedback.split",
            Self::Note => "feedback.noted",
            Self::Remind => "feedback.reminded",
            Self::Escalate => "feedback.escalated",
            Self::Publish => "feedback.published",
            Self::Hide => "feedback.hidden",
        }
    }

    /// What its reporter is told of it; nothing of what they did themselves, and of what is none
    /// of their business.
    pub(super) const fn news(self) -> Option<&'static str> {
        match self {
            Self::Accept => Some("đã được tiếp nhận"),
            Self::Assign => Some("đã được phân công xử lý"),
            Self::Start => Some("đang được xử lý"),
            Self::Ask => Some(
                "cần ông/bà bổ sung thông tin; thời hạn xử lý tạm dừng cho đến khi ông/bà trả lời",
            ),
            Self::Lapse => Some("đã được đóng vì không nhận được thông tin bổ sung"),
            Self::Resolve => Some("đã có kết quả trả lời"),
            Self::Reject => Some("không được tiếp nhận; xem lý do và nơi cần liên hệ"),
            Self::Close => Some("đã được đóng"),
            Self::Transfer => {
                Some("đã được chuyển đến cơ quan khác xử lý; thời hạn không thay đổi")
            }
            Self::Recategorise => Some("đã được chuyển sang lĩnh vực khác"),
            Self::Extend => Some("được gia hạn xử lý; xem lý do và thời hạn mới"),
            Self::Prioritise => Some("được xem lại mức độ khẩn cấp; xem lý do và thời hạn mới"),
            Self::Merge => Some("được xử lý cùng một phản ánh khác về cùng sự việc"),
            Self::Unmerge => Some("được xử lý riêng trở lại"),
            Self::Split => Some("được tách thêm thành một phản ánh riêng"),
            Self::Escalate => Some("đã quá hạn và được báo lên cấp trên"),
            Self::Publish => Some("đã được công khai"),
            Self::Hide => Some("không còn công khai"),
            Self::Answer
            | Self::Rate
            | Self::Reopen
            | Self::Appeal
            | Self::Withdraw
            | Self::Note
            | Self::Remind => None,
        }
    }

    /// What those who follow a published report are told of it; nothing of what is between its
    /// reporter and the officers.
    pub(super) const fn public_news(self) -> Option<&'static str> {
        match self {
            Self::Accept => Some("đã được tiếp nhận"),
            Self::Assign => Some("đã được phân công xử lý"),
            Self::Start => Some("đang được xử lý"),
            Self::Resolve => Some("đã có kết quả trả lời"),
            Self::Reject => Some("không được tiếp nhận"),
            Self::Close | Self::Lapse => Some("đã được đóng"),
            Self::Reopen | Self::Appeal => Some("được xem xét lại"),
            Self::Transfer => Some("đã được chuyển đến cơ quan khác xử lý"),
            Self::Extend => Some("được gia hạn xử lý"),
            Self::Merge => Some("được xử lý cùng một phản ánh khác về cùng sự việc"),
            Self::Hide => Some("không còn công khai"),
            _ => None,
        }
    }

    /// Whether it ends the wait of everybody whose report follows this one, too.
    pub(super) const fn concerns_followers(self) -> bool {
        matches!(self, Self::Resolve | Self::Reject | Self::Close | Self::Lapse)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.event())
    }
}

/// Who does something with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// An officer in whose area it lies.
    Officer,
    /// Whoever reported it.
    Reporter,
    /// The clock.
    Timer,
}
