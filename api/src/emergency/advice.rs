//! Advice to callers, in their language.

use domain::emergency::Advice;

use crate::problem::Language;

/// The lines of `advice` for a person.
pub(super) fn lines(advice: &[Advice], language: Language) -> Vec<String> {
    advice.iter().map(|line| self::line(*line, language)).collect()
}

fn line(advice: Advice, language: Language) -> String {
    match advice {
        Advice::CallNow(number) => match language {
            Language::Vietnamese => {
                format!("Hãy gọi ngay {number}: chưa có người trực nào nhận cuộc gọi này.")
            }
            Language::English => {
                format!("Call {number} now: no dispatcher has taken this call yet.")
            }
        },
        Advice::NobodyThere(number) => match language {
            Language::Vietnamese => format!("Hãy gọi ngay {number}: hiện không có ai trực."),
            Language::English => format!("Call {number} now: nobody is on duty at present."),
        },
        Advice::Unseen(number) => match language {
            Language::Vietnamese => format!(
                "Hãy gọi ngay {number}: cuộc gọi của bạn đã được ghi lại nhưng người trực chưa thấy \
                 được."
            ),
            Language::English => {
                format!("Call {number} now: your call is kept, but no dispatcher can see it yet.")
            }
        },
        Advice::Queued { position, minutes } => queued(position, minutes, language),
        other => text(other, language).to_owned(),
    }
}

/// How many calls wait, and how long that may take: where nobody can tell, that is said.
fn queued(position: usize, minutes: Option<i64>, language: Language) -> String {
    match (language, minutes) {
        (Language::Vietnamese, Some(minutes)) => format!(
            "Hiện có nhiều cuộc gọi hơn người trực. Bạn ở vị trí {position}; có thể phải chờ khoảng \
             {minutes} phút."
        ),
        (Language::Vietnamese, None) => format!(
            "Hiện có nhiều cuộc gọi hơn người trực. Bạn ở vị trí {position}; chưa biết phải chờ bao \
             lâu."
        ),
        (Language::English, Some(minutes)) => format!(
            "There are more calls than dispatchers. You are number {position}; it may take about \
             {minutes} min."
        ),
        (Language::English, None) => format!(
            "There are more calls than dispatchers. You are number {position}; how long it takes is \
             not known."
        ),
    }
}

fn text(advice: Advice, language: Language) -> &'static str {
    match advice {
        Advice::Stored
        | Advice::CallNow(_)
        | Advice::NobodyThere(_)
        | Advice::Unseen(_)
        | Advice::Queued { .. } => language.pick(
            "Cuộc gọi của bạn đã được lưu và hiện trên màn hình của người trực. Hãy giữ máy.",
            "Your call is stored and on the dispatchers' screens. Keep your phone on.",
        ),
        Advice::Taken => language.pick(
            "Một người trực đã nhận cuộc gọi của bạn. Hãy giữ máy và làm theo hướng dẫn.",
            "A dispatcher has taken your call. Keep your phone on and follow their advice.",
        ),
        Advice::Sent => language.pick(
            "Lực lượng hỗ trợ đã được cử đến chỗ bạn. Hãy để điện thoại mở.",
            "Help has been sent to you. Keep your phone switched on.",
        ),
        Advice::CancellationWaits => language.pick(
            "Yêu cầu hủy của bạn đang chờ người trực xác nhận.",
            "Your wish to cancel waits for a dispatcher to confirm it.",
        ),
        Advice::Ended => language.pick(
            "Cuộc gọi này đã kết thúc. Nếu vẫn cần giúp đỡ, hãy gọi lại.",
            "This call has ended. If you still need help, call again.",
        ),
        Advice::Numbers => language.pick(
            "113 Công an · 114 Cứu hỏa · 115 Cấp cứu · 112 Tìm kiếm cứu nạn · 111 Bảo vệ trẻ em",
            "113 police · 114 fire · 115 ambulance · 112 search and rescue · 111 child protection",
        ),
    }
}
