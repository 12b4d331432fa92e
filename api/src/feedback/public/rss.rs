//! The feed, as RSS 2.0.
//!
//! Readers take a description for HTML. So what people wrote is escaped twice: for them, and for
//! the XML around it; no sign of it is ever markup.

use std::io::{Error, Write};

use domain::feedback::PublicReport;
use quick_xml::{
    Writer,
    escape::escape,
    events::{BytesDecl, BytesText, Event},
};

use crate::App;

/// How much of a text stands in for a headline that was not given.
const HEADLINE: usize = 80;

/// The feed of `reports`.
pub(super) fn feed(app: &App, reports: &[PublicReport]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    // Writing to memory cannot fail.
    let _ = write(&mut writer, app, reports);
    writer.into_inner()
}

fn write<W: Write>(
    writer: &mut Writer<W>,
    app: &App,
    reports: &[PublicReport],
) -> Result<(), Error> {
    let service = app.settings.public_url.trim_end_matches('/');
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.create_element("rss").with_attribute(("version", "2.0")).write_inner_content(|rss| {
        rss.create_element("channel").write_inner_content(|channel| {
            element(channel, "title", "Phản ánh, kiến nghị - C-Thái Nguyên")?;
            element(channel, "link", &format!("{service}/v1/feedback"))?;
            element(channel, "description", "Phản ánh đã được công khai, mới nhất trước.")?;
            element(channel, "language", "vi")?;
            reports.iter().try_for_each(|report| item(channel, app, service, report))
        })?;
        Ok(())
    })?;
    Ok(())
}

fn item<W: Write>(
    channel: &mut Writer<W>,
    app: &App,
    service: &str,
    report: &PublicReport,
) -> Result<(), Error> {
    let categories = app.feedback.categories();
    let category = categories.find(&report.category);
    let category = category.map_or(report.category.as_str(), |category| &category.name.vi);
    let beginning = || report.text.lines().next().unwrap_or_default().chars().take(HEADLINE);
    let title = report.title.clone().unwrap_or_else(|| beginning().collect());
    let said = match &report.answer {
        Some(answer) => format!("{}\n\nTrả lời: {answer}", report.text),
        None => report.text.clone(),
    };
    channel.create_element("item").write_inner_content(|item| {
        element(item, "title", &escape(format!("{category}: {title}").as_str()))?;
        element(item, "link", &format!("{service}/v1/feedback/{}", report.code.as_str()))?;
        let guid = report.id.to_string();
        item.create_element("guid")
            .with_attribute(("isPermaLink", "false"))
            .write_text_content(BytesText::new(&guid))?;
        element(item, "category", &report.category)?;
        element(item, "pubDate", &report.published_at.to_rfc2822())?;
        element(item, "description", &escape(said.as_str()).replace('\n', "<br/>"))
    })?;
    Ok(())
}

/// An element with `text`, escaped for the XML around it.
fn element<W: Write>(writer: &mut Writer<W>, name: &str, text: &str) -> Result<(), Error> {
    writer.create_element(name).write_text_content(BytesText::new(text))?;
    Ok(())
}
