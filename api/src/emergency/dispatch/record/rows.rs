//! The rows of a case on paper.

use chrono::{DateTime, Utc};
use domain::{
    emergency::{Asked, Corrected, FieldChange, Fix, Statement},
    media::{Format, Media},
    secret::hex,
    wall_clock::local,
};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::{emergency::dispatch::asked::AskedView, problem::Language};

/// A part of the page; nothing where it would be empty.
pub(super) fn section<T>(heading: &str, rows: &[T], row: impl Fn(&T) -> Markup) -> Markup {
    html! {
        @if !rows.is_empty() {
            h2 { (heading) }
            table { @for one in rows { (row(one)) } }
        }
    }
}

pub(super) fn row(at: DateTime<Utc>, who: &str, words: &str) -> Markup {
    html! { tr { th { (clock(at)) } td { (who) } td.words { (words) } } }
}

pub(super) fn place(fix: &Fix) -> Markup {
    let (lat, lon) = (fix.position.lat(), fix.position.lon());
    let accuracy = fix.quality.accuracy_m.map(|within| format!("± {within} m"));
    row(fix.fixed_at, &format!("{lat:.6}, {lon:.6}"), &accuracy.unwrap_or_default())
}

pub(super) fn said(statement: &Statement, language: Language) -> Markup {
    let who = if statement.verified {
        language.pick("người gọi", "caller")
    } else {
        language.pick("người khác", "somebody else")
    };
    row(statement.at, who, &statement.said.words())
}

/// What a dispatcher put right: each field, with what stood there before.
pub(super) fn corrected(corrected: &Corrected) -> Markup {
    let line = |change: &FieldChange| {
        let field = plain(&json!(change.field));
        format!("{field}: {} → {}", plain(&change.before), plain(&change.after))
    };
    let lines: Vec<String> = corrected.changes.iter().map(line).collect();
    row(corrected.at, &corrected.username, &lines.join("\n"))
}

/// What the caller was asked by itself, and answered.
pub(super) fn asked(asked: &Asked, language: Language) -> Markup {
    let asked = AskedView::of(asked.clone(), language);
    let question = asked.question.unwrap_or(asked.code);
    row(asked.asked_at, &question, asked.answer.as_deref().unwrap_or("—"))
}

/// By which id something that was shown is found, and by which digest it is known to be the same.
pub(super) fn shown(media: &Media) -> Markup {
    let what = media.format.map_or("application/octet-stream", Format::content_type);
    let digest = media.sha256.map(|digest| format!(" SHA-256 {}", hex(&digest)));
    let which = format!("{}{}", media.id, digest.unwrap_or_default());
    row(media.linked_at.unwrap_or(media.created_at), what, &which)
}

/// A value as people read it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What the clocks in Vietnam showed.
pub(super) fn clock(at: DateTime<Utc>) -> String {
    local(at).format("%d/%m/%Y %H:%M:%S").to_string()
}
