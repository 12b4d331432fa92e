//! Dispatchers who follow the event feed: a thousand of them must cost this process little, so each
//! is a bare connection, and what comes is looked through for the ids of emergencies alone.

use std::{io, net::SocketAddr, time::Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use uuid::Uuid;

/// How dispatchers follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By a stream of server-sent events.
    Stream,
    /// By one long poll after the other.
    LongPoll,
}

/// What to follow, where, and as whom.
#[derive(Clone)]
pub(super) struct Post {
    /// The server.
    pub(super) address: SocketAddr,
    /// The dispatcher's access token.
    pub(super) token: String,
    /// Where the feed goes on.
    pub(super) cursor: String,
}

const FEED: &str = "/v1/dispatch/events?types=emergency.received";
/// What stands before each id.
const MARK: &[u8] = b"\"emergency_id\":\"";
const ID: usize = 36;

impl Post {
    /// Follows until it is stopped or the server ends it. `ready` is called once the server has
    /// taken it in, `hear` for each emergency that the feed tells of.
    pub(super) async fn follow(
        mut self,
        way: Way,
        ready: impl FnOnce(),
        hear: impl FnMut(Uuid, Instant),
    ) -> io::Result<()> {
        let socket = TcpStream::connect(self.address).await?;
        socket.set_nodelay(true)?;
        match way {
            Way::Stream => self.stream(socket, ready, hear).await,
            Way::LongPoll => self.poll(socket, ready, hear).await,
        }
    }

    async fn stream(
        &self,
        mut socket: TcpStream,
        ready: impl FnOnce(),
        mut hear: impl FnMut(Uuid, Instant),
    ) -> io::Result<()> {
        let resume = format!("Accept: text/event-stream\r\nLast-Event-ID: {}\r\n", self.cursor);
        socket.write_all(self.request(FEED, &resume).as_bytes()).await?;
        let (mut bytes, mut scanner, mut ready) = ([0; 4096], Scanner::default(), Some(ready));
        loop {
            let read = socket.read(&mut bytes).await?;
            let news = bytes.get(..read).unwrap_or_default();
            if news.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(ready) = ready.take() {
                is_ok(news)?;
                ready();
            }
            let now = Instant::now();
            scanner.ids(news, |id| hear(id, now));
        }
    }

    async fn poll(
        &mut self,
        mut socket: TcpStream,
        ready: impl FnOnce(),
        mut hear: impl FnMut(Uuid, Instant),
    ) -> io::Result<()> {
        ready();
        let mut answer = Vec::new();
        loop {
            let path = format!("{FEED}&wait_s=30&limit=100&after={}", self.cursor);
            socket.write_all(self.request(&path, "").as_bytes()).await?;
            answer.clear();
            while !is_whole(&answer) {
                if socket.read_buf(&mut answer).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            is_ok(&answer)?;
            let now = Instant::now();
            Scanner::default().ids(&answer, |id| hear(id, now));
            let text = String::from_utf8_lossy(&answer);
            let next =
                text.rsplit_once("\"next_cursor\":\"").and_then(|(_, end)| end.split_once('"'));
            let (next, _) = next.ok_or_else(|| io::Error::other("a page without a cursor"))?;
            next.clone_into(&mut self.cursor);
        }
    }

    fn request(&self, path: &str, more: &str) -> String {
        let Self { address, token, .. } = self;
        format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n{more}\r\n"
        )
    }
}

/// Whether an answer begins well.
fn is_ok(answer: &[u8]) -> io::Result<()> {
    if answer.starts_with(b"HTTP/1.1 200 ") {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(answer).into_owned()))
}

/// Whether all of an answer is there.
fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = place(answer, b"\r\n\r\n") else { return false };
    let text = String::from_utf8_lossy(answer.get(..head).unwrap_or_default()).to_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.and_then(|length| length.parse::<usize>().ok()).unwrap_or_default();
    answer.len() >= head + 4 + length
}

fn place(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

/// Finds ids in what comes in pieces.
#[derive(Default)]
struct Scanner {
    rest: Vec<u8>,
}

impl Scanner {
    /// Tells `hear` the ids that `news` completes.
    fn ids(&mut self, news: &[u8], mut hear: impl FnMut(Uuid)) {
        self.rest.extend_from_slice(news);
        let mut done = 0;
        while let Some(rest) = self.rest.get(done..)
            && let Some(mark) = place(rest, MARK)
        {
            let begin = mark + MARK.len();
            let Some(id) = rest.get(begin..begin + ID) else {
                done += mark;
                self.rest.drain(..done);
                return;
            };
            if let Ok(id) = Uuid::try_parse_ascii(id) {
                hear(id);
            }
            done += begin + ID;
        }
        // The beginning of a mark may be at the end.
        done = done.max(self.rest.len().saturating_sub(MARK.len()));
        self.rest.drain(..done);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_however_it_is_cut() {
        let id = Uuid::from_u128(7);
        let text = format!("data: {{\"emergency_id\":\"{id}\",\"x\":1}}\n\nid: 3\n").repeat(3);
        for size in 1..text.len() {
            let (mut scanner, mut found) = (Scanner::default(), Vec::new());
            text.as_bytes().chunks(size).for_each(|piece| scanner.ids(piece, |id| found.push(id)));
            assert_eq!(found, [id; 3], "pieces of {size}");
        }
    }
}
