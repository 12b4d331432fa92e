//! A case on paper.

use chrono::{DateTime, Utc};
use domain::{emergency::Export, identity::Staff};
use maud::{DOCTYPE, Markup, html};

use super::{
    facts::facts,
    rows::{asked, clock, corrected, place, row, said, section, shown},
};
use crate::{emergency::dispatch::caller::KnownCaller, problem::Language};

const STYLE: &str = "body{font:11pt/1.4 serif;margin:2cm}h1{font-size:16pt}h2{font-size:12pt;\
    border-bottom:1px solid}table{border-collapse:collapse;width:100%}td,th{text-align:left;\
    vertical-align:top;padding:2px 8px 2px 0;border-bottom:1px solid #ddd}th{white-space:nowrap}\
    td.words{white-space:pre-wrap}tr{break-inside:avoid}";

/// The page of a case, in one language. Times are those of the clocks in Vietnam.
pub(super) fn of(
    export: &Export,
    caller: &KnownCaller,
    by: &Staff,
    (language, at): (Language, DateTime<Utc>),
) -> String {
    let say = |vi: &'static str, en: &'static str| language.pick(vi, en);
    let case = &export.opened.queued.emergency;
    let title = format!("{} {}", say("Hồ sơ cuộc gọi khẩn cấp", "Emergency case"), case.receipt);
    let page = html! {
        (DOCTYPE)
        html lang=(say("vi", "en")) {
            head { meta charset="utf-8"; title { (title) } style { (STYLE) } }
            body {
                h1 { (title) }
                p { (say("Xuất bởi", "Taken out by")) " " (by.username) ", " (clock(at)) }
                (facts(export, caller, language))
                (spoken(export, language))
                (handled(export, language))
            }
        }
    };
    page.into_string()
}

/// What was told, said, asked, written and shown.
fn spoken(export: &Export, language: Language) -> Markup {
    let say = |vi: &'static str, en: &'static str| language.pick(vi, en);
    let opened = &export.opened;
    let questions = say("Câu hỏi tự động", "Asked by itself");
    html! {
        (section(say("Vị trí", "Positions"), &opened.trail, place))
        (section(say("Lời báo bổ sung", "Said afterwards"), &opened.statements, |one| {
            said(one, language)
        }))
        (section(questions, &opened.questions, |one| asked(one, language)))
        (section(say("Tin nhắn", "Messages"), &export.messages, |message| {
            let author = message.author.as_ref();
            let from = author.map_or(say("người gọi", "caller"), |(_, name)| name);
            row(message.at, from, &message.text)
        }))
        (section(say("Ảnh, video, âm thanh", "Photos, videos, sounds"), &opened.media, shown))
    }
}

/// What was done about it.
fn handled(export: &Export, language: Language) -> Markup {
    let say = |vi: &'static str, en: &'static str| language.pick(vi, en);
    let opened = &export.opened;
    html! {
        (section(say("Đính chính", "Put right"), &opened.corrections, corrected))
        (section(say("Gọi lại", "Rung back"), &opened.callbacks, |rung| {
            let who = format!("{} {}", rung.username, rung.outcome.as_str());
            row(rung.at, &who, rung.note.as_deref().unwrap_or_default())
        }))
        (section(say("Ghi chú", "Notes"), &opened.notes, |note| {
            row(note.at, &note.username, &note.text)
        }))
        (section(say("Cuộc gọi được gộp", "Calls followed under it"), &opened.merged, |other| {
            let words = other.said.note.as_deref().unwrap_or_default();
            row(other.received_at, &other.receipt.to_string(), words)
        }))
        (section(say("Đơn vị được điều", "Units sent"), &opened.assignments, |sent| {
            let reason = sent.reason.clone().unwrap_or_default();
            row(sent.assigned_at, &format!("{} {}", sent.unit, sent.status), &reason)
        }))
        (section(say("Diễn biến", "Timeline"), &opened.timeline, |event| {
            row(event.at, &event.kind, "")
        }))
    }
}
