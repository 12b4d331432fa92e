//! Following events of emergencies: a long poll, or a stream, over the feed in memory.

use std::{convert::Infallible, future::ready, sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ACCEPT, CONTENT_ENCODING, HeaderMap, HeaderName},
    web::Bytes,
};
use domain::event::{Position, Topic};
use futures_util::{Stream, StreamExt as _, future::LocalBoxFuture, stream};
use infra::event::{Batch, Feed, FeedError, FeedEvent, Query};

use crate::{
    page,
    problem::{ApiError, Code, FieldCode},
};

/// The name of these feeds in their cursors.
const LIST: &str = "emergency-events";
/// The longest a poll may wait.
const LONGEST_WAIT_S: u64 = 30;
/// An idle stream shows a sign of life this often.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// At most one write in this time goes out to each open stream.
const TICK: Duration = Duration::from_millis(25);
/// How many events one write of a stream holds at most.
const MOST_AT_ONCE: usize = 500;
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The cursor of `position`.
pub(super) fn cursor(position: Position) -> String {
    page::cursor(LIST, &position.0)
}

/// What a follower waits for, and how.
pub(super) struct Wait {
    after: Position,
    patience: Duration,
    limit: usize,
    streaming: bool,
}

impl Wait {
    /// What `request` asks for.
    ///
    /// # Errors
    /// [`Code::InvalidCursor`] for a cursor of something else; [`Code::InvalidQuery`] for a wait
    /// of over 30 s.
    pub(super) fn of(
        request: &HttpRequest,
        after: Option<&str>,
        wait_s: Option<u64>,
        limit: Option<usize>,
    ) -> Result<Self, ApiError> {
        let wait_s = wait_s.unwrap_or(0);
        if wait_s > LONGEST_WAIT_S {
            let error = ApiError::new(Code::InvalidQuery);
            return Err(error.with_field("/query/wait_s", FieldCode::OutOfRange));
        }
        let resumed = text(request.headers(), &LAST_EVENT_ID);
        let after = match resumed.or(after).unwrap_or_default() {
            "" => Position::default(),
            cursor => Position(page::key(LIST, cursor)?),
        };
        Ok(Self {
            after,
            patience: Duration::from_secs(wait_s),
            limit: page::limit(limit)?,
            streaming: text(request.headers(), &ACCEPT)
                .is_some_and(|accept| accept.contains("text/event-stream")),
        })
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Which events a follower may and wants to see.
pub(super) type Accept = dyn Fn(&FeedEvent) -> bool + Send + Sync;
/// How an event is written for a follower.
pub(super) type Write = dyn Fn(&FeedEvent) -> Arc<str> + Send + Sync;

/// What a follower is told beside the events, as it stands by then: a JSON object.
pub(super) type Beside = dyn Fn() -> LocalBoxFuture<'static, String>;

/// Somebody who follows events of emergencies.
pub(super) struct Following {
    /// Where the events come from.
    pub(super) feed: Arc<Feed>,
    /// Which of them the follower may and wants to see.
    pub(super) accept: Box<Accept>,
    /// How they are written.
    pub(super) write: Box<Write>,
    /// Asked whenever something happens: whether the follower may go on.
    pub(super) alive: Box<dyn Fn() -> bool + Send + Sync>,
    /// Told at every write of a stream: the follower is there.
    pub(super) present: Box<dyn Fn() + Send + Sync>,
    /// What is told beside the events.
    pub(super) beside: Option<Box<Beside>>,
}

impl Following {
    /// The answer to a follower: a page, or a stream.
    ///
    /// # Errors
    /// [`Code::CursorExpired`] when the cursor is older than what is kept; [`Code::Unauthorized`]
    /// when the follower may not go on.
    pub(super) async fn answer(self, wait: Wait) -> Result<HttpResponse, ApiError> {
        if !wait.streaming {
            let batch = self.next(wait.after, wait.limit, wait.patience).await?;
            if !(self.alive)() {
                return Err(ApiError::new(Code::Unauthorized));
            }
            let page = page(&self.written(&batch), &batch, &self.told_beside().await);
            return Ok(HttpResponse::Ok().content_type("application/json").body(page));
        }
        let first = self.next(wait.after, MOST_AT_ONCE, Duration::ZERO).await?;
        let beside = self.told_beside().await;
        Ok(HttpResponse::Ok()
            // Compressed, events would wait in a buffer.
            .insert_header((CONTENT_ENCODING, "identity"))
            .content_type("text/event-stream")
            .streaming(self.stream(&first, beside)))
    }

    async fn next(
        &self,
        after: Position,
        limit: usize,
        wait: Duration,
    ) -> Result<Batch, FeedError> {
        let (accept, alive) = (&*self.accept, &*self.alive);
        let query = Query { topic: Topic::Emergency, after, limit, accept, alive };
        self.feed.next(query, wait).await
    }

    /// What is told beside the events: nothing to most.
    async fn told_beside(&self) -> String {
        match &self.beside {
            Some(beside) => beside().await,
            None => String::new(),
        }
    }

    fn written(&self, batch: &Batch) -> Vec<Arc<str>> {
        batch.events.iter().map(|event| (self.write)(event)).collect()
    }

    /// The events as they come, until the service stops, the follower may not go on, or the feed
    /// fails: a client then connects again with the last id it saw.
    fn stream(
        self,
        first: &Batch,
        beside: String,
    ) -> impl Stream<Item = Result<Bytes, Infallible>> + use<> {
        let opening = format!("retry: 2000\n{}{}", told(&beside), self.chunk(first));
        let begin = (self, first.next, beside);
        let going_on = stream::unfold(begin, |(following, after, before)| async move {
            tokio::time::sleep(TICK).await;
            (following.present)();
            let batch = following.next(after, MOST_AT_ONCE, HEARTBEAT).await.ok()?;
            if following.feed.is_closed() || !(following.alive)() {
                return None;
            }
            let beside = following.told_beside().await;
            let changed = if beside == before { String::new() } else { told(&beside) };
            let chunk = changed + &following.chunk(&batch);
            Some((Ok(chunk.into()), (following, batch.next, beside)))
        });
        stream::once(ready(Ok(opening.into()))).chain(going_on)
    }

    /// The events of `batch` for a stream. Without any, a sign of life and where to resume.
    fn chunk(&self, batch: &Batch) -> String {
        if batch.events.is_empty() {
            return format!(": still here\nid: {}\n\n", cursor(batch.next));
        }
        let events = batch.events.iter().map(|event| {
            let (id, data) = (cursor(event.position), (self.write)(event));
            format!("id: {id}\nevent: {}\ndata: {data}\n\n", event.kind)
        });
        events.collect()
    }
}

/// `{items, next_cursor, more}`, and what is told `beside`.
fn page(items: &[Arc<str>], batch: &Batch, beside: &str) -> String {
    let members = beside.strip_prefix('{').and_then(|members| members.strip_suffix('}'));
    let beside = members.map(|members| format!(",{members}")).unwrap_or_default();
    format!(
        r#"{{"items":[{}],"next_cursor":"{}","more":{}{beside}}}"#,
        items.join(","),
        cursor(batch.next),
        batch.more
    )
}

/// What is told `beside` the events of a stream. It has no id: a stream resumes after an event.
fn told(beside: &str) -> String {
    if beside.is_empty() { String::new() } else { format!("event: advice\ndata: {beside}\n\n") }
}

impl From<FeedError> for ApiError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Expired => Self::new(Code::CursorExpired),
            FeedError::Store(error) => error.into(),
        }
    }
}
