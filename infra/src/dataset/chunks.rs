//! Loads in chunks: of each one so little that nobody waits for the writer.

use std::iter::Peekable;

/// A chunk has at most so many rows, and ends with the row that brings it to so many bytes.
const MOST_ROWS: usize = 200;
const MOST_BYTES: usize = 256 * 1024;

/// What is to be loaded, in chunks of which each is one unit of work.
pub(crate) struct Chunks<I: Iterator> {
    rest: Peekable<I>,
    bytes: fn(&I::Item) -> usize,
}

impl<I: Iterator> Chunks<I> {
    /// The chunks of `rows`, each row so many `bytes` long.
    pub(crate) fn new(rows: impl IntoIterator<IntoIter = I>, bytes: fn(&I::Item) -> usize) -> Self {
        Self { rest: rows.into_iter().peekable(), bytes }
    }
}

impl<I: Iterator> Iterator for Chunks<I> {
    type Item = Vec<I::Item>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest.peek()?;
        let (mut bytes, mut chunk) = (0, Vec::new());
        while chunk.len() < MOST_ROWS && bytes < MOST_BYTES {
            let Some(row) = self.rest.next() else { break };
            bytes += (self.bytes)(&row);
            chunk.push(row);
        }
        Some(chunk)
    }
}
