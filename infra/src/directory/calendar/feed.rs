//! Fetching a calendar from where the operator said.

use chrono::{DateTime, Utc};
use domain::{Moment, StoreError, audit::Actor, text};
use reqwest::{Client, StatusCode, Url, header::HeaderMap};

use super::{CalendarReport, import_calendar, read_calendar};
use crate::{database::Database, outbound};

/// The longest name of a calendar.
const NAME: usize = 60;

/// A calendar that is fetched over and over.
pub struct CalendarFeed {
    name: String,
    url: Url,
    client: Client,
}

impl CalendarFeed {
    /// The calendar in `line`, `NAME=URL`. Only the operator says where to fetch anything: what
    /// goes there goes sealed or does not leave this machine, and redirects are not followed.
    ///
    /// # Errors
    /// [`InvalidFeed`] says what to correct.
    pub fn new(line: &str) -> Result<Self, InvalidFeed> {
        let (name, url) = line.split_once('=').ok_or(InvalidFeed::Line)?;
        let name = text::line(name);
        if name.is_empty() || name.chars().count() > NAME {
            return Err(InvalidFeed::Line);
        }
        let url = outbound::safe_url(url.trim()).ok_or(InvalidFeed::Url)?;
        let client = outbound::client(HeaderMap::new()).map_err(InvalidFeed::Client)?;
        Ok(Self { name, url, client })
    }

    /// Takes the turn to fetch the calendar, and answers whether it is one: of all processes one has
    /// it, and nobody has another before `next`.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot take it.
    pub async fn is_due(
        &self,
        database: &Database,
        now: &Moment,
        next: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (name, at) = (self.name.clone(), now.at);
        database.write(move |tx| tx.take_calendar(&name, at, next)).await
    }

    /// Fetches the calendar and takes in what has changed in it.
    ///
    /// # Errors
    /// [`FeedAway`] when there was nothing whole to take in: what was known stays.
    pub async fn fetch(
        &self,
        database: &Database,
        now: &Moment,
    ) -> Result<CalendarReport, FeedAway> {
        let asked = self.client.get(self.url.clone()).send().await;
        let answer = asked.map_err(|error| FeedAway::NoAnswer(outbound::why(&error)))?;
        if answer.status() != StatusCode::OK {
            return Err(FeedAway::Status(answer.status()));
        }
        let body = outbound::body(answer).await;
        let body = body.map_err(|error| FeedAway::NoAnswer(outbound::why(&error)))?;
        let (name, at) = (self.name.clone(), now.at);
        let read = tokio::task::spawn_blocking(move || read_calendar(&name, &body, at)).await;
        let reading = read.map_err(|failure| StoreError::Failed(failure.to_string()))?;
        let refused = reading.doubts.iter().find(|doubt| doubt.refused);
        if let (true, Some(doubt)) = (reading.records.is_empty(), refused) {
            return Err(FeedAway::Unreadable(doubt.message.clone()));
        }
        for doubt in &reading.doubts {
            tracing::warn!(calendar = self.name, event = doubt.line, "{}", doubt.message);
        }
        let by = Actor::SERVICE;
        Ok(import_calendar(database, now, &self.name, by, reading).await?)
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Why a calendar was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum FeedAway {
    /// There was no whole answer.
    #[error("no answer ({0})")]
    NoAnswer(&'static str),
    /// The answer was not one of success.
    #[error("status {0}")]
    Status(StatusCode),
    /// The answer was no calendar, too long a one, or one without any event that could be taken.
    #[error("the calendar cannot be read: {0}")]
    Unreadable(String),
    /// The store could not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a line describes no calendar.
#[derive(Debug, thiserror::Error)]
pub enum InvalidFeed {
    /// It is not of the form.
    #[error("a calendar in notice_calendars is NAME=URL, its name 1 to 60 characters")]
    Line,
    /// The address is none, or not safe.
    #[error("the address of a calendar in notice_calendars begins with https://")]
    Url,
    /// The client could not be made.
    #[error("no client for notice_calendars: {0}")]
    Client(#[source] reqwest::Error),
}
